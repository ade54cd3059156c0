//! Who takes what a client receives.

use okx_common::clock::Now;

use super::Command;
use crate::{
    decode::DecodeError,
    session::{Event, Incoming, LinkId},
};

/// Takes what a client receives, on the client's task and in the order of the wire. A handler that blocks stops the client from
/// reading, so that the kernel's buffers fill and OKX may close the connection (4005).
pub trait Handler: Send {
    /// A push, or the answer to an order request, decoded and as it came.
    fn incoming(&mut self, incoming: Incoming<'_>, frame: &[u8], now: Now);

    /// Something happened.
    fn event(&mut self, event: Event);

    /// A frame could not be read. Nothing else is lost.
    fn undecodable(&mut self, link: LinkId, error: &DecodeError);

    /// A request was not sent: there is no connection, or it is not logged in.
    fn unsent(&mut self, number: u64) {
        let _ = number;
    }

    /// Everything that one turn of the task brought was handed over: a few reads of a connection, a command, a time-out. What
    /// should be done now can be added to `commands`.
    fn batch_end(&mut self, commands: &mut Vec<Command>) {
        let _ = commands;
    }
}
