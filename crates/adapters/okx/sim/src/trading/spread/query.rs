//! The REST endpoints of spread trading. Pages go by `beginId` (newer) and `endId` (older).

use serde_json::{Map, Value, json};

use super::{SpreadOrder, SpreadTrade, rows};
use crate::trading::{
    Cx, Trading, answer::Answer, fields::Fields, history::wanted, refusal::Refusal, rest::Ask, words::State,
};

const DAY_MS: u64 = 24 * 3_600_000;
/// How far the histories go back.
const HISTORY_MS: u64 = 21 * DAY_MS;
const ARCHIVE_MS: u64 = 90 * DAY_MS;
const TRADES_MS: u64 = 7 * DAY_MS;
/// How long an order cancelled without a fill is shown.
const UNFILLED_MS: u64 = 2 * 3_600_000;
/// Most rows of a page.
const MAX_ROWS: usize = 100;

impl Trading {
    /// Answers a request about spreads; `None` for other paths.
    pub(in crate::trading) fn spread_rest(&mut self, who: usize, ask: Ask<'_>, cx: Cx<'_>) -> Option<Answer> {
        let path = ask.path.strip_prefix("/sprd/")?;
        let empty = Map::new();
        let fields = Fields(ask.body.as_object().unwrap_or(&empty));
        let found = match (ask.method, path) {
            ("POST", "order" | "amend-order" | "cancel-order" | "mass-cancel") => {
                return Some(self.spread_op(who, path, fields, cx));
            }
            ("POST", "cancel-all-after") => self.set_spread_timer(who, fields, cx),
            ("GET", "order") => self.spread_details(who, fields, cx),
            ("GET", "orders-pending") => self.spread_list(who, fields, None, cx),
            ("GET", "orders-history") => self.spread_list(who, fields, Some(HISTORY_MS), cx),
            ("GET", "orders-history-archive") => self.spread_list(who, fields, Some(ARCHIVE_MS), cx),
            ("GET", "trades") => self.spread_trades(who, fields, cx),
            _ => return None,
        };
        Some(found.map_or_else(|refusal| Answer::refused(&refusal), Answer::rows))
    }

    fn spread_details(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, Refusal> {
        let (ord_id, cl_id) = (fields.text("ordId"), fields.text("clOrdId"));
        if ord_id.is_empty() && cl_id.is_empty() {
            return Err(Refusal::of(51_003).whole());
        }
        let found = self.holders[who].spreads.find(&ord_id, &cl_id).filter(|o| shown(o, cx));
        found.map(|o| json!([rows::order_row(o)])).ok_or_else(|| Refusal::of(51_603).whole())
    }

    /// Open orders, or those that ended within the reach.
    fn spread_list(
        &self,
        who: usize,
        fields: Fields<'_>,
        reach_ms: Option<u64>,
        cx: Cx<'_>,
    ) -> Result<Value, Refusal> {
        let spreads = &self.holders[who].spreads;
        let fits = |o: &&SpreadOrder| {
            let kept = match reach_ms {
                None => true,
                Some(ARCHIVE_MS) => !o.acc.is_zero() && o.u_ms + ARCHIVE_MS > cx.ms,
                Some(reach) => shown(o, cx) && o.u_ms + reach > cx.ms,
            };
            kept && wanted(fields, "sprdId", &o.sprd_id)
                && wanted(fields, "ordType", o.ord_type.word())
                && wanted(fields, "state", o.state.word())
        };
        let all = if reach_ms.is_none() { &spreads.open } else { &spreads.closed };
        page(fields, all.values().rev().filter(fits), |o| (o.id, o.c_ms), rows::order_row)
    }

    fn spread_trades(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, Refusal> {
        let fits = |t: &&SpreadTrade| {
            t.ms + TRADES_MS > cx.ms
                && wanted(fields, "sprdId", &t.sprd_id)
                && wanted(fields, "tradeId", &t.id.to_string())
                && wanted(fields, "ordId", &t.ord_id.to_string())
        };
        let trades = self.holders[who].spreads.trades.iter().rev().filter(fits);
        page(fields, trades, |t| (t.id.unsigned_abs(), t.ms), rows::trade_row)
    }
}

fn shown(order: &SpreadOrder, cx: Cx<'_>) -> bool {
    order.state != State::Canceled || !order.acc.is_zero() || order.u_ms + UNFILLED_MS > cx.ms
}

fn page<'a, T: 'a>(
    fields: Fields<'_>,
    all: impl Iterator<Item = &'a T>,
    key: impl Fn(&T) -> (u64, u64),
    row: impl Fn(&T) -> Value,
) -> Result<Value, Refusal> {
    let number = |name: &str| {
        let text = fields.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse::<u64>().map(Some).map_err(|_| Refusal::parameter(name).whole())
    };
    let (newer, older, begin, end) = (number("beginId")?, number("endId")?, number("begin")?, number("end")?);
    let limit = number("limit")?.unwrap_or(MAX_ROWS as u64);
    if limit == 0 || limit > MAX_ROWS as u64 {
        return Err(Refusal::parameter("limit").whole());
    }
    let fits = |item: &&T| {
        let (id, ms) = key(item);
        newer.is_none_or(|x| id > x)
            && older.is_none_or(|x| id < x)
            && begin.is_none_or(|x| ms >= x)
            && end.is_none_or(|x| ms <= x)
    };
    Ok(Value::Array(all.filter(fits).take(limit as usize).map(row).collect()))
}
