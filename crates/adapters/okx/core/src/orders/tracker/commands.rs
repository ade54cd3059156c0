//! Commands, recorded before they are sent.

use okx_common::{
    clock::Now,
    ids::{AlgoClOrdId, ClOrdId},
    order::{AlgoTarget, OrderTarget},
};
use okx_ws::op::RequestId;

use super::{
    EventKind, OrderTracker, VenueId,
    order::{Amend, Command, KnownOrder, NewOrder, Order, Pending},
};
use crate::orders::{description::ChangeDescription, request::TargetKind};

/// What a cancellation or amendment is sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandTarget {
    /// The order at OKX.
    pub target: TargetKind,
    /// Its instrument.
    pub inst_id: okx_common::ids::InstId,
}

/// Why a command is not to be sent. The engine has been told where there was something to tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandRefused {
    /// No such order is known here.
    #[error("order {0} is not known: it was not submitted here, or is over for long")]
    Unknown(ClOrdId),
    /// The order is over.
    #[error("order {0} is over already")]
    Closed(ClOrdId),
    /// The order is a leg of a bracket, and OKX makes an order of it only when the entry is filled.
    #[error("order {0} comes alive when the entry of its bracket is filled: cancel or amend the entry")]
    Dormant(ClOrdId),
    /// An order of this id is known already.
    #[error("an order {0} was submitted already")]
    Duplicate(ClOrdId),
}

impl OrderTracker {
    /// An order is about to be sent with this request. Orders of a batch have one request.
    ///
    /// # Errors
    /// If the id is known: nothing was recorded, and it must not be sent.
    pub fn submit(
        &mut self,
        new: NewOrder,
        request: RequestId,
        over_ws: bool,
        now: Now,
    ) -> Result<(), CommandRefused> {
        if self.by_cl.contains_key(&new.cl_ord_id) {
            return Err(CommandRefused::Duplicate(new.cl_ord_id));
        }
        let mut order = Order::new(new);
        order.submit = Some(Pending::new(over_ws, now.mono_ns, self.config.reply_wait_ns));
        self.emit(&order, None, EventKind::Submitted);
        let no = self.add(order);
        self.sent(request, no, Command::Submit, now);
        self.with(no, now, |_, _| ());
        Ok(())
    }

    /// An order of an earlier process. What it left open is looked up at once.
    ///
    /// # Errors
    /// If the id is known already.
    pub fn restore(&mut self, known: KnownOrder, now: Now) -> Result<(), CommandRefused> {
        if self.by_cl.contains_key(&known.order.cl_ord_id) {
            return Err(CommandRefused::Duplicate(known.order.cl_ord_id));
        }
        let mut order = Order::new(known.order);
        order.accepted = known.accepted;
        order.triggered = known.triggered;
        order.filled = known.filled;
        order.trades.extend(known.trade_ids);
        let open = || {
            let mut pending = Pending::new(false, now.mono_ns, 0);
            pending.doubt("the process that sent it ended".to_owned(), now.mono_ns);
            pending
        };
        // A leg whose entry is still open waits for it: restore entries before their legs.
        let entry = order.new.attached.as_ref().and_then(|attached| self.by_cl.get(&attached.entry));
        let waits = entry.and_then(|no| self.orders.get(no)).is_some_and(|entry| !entry.is_closed());
        order.submit = (!known.accepted && !waits).then(open);
        order.cancel = known.pending_cancel.then(open);
        if known.pending_update {
            // Which change it was is not known: whatever OKX shows is the result.
            order.amends.push(Amend {
                req_id: String::new(),
                change: ChangeDescription::default(),
                pending: open(),
            });
        }
        match known.venue_id {
            Some(VenueId::Order(id)) => {
                order.effective = order.is_algo();
                order.note_acc(&id, known.filled);
                order.ord_id = Some(id);
            }
            Some(VenueId::Algo(id)) => order.algo_id = Some(id),
            None => {}
        }
        let no = self.add(order);
        self.with(no, now, |_, _| ());
        Ok(())
    }

    /// A cancellation is about to be sent with this request; for what, is answered. Cancellations of a batch have one request.
    ///
    /// # Errors
    /// If there is nothing to cancel: it must not be sent. An order that is over gets its `CancelRejected` here.
    pub fn cancel(
        &mut self,
        cl_ord_id: &str,
        request: RequestId,
        over_ws: bool,
        now: Now,
    ) -> Result<CommandTarget, CommandRefused> {
        let no = self.live(cl_ord_id, |reason| EventKind::CancelRejected { reason })?;
        self.sent(request, no, Command::Cancel, now);
        let wait = self.config.reply_wait_ns;
        let target = self.with(no, now, |tracker, order| {
            // A second cancellation of the same order changes nothing for the engine.
            if order.cancel.is_none() {
                tracker.emit(order, None, EventKind::PendingCancel);
            }
            order.cancel = Some(Pending::new(over_ws, now.mono_ns, wait));
            target_of(order)
        });
        target.ok_or_else(|| CommandRefused::Unknown(ClOrdId::new(cl_ord_id)))
    }

    /// An amendment is about to be sent with this request. `req_id` must be unique: OKX tells the result by it.
    ///
    /// # Errors
    /// If there is nothing to amend: it must not be sent. An order that is over gets its `ModifyRejected` here.
    pub fn amend(
        &mut self,
        cl_ord_id: &str,
        change: ChangeDescription,
        req_id: &str,
        request: RequestId,
        over_ws: bool,
        now: Now,
    ) -> Result<CommandTarget, CommandRefused> {
        let no = self.live(cl_ord_id, |reason| EventKind::ModifyRejected { reason })?;
        self.sent(request, no, Command::Amend { req_id: req_id.to_owned() }, now);
        let wait = self.config.reply_wait_ns;
        let target = self.with(no, now, |tracker, order| {
            if order.amends.is_empty() {
                tracker.emit(order, None, EventKind::PendingUpdate);
            }
            order.amends.push(Amend {
                req_id: req_id.to_owned(),
                change,
                pending: Pending::new(over_ws, now.mono_ns, wait),
            });
            target_of(order)
        });
        target.ok_or_else(|| CommandRefused::Unknown(ClOrdId::new(cl_ord_id)))
    }

    /// What a command for the order would be sent for; `None` if it is not known or is over.
    #[must_use]
    pub fn target(&self, cl_ord_id: &str) -> Option<CommandTarget> {
        let order = self.orders.get(self.by_cl.get(cl_ord_id)?)?;
        (!order.is_closed() && !order.is_filled()).then(|| target_of(order))
    }

    /// The order as it stands here: quantity, price, trigger price, filled.
    #[must_use]
    pub fn present(&self, cl_ord_id: &str) -> Option<(&NewOrder, okx_common::decimal::Decimal)> {
        let order = self.orders.get(self.by_cl.get(cl_ord_id)?)?;
        Some((&order.new, order.filled))
    }

    pub(super) fn add(&mut self, order: Order) -> u64 {
        self.next_order += 1;
        let no = self.next_order;
        self.by_cl.insert(order.new.cl_ord_id.clone(), no);
        self.join(no, &order);
        if let Some(id) = &order.ord_id {
            self.by_ord.insert(id.clone(), no);
        }
        if let Some(id) = &order.algo_id {
            self.by_algo.insert(id.clone(), no);
        }
        self.orders.insert(no, Box::new(order));
        no
    }

    fn sent(&mut self, request: RequestId, no: u64, command: Command, now: Now) {
        let sent = self.requests.entry(request).or_default();
        sent.at_ns = now.mono_ns;
        sent.commands.push((no, command));
        self.sweep_soon(now);
    }

    fn live(
        &mut self,
        cl_ord_id: &str,
        refuse: impl FnOnce(String) -> EventKind,
    ) -> Result<u64, CommandRefused> {
        let no = self.by_cl.get(cl_ord_id).copied();
        let Some((no, order)) = no.and_then(|no| Some((no, self.orders.get(&no)?))) else {
            return Err(CommandRefused::Unknown(ClOrdId::new(cl_ord_id)));
        };
        let refused = match (order.is_closed() || order.is_filled(), order.is_dormant()) {
            (true, _) => CommandRefused::Closed(order.new.cl_ord_id.clone()),
            (false, true) => CommandRefused::Dormant(order.new.cl_ord_id.clone()),
            (false, false) => return Ok(no),
        };
        let event = super::OrderEvent {
            cl_ord_id: order.new.cl_ord_id.clone(),
            inst_id: order.new.inst_id.clone(),
            venue_id: order.venue_id(),
            ts_ms: None,
            kind: refuse(refused.to_string()),
        };
        self.outputs.push_back(super::Output::Event(event));
        Err(refused)
    }
}

fn target_of(order: &Order) -> CommandTarget {
    let inst_id = order.new.inst_id.clone();
    let target = if order.waits_for_trigger() {
        TargetKind::Algo(match &order.algo_id {
            Some(id) => AlgoTarget::AlgoId(id.clone()),
            None => AlgoTarget::AlgoClOrdId(AlgoClOrdId::new(order.new.algo_cl_ord_id())),
        })
    } else {
        TargetKind::Order(match &order.ord_id {
            Some(id) => OrderTarget::OrdId(id.clone()),
            None => OrderTarget::ClOrdId(order.new.cl_ord_id.clone()),
        })
    };
    CommandTarget { target, inst_id }
}
