//! New orders.

use std::sync::Arc;

use okx_common::{
    clock::Now,
    ids::{ClOrdId, InstId},
    order::BATCH_MAX,
};

use super::{
    BUSINESS, Desk, DeskEvent, LINES, PRIVATE, SubmitSpec,
    intent::{Attaching, Intent, Placed, Placing, Waiting, What},
};
use crate::orders::{
    context::{Product, Route},
    description::OrderDescription,
    gate::{Command, CommandKind, SPREADS, counts_for_account, scope_of},
    kinds::OrderType,
    request::{Prepared, PreparedOrder, bracket, prepare, spread},
    tracker::{AttachedLeg, Leg, Level, NewOrder},
};

/// An order that passed all checks.
struct Checked {
    placing: Placing,
    scope: Arc<str>,
    counts: bool,
}

impl Checked {
    /// Whether it can share a request with the other one.
    fn goes_with(&self, other: &Self) -> bool {
        let is_ordinary = |c: &Self| match &c.placing.what {
            What::Ordinary(order) => order.attach_algo_ords.is_empty(),
            What::Algo(_) | What::Spread(_) => false,
        };
        is_ordinary(self)
            && is_ordinary(other)
            && self.placing.route == other.placing.route
            && self.scope == other.scope
            && self.counts == other.counts
    }
}

impl Desk {
    /// Submits an order: denied at once, or sent, or waiting for OKX's limits.
    pub fn submit(&mut self, spec: SubmitSpec, now: Now) {
        if let Some(checked) = self.checked(spec) {
            self.push_orders(vec![checked], now);
        }
        self.release(now);
        self.drain(now);
    }

    /// Submits a list: a bracket (an entry with legs that name it as their parent) as one order with what is attached to it,
    /// independent orders in as few requests as their limits allow, in their order.
    pub fn submit_list(&mut self, specs: Vec<SubmitSpec>, now: Now) {
        if specs.iter().all(|spec| spec.parent.is_none()) {
            let mut together: Vec<Checked> = Vec::new();
            for checked in specs.into_iter().filter_map(|spec| self.checked(spec)).collect::<Vec<_>>() {
                let fits = together.last().is_none_or(|last| last.goes_with(&checked));
                if !fits || together.len() == BATCH_MAX {
                    self.push_orders(std::mem::take(&mut together), now);
                }
                together.push(checked);
            }
            self.push_orders(together, now);
        } else {
            self.submit_bracket(specs, now);
        }
        self.release(now);
        self.drain(now);
    }

    fn submit_bracket(&mut self, specs: Vec<SubmitSpec>, now: Now) {
        let ids: Vec<(String, InstId)> =
            specs.iter().map(|spec| (spec.client_order_id.clone(), spec.inst_id.clone())).collect();
        if let Err(reason) = self.try_bracket(specs, now) {
            for (client_order_id, inst_id) in ids {
                self.deny(client_order_id, inst_id, reason.clone());
            }
        }
    }

    fn try_bracket(&mut self, specs: Vec<SubmitSpec>, now: Now) -> Result<(), String> {
        const SHAPE: &str = "OKX takes lists of independent orders, and brackets of one entry with one take profit, one stop \
                             loss, or both; submit the orders one by one";
        let (mut entries, legs): (Vec<_>, Vec<_>) = specs.into_iter().partition(|spec| spec.parent.is_none());
        let (Some(mut entry), true) = (entries.pop(), entries.is_empty()) else {
            return Err(SHAPE.to_owned());
        };
        let (mut take_profit, mut stop_loss) = (None, None);
        for leg in legs {
            let slot = match leg.order.order_type {
                OrderType::Limit | OrderType::LimitIfTouched | OrderType::MarketIfTouched => &mut take_profit,
                _ => &mut stop_loss,
            };
            let is_its = leg.parent.as_ref() == Some(&entry.client_order_id) && leg.inst_id == entry.inst_id;
            if slot.is_some() || !is_its {
                return Err(SHAPE.to_owned());
            }
            *slot = Some(leg);
        }
        for spec in std::iter::once(&mut entry).chain(&mut take_profit).chain(&mut stop_loss) {
            spec.order.cl_ord_id = self.new_id(&spec.client_order_id)?;
        }
        let instrument = self.listed(&entry.inst_id).ok_or_else(|| not_listed(&entry.inst_id))?.clone();
        let order_of = |leg: &Option<SubmitSpec>| leg.as_ref().map(|leg| leg.order.clone());
        let (tp, sl) = (order_of(&take_profit), order_of(&stop_loss));
        let account = &self.config.account;
        let prepared = bracket(&entry.order, tp.as_ref(), sl.as_ref(), &instrument, account, None)
            .map_err(|denial| denial.to_string())?;
        for note in prepared.notes {
            self.note(Level::Warning, "bracket", format!("{}: {note}", entry.client_order_id));
        }
        let algo_cl_ord_id = ClOrdId::new(prepared.algo_cl_ord_id.as_str());
        let inst_id = entry.inst_id.clone();
        let entry_id = entry.order.cl_ord_id.clone();
        let attach = |spec: SubmitSpec, leg: Leg| {
            let attached =
                AttachedLeg { leg, entry: entry_id.clone(), algo_cl_ord_id: algo_cl_ord_id.clone() };
            Attaching {
                client_order_id: spec.client_order_id,
                new: NewOrder::of(&spec.order, &inst_id).attached_to(attached),
                placed: Placed {
                    route: Some(Route::Http),
                    order_type: spec.order.order_type,
                    px: None,
                    leg: Some(leg),
                },
            }
        };
        let legs: Vec<Attaching> = take_profit
            .map(|spec| attach(spec, Leg::TakeProfit))
            .into_iter()
            .chain(stop_loss.map(|spec| attach(spec, Leg::StopLoss)))
            .collect();
        let ord_type = entry.order.params.ord_type.clone();
        let placing = placing(entry.client_order_id, &entry.order, &inst_id, prepared.entry);
        let mut cl_ord_ids = vec![placing.new.cl_ord_id.clone()];
        cl_ord_ids.extend(legs.iter().map(|leg| leg.new.cl_ord_id.clone()));
        let command = Command {
            kind: CommandKind::Place,
            scope: scope_of(&instrument),
            cl_ord_ids,
            counts: counts_for_account(&instrument, ord_type.as_ref()),
            payload: Intent::Bracket(Box::new(placing), legs),
        };
        self.push(command, now);
        Ok(())
    }

    /// Checks an order; one that is denied is denied here.
    fn checked(&mut self, spec: SubmitSpec) -> Option<Checked> {
        let SubmitSpec { client_order_id, inst_id, order, .. } = spec;
        match self.check(&client_order_id, &inst_id, order) {
            Ok(checked) => Some(checked),
            Err(reason) => {
                self.deny(client_order_id, inst_id, reason);
                None
            }
        }
    }

    fn check(
        &mut self,
        client_order_id: &str,
        inst_id: &InstId,
        mut order: OrderDescription,
    ) -> Result<Checked, String> {
        order.cl_ord_id = self.new_id(client_order_id)?;
        if let Some(spec) = self.spreads.get(inst_id) {
            if !self.config.extras.spreads {
                return Err("orders on spreads need the channel sprd-orders: switch spreads on".to_owned());
            }
            self.must_be_up(BUSINESS)?;
            let value = spread(&order, spec, &self.config.account).map_err(|denial| denial.to_string())?;
            let placing = Placing {
                client_order_id: client_order_id.to_owned(),
                new: NewOrder::of(&order, inst_id),
                what: What::Spread(Box::new(value)),
                route: Route::Ws,
                inst_id_code: None,
                placed: Placed { route: Some(Route::Ws), order_type: order.order_type, px: None, leg: None },
            };
            return Ok(Checked { placing, scope: Arc::from(SPREADS), counts: false });
        }
        let instrument = self.listed(inst_id).ok_or_else(|| not_listed(inst_id))?;
        let prepared = prepare(&order, instrument, &self.config.account, None).map_err(|d| d.to_string())?;
        let scope = scope_of(instrument);
        let counts = counts_for_account(instrument, order.params.ord_type.as_ref())
            && prepared.product != Product::Spread;
        let placing = placing(client_order_id.to_owned(), &order, inst_id, prepared);
        if placing.route == Route::Ws {
            self.must_be_up(PRIVATE)?;
        }
        Ok(Checked { placing, scope, counts })
    }

    /// The id for OKX of an order that is new.
    fn new_id(&mut self, client_order_id: &str) -> Result<ClOrdId, String> {
        if !self.is_open {
            return Err("not sent: the desk is closed".to_owned());
        }
        let id = self.ids.to_okx(client_order_id).map_err(|error| error.to_string())?;
        if self.waiting.contains_key(&id) || self.tracker.present(&id).is_some() {
            return Err(format!("an order {client_order_id} was submitted already"));
        }
        Ok(id)
    }

    fn must_be_up(&self, line: usize) -> Result<(), String> {
        if self.lines[line].is_up {
            return Ok(());
        }
        Err(format!("not sent: the {} connection to OKX is down; wait until it is back", LINES[line]))
    }

    /// Hands orders of one request to the gate.
    fn push_orders(&mut self, orders: Vec<Checked>, now: Now) {
        let Some(first) = orders.first() else { return };
        let (scope, counts) = (first.scope.clone(), first.counts);
        let mut seen: Vec<ClOrdId> = Vec::new();
        let mut placings = Vec::new();
        for Checked { placing, .. } in orders {
            if seen.contains(&placing.new.cl_ord_id) {
                let reason = format!("the list holds order {} twice", placing.client_order_id);
                self.deny(placing.client_order_id, placing.new.inst_id, reason);
                continue;
            }
            seen.push(placing.new.cl_ord_id.clone());
            placings.push(placing);
        }
        let command = Command {
            kind: CommandKind::Place,
            scope,
            cl_ord_ids: seen,
            counts,
            payload: Intent::Place(placings),
        };
        self.push(command, now);
    }

    /// Hands a command to the gate.
    pub(super) fn push(&mut self, command: Command<Intent>, now: Now) {
        for (client_order_id, new) in command.payload.new_orders() {
            let waiting = Waiting { client_order_id: client_order_id.clone(), inst_id: new.inst_id.clone() };
            self.waiting.insert(new.cl_ord_id.clone(), waiting);
        }
        if let Some(full) = self.gate.full() {
            return self.give_back(command, &format!("not sent: {full}"));
        }
        if let Err(full) = self.gate.push(command, now) {
            self.note(Level::Error, "gate", full.to_string());
        }
    }

    pub(super) fn deny(&mut self, client_order_id: String, inst_id: InstId, reason: String) {
        // Nothing will come of it, so its id need not be known.
        if let Ok(id) = self.ids.to_okx(&client_order_id)
            && !self.waiting.contains_key(&id)
            && self.tracker.present(&id).is_none()
        {
            self.ids.forget(&id);
        }
        self.event(DeskEvent::Denied { client_order_id, inst_id, reason });
    }
}

fn not_listed(inst_id: &InstId) -> String {
    format!("instrument {inst_id} is not known here: load it before orders are placed on it")
}

fn placing(
    client_order_id: String,
    order: &OrderDescription,
    inst_id: &InstId,
    prepared: Prepared,
) -> Placing {
    let new = NewOrder::of(order, inst_id);
    let px = match &prepared.order {
        PreparedOrder::Ordinary(place) => place.px,
        PreparedOrder::Algo(_) => None,
    };
    // A stop that closes the position is a leg of a strategy order of its own.
    let leg = order.params.close_fraction.then_some(match order.order_type {
        OrderType::StopMarket => Leg::StopLoss,
        _ => Leg::TakeProfit,
    });
    let what = match prepared.order {
        PreparedOrder::Ordinary(place) => What::Ordinary(place),
        PreparedOrder::Algo(place) => What::Algo(place),
    };
    Placing {
        client_order_id,
        new,
        what,
        route: prepared.route,
        inst_id_code: prepared.inst_id_code,
        placed: Placed { route: Some(prepared.route), order_type: order.order_type, px, leg },
    }
}
