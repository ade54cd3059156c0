//! Telling the engine: what the tracker says, and what is given back unsent.

use okx_common::{clock::Now, ids::ClOrdId};

use super::{Desk, DeskEvent, HASHED_MAX, intent::Intent, intent::Waiting};
use crate::orders::{
    gate::{Command, CommandKind},
    request::TargetKind,
    tracker::{CommandRefused, EventKind, Level, OrderEvent, Output, VenueId},
};
use okx_common::order::{AlgoTarget, OrderTarget};

/// So many orders that are over may be kept beside the open ones before they are looked for.
pub(super) const SWEEP_FROM: usize = 256;

impl Desk {
    /// Passes on what the tracker says.
    pub(super) fn drain(&mut self, now: Now) {
        while let Some(output) = self.tracker.poll() {
            match output {
                Output::Event(event) => self.order_event(event),
                Output::External(external) => self.event(DeskEvent::External(external)),
                Output::Ask(id, ask) => self.ask(id, &ask, now),
                Output::Log(level, text) => self.note(level, "orders", text),
            }
        }
    }

    fn order_event(&mut self, event: OrderEvent) {
        let Some(client_order_id) = self.ids.to_nautilus(&event.cl_ord_id) else {
            let text = format!(
                "order {} of ours has an id that cannot be read back: its event {} is lost",
                event.cl_ord_id,
                event.kind.name()
            );
            return self.note(Level::Error, "id", text);
        };
        let may_end = matches!(
            event.kind,
            EventKind::Filled(_)
                | EventKind::Canceled { .. }
                | EventKind::Rejected { .. }
                | EventKind::Expired { .. }
        );
        if may_end && self.tracker.target(&event.cl_ord_id).is_none() {
            self.over(&event.cl_ord_id);
        }
        self.event(DeskEvent::Order { client_order_id, event });
    }

    /// An order is over: what is kept for it is no longer needed, or in a while.
    fn over(&mut self, id: &ClOrdId) {
        if self.placed.remove(id).is_none() || !self.ids.is_hashed(id) {
            return;
        }
        self.hashed.push_back(id.clone());
        if self.hashed.len() > HASHED_MAX
            && let Some(oldest) = self.hashed.pop_front()
        {
            self.ids.forget(&oldest);
        }
    }

    /// Most orders are over with an event. Some only when OKX says so, after the fill that ended them for the engine.
    pub(super) fn sweep(&mut self) {
        if self.placed.len() < self.sweep_at {
            return;
        }
        let over: Vec<ClOrdId> =
            self.placed.keys().filter(|id| self.tracker.target(id).is_none()).cloned().collect();
        over.iter().for_each(|id| self.over(id));
        self.sweep_at = 2 * self.placed.len() + SWEEP_FROM;
    }

    /// A command was not sent, and will not be.
    pub(super) fn give_back(&mut self, command: Command<Intent>, reason: &str) {
        for (_, new) in command.payload.new_orders() {
            if let Some(Waiting { client_order_id, inst_id }) = self.waiting.remove(&new.cl_ord_id) {
                self.event(DeskEvent::Denied { client_order_id, inst_id, reason: reason.to_owned() });
            }
        }
        match &command.payload {
            Intent::Amend(id, _) => self.refuse_change(id, reason),
            Intent::Cancel(ids) => ids.iter().for_each(|id| self.refuse_cancel(id, reason)),
            Intent::Place(_) | Intent::Bracket(..) => {}
        }
    }

    pub(super) fn refuse_change(&mut self, id: &ClOrdId, reason: &str) {
        self.refuse(id, EventKind::ModifyRejected { reason: reason.to_owned() });
    }

    pub(super) fn refuse_cancel(&mut self, id: &ClOrdId, reason: &str) {
        self.refuse(id, EventKind::CancelRejected { reason: reason.to_owned() });
    }

    /// The tracker would not have the command. It has told the engine, unless it does not know the order.
    pub(super) fn refused_command(&mut self, id: &ClOrdId, error: &CommandRefused, kind: CommandKind) {
        if matches!(error, CommandRefused::Unknown(_)) {
            match kind {
                CommandKind::Amend => self.refuse_change(id, &error.to_string()),
                _ => self.refuse_cancel(id, &error.to_string()),
            }
        }
    }

    /// A command was surely not sent.
    fn refuse(&mut self, id: &ClOrdId, kind: EventKind) {
        let client_order_id = self.ids.to_nautilus(id).unwrap_or_else(|| id.to_string());
        let Some((order, _)) = self.tracker.present(id) else {
            return self.event(DeskEvent::Unknown { client_order_id, kind });
        };
        let inst_id = order.inst_id.clone();
        let venue_id = self.tracker.target(id).and_then(|target| match target.target {
            TargetKind::Order(OrderTarget::OrdId(id)) => Some(VenueId::Order(id)),
            TargetKind::Algo(AlgoTarget::AlgoId(id)) => Some(VenueId::Algo(id)),
            _ => None,
        });
        let event = OrderEvent { cl_ord_id: id.clone(), inst_id, venue_id, ts_ms: None, kind };
        self.event(DeskEvent::Order { client_order_id, event });
    }
}
