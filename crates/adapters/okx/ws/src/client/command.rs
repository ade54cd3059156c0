//! What a client can be told.

use bytes::Bytes;

use crate::topic::Topic;

/// What a client can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Connect, even if nothing is subscribed.
    Open,
    /// Close the connections; [`Command::Open`] starts again. What is wanted stays wanted.
    Close,
    /// Want these topics.
    Subscribe(Vec<Topic>),
    /// Want these topics no longer.
    Unsubscribe(Vec<Topic>),
    /// Subscribe these wanted topics anew, to get a snapshot.
    Resubscribe(Vec<Topic>),
    /// Send this request (an order operation). If that is impossible now, the handler is told with this number.
    Request {
        /// Given back if it was not sent.
        number: u64,
        /// The whole text.
        text: Bytes,
    },
    /// Drop the connections as if the network had, and connect anew.
    Reconnect,
    /// How far OKX's clock is ahead of this machine's, milliseconds.
    ClockOffset(i64),
    /// Close and end.
    Stop,
}
