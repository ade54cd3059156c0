//! The desk with its sockets, its deadlines and its requests. No Python in it: it stands under a lock that any thread may take,
//! and whoever takes it carries out at once what the desk wants. What is left to do outside of the lock is an [`After`].

use std::{
    collections::VecDeque,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    sync::Arc,
};

use okx_common::{
    clock::{Clock, Now},
    hosts::UrlKind,
    rng::{Rng, SystemRng},
};
use okx_core::desk::{Act, Desk, DeskEvent};
use okx_http::OkxHttpClient;
use okx_ws::{
    connect::{ConnectError, Endpoint, connect},
    pipe::{Frame, Pipe},
    session::{Input, LinkId},
};
use pyo3::prelude::*;
use smallvec::SmallVec;
use tokio::task::AbortHandle;

use super::post::{Arrival, Post};
use crate::{bridge::runtime, stream::Note};

/// Reads of a socket in one turn, 64 KB each; then others have their turn.
const READS_PER_TURN: usize = 4;

/// The two sockets; the number of a line is its place here.
pub const LINES: [UrlKind; 2] = [UrlKind::Private, UrlKind::Business];

/// Something for the callbacks.
#[expect(clippy::large_enum_variant, reason = "nearly all are of the large one, which is moved once")]
#[derive(Debug)]
pub enum Told {
    /// The desk says it.
    Desk(DeskEvent),
    /// An order or a list could not even be read.
    Denied {
        /// Nautilus' id.
        client_order_id: String,
        /// The `InstrumentId`.
        instrument_id: Py<PyAny>,
        /// Why, and what to do.
        reason: String,
    },
    /// The stream itself says it.
    Note(Note),
    /// `open` has waited long enough.
    OpenTimedOut,
}

/// What whoever watches the sockets must follow, in this order.
#[derive(Debug)]
pub enum Change {
    /// A socket to watch for reading.
    Opened(usize, LinkId, Arc<TcpStream>),
    /// A socket to watch for writing as well, or no longer.
    Writing(usize, LinkId, Arc<TcpStream>, bool),
    /// A socket to watch no longer, and then to drop; it was watched for writing as well.
    Gone(usize, LinkId, Arc<TcpStream>, bool),
}

/// What is to be done once the lock is given back.
#[derive(Debug, Default)]
pub struct After {
    /// Of the sockets.
    pub changes: Vec<Change>,
    /// When to call [`Machine::timeout`], monotonic ns.
    pub due_ns: Option<u64>,
    /// Something waits in [`Machine::told`].
    pub has_news: bool,
}

/// One open connection.
struct Socket {
    line: usize,
    link: LinkId,
    /// Shared with whoever watches it.
    stream: Arc<TcpStream>,
    pipe: Pipe,
    is_waiting_to_write: bool,
}

/// Why a connection ended by itself.
struct Lost {
    code: Option<u16>,
    words: String,
}

impl Lost {
    fn broken(error: impl ToString) -> Self {
        Self { code: None, words: error.to_string() }
    }
}

/// Bytes and frames of a line.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineCounts {
    /// Connections made.
    pub connects: u64,
    /// Text frames received.
    pub frames: u64,
    /// Bytes received, as the socket counts them.
    pub bytes_in: u64,
    /// Text frames sent.
    pub sent: u64,
}

/// See the module.
pub struct Machine {
    desk: Desk,
    clock: Arc<dyn Clock>,
    endpoints: [Endpoint; 2],
    http: OkxHttpClient,
    post: Arc<Post>,
    sockets: SmallVec<[Socket; 2]>,
    attempts: SmallVec<[(usize, LinkId, AbortHandle); 2]>,
    told: VecDeque<Told>,
    changes: Vec<Change>,
    /// When `open` gives up waiting.
    open_until_ns: Option<u64>,
    is_closed: bool,
    /// Of the lines.
    pub counts: [LineCounts; 2],
    /// Requests over REST.
    pub requests: u64,
}

impl Machine {
    /// A desk that has done nothing yet.
    pub fn new(
        desk: Desk,
        clock: Arc<dyn Clock>,
        endpoints: [Endpoint; 2],
        http: OkxHttpClient,
        post: Arc<Post>,
    ) -> Self {
        Self {
            desk,
            clock,
            endpoints,
            http,
            post,
            sockets: SmallVec::new(),
            attempts: SmallVec::new(),
            told: VecDeque::new(),
            changes: Vec::new(),
            open_until_ns: None,
            is_closed: false,
            counts: [LineCounts::default(); 2],
            requests: 0,
        }
    }

    /// Lets the desk do something.
    pub fn with<R>(&mut self, work: impl FnOnce(&mut Desk, Now) -> R) -> R {
        work(&mut self.desk, self.clock.now())
    }

    /// The desk, to be asked.
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Monotonic ns.
    pub fn now_ns(&self) -> u64 {
        self.clock.now().mono_ns
    }

    /// Whether [`Self::close`] was called.
    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether the socket of a line is open.
    pub fn is_open(&self, line: usize) -> bool {
        self.sockets.iter().any(|socket| socket.line == line)
    }

    /// Bytes that the socket of a line has not taken yet.
    pub fn unsent(&self, line: usize) -> usize {
        self.sockets.iter().filter(|socket| socket.line == line).map(|s| s.pipe.outgoing().len()).sum()
    }

    /// Tells the callbacks something.
    pub fn tell_all(&mut self, told: Vec<Told>) {
        self.told.extend(told);
    }

    /// What waits for the callbacks.
    pub fn take_told(&mut self) -> VecDeque<Told> {
        std::mem::take(&mut self.told)
    }

    /// Opens the lines; [`Told::OpenTimedOut`] comes if that takes longer.
    pub fn open(&mut self, wait_ns: u64) {
        let now = self.clock.now();
        self.open_until_ns = Some(now.mono_ns.saturating_add(wait_ns));
        self.desk.set_clock_offset_ms(self.http.clock_offset_ms());
        self.desk.open(now);
    }

    /// `open` waits no longer.
    pub const fn opened(&mut self) {
        self.open_until_ns = None;
    }

    /// A socket is ready. Whether there may be more to read; `None` if it is gone.
    pub fn ready(&mut self, line: usize, link: LinkId) -> Option<bool> {
        let at = self.place(line, link)?;
        match self.read(at) {
            Ok(has_more) => Some(has_more),
            Err(lost) => {
                self.lose(at, &lost);
                None
            }
        }
    }

    /// Whether a socket is still there.
    pub fn has(&self, line: usize, link: LinkId) -> bool {
        self.place(line, link).is_some()
    }

    /// A socket cannot be watched.
    pub fn fail(&mut self, line: usize, link: LinkId, reason: &str) {
        if let Some(at) = self.place(line, link) {
            self.lose(at, &Lost::broken(reason));
        }
    }

    /// The time has come.
    pub fn timeout(&mut self) {
        let now = self.clock.now();
        if self.open_until_ns.is_some_and(|at| at <= now.mono_ns) {
            self.open_until_ns = None;
            self.told.push_back(Told::OpenTimedOut);
        }
        self.desk.handle_timeout(now);
    }

    /// Takes what the runtime has finished.
    pub fn arrivals(&mut self) {
        for arrival in self.post.take() {
            match arrival {
                Arrival::Answered(id, answer) => {
                    let now = self.clock.now();
                    let body = match &answer {
                        Ok(body) => Ok(&body[..]),
                        Err(error) => Err(error.clone()),
                    };
                    self.desk.answered(id, body, now);
                }
                Arrival::Dialled(line, link, outcome) => self.dialled(line, link, outcome),
            }
        }
    }

    fn dialled(&mut self, line: usize, link: LinkId, outcome: Result<(TcpStream, Pipe), String>) {
        let before = self.attempts.len();
        self.attempts.retain(|(l, id, _)| (*l, *id) != (line, link));
        if self.attempts.len() == before {
            // Given up meanwhile.
            return;
        }
        let now = self.clock.now();
        match outcome {
            Ok((stream, pipe)) => {
                let stream = Arc::new(stream);
                self.changes.push(Change::Opened(line, link, stream.clone()));
                self.sockets.push(Socket { line, link, stream, pipe, is_waiting_to_write: false });
                self.counts[line].connects += 1;
                self.desk.input(line, Input::Connected(link), now);
                // Frames may have come with the answer to the upgrade, and the socket does not announce them.
                let at = self.sockets.len() - 1;
                if let Err(lost) = self.take_frames(at) {
                    self.lose(at, &lost);
                }
            }
            Err(reason) => self.desk.input(line, Input::ConnectFailed(link, &reason), now),
        }
    }

    fn place(&self, line: usize, link: LinkId) -> Option<usize> {
        self.sockets.iter().position(|s| s.line == line && s.link == link)
    }

    fn read(&mut self, at: usize) -> Result<bool, Lost> {
        for _ in 0..READS_PER_TURN {
            let socket = &mut self.sockets[at];
            let space = socket.pipe.read_buffer();
            let room = space.len();
            let got = match (&*socket.stream).read(space) {
                Ok(n) => n,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) if e.kind() == ErrorKind::WouldBlock => return self.flush(at).map(|()| false),
                Err(e) => return Err(Lost::broken(e)),
            };
            socket.pipe.received(got);
            self.counts[socket.line].bytes_in += got as u64;
            self.take_frames(at)?;
            if got < room {
                return self.flush(at).map(|()| false);
            }
        }
        self.flush(at).map(|()| true)
    }

    /// Takes all frames that the pipe has.
    fn take_frames(&mut self, at: usize) -> Result<(), Lost> {
        let Self { desk, sockets, clock, counts, .. } = self;
        let Socket { line, link, pipe, .. } = &mut sockets[at];
        let now = clock.now();
        loop {
            match pipe.next_frame() {
                Ok(Some(Frame::Text(text) | Frame::Binary(text))) => {
                    counts[*line].frames += 1;
                    desk.frame(*line, *link, text, now);
                }
                Ok(Some(Frame::Close { code, reason })) => {
                    return Err(Lost { code, words: reason.to_owned() });
                }
                Ok(Some(Frame::Open | Frame::Ping(_) | Frame::Pong(_))) => {}
                Ok(None) => return Ok(()),
                Err(error) => return Err(Lost::broken(error)),
            }
        }
    }

    /// Writes what waits; has the rest announced.
    fn flush(&mut self, at: usize) -> Result<(), Lost> {
        let socket = &mut self.sockets[at];
        let is_done = write(&socket.stream, &mut socket.pipe).map_err(Lost::broken)?;
        if is_done == socket.is_waiting_to_write {
            let stream = socket.stream.clone();
            self.changes.push(Change::Writing(socket.line, socket.link, stream, !is_done));
            socket.is_waiting_to_write = !is_done;
        }
        Ok(())
    }

    /// A connection has ended.
    fn lose(&mut self, at: usize, lost: &Lost) {
        let (line, link) = self.drop_socket(at);
        let now = self.clock.now();
        self.desk.input(line, Input::Disconnected(link, lost.code, &lost.words), now);
    }

    /// Has the socket forgotten, after a last attempt to write what waits: the answer to the peer's close, or our own words.
    fn drop_socket(&mut self, at: usize) -> (usize, LinkId) {
        let mut socket = self.sockets.remove(at);
        if let Err(error) = write(&socket.stream, &mut socket.pipe) {
            tracing::debug!(%error, "the peer was not told of the end");
        }
        let (line, link) = (socket.line, socket.link);
        self.changes.push(Change::Gone(line, link, socket.stream, socket.is_waiting_to_write));
        (line, link)
    }

    /// Carries out what the desk wants, until it wants nothing more.
    pub fn carry_out(&mut self) -> After {
        loop {
            while let Some(act) = self.desk.poll() {
                self.act(act);
            }
            let mut is_calm = true;
            for at in (0..self.sockets.len()).rev() {
                let socket = &self.sockets[at];
                if !socket.pipe.outgoing().is_empty()
                    && !socket.is_waiting_to_write
                    && let Err(lost) = self.flush(at)
                {
                    self.lose(at, &lost);
                    is_calm = false;
                }
            }
            if is_calm {
                break;
            }
        }
        After {
            changes: std::mem::take(&mut self.changes),
            due_ns: self.due_ns(),
            has_news: !self.told.is_empty(),
        }
    }

    /// When to call [`Self::timeout`], monotonic ns.
    pub fn due_ns(&self) -> Option<u64> {
        let due_ns = [self.desk.next_timeout(), self.open_until_ns].into_iter().flatten().min();
        due_ns.filter(|_| !self.is_closed)
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Connect(line, link) => self.dial(line, link),
            Act::Transmit(line, link, text) => {
                if let Some(at) = self.place(line, link) {
                    self.counts[line].sent += 1;
                    if let Err(error) = self.sockets[at].pipe.send_text(&text) {
                        self.lose(at, &Lost::broken(error));
                    }
                }
            }
            Act::Close(line, link, words) => {
                if let Some(at) = self.place(line, link) {
                    self.sockets[at].pipe.send_close(1000, words);
                    self.drop_socket(at);
                }
                if let Some(at) = self.attempts.iter().position(|(l, id, _)| (*l, *id) == (line, link)) {
                    self.attempts.remove(at).2.abort();
                }
            }
            Act::Rest(id, request) => {
                self.requests += 1;
                let (http, post) = (self.http.clone(), self.post.clone());
                // Not given up when the stream is closed: an order that left must not be cut off half-way.
                runtime().spawn(async move {
                    let answer = http.send(&request).await;
                    post.put(Arrival::Answered(id, answer));
                });
            }
            Act::Event(event) => self.told.push_back(Told::Desk(event)),
        }
    }

    fn dial(&mut self, line: usize, link: LinkId) {
        let (endpoint, post) = (self.endpoints[line].clone(), self.post.clone());
        let attempt = runtime().spawn(async move {
            let rng: Box<dyn Rng> = Box::new(SystemRng);
            let outcome = connect(&endpoint, rng).await.and_then(|(stream, pipe)| {
                // Non-blocking as it is, and no longer the runtime's.
                let stream = stream.into_std().map_err(|e| ConnectError::Io { reason: e.to_string() })?;
                Ok((stream, pipe))
            });
            let outcome = outcome.map_err(|e| format!("{e} ({})", endpoint.url));
            post.put(Arrival::Dialled(line, link, outcome));
        });
        self.attempts.push((line, link, attempt.abort_handle()));
    }

    /// Ends everything. What still comes is dropped.
    pub fn close(&mut self) {
        if std::mem::replace(&mut self.is_closed, true) {
            return;
        }
        self.open_until_ns = None;
        self.desk.close(self.clock.now());
        while let Some(act) = self.desk.poll() {
            self.act(act);
        }
        for (_, _, attempt) in self.attempts.drain(..) {
            attempt.abort();
        }
        while !self.sockets.is_empty() {
            self.sockets[0].pipe.send_close(1000, "closed");
            self.drop_socket(0);
        }
    }
}

/// Writes what the socket takes; says whether that was all.
fn write(mut stream: &TcpStream, pipe: &mut Pipe) -> std::io::Result<bool> {
    while !pipe.outgoing().is_empty() {
        match stream.write(pipe.outgoing()) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => pipe.consumed(n),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(e) => return Err(e),
        }
    }
    Ok(true)
}
