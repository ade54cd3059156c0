//! What goes into a session and what comes out.

use bytes::Bytes;
use okx_common::error_code::ErrorCode;

use crate::{
    message::{Data, OpResponse},
    topic::Topic,
};

/// One physical connection of a session. A number is never used twice within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub u32);

/// The place of a topic in its session: small, dense, valid while the topic is wanted, reused afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId(pub u32);

/// One life of a subscription. It rises with each (re)subscription that took effect, over all topics of a session, so that state
/// kept for an older generation is recognisably stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Generation(pub u64);

/// What the driver and the user tell a session. Frames go to [`super::Session::handle_frame`].
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// Connect, even if nothing is subscribed.
    Open,
    /// Close all links and forget nothing; [`Input::Open`] starts again.
    Close,
    /// Want these topics. Those wanted already are ignored.
    Subscribe(&'a [Topic]),
    /// Want these topics no longer.
    Unsubscribe(&'a [Topic]),
    /// Subscribe these wanted topics anew, to get a snapshot. What still comes of the old subscription is dropped.
    Resubscribe(&'a [Topic]),
    /// The link asked for by [`Output::Connect`] is open: HTTP upgrade done.
    Connected(LinkId),
    /// It could not be opened.
    ConnectFailed(LinkId, &'a str),
    /// An open link has ended. The close code, if the peer sent one, and words.
    Disconnected(LinkId, Option<u16>, &'a str),
    /// The time of [`super::Session::next_timeout`] has come. Harmless at any time.
    Timeout,
}

/// What the driver must do, or the user should know.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a connection to the session's URL and answer with [`Input::Connected`] or [`Input::ConnectFailed`].
    Connect(LinkId),
    /// Send this text frame on the link.
    Transmit(LinkId, Bytes),
    /// Close the link, without answering. A connection attempt under way is given up.
    Close(LinkId, &'static str),
    /// Something happened.
    Event(Event),
}

/// Why a link ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisconnectReason {
    /// The peer closed it, or the network did. `code` is that of the close frame.
    Lost {
        /// Code of the close frame.
        code: Option<u16>,
        /// Its words, or those of the error.
        words: String,
    },
    /// No answer to `ping`: half-open.
    NoPong,
    /// No answer to the login.
    NoLoginReply,
    /// The login was refused with this code.
    LoginRefused(ErrorCode),
    /// OKX announced a close, and the replacement has taken over.
    Replaced,
    /// [`Input::Close`].
    Closed,
    /// Nothing is wanted any more.
    Idle,
}

/// What happened, for users, logs and the adapter's core.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A link is open.
    Connected {
        /// The link.
        link: LinkId,
    },
    /// An attempt failed; a [`Event::Reconnecting`] follows.
    ConnectFailed {
        /// Why.
        reason: String,
    },
    /// Logged in.
    LoggedIn {
        /// The link.
        link: LinkId,
    },
    /// A login was refused.
    LoginFailed {
        /// OKX's code; 0 if OKX did not answer.
        code: ErrorCode,
        /// OKX's words.
        msg: String,
        /// No further attempt will be made until [`Input::Open`] (wrong key, passphrase, …). Else it is retried.
        is_final: bool,
    },
    /// A topic is subscribed; what comes has this generation.
    Subscribed {
        /// The topic.
        topic: Topic,
        /// Its place.
        id: TopicId,
        /// The generation.
        generation: Generation,
    },
    /// A topic could not be subscribed.
    SubscribeFailed {
        /// The topic.
        topic: Topic,
        /// OKX's code; 0 if OKX did not say.
        code: ErrorCode,
        /// OKX's words.
        msg: String,
        /// The topic is no longer wanted. False for a topic that had worked before: it is tried again after a reconnect.
        forgotten: bool,
    },
    /// A topic is unsubscribed.
    Unsubscribed {
        /// The topic.
        topic: Topic,
    },
    /// A link ended. With `Replaced` nothing was interrupted.
    Disconnected {
        /// The link.
        link: LinkId,
        /// Why.
        reason: DisconnectReason,
    },
    /// The next attempt comes after this delay.
    Reconnecting {
        /// 1 for the first attempt after a working link.
        attempt: u32,
        /// Milliseconds from now.
        delay_ms: u64,
    },
    /// The account is not being served although it should be: the login is refused, or the venue closed the link with a code
    /// that a retry does not heal. Attempts go on slowly.
    Degraded {
        /// What is wrong and what to do.
        reason: String,
    },
    /// OKX announced that it will close the link (64008); a replacement is on its way.
    Notice {
        /// The code.
        code: ErrorCode,
        /// OKX's words.
        msg: String,
    },
    /// How many connections hold a private channel.
    ConnCount {
        /// The channel.
        channel: String,
        /// Connections.
        count: Option<u32>,
    },
    /// Too many connections hold a private channel; OKX ended the subscription.
    ConnCountError {
        /// The channel.
        channel: String,
        /// Connections.
        count: Option<u32>,
    },
    /// A topic that should push has been silent for too long; it is subscribed anew.
    Stale {
        /// The topic.
        topic: Topic,
        /// Milliseconds since the last push.
        silent_ms: u64,
    },
    /// OKX refused something that could not be related to a request.
    VenueError {
        /// The request id that OKX named, if any: an order operation of the user.
        id: Option<String>,
        /// The code.
        code: ErrorCode,
        /// OKX's words.
        msg: String,
    },
    /// Something unusual, once for each kind.
    Warning(String),
}

/// What a frame holds for the user.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all frames are data, and a box would cost an allocation each"
)]
#[derive(Debug)]
pub enum Incoming<'a> {
    /// A push of a wanted topic, of its current generation.
    Data {
        /// Place of the topic.
        id: TopicId,
        /// Generation of the subscription.
        generation: Generation,
        /// The push.
        data: Data<'a>,
    },
    /// The answer to an order request.
    Op(OpResponse<'a>),
    /// A message that does not tell what it is about: neither a channel that is known nor an event nor an operation.
    Stray,
    /// Nothing: an acknowledgement, a pong, a late push. Events may wait in [`super::Session::poll`].
    Nothing,
}
