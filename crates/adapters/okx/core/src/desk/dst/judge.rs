//! All is quiet: the engine must know what the exchange knows.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    desk::Desk,
    orders::{account::Direction, tracker::Leg},
};
use okx_common::decimal::Decimal;
use serde_json::Value;

use super::{
    engine::{Engine, Known},
    run::Broken,
};

/// An order at the exchange.
struct Real<'a> {
    id: String,
    row: &'a Value,
    is_open: bool,
}

/// The exchange's account, as it dumps it.
pub struct Books<'a> {
    orders: BTreeMap<String, Real<'a>>,
    by_client: BTreeMap<String, String>,
    /// By the client's id; the last one of each.
    algos: BTreeMap<String, Real<'a>>,
    /// Trades by order.
    fills: BTreeMap<String, BTreeSet<String>>,
    dump: &'a Value,
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

fn dec(row: &Value, key: &str) -> Option<Decimal> {
    text(row, key).parse().ok()
}

fn list<'a>(dump: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    dump[key].as_array().into_iter().flatten()
}

impl<'a> Books<'a> {
    pub fn new(dump: &'a Value) -> Self {
        let mut books = Self {
            orders: BTreeMap::new(),
            by_client: BTreeMap::new(),
            algos: BTreeMap::new(),
            fills: BTreeMap::new(),
            dump,
        };
        let lists = [
            ("closedOrders", false),
            ("closedSpreadOrders", false),
            ("orders", true),
            ("spreadOrders", true),
        ];
        for (key, is_open) in lists {
            for row in list(dump, key) {
                let id = text(row, "ordId").to_owned();
                if !text(row, "clOrdId").is_empty() {
                    books.by_client.insert(text(row, "clOrdId").to_owned(), id.clone());
                }
                books.orders.insert(id.clone(), Real { id, row, is_open });
            }
        }
        for (key, is_open) in [("closedAlgos", false), ("algos", true)] {
            for row in list(dump, key) {
                let id = text(row, "algoId").to_owned();
                books.algos.insert(text(row, "algoClOrdId").to_owned(), Real { id, row, is_open });
            }
        }
        for row in list(dump, "fills").chain(list(dump, "spreadTrades")) {
            let trades = books.fills.entry(text(row, "ordId").to_owned()).or_default();
            trades.insert(text(row, "tradeId").to_owned());
        }
        books
    }

    /// The ordinary orders of an order of the engine, and whether anything of it is open; `None` if OKX never had it.
    fn find(&self, known: &Known) -> Option<(Vec<&Real<'a>>, bool)> {
        if !known.is_algo() {
            let real = &self.orders[self.by_client.get(&known.okx_id)?];
            return Some((vec![real], real.is_open));
        }
        let algo_id = known.attached.as_ref().map_or(known.okx_id.as_str(), |leg| &leg.algo_cl_ord_id);
        let algo = self.algos.get(algo_id)?;
        let is_its = match &known.attached {
            None => true,
            Some(leg) => text(algo.row, "actualSide") == if leg.leg == Leg::StopLoss { "sl" } else { "tp" },
        };
        let made = algo.row["ordIdList"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let orders: Vec<_> = made.filter(|_| is_its).filter_map(|id| self.orders.get(id)).collect();
        let is_open = algo.is_open || orders.iter().any(|order| order.is_open);
        Some((orders, is_open))
    }

    pub fn compare(&self, engine: &Engine, desk: &Desk, reported: &BTreeSet<String>) -> Result<(), Broken> {
        for (id, known) in &engine.orders {
            self.order(id, known)?;
        }
        let ours: BTreeSet<&String> = engine
            .orders
            .values()
            .filter_map(|known| self.find(known))
            .flat_map(|(orders, _)| orders.into_iter().map(|real| &real.id))
            .collect();
        for (id, real) in self.orders.iter().filter(|(id, real)| real.is_open && !ours.contains(id)) {
            if !reported.contains(id) {
                return Err(Broken(format!("an order of somebody else was not reported: {}", real.row)));
            }
        }
        self.account(desk)
    }

    fn order(&self, id: &str, known: &Known) -> Result<(), Broken> {
        let wrong = |what: &str, real: &dyn std::fmt::Debug| {
            Err(Broken(format!("{id}: {what}\n  here: {known:?}\n  there: {real:?}")))
        };
        if known.submitted && known.ended.is_none() && (known.pending_cancel || known.pending_update) {
            return wrong("a command of it is not settled", &());
        }
        if !known.submitted && known.ended.is_none() {
            return wrong("it was neither denied nor submitted", &());
        }
        let Some((orders, is_open)) = self.find(known) else {
            let is_nowhere = match known.ended {
                Some("denied" | "rejected") => known.filled.is_zero(),
                // A leg whose entry ended.
                Some("canceled") => known.attached.is_some() && known.filled.is_zero(),
                // A leg that sleeps.
                None => known.attached.is_some(),
                _ => false,
            };
            return if is_nowhere { Ok(()) } else { wrong("OKX never had it", &()) };
        };
        let rows: Vec<_> = orders.iter().map(|real| real.row).collect();
        let ids = rows.iter().map(|row| text(row, "ordId"));
        let trades: BTreeSet<String> =
            ids.filter_map(|id| self.fills.get(id)).flat_map(|trades| trades.iter().cloned()).collect();
        if known.ended == Some("denied") {
            return wrong("denied, but OKX has it", &rows);
        }
        if known.trades != trades {
            return wrong("other trades", &(&trades, &rows));
        }
        if known.ended.is_none() != is_open {
            return wrong("open at one side only", &rows);
        }
        let [row] = rows.as_slice() else { return Ok(()) };
        if is_open && !known.is_algo() {
            let there = (dec(row, "sz"), dec(row, "px"));
            if (Some(known.quantity), known.price) != there {
                return wrong("another size or price", row);
            }
        }
        Ok(())
    }

    fn account(&self, desk: &Desk) -> Result<(), Broken> {
        for row in list(self.dump, "balances") {
            let state =
                desk.account_state().balance_states().find(|state| *state.row.ccy == *text(row, "ccy"));
            let (here, there) = (state.map(|state| state.total()), dec(row, "cashBal"));
            let is_same = here == there || (here.is_none() && there.is_some_and(Decimal::is_zero));
            if !is_same {
                return Err(Broken(format!(
                    "balance of {}: {here:?} here, {there:?} there",
                    text(row, "ccy")
                )));
            }
        }
        let sign = |direction: Direction, quantity: Decimal| match direction {
            Direction::Short => -quantity,
            _ => quantity,
        };
        let positions = desk.account_state().position_states();
        let here: BTreeMap<[String; 4], Decimal> = positions
            .map(|state| {
                let row = &state.row;
                let mode = row.mgn_mode.as_ref().map(ToString::to_string).unwrap_or_default();
                let side = row.pos_side.map(|side| side.to_string()).unwrap_or_default();
                let key = [row.inst_id.to_string(), mode, side, row.ccy.clone()];
                (key, sign(state.direction, state.quantity))
            })
            .collect();
        let there: BTreeMap<[String; 4], Decimal> = list(self.dump, "positions")
            .filter_map(|row| {
                let key = ["instId", "mgnMode", "posSide", "ccy"].map(|key| text(row, key).to_owned());
                // Sided positions and those in a pair are told by words, the others by their sign.
                let base = text(row, "instId").split('-').next().unwrap_or_default();
                let is_short = text(row, "posSide") == "short"
                    || (text(row, "instType") == "MARGIN" && text(row, "posCcy") != base);
                let pos = dec(row, "pos")?;
                Some((key, if is_short { -pos.abs() } else { pos }))
            })
            .filter(|(_, pos)| !pos.is_zero())
            .collect();
        if here != there {
            return Err(Broken(format!("positions: {here:?} here, {there:?} there")));
        }
        Ok(())
    }
}
