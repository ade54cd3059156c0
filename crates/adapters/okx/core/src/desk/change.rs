//! Changes and cancellations.

use std::sync::Arc;

use okx_common::{clock::Now, ids::ClOrdId, order::BATCH_MAX};

use super::{Desk, DeskEvent, intent::Intent};
use crate::orders::{
    description::ChangeDescription,
    gate::{Command, CommandKind, SPREADS, counts_for_account, scope_of},
    tracker::EventKind,
};

/// What commands for a line that is down are told.
const DOWN: &str = "not sent: the connection to OKX is down; wait until it is back";

/// How a command for an order counts.
struct Counting {
    scope: Arc<str>,
    counts: bool,
}

impl Desk {
    /// Changes an order. `ModifyRejected` comes if that was surely not done.
    pub fn modify(&mut self, client_order_id: &str, change: ChangeDescription, now: Now) {
        let refused = |reason: String| EventKind::ModifyRejected { reason };
        if let Some((id, counting)) = self.known(client_order_id, refused) {
            if !self.can_go(&id) {
                return self.refuse_change(&id, DOWN);
            }
            let command = Command {
                kind: CommandKind::Amend,
                scope: counting.scope,
                cl_ord_ids: vec![id.clone()],
                counts: counting.counts,
                payload: Intent::Amend(id, change),
            };
            self.push(command, now);
        }
        self.release(now);
        self.drain(now);
    }

    /// Cancels an order. `CancelRejected` comes if that was surely not done.
    pub fn cancel(&mut self, client_order_id: &str, now: Now) {
        self.cancel_batch(&[client_order_id], now);
    }

    /// Cancels orders, those of one instrument in as few requests as OKX allows.
    pub fn cancel_batch<S: AsRef<str>>(&mut self, client_order_ids: &[S], now: Now) {
        let mut groups: Vec<(Arc<str>, Vec<ClOrdId>)> = Vec::new();
        for client_order_id in client_order_ids {
            let refused = |reason: String| EventKind::CancelRejected { reason };
            let Some((id, Counting { scope, .. })) = self.known(client_order_id.as_ref(), refused) else {
                continue;
            };
            if !self.can_go(&id) {
                self.refuse_cancel(&id, DOWN);
                continue;
            }
            let group = groups.iter_mut().find(|(s, ids)| {
                *s == scope && ids.len() < BATCH_MAX && !ids.contains(&id) && scope.as_ref() != SPREADS
            });
            match group {
                Some((_, ids)) => ids.push(id),
                None => groups.push((scope, vec![id])),
            }
        }
        for (scope, ids) in groups {
            let command = Command {
                kind: CommandKind::Cancel,
                scope,
                cl_ord_ids: ids.clone(),
                counts: false,
                payload: Intent::Cancel(ids),
            };
            self.push(command, now);
        }
        self.release(now);
        self.drain(now);
    }

    /// The order's id at OKX, and how commands for it count. One that is not known here is refused here.
    fn known(
        &mut self,
        client_order_id: &str,
        refused: impl FnOnce(String) -> EventKind,
    ) -> Option<(ClOrdId, Counting)> {
        let id = self.ids.to_okx(client_order_id);
        let found = id.map_err(|error| error.to_string()).and_then(|id| {
            let inst_id = self.tracker.present(&id).map(|(order, _)| &order.inst_id);
            let inst_id = inst_id.or_else(|| self.waiting.get(&id).map(|waiting| &waiting.inst_id));
            match inst_id.cloned() {
                Some(inst_id) => Ok((id, inst_id)),
                None => {
                    self.ids.forget(&id);
                    Err(format!(
                        "order {client_order_id} is not known: it was not submitted here, or is over for long"
                    ))
                }
            }
        });
        match found {
            Ok((id, inst_id)) => {
                let counting = if self.spreads.contains_key(&inst_id) {
                    Counting { scope: Arc::from(SPREADS), counts: false }
                } else {
                    match self.listed(&inst_id) {
                        Some(instrument) => Counting {
                            scope: scope_of(instrument),
                            counts: counts_for_account(instrument, None),
                        },
                        // An order of an earlier process whose instrument is gone.
                        None => Counting { scope: Arc::from(inst_id.as_str()), counts: false },
                    }
                };
                Some((id, counting))
            }
            Err(reason) => {
                let kind = refused(reason);
                self.event(DeskEvent::Unknown { client_order_id: client_order_id.to_owned(), kind });
                None
            }
        }
    }
}
