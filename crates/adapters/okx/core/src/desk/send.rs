//! From the gate to the wire: each command is recorded by the tracker, then sent once.

use okx_common::{
    clock::Now,
    ids::ClOrdId,
    order::{ALGO_CANCEL_MAX, CancelAlgoOrder, CancelOrder, CancelSpreadOrder, OrderTarget},
};
use okx_ws::op::{self, Numbered, RequestId};

use super::{
    Act, BUSINESS, CallId, Desk, PRIVATE,
    calls::Purpose,
    intent::{Attaching, Intent, Placing, What},
    limits::Sent,
    wire,
};
use crate::orders::{
    context::{Product, Route},
    description::ChangeDescription,
    gate::{Command, CommandKind},
    params::OrderParams,
    request::{ChangeTarget, PreparedChange, TargetKind, change, change_spread},
    tracker::{CommandTarget, Level, NotAnswered},
};

/// Which way a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Over this line.
    Line(usize),
    /// Over REST.
    Rest,
}

/// A request ready to leave.
enum Wire {
    Frame(usize, bytes::Bytes),
    Call(okx_http::endpoint::Request),
}

/// What is sent of cancellations, by kind.
#[derive(Default)]
struct Cancels {
    over_ws: Vec<(ClOrdId, CancelOrder, Option<u64>)>,
    over_rest: Vec<(ClOrdId, CancelOrder)>,
    algos: Vec<(ClOrdId, CancelAlgoOrder)>,
    spreads: Vec<(ClOrdId, OrderTarget)>,
}

const NOT_READY: &str = "not sent: the connection to OKX is not ready";

impl Desk {
    /// Sends what OKX's limits allow.
    pub(super) fn release(&mut self, now: Now) {
        while let Some(command) = self.gate.poll(now) {
            self.dispatch(command, now);
        }
    }

    /// Commands that waited for the answers of REST commands for their orders.
    pub(super) fn let_go(&mut self, ids: Vec<ClOrdId>, now: Now) {
        for id in ids {
            for command in self.busy.remove(&id).unwrap_or_default() {
                self.dispatch(command, now);
            }
        }
    }

    fn dispatch(&mut self, mut command: Command<Intent>, now: Now) {
        if !self.busy.is_empty() {
            match self.behind_others(command) {
                Some(rest) => command = rest,
                None => return,
            }
        }
        let Command { kind, scope, payload, .. } = command;
        let sent = |line, holds| Sent { kind, scope: scope.clone(), at_ns: now.mono_ns, line, holds };
        match payload {
            Intent::Place(orders) => self.place(orders, sent, now),
            Intent::Bracket(entry, legs) => self.place_bracket(*entry, legs, sent, now),
            Intent::Amend(id, change) => self.amend(&id, change, sent, now),
            Intent::Cancel(ids) => self.cancel_all(&ids, &sent, now),
        }
    }

    /// Keeps back what must wait for an answer; what need not is given back.
    fn behind_others(&mut self, command: Command<Intent>) -> Option<Command<Intent>> {
        let Intent::Cancel(ids) = &command.payload else {
            let Some(id) = command.cl_ord_ids.iter().find(|id| self.busy.contains_key(*id)) else {
                return Some(command);
            };
            if let Some(queue) = self.busy.get_mut(id) {
                queue.push_back(command);
            }
            return None;
        };
        let (wait, go): (Vec<_>, Vec<_>) = ids.iter().cloned().partition(|id| self.busy.contains_key(id));
        for id in wait {
            let alone = Command {
                cl_ord_ids: vec![id.clone()],
                payload: Intent::Cancel(vec![id.clone()]),
                kind: command.kind,
                scope: command.scope.clone(),
                counts: command.counts,
            };
            if let Some(queue) = self.busy.get_mut(&id) {
                queue.push_back(alone);
            }
        }
        (!go.is_empty()).then(|| Command { cl_ord_ids: go.clone(), payload: Intent::Cancel(go), ..command })
    }

    fn new_request(&mut self) -> RequestId {
        self.next_request += 1;
        RequestId(self.next_request)
    }

    fn exp_time_ms(&self, now: Now) -> Option<u64> {
        let venue_ms = now.unix_ms().saturating_add_signed(self.clock_offset_ms);
        self.config.exp_time_ms.map(|ms| venue_ms.saturating_add(ms))
    }

    /// Sends a request whose commands the tracker knows.
    fn send(
        &mut self,
        request: RequestId,
        wire: Wire,
        ids: Vec<ClOrdId>,
        sent: impl FnOnce(Option<usize>, Vec<ClOrdId>) -> Sent,
        now: Now,
    ) {
        match wire {
            Wire::Frame(line, text) => {
                if let Err(error) = self.lines[line].session.send_request(text) {
                    return self.tracker.not_answered(request, &NotAnswered::NotSent(error.to_string()), now);
                }
                self.note_sent(request, sent(Some(line), Vec::new()), now);
                // Nothing else waits there: what was sent is the next thing to do.
                while let Some(okx_ws::session::Output::Transmit(link, text)) =
                    self.lines[line].session.poll()
                {
                    #[cfg(test)]
                    if self.mistake == Some(super::dst::Mistake::SendsTwice) && request.0.is_multiple_of(7) {
                        self.acts.push_back(Act::Transmit(line, link, text.clone()));
                    }
                    self.acts.push_back(Act::Transmit(line, link, text));
                }
            }
            Wire::Call(call) => {
                for id in &ids {
                    self.busy.entry(id.clone()).or_default();
                }
                self.note_sent(request, sent(None, ids), now);
                let id = self.new_call(Purpose::Command(request));
                self.acts.push_back(Act::Rest(id, call));
            }
        }
    }

    pub(super) fn new_call(&mut self, purpose: Purpose) -> CallId {
        self.next_call += 1;
        let id = CallId(self.next_call);
        self.calls.insert(id, purpose);
        id
    }

    fn place(
        &mut self,
        orders: Vec<Placing>,
        sent: impl FnOnce(Option<usize>, Vec<ClOrdId>) -> Sent,
        now: Now,
    ) {
        let mut fresh = Vec::with_capacity(orders.len());
        for order in orders {
            self.waiting.remove(&order.new.cl_ord_id);
            if self.tracker.present(&order.new.cl_ord_id).is_some() {
                let reason = format!("an order {} was submitted already", order.client_order_id);
                self.deny(order.client_order_id, order.new.inst_id, reason);
            } else {
                fresh.push(order);
            }
        }
        let Some(first) = fresh.first() else { return };
        self.sweep();
        let line = match (&first.what, first.route) {
            (What::Spread(_), _) => Some(BUSINESS),
            (_, Route::Ws) => Some(PRIVATE),
            (_, Route::Http) => None,
        };
        let request = self.new_request();
        let wire = match line {
            Some(line) if !self.lines[line].session.is_ready() => Err(NOT_READY.to_owned()),
            Some(line) => self.frame_of(request, &fresh, now).map(|text| Wire::Frame(line, text)),
            None => wire::place(&fresh, self.exp_time_ms(now)).map(Wire::Call),
        };
        let wire = match wire {
            Ok(wire) => wire,
            Err(reason) => {
                for order in fresh {
                    self.deny(order.client_order_id, order.new.inst_id, reason.clone());
                }
                return;
            }
        };
        let mut ids = Vec::with_capacity(fresh.len());
        for order in fresh {
            let id = order.new.cl_ord_id.clone();
            // It is new: that was looked up above.
            if let Err(error) = self.tracker.submit(order.new, request, line.is_some(), now) {
                self.note(Level::Error, "submit", error.to_string());
            }
            self.placed.insert(id.clone(), order.placed);
            ids.push(id);
        }
        self.send(request, wire, ids, sent, now);
    }

    fn frame_of(&self, request: RequestId, orders: &[Placing], now: Now) -> Result<bytes::Bytes, String> {
        if let [Placing { what: What::Spread(order), .. }] = orders {
            return op::place_spread(request, order).map_err(|error| error.to_string());
        }
        let mut items: Vec<Numbered<'_, okx_common::order::PlaceOrder>> = Vec::with_capacity(orders.len());
        for order in orders {
            let What::Ordinary(value) = &order.what else {
                return Err("not sent: such an order goes over REST".to_owned());
            };
            items.push((&**value, order.inst_id_code));
        }
        op::place(request, self.exp_time_ms(now), &items).map_err(|error| error.to_string())
    }

    fn place_bracket(
        &mut self,
        entry: Placing,
        legs: Vec<Attaching>,
        sent: impl FnOnce(Option<usize>, Vec<ClOrdId>) -> Sent,
        now: Now,
    ) {
        let wire = wire::place(std::slice::from_ref(&entry), self.exp_time_ms(now)).map(Wire::Call);
        let ids = || std::iter::once(&entry.new).chain(legs.iter().map(|leg| &leg.new));
        for new in ids() {
            self.waiting.remove(&new.cl_ord_id);
        }
        let is_known = ids().any(|new| self.tracker.present(&new.cl_ord_id).is_some());
        let wire = match wire {
            Ok(wire) if !is_known => wire,
            refused => {
                let reason = refused
                    .err()
                    .unwrap_or_else(|| "an order of the bracket was submitted already".to_owned());
                let orders = std::iter::once((entry.client_order_id, entry.new))
                    .chain(legs.into_iter().map(|leg| (leg.client_order_id, leg.new)));
                for (client_order_id, new) in orders.collect::<Vec<_>>() {
                    self.deny(client_order_id, new.inst_id, reason.clone());
                }
                return;
            }
        };
        self.sweep();
        let request = self.new_request();
        let mut ids = vec![entry.new.cl_ord_id.clone()];
        self.placed.insert(entry.new.cl_ord_id.clone(), entry.placed);
        let mut result = self.tracker.submit(entry.new, request, false, now);
        for leg in legs {
            ids.push(leg.new.cl_ord_id.clone());
            self.placed.insert(leg.new.cl_ord_id.clone(), leg.placed);
            result = result.and(self.tracker.submit_leg(leg.new, now));
        }
        if let Err(error) = result {
            self.note(Level::Error, "submit", error.to_string());
        }
        self.send(request, wire, ids, sent, now);
    }

    /// Which way commands for an order go; `None` if there is nothing to send them for.
    fn way(&self, id: &str) -> Option<(CommandTarget, Way)> {
        let target = self.tracker.target(id)?;
        let way = match &target.target {
            TargetKind::Algo(_) => Way::Rest,
            TargetKind::Order(_) if self.spreads.contains_key(&target.inst_id) => Way::Line(BUSINESS),
            TargetKind::Order(_) => {
                let route = self.placed.get(id).and_then(|placed| placed.route);
                let has_code =
                    self.listed(&target.inst_id).is_some_and(|i| i.inst_id_code.is_some_and(|c| c != 0));
                match route.unwrap_or(self.config.account.route) {
                    Route::Ws if has_code => Way::Line(PRIVATE),
                    _ => Way::Rest,
                }
            }
        };
        Some((target, way))
    }

    /// Whether a command for the order can go at all at the moment.
    pub(super) fn can_go(&self, id: &str) -> bool {
        match self.way(id) {
            Some((_, Way::Line(line))) => self.lines[line].is_up,
            _ => true,
        }
    }

    fn amend(
        &mut self,
        id: &ClOrdId,
        description: ChangeDescription,
        sent: impl FnOnce(Option<usize>, Vec<ClOrdId>) -> Sent,
        now: Now,
    ) {
        let request = self.new_request();
        self.next_change += 1;
        let req_id = format!("{}{:x}", self.change_prefix, self.next_change);
        let Some((target, way)) = self.way(id) else {
            // It says why.
            if let Err(error) = self.tracker.amend(id, description, &req_id, request, false, now) {
                self.refused_command(id, &error, CommandKind::Amend);
            }
            return;
        };
        let wire = match way {
            Way::Line(line) if !self.lines[line].session.is_ready() => Err(NOT_READY.to_owned()),
            _ => self.change_of(id, &target, &description, way, request, &req_id, now),
        };
        let wire = match wire {
            Ok(wire) => wire,
            Err(reason) => return self.refuse_change(id, &reason),
        };
        let over_ws = way != Way::Rest;
        match self.tracker.amend(id, description, &req_id, request, over_ws, now) {
            Ok(_) => self.send(request, wire, vec![id.clone()], sent, now),
            Err(error) => self.refused_command(id, &error, CommandKind::Amend),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what an amendment is made of")]
    fn change_of(
        &self,
        id: &ClOrdId,
        target: &CommandTarget,
        description: &ChangeDescription,
        way: Way,
        request: RequestId,
        req_id: &str,
        now: Now,
    ) -> Result<Wire, String> {
        let exp_time_ms = self.exp_time_ms(now);
        if let (Some(spec), TargetKind::Order(order)) = (self.spreads.get(&target.inst_id), &target.target) {
            let value = change_spread(order.clone(), description, spec, req_id).map_err(|d| d.to_string())?;
            let text = op::amend_spread(request, &value).map_err(|error| error.to_string())?;
            return Ok(Wire::Frame(BUSINESS, text));
        }
        let unknown =
            || format!("instrument {} is not known here: load it before orders are changed", target.inst_id);
        let instrument = self.listed(&target.inst_id).ok_or_else(unknown)?;
        let placed = self.placed.get(id);
        let order_type = placed.map(|placed| placed.order_type);
        let known = self.tracker.present(id).map(|(order, _)| order);
        let order = ChangeTarget {
            order_type: order_type.or_else(|| known.map(|order| order.order_type)).ok_or_else(unknown)?,
            product: Product::of(instrument, &self.config.account, &OrderParams::default()),
            target: target.target.clone(),
            px: placed.and_then(|placed| placed.px),
            leg: placed.and_then(|placed| placed.leg),
        };
        match (change(&order, description, instrument, req_id).map_err(|d| d.to_string())?, way) {
            (PreparedChange::Ordinary(value), Way::Line(line)) => {
                let items = [(&*value, instrument.inst_id_code)];
                let text = op::amend(request, exp_time_ms, &items).map_err(|error| error.to_string())?;
                Ok(Wire::Frame(line, text))
            }
            (PreparedChange::Ordinary(value), Way::Rest) => Ok(Wire::Call(wire::amend(&value, exp_time_ms))),
            (PreparedChange::Algo(value), _) => wire::amend_algo(&value).map(Wire::Call),
        }
    }

    fn cancel_all(&mut self, ids: &[ClOrdId], sent: &dyn Fn(Option<usize>, Vec<ClOrdId>) -> Sent, now: Now) {
        let mut cancels = Cancels::default();
        for id in ids {
            let Some((CommandTarget { target, inst_id }, way)) = self.way(id) else {
                let request = self.new_request();
                if let Err(error) = self.tracker.cancel(id, request, false, now) {
                    self.refused_command(id, &error, CommandKind::Cancel);
                }
                continue;
            };
            if let Way::Line(line) = way
                && !self.lines[line].session.is_ready()
            {
                self.refuse_cancel(id, NOT_READY);
                continue;
            }
            let code = self.listed(&inst_id).and_then(|instrument| instrument.inst_id_code);
            match (target, way) {
                (TargetKind::Algo(target), _) => {
                    cancels.algos.push((id.clone(), CancelAlgoOrder::new(inst_id, target)));
                }
                (TargetKind::Order(target), Way::Line(BUSINESS)) => {
                    cancels.spreads.push((id.clone(), target))
                }
                (TargetKind::Order(target), Way::Line(_)) => {
                    cancels.over_ws.push((id.clone(), CancelOrder::new(inst_id, target), code));
                }
                (TargetKind::Order(target), Way::Rest) => {
                    cancels.over_rest.push((id.clone(), CancelOrder::new(inst_id, target)));
                }
            }
        }
        let Cancels { over_ws, over_rest, algos, spreads } = cancels;
        if !over_ws.is_empty() {
            self.cancel_as(
                over_ws,
                PRIVATE_WAY,
                sent,
                now,
                |request, items| {
                    let items: Vec<_> = items.iter().map(|(_, value, code)| (value, *code)).collect();
                    op::cancel(request, &items)
                        .map(|text| Wire::Frame(PRIVATE, text))
                        .map_err(|e| e.to_string())
                },
                |item| &item.0,
            );
        }
        if !over_rest.is_empty() {
            self.cancel_as(
                over_rest,
                Way::Rest,
                sent,
                now,
                |_, items| {
                    let items: Vec<_> = items.iter().map(|(_, value)| value.clone()).collect();
                    Ok(Wire::Call(wire::cancel(&items)))
                },
                |item| &item.0,
            );
        }
        let mut algos = algos;
        while !algos.is_empty() {
            let rest = algos.split_off(algos.len().min(ALGO_CANCEL_MAX));
            self.cancel_as(
                algos,
                Way::Rest,
                sent,
                now,
                |_, items| {
                    let items: Vec<_> = items.iter().map(|(_, value)| value).collect();
                    wire::cancel_algos(&items).map(Wire::Call)
                },
                |item| &item.0,
            );
            algos = rest;
        }
        for spread in spreads {
            self.cancel_as(
                vec![spread],
                Way::Line(BUSINESS),
                sent,
                now,
                |request, items| {
                    let value = CancelSpreadOrder::new(items[0].1.clone());
                    op::cancel_spread(request, &value)
                        .map(|text| Wire::Frame(BUSINESS, text))
                        .map_err(|e| e.to_string())
                },
                |item| &item.0,
            );
        }
    }

    /// One request with cancellations.
    fn cancel_as<T>(
        &mut self,
        mut items: Vec<T>,
        way: Way,
        sent: &dyn Fn(Option<usize>, Vec<ClOrdId>) -> Sent,
        now: Now,
        wire: impl FnOnce(RequestId, &[T]) -> Result<Wire, String>,
        id_of: impl Fn(&T) -> &ClOrdId,
    ) {
        let request = self.new_request();
        items.retain(|item| match self.tracker.cancel(id_of(item), request, way != Way::Rest, now) {
            Ok(_) => true,
            Err(error) => {
                self.refused_command(id_of(item), &error, CommandKind::Cancel);
                false
            }
        });
        if items.is_empty() {
            return;
        }
        let ids: Vec<ClOrdId> = items.iter().map(|item| id_of(item).clone()).collect();
        match wire(request, &items) {
            Ok(wire) => self.send(request, wire, ids, sent, now),
            Err(reason) => self.tracker.not_answered(request, &NotAnswered::NotSent(reason), now),
        }
    }
}

const PRIVATE_WAY: Way = Way::Line(PRIVATE);
