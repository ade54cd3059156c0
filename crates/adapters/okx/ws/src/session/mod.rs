//! The conversation with one URL: connecting, login, subscriptions, heartbeats, reconnects. No socket, no clock.
//!
//! A driver owns a [`Session`], the sockets and the time:
//!
//! 1. `session.handle(input, now)` whenever something happened, `session.handle_frame(&mut decoder, link, frame, now)` for each text
//!    frame (`frame` is borrowed, the answer borrows from it and from the decoder, not from the session);
//! 2. `while let Some(output) = session.poll()`: do what it says;
//! 3. wait for bytes, a command, or `session.next_timeout()` (monotonic nanoseconds), then go on with 1.

mod config;
mod event;

pub use config::{CONNECTS_PER_SECOND, ConnectBudget, LoginPolicy, SessionConfig};
pub use event::{DisconnectReason, Event, Generation, Incoming, Input, LinkId, Output, TopicId};
