//! Commands that are sent and not answered: whom an answer "too frequent" is meant for.

use std::sync::Arc;

use okx_common::{
    clock::{NANOS_PER_SECOND, Now},
    error_code::ErrorCode,
    ids::ClOrdId,
};
use okx_ws::op::RequestId;

use super::Desk;
use crate::orders::{gate::CommandKind, tracker::Reply};

/// Too many requests: of this kind on this instrument; of the sub-account.
const TOO_MANY: [u32; 3] = [50011, 50040, 60014];
const TOO_MANY_OF_ACCOUNT: u32 = 50061;

/// The tracker has looked up long before what is not answered by then.
const FORGET_NS: u64 = 60 * NANOS_PER_SECOND;

/// A command that is sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub kind: CommandKind,
    pub scope: Arc<str>,
    pub at_ns: u64,
    /// The line; `None` over REST.
    pub line: Option<usize>,
    /// The orders that wait for the answer of a REST command.
    pub holds: Vec<ClOrdId>,
}

impl Desk {
    /// Notes a command that goes out.
    pub(super) fn note_sent(&mut self, request: RequestId, sent: Sent, now: Now) {
        // Requests are numbered in the order of time.
        while let Some(oldest) = self.sent.first_entry()
            && oldest.get().line.is_some()
            && oldest.get().at_ns.saturating_add(FORGET_NS) < now.mono_ns
        {
            oldest.remove();
        }
        self.stats.commands_sent += 1;
        self.sent.insert(request, sent);
    }

    /// An answer came: the gate slows down if OKX says so.
    pub(super) fn mind_throttling(&mut self, request: RequestId, reply: &Reply, now: Now) -> Option<Sent> {
        let sent = self.sent.remove(&request)?;
        let codes = std::iter::once(reply.code).chain(reply.items.iter().filter_map(|item| item.code));
        for ErrorCode(code) in codes {
            let of_account = code == TOO_MANY_OF_ACCOUNT;
            if of_account || TOO_MANY.contains(&code) {
                self.gate.throttled(sent.kind, &sent.scope, of_account, now);
            }
        }
        Some(sent)
    }

    /// The link of a line is gone: nothing that went over it will be answered.
    pub(super) fn forget_sent(&mut self, line: usize) {
        self.sent.retain(|_, sent| sent.line != Some(line));
    }
}
