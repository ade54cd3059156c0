//! The driver that reads the sockets on the event loop: when one is readable, its bytes are read, decrypted, decoded, made into
//! objects and handed to the callback before the loop gets to anything else. Connecting happens on the runtime.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::fd::AsRawFd,
    sync::{Arc, Mutex, PoisonError},
};

use okx_common::{
    clock::{Clock, NANOS_PER_SECOND},
    rng::{Rng, SystemRng},
};
use okx_ws::{
    connect::{ConnectError, Endpoint, connect},
    pipe::{Frame, Pipe},
    session::LinkId,
};
use pyo3::{PyTraverseError, PyVisit, intern, prelude::*};
use smallvec::SmallVec;
use tokio::task::AbortHandle;

use super::{
    class::{MarketDataStream, Ready, Tick},
    deliver::Deliver,
    engine::{Act, Command, Engine},
    item::{Sink, Ticket},
    note::{Level, Note},
    shared::LINES,
};
use crate::bridge::{Hub, Source, runtime};

/// Reads of a socket in one turn of the loop, 64 KB each; then the loop's other business has its turn. The loop announces the
/// socket again while there is more.
const READS_PER_TURN: usize = 4;

type Dialled = (usize, LinkId, Result<(TcpStream, Pipe), String>);

/// One open connection.
struct Socket {
    line: usize,
    link: LinkId,
    stream: TcpStream,
    pipe: Pipe,
    /// What the loop calls.
    ready: Py<Ready>,
    /// The loop tells when it can be written again.
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

/// See the module.
pub struct Inline {
    engine: Engine,
    deliver: Deliver,
    endpoints: [Endpoint; 2],
    clock: Arc<dyn Clock>,
    event_loop: Py<PyAny>,
    sockets: SmallVec<[Socket; 2]>,
    attempts: SmallVec<[(usize, LinkId, AbortHandle); 2]>,
    dialled: Arc<Mutex<Vec<Dialled>>>,
    /// Has the loop look at `dialled`; made with the first attempt.
    source: Option<(Py<Hub>, Source)>,
    /// When the timer fires, and its handle.
    timer: Option<(u64, Py<PyAny>)>,
}

impl Inline {
    /// A driver on this loop, with nothing to do yet.
    pub fn new(
        engine: Engine,
        deliver: Deliver,
        endpoints: [Endpoint; 2],
        clock: Arc<dyn Clock>,
        event_loop: Py<PyAny>,
    ) -> Self {
        Self {
            engine,
            deliver,
            endpoints,
            clock,
            event_loop,
            sockets: SmallVec::new(),
            attempts: SmallVec::new(),
            dialled: Arc::default(),
            source: None,
            timer: None,
        }
    }

    /// Shows the callbacks to the garbage collector.
    ///
    /// # Errors
    /// What the visitor answers.
    pub fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.deliver.traverse(visit)
    }

    /// Does what the user wants.
    pub fn command(&mut self, py: Python<'_>, command: Command) {
        let now = self.clock.now();
        self.engine.command(command, now, &mut self.deliver.at(py));
    }

    /// The loop says that a socket is ready.
    pub fn ready(&mut self, py: Python<'_>, line: usize, link: LinkId) {
        let Some(at) = self.sockets.iter().position(|s| s.line == line && s.link == link) else { return };
        if let Err(lost) = self.read(py, at) {
            self.lose(py, at, &lost);
        }
    }

    /// The time has come.
    pub fn tick(&mut self, py: Python<'_>) {
        self.timer = None;
        let now = self.clock.now();
        self.engine.timeout(now, &mut self.deliver.at(py));
    }

    /// Connection attempts have ended.
    pub fn dialled(&mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>) {
        let all = std::mem::take(&mut *self.dialled.lock().unwrap_or_else(PoisonError::into_inner));
        for (line, link, outcome) in all {
            let before = self.attempts.len();
            self.attempts.retain(|(l, id, _)| (*l, *id) != (line, link));
            if self.attempts.len() == before {
                // Given up meanwhile.
                continue;
            }
            let now = self.clock.now();
            match outcome {
                Ok((stream, pipe)) => self.opened(py, this, line, link, stream, pipe),
                Err(reason) => {
                    self.engine.connect_failed(line, link, &reason, now, &mut self.deliver.at(py));
                }
            }
        }
    }

    fn opened(
        &mut self,
        py: Python<'_>,
        this: &Bound<'_, MarketDataStream>,
        line: usize,
        link: LinkId,
        stream: TcpStream,
        pipe: Pipe,
    ) {
        let now = self.clock.now();
        let fd = stream.as_raw_fd();
        let watched = Py::new(py, Ready { stream: this.clone().unbind(), line, link }).and_then(|ready| {
            self.event_loop.bind(py).call_method1(intern!(py, "add_reader"), (fd, &ready)).map(|_| ready)
        });
        let ready = match watched {
            Ok(ready) => ready,
            Err(error) => {
                let reason = format!("the event loop does not take the socket: {}", error.value(py));
                self.engine.connect_failed(line, link, &reason, now, &mut self.deliver.at(py));
                return;
            }
        };
        self.sockets.push(Socket { line, link, stream, pipe, ready, is_waiting_to_write: false });
        self.engine.connected(line, link, now, &mut self.deliver.at(py));
        // Frames may have come with the answer to the upgrade, and the socket does not announce them.
        let at = self.sockets.len() - 1;
        if let Err(lost) = self.take_frames(py, at, now.mono_ns) {
            self.lose(py, at, &lost);
        }
    }

    fn read(&mut self, py: Python<'_>, at: usize) -> Result<(), Lost> {
        for _ in 0..READS_PER_TURN {
            let socket = &mut self.sockets[at];
            let space = socket.pipe.read_buffer();
            let room = space.len();
            let got = match socket.stream.read(space) {
                Ok(n) => n,
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => break,
                Err(e) => return Err(Lost::broken(e)),
            };
            socket.pipe.received(got);
            let line = socket.line;
            self.engine.received(line, got);
            let read_ns = self.clock.now().mono_ns;
            self.take_frames(py, at, read_ns)?;
            if got < room {
                break;
            }
        }
        self.flush(py, at)
    }

    /// Takes all frames that the pipe has.
    fn take_frames(&mut self, py: Python<'_>, at: usize, read_ns: u64) -> Result<(), Lost> {
        let Self { engine, deliver, sockets, clock, .. } = self;
        let Socket { line, link, pipe, .. } = &mut sockets[at];
        let mut sink = deliver.at(py);
        // One reading of the clock between two frames: the end of one, the beginning of the next.
        let mut now = clock.now();
        loop {
            match pipe.next_frame() {
                Ok(Some(Frame::Text(text) | Frame::Binary(text))) => {
                    let has_data = engine.frame(*line, *link, text, now, &mut sink);
                    now = clock.now();
                    if has_data {
                        engine.note_latency(now.mono_ns.saturating_sub(read_ns));
                    }
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

    /// Writes what waits; has the loop tell when the rest can be written.
    fn flush(&mut self, py: Python<'_>, at: usize) -> Result<(), Lost> {
        let socket = &mut self.sockets[at];
        let is_done = write(&mut socket.stream, &mut socket.pipe).map_err(Lost::broken)?;
        if is_done == socket.is_waiting_to_write {
            let event_loop = self.event_loop.bind(py);
            let fd = socket.stream.as_raw_fd();
            let asked = if is_done {
                event_loop.call_method1(intern!(py, "remove_writer"), (fd,))
            } else {
                event_loop.call_method1(intern!(py, "add_writer"), (fd, &socket.ready))
            };
            asked.map_err(|e| Lost::broken(e.value(py)))?;
            socket.is_waiting_to_write = !is_done;
        }
        Ok(())
    }

    /// A connection has ended.
    fn lose(&mut self, py: Python<'_>, at: usize, lost: &Lost) {
        let mut socket = self.sockets.remove(at);
        // The answer to the peer's close, or our own words.
        if let Err(error) = write(&mut socket.stream, &mut socket.pipe) {
            tracing::debug!(%error, "the peer was not told of the end");
        }
        self.unwatch(py, &socket);
        let now = self.clock.now();
        let (line, link) = (socket.line, socket.link);
        drop(socket);
        self.engine.lost(line, link, lost.code, &lost.words, now, &mut self.deliver.at(py));
    }

    fn unwatch(&self, py: Python<'_>, socket: &Socket) {
        let event_loop = self.event_loop.bind(py);
        let fd = socket.stream.as_raw_fd();
        let mut gone = event_loop.call_method1(intern!(py, "remove_reader"), (fd,));
        if socket.is_waiting_to_write {
            gone = gone.and(event_loop.call_method1(intern!(py, "remove_writer"), (fd,)));
        }
        if let Err(error) = gone {
            // A closed loop watches nothing.
            tracing::debug!(%error, "the loop did not let go of a socket");
        }
    }

    /// Carries out what the engine wants, until it wants nothing more, and sets the timer. What must leave the loop's callback is
    /// returned.
    pub fn settle(&mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>) -> Option<PyErr> {
        loop {
            while let Some(act) = self.engine.poll() {
                self.act(py, this, act);
            }
            let mut is_calm = true;
            for at in (0..self.sockets.len()).rev() {
                if !self.sockets[at].pipe.outgoing().is_empty()
                    && !self.sockets[at].is_waiting_to_write
                    && let Err(lost) = self.flush(py, at)
                {
                    self.lose(py, at, &lost);
                    is_calm = false;
                }
            }
            if is_calm {
                break;
            }
        }
        if self.engine.take_timer_stale()
            && let Err(error) = self.set_timer(py, this)
        {
            error.write_unraisable(py, None);
        }
        self.deliver.take_fatal()
    }

    fn act(&mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>, act: Act) {
        let place =
            |sockets: &[Socket], line, link| sockets.iter().position(|s| s.line == line && s.link == link);
        match act {
            Act::Connect(line, link) => self.dial(py, this, line, link),
            Act::Transmit(line, link, text) => {
                if let Some(at) = place(&self.sockets, line, link)
                    && let Err(error) = self.sockets[at].pipe.send_text(&text)
                {
                    self.lose(py, at, &Lost::broken(error));
                }
            }
            Act::Close(line, link, words) => {
                if let Some(at) = place(&self.sockets, line, link) {
                    let socket = self.sockets.remove(at);
                    self.close_socket(py, socket, words);
                }
                if let Some(at) = self.attempts.iter().position(|(l, id, _)| (*l, *id) == (line, link)) {
                    self.attempts.remove(at).2.abort();
                }
            }
            Act::Drop(line) => {
                while let Some(at) = self.sockets.iter().position(|s| s.line == line) {
                    self.lose(py, at, &Lost { code: None, words: "dropped by the user".to_owned() });
                }
            }
        }
    }

    fn close_socket(&self, py: Python<'_>, mut socket: Socket, words: &str) {
        socket.pipe.send_close(1000, words);
        if let Err(error) = write(&mut socket.stream, &mut socket.pipe) {
            tracing::debug!(%error, "the peer was not told of the close");
        }
        self.unwatch(py, &socket);
    }

    fn dial(&mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>, line: usize, link: LinkId) {
        let source = match self.source(py, this) {
            Ok(source) => source,
            Err(error) => {
                let (now, reason) = (self.clock.now(), error.value(py).to_string());
                self.engine.connect_failed(line, link, &reason, now, &mut self.deliver.at(py));
                return;
            }
        };
        let (endpoint, dialled) = (self.endpoints[line].clone(), self.dialled.clone());
        let attempt = runtime().spawn(async move {
            let rng: Box<dyn Rng> = Box::new(SystemRng);
            let outcome = connect(&endpoint, rng).await.and_then(|(stream, pipe)| {
                // Non-blocking as it is, and no longer the runtime's.
                let stream = stream.into_std().map_err(|e| ConnectError::Io { reason: e.to_string() })?;
                Ok((stream, pipe))
            });
            let outcome = outcome.map_err(|e| format!("{e} ({})", endpoint.url));
            dialled.lock().unwrap_or_else(PoisonError::into_inner).push((line, link, outcome));
            source.wake();
        });
        self.attempts.push((line, link, attempt.abort_handle()));
    }

    fn source(&mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>) -> PyResult<Source> {
        if let Some((_, source)) = &self.source {
            return Ok(source.clone());
        }
        let hub = Hub::of(self.event_loop.bind(py))?;
        let stream = this.clone().unbind();
        let source = hub.get().source(move |py| stream.bind(py).get().woken(py, stream.bind(py)));
        self.source = Some((hub.unbind(), source.clone()));
        Ok(source)
    }

    fn set_timer(&mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>) -> PyResult<()> {
        let Some(due_ns) = self.engine.next_timeout() else { return Ok(()) };
        if let Some((at_ns, handle)) = &self.timer {
            // One that fires early looks again.
            if *at_ns <= due_ns {
                return Ok(());
            }
            handle.bind(py).call_method0(intern!(py, "cancel"))?;
        }
        let wait_ns = due_ns.saturating_sub(self.clock.now().mono_ns);
        let secs = wait_ns as f64 / NANOS_PER_SECOND as f64;
        let tick = Tick { stream: this.clone().unbind() };
        let handle = self.event_loop.bind(py).call_method1(intern!(py, "call_later"), (secs, tick))?;
        self.timer = Some((due_ns, handle.unbind()));
        Ok(())
    }

    /// Ends everything and answers whoever waits.
    pub fn close(mut self, py: Python<'_>, this: &Bound<'_, MarketDataStream>, ticket: Ticket) {
        self.command(py, Command::Close);
        let fatal = self.settle(py, this);
        for (_, _, attempt) in self.attempts.drain(..) {
            attempt.abort();
        }
        for socket in std::mem::take(&mut self.sockets) {
            self.close_socket(py, socket, "closed");
        }
        if let Some((_, handle)) = self.timer.take()
            && let Err(error) = handle.bind(py).call_method0(intern!(py, "cancel"))
        {
            error.write_unraisable(py, None);
        }
        if let Some((hub, source)) = self.source.take() {
            hub.get().remove(&source);
        }
        let mut sink = self.deliver.at(py);
        sink.note(Note::new(
            "closed",
            Level::Info,
            format!("closed the sockets ({})", LINES.map(|l| l.as_str()).join(", ")),
        ));
        sink.answer(ticket, Ok(None));
        if let Some(error) = fatal {
            error.write_unraisable(py, None);
        }
    }
}

/// Writes what the socket takes; says whether that was all.
fn write(stream: &mut TcpStream, pipe: &mut Pipe) -> std::io::Result<bool> {
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
