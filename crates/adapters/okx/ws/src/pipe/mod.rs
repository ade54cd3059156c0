//! One connection's bytes: TLS, the HTTP upgrade, WebSocket frames (RFC 6455). No socket, no clock.
//!
//! A driver owns the socket and a [`Pipe`]:
//!
//! 1. when the socket is readable: read into [`Pipe::read_buffer`], say how much with [`Pipe::received`] (0 at the end of the
//!    stream), then take [`Pipe::next_frame`] until it answers `None`. Nothing readable is left in the pipe then, so that waiting
//!    for the socket cannot overlook anything;
//! 2. after that, and after each `send_…`: write [`Pipe::outgoing`] and say how much the socket took with [`Pipe::consumed`].
//!
//! [`Frame::Open`] comes first, once the upgrade is done. Pings are answered by the pipe itself. A frame is borrowed from the buffer
//! that the socket (or the decryption) filled: no copy, no allocation, except for messages in several fragments.
//!
//! The frame codec is our own because this is the hot path: the crates at hand own the socket or hand out each message as an
//! allocation of its own. Compression (permessage-deflate) is not offered. The text of messages is not checked for UTF-8 here: the
//! decoder does, once, and one bad message then costs that message and not the connection.

mod buffer;
mod error;
mod frame;
mod tls;
mod upgrade;
mod url;

#[cfg(test)]
mod tests;

pub use error::PipeError;
pub use tls::{CaError, tls_config};
pub use url::{WsUrl, WsUrlError};

use std::sync::Arc;

use okx_common::rng::Rng;
use rustls::ClientConfig;

use buffer::{Inbox, Outbox};
use frame::{CONTROL_BYTES_MAX, Head, Opcode};
use tls::Tls;
use upgrade::Upgrade;

/// Bytes of a message from OKX, whole or in fragments. The longest known, all instruments of a kind, has about 2 MB.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes that may wait to be sent. A socket that does not take them for so long belongs to a peer that has stopped reading.
pub const OUTGOING_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Bytes waiting to be sent from which on pings are no longer answered: a peer may send pings faster than it reads.
const OUTGOING_BYTES_FOR_PONG: usize = 64 * 1024;

/// What a server sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// The upgrade is done: messages can be sent.
    Open,
    /// A text message. Not checked for UTF-8.
    Text(&'a [u8]),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping; it is answered already.
    Ping(&'a [u8]),
    /// A pong.
    Pong(&'a [u8]),
    /// The peer closes the connection; it is answered already. Nothing follows.
    Close {
        /// The code, if there is one.
        code: Option<u16>,
        /// The peer's words.
        reason: &'a str,
    },
}

enum Phase {
    /// The upgrade was asked for.
    Upgrading(Upgrade),
    /// Both sides may send.
    Open,
    /// We have sent a close frame and wait for the peer's.
    Closing,
    /// Nothing is sent or read any more.
    Closed,
}

/// See the module.
pub struct Pipe {
    phase: Phase,
    tls: Option<Box<Tls>>,
    inbox: Inbox,
    /// Frames to send; with TLS those that are not encrypted yet.
    out: Outbox,
    /// The parts of a message that came in several fragments, and what kind it is.
    parts: Vec<u8>,
    parts_of: Option<Opcode>,
    /// The message in `parts` was handed out.
    parts_done: bool,
    /// The payload of the last ping or close frame: answering it may move what is in the inbox.
    control: Vec<u8>,
    /// The peer will send no more bytes.
    at_end: bool,
    rng: Box<dyn Rng>,
}

impl Pipe {
    /// A pipe for a fresh TCP connection to this address (or a tunnel to it); [`Self::outgoing`] holds the first bytes to send. `tls`
    /// is needed for `wss` only. The generator is for the masks.
    ///
    /// # Errors
    /// If the address needs TLS and there is no configuration, or its host cannot have a certificate.
    pub fn new(
        url: &WsUrl,
        tls: Option<&Arc<ClientConfig>>,
        mut rng: Box<dyn Rng>,
    ) -> Result<Self, PipeError> {
        let mut out = Outbox::default();
        let upgrade = Upgrade::ask(url, &mut *rng, out.tail());
        let tls = match (url.is_tls(), tls) {
            (false, _) => None,
            (true, Some(config)) => Some(Box::new(Tls::new(config, url.host())?)),
            (true, None) => return Err(PipeError::NoTls),
        };
        let mut pipe = Self {
            phase: Phase::Upgrading(upgrade),
            tls,
            inbox: Inbox::default(),
            out,
            parts: Vec::new(),
            parts_of: None,
            parts_done: false,
            control: Vec::new(),
            at_end: false,
            rng,
        };
        pipe.seal()?;
        Ok(pipe)
    }

    /// Space to read the socket into; never empty. Frames handed out before are gone with this call.
    pub fn read_buffer(&mut self) -> &mut [u8] {
        match &mut self.tls {
            Some(tls) => tls.wire.space(),
            None => self.inbox.space(),
        }
    }

    /// The socket has written so many bytes into [`Self::read_buffer`]; 0 means that the stream has ended.
    pub fn received(&mut self, n: usize) {
        if n == 0 {
            self.at_end = true;
        }
        match &mut self.tls {
            Some(tls) => tls.wire.filled_by(n),
            None => self.inbox.filled_by(n),
        }
    }

    /// The same as reading these bytes from the socket, with a copy.
    pub fn receive(&mut self, bytes: &[u8]) {
        match &mut self.tls {
            Some(tls) => tls.wire.extend(bytes),
            None => self.inbox.extend(bytes),
        }
    }

    /// The next frame, or `None` if more bytes are needed.
    ///
    /// # Errors
    /// If the connection cannot go on. [`Self::outgoing`] may hold a close frame for the peer; [`PipeError::Ended`] is all that
    /// comes after the first error and after [`Frame::Close`].
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, PipeError> {
        match self.find_frame() {
            Ok(None) => Ok(None),
            Ok(Some(found)) => Ok(Some(match found {
                Found::Open => Frame::Open,
                Found::Text(at) => Frame::Text(self.inbox.slice(at)),
                Found::Binary(at) => Frame::Binary(self.inbox.slice(at)),
                Found::Ping => Frame::Ping(&self.control),
                Found::Pong(at) => Frame::Pong(self.inbox.slice(at)),
                Found::Parts(Opcode::Text) => Frame::Text(&self.parts),
                Found::Parts(_) => Frame::Binary(&self.parts),
                Found::Close => {
                    let (code, reason) = frame::read_close(&self.control)?;
                    Frame::Close { code, reason }
                }
            })),
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Sends a text message.
    ///
    /// # Errors
    /// If the connection is not open, or the peer has stopped reading.
    pub fn send_text(&mut self, text: &[u8]) -> Result<(), PipeError> {
        self.send(Opcode::Text, text)
    }

    /// Sends a ping. OKX's JSON addresses want the text `ping` instead.
    ///
    /// # Errors
    /// As [`Self::send_text`].
    pub fn send_ping(&mut self, payload: &[u8]) -> Result<(), PipeError> {
        self.send(Opcode::Ping, payload.get(..CONTROL_BYTES_MAX).unwrap_or(payload))
    }

    /// Starts to close: sends a close frame, if that is possible. What still comes can be read.
    pub fn send_close(&mut self, code: u16, reason: &str) {
        if !matches!(self.phase, Phase::Open) {
            self.phase = Phase::Closed;
            return;
        }
        self.write_close(Some(code), reason);
        self.phase = Phase::Closing;
    }

    /// Bytes for the socket.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        match &self.tls {
            Some(tls) => tls.out.unsent(),
            None => self.out.unsent(),
        }
    }

    /// The socket has taken so many bytes of [`Self::outgoing`].
    pub fn consumed(&mut self, n: usize) {
        match &mut self.tls {
            Some(tls) => tls.out.consumed(n),
            None => self.out.consumed(n),
        }
    }

    /// Whether messages can be sent.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    fn find_frame(&mut self) -> Result<Option<Found>, PipeError> {
        if self.parts_done {
            self.parts_done = false;
            self.parts = Vec::new();
        }
        loop {
            let found = match &self.phase {
                Phase::Closed => return Err(PipeError::Ended),
                Phase::Upgrading(upgrade) => match upgrade.read(self.inbox.filled())? {
                    Some(len) => {
                        self.inbox.take(len);
                        self.phase = Phase::Open;
                        Some(Found::Open)
                    }
                    None => None,
                },
                Phase::Open | Phase::Closing => match self.take_frame()? {
                    Taken::Found(found) => Some(found),
                    Taken::Part => continue,
                    Taken::Nothing => None,
                },
            };
            if found.is_some() {
                return Ok(found);
            }
            if !self.decrypt()? {
                return if self.has_ended() { Err(PipeError::Ended) } else { Ok(None) };
            }
        }
    }

    /// Decrypts more; says whether there was more.
    #[inline]
    fn decrypt(&mut self) -> Result<bool, PipeError> {
        match &mut self.tls {
            Some(tls) => tls.open(&mut self.inbox, &mut self.out),
            None => Ok(false),
        }
    }

    fn has_ended(&self) -> bool {
        self.at_end || self.tls.as_ref().is_some_and(|tls| tls.has_ended)
    }

    #[inline]
    fn take_frame(&mut self) -> Result<Taken, PipeError> {
        let Some(head) = Head::read(self.inbox.filled())? else { return Ok(Taken::Nothing) };
        let total = head.payload.saturating_add(self.parts.len() as u64);
        if total > MESSAGE_BYTES_MAX as u64 {
            return Err(PipeError::TooLong { bytes: total, max: MESSAGE_BYTES_MAX as u64 });
        }
        // Fits: it is at most MESSAGE_BYTES_MAX.
        let payload = head.payload as usize;
        if self.inbox.len() < head.len + payload {
            self.inbox.need(head.len + payload);
            return Ok(Taken::Nothing);
        }
        let (from, to) = self.inbox.take(head.len + payload);
        let at = (from + head.len, to);
        let found = match head.opcode {
            Opcode::Text | Opcode::Binary if self.parts_of.is_some() => {
                return Err(PipeError::Protocol("a new message within a fragmented one"));
            }
            Opcode::Text if head.is_last => Found::Text(at),
            Opcode::Binary if head.is_last => Found::Binary(at),
            Opcode::Text | Opcode::Binary | Opcode::Continuation => return self.take_part(head, at),
            Opcode::Ping => {
                self.answer_ping(at)?;
                Found::Ping
            }
            Opcode::Pong => Found::Pong(at),
            Opcode::Close => {
                self.answer_close(at)?;
                Found::Close
            }
        };
        Ok(Taken::Found(found))
    }

    #[cold]
    fn take_part(&mut self, head: Head, at: At) -> Result<Taken, PipeError> {
        let opcode = match (head.opcode, self.parts_of) {
            (Opcode::Continuation, Some(opcode)) => opcode,
            (Opcode::Continuation, None) => {
                return Err(PipeError::Protocol("the continuation of no message"));
            }
            (opcode, _) => opcode,
        };
        self.parts_of = Some(opcode);
        self.parts.extend_from_slice(self.inbox.slice(at));
        if !head.is_last {
            return Ok(Taken::Part);
        }
        self.parts_of = None;
        self.parts_done = true;
        Ok(Taken::Found(Found::Parts(opcode)))
    }

    #[cold]
    fn answer_ping(&mut self, at: At) -> Result<(), PipeError> {
        self.keep_control(at);
        if self.outgoing().len() < OUTGOING_BYTES_FOR_PONG && self.is_open() {
            let key = self.mask_key();
            frame::write(self.out.tail(), Opcode::Pong, &self.control, key);
            self.seal()?;
        }
        Ok(())
    }

    #[cold]
    fn answer_close(&mut self, at: At) -> Result<(), PipeError> {
        self.keep_control(at);
        let (code, _) = frame::read_close(&self.control)?;
        if self.is_open() {
            self.write_close(code, "");
        }
        self.phase = Phase::Closed;
        Ok(())
    }

    fn keep_control(&mut self, at: At) {
        self.control.clear();
        self.control.extend_from_slice(self.inbox.slice(at));
    }

    fn send(&mut self, opcode: Opcode, payload: &[u8]) -> Result<(), PipeError> {
        if !self.is_open() {
            return Err(PipeError::NotOpen);
        }
        if self.outgoing().len() + payload.len() > OUTGOING_BYTES_MAX {
            return Err(PipeError::OutgoingFull);
        }
        let key = self.mask_key();
        frame::write(self.out.tail(), opcode, payload, key);
        self.seal()
    }

    fn write_close(&mut self, code: Option<u16>, reason: &str) {
        let mut payload = Vec::new();
        if let Some(code) = code {
            payload.extend_from_slice(&code.to_be_bytes());
            let end = reason.floor_char_boundary(CONTROL_BYTES_MAX - 2);
            payload.extend_from_slice(&reason.as_bytes()[..end]);
        }
        let key = self.mask_key();
        frame::write(self.out.tail(), Opcode::Close, &payload, key);
        // The connection ends anyway, with or without the peer being told why.
        let _ = self.seal();
    }

    #[cold]
    fn fail(&mut self, error: PipeError) -> PipeError {
        match &error {
            PipeError::Ended => {}
            // What the TLS alert says.
            PipeError::Tls(_) => drop(self.seal()),
            _ if self.is_open() => self.write_close(Some(error.close_code()), ""),
            _ => {}
        }
        self.phase = Phase::Closed;
        error
    }

    fn seal(&mut self) -> Result<(), PipeError> {
        match &mut self.tls {
            Some(tls) => tls.seal(&mut self.inbox, &mut self.out),
            None => Ok(()),
        }
    }

    fn mask_key(&mut self) -> [u8; 4] {
        let mut key = [0; 4];
        self.rng.fill(&mut key);
        key
    }
}

/// Places of a frame in the inbox.
type At = (usize, usize);

/// A frame that is complete.
enum Found {
    Open,
    Text(At),
    Binary(At),
    Ping,
    Pong(At),
    Close,
    Parts(Opcode),
}

enum Taken {
    Found(Found),
    /// A fragment; more follow.
    Part,
    Nothing,
}

impl std::fmt::Debug for Pipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let phase = match self.phase {
            Phase::Upgrading(_) => "upgrading",
            Phase::Open => "open",
            Phase::Closing => "closing",
            Phase::Closed => "closed",
        };
        f.debug_struct("Pipe")
            .field("phase", &phase)
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}
