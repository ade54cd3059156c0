//! The driver that reads the sockets on a thread of its own, for loops without `add_reader` and for strategies that block the loop.
//!
//! The thread decodes and fills a mailbox; one wake-up a batch has the loop hand it over. The thread never enters the interpreter.

use std::{
    future::{pending, poll_fn},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::Poll,
    time::Duration,
};

use okx_common::{
    clock::Clock,
    rng::{Rng, SystemRng},
};
use okx_core::latency::add;
use okx_ws::{
    connect::{ConnectError, Endpoint, connect, fill, flush},
    pipe::{Frame, Pipe},
    session::LinkId,
};
use smallvec::SmallVec;
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

use super::{
    engine::{Act, Command, Engine},
    front::Order,
    item::{Answer, Object, Sink, Ticket},
    note::Note,
    shared::Shared,
    spec::Slot,
};
use crate::{
    bridge::Source,
    handover::{Delta, Depth10},
};

/// Orders that wait for the thread; it takes them between two reads.
pub const ORDERS_MAX: usize = 4_096;
/// Objects, and separately changes of books, that wait for the loop: some 60 MB. What comes then is dropped and counted.
const WAITING_MAX: usize = 262_144;
/// Reads of a socket before the others, the orders and the time have their turn.
const READS_PER_TURN: usize = 16;

/// Something for the loop.
#[derive(Debug)]
pub enum Item {
    /// Rows of the batch, as one `OrderBookDeltas`.
    Deltas {
        /// Instrument.
        slot: Slot,
        /// First row.
        from: usize,
        /// Row after the last one.
        to: usize,
    },
    /// Top of a book.
    Depth10(Slot, Box<Depth10>),
    /// Any other object.
    Object(Slot, Object),
    /// A frame whose rows are wanted as dicts, and its channel.
    Raw(Box<str>, Box<[u8]>),
    /// An event.
    Note(Box<Note>),
    /// An answer.
    Answer(Ticket, Answer),
    /// A message read at this time is complete.
    Complete(u64),
    /// The thread has ended; nothing follows.
    Ended(Ticket),
}

/// What one wake-up brings.
#[derive(Debug, Default)]
pub struct Batch {
    /// In order.
    pub items: Vec<Item>,
    /// Of all the books in it.
    pub rows: Vec<Delta>,
    /// What it counts for, against [`WAITING_MAX`].
    pub weight: usize,
}

impl Batch {
    fn append(&mut self, other: &mut Self) {
        if self.items.is_empty() {
            std::mem::swap(self, other);
            return;
        }
        self.weight += std::mem::take(&mut other.weight);
        let shift = self.rows.len();
        self.rows.append(&mut other.rows);
        self.items.extend(other.items.drain(..).map(|item| match item {
            Item::Deltas { slot, from, to } => Item::Deltas { slot, from: from + shift, to: to + shift },
            other => other,
        }));
    }

    fn size(&self) -> usize {
        self.items.len().max(self.rows.len())
    }
}

/// Between the thread and the loop.
#[derive(Debug)]
pub struct Mailbox {
    batch: Mutex<Batch>,
    /// What the loop has not handed over yet, see [`WAITING_MAX`].
    waiting: AtomicUsize,
    source: Source,
}

impl Mailbox {
    /// An empty mailbox that wakes this handler.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self { batch: Mutex::default(), waiting: AtomicUsize::new(0), source }
    }

    fn post(&self, batch: &mut Batch) {
        if batch.items.is_empty() {
            return;
        }
        batch.weight = batch.size();
        self.waiting.fetch_add(batch.weight, Relaxed);
        self.batch.lock().unwrap_or_else(PoisonError::into_inner).append(batch);
        self.source.wake();
    }

    /// Takes what has come.
    pub fn take(&self) -> Batch {
        std::mem::take(&mut *self.batch.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A batch of this weight was handed over.
    pub fn done(&self, weight: usize) {
        self.waiting.fetch_sub(weight, Relaxed);
    }

    /// Has the loop come again.
    pub fn wake(&self) {
        self.source.wake();
    }
}

/// The engine's sink on the thread.
struct Outbox {
    batch: Batch,
    rows: Vec<Delta>,
    mailbox: Arc<Mailbox>,
    shared: Arc<Shared>,
}

impl Outbox {
    fn has_room(&self) -> bool {
        let has_room = self.mailbox.waiting.load(Relaxed) + self.batch.size() < WAITING_MAX;
        if !has_room {
            add(&self.shared.dropped, 1);
        }
        has_room
    }
}

impl Sink for Outbox {
    fn rows(&mut self) -> &mut Vec<Delta> {
        self.rows.clear();
        &mut self.rows
    }

    fn deltas(&mut self, slot: Slot, must: bool) -> bool {
        if !must && !self.has_room() {
            return false;
        }
        let from = self.batch.rows.len();
        self.batch.rows.extend_from_slice(&self.rows);
        self.batch.items.push(Item::Deltas { slot, from, to: self.batch.rows.len() });
        true
    }

    fn depth10(&mut self, slot: Slot, row: &Depth10) -> bool {
        let has_room = self.has_room();
        if has_room {
            self.batch.items.push(Item::Depth10(slot, Box::new(*row)));
        }
        has_room
    }

    fn object(&mut self, slot: Slot, object: Object) -> bool {
        let has_room = self.has_room();
        if has_room {
            self.batch.items.push(Item::Object(slot, object));
        }
        has_room
    }

    fn raw_rows(&mut self, channel: &str, frame: &[u8]) {
        if self.has_room() {
            self.batch.items.push(Item::Raw(channel.into(), frame.into()));
        }
    }

    fn note(&mut self, note: Note) {
        self.batch.items.push(Item::Note(Box::new(note)));
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        self.batch.items.push(Item::Answer(ticket, answer));
    }
}

/// One open connection.
struct Link {
    line: usize,
    id: LinkId,
    stream: TcpStream,
    pipe: Pipe,
    /// Frames came with the answer to the upgrade, and the socket does not announce them.
    is_unread: bool,
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

type Dialled = (usize, LinkId, Result<(TcpStream, Pipe), ConnectError>);

enum Wake {
    Order(Option<Order>),
    Dialled(Dialled),
    Ready,
    Time,
}

struct Task {
    engine: Engine,
    outbox: Outbox,
    endpoints: [Endpoint; 2],
    clock: Arc<dyn Clock>,
    orders: mpsc::Receiver<Order>,
    dialling: JoinSet<Dialled>,
    attempts: SmallVec<[(usize, LinkId, AbortHandle); 2]>,
    links: SmallVec<[Link; 2]>,
    /// When the engine wants to be called, as last asked.
    due_ns: Option<u64>,
}

/// Starts the thread. It ends with [`Order::Close`], or when the sender of the orders is gone.
///
/// # Errors
/// If the system refuses a thread.
pub fn start(
    engine: Engine,
    endpoints: [Endpoint; 2],
    clock: Arc<dyn Clock>,
    mailbox: Arc<Mailbox>,
    shared: Arc<Shared>,
) -> std::io::Result<mpsc::Sender<Order>> {
    let (sender, orders) = mpsc::channel(ORDERS_MAX);
    let outbox = Outbox { batch: Batch::default(), rows: Vec::new(), mailbox, shared };
    let task = Task {
        engine,
        outbox,
        endpoints,
        clock,
        orders,
        dialling: JoinSet::new(),
        attempts: SmallVec::new(),
        links: SmallVec::new(),
        due_ns: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new()
        .name("okx-nt-stream".to_owned())
        .spawn(move || runtime.block_on(task.run()))?;
    Ok(sender)
}

impl Task {
    async fn run(mut self) {
        let closing = loop {
            match self.wait().await {
                Wake::Order(None) => break None,
                Wake::Order(Some(Order::Close(ticket))) => break Some(ticket),
                Wake::Order(Some(Order::Engine(command))) => {
                    let now = self.clock.now();
                    self.engine.command(command, now, &mut self.outbox);
                }
                Wake::Dialled(dialled) => self.dialled(dialled),
                Wake::Ready => self.serve(),
                Wake::Time => {
                    let now = self.clock.now();
                    self.engine.timeout(now, &mut self.outbox);
                }
            }
            self.carry_out();
            self.outbox.mailbox.post(&mut self.outbox.batch);
        };
        let now = self.clock.now();
        self.engine.command(Command::Close, now, &mut self.outbox);
        self.carry_out();
        if let Some(ticket) = closing {
            self.outbox.batch.items.push(Item::Ended(ticket));
        }
        self.outbox.mailbox.post(&mut self.outbox.batch);
    }

    async fn wait(&mut self) -> Wake {
        if self.engine.take_timer_stale() {
            self.due_ns = self.engine.next_timeout();
        }
        let now_ns = self.clock.now().mono_ns;
        let delay = self.due_ns.map(|at| Duration::from_nanos(at.saturating_sub(now_ns)));
        let links = &mut self.links;
        tokio::select! {
            // In this order: orders are rare and must not wait behind a busy socket.
            biased;
            order = self.orders.recv() => Wake::Order(order),
            Some(Ok(dialled)) = self.dialling.join_next() => Wake::Dialled(dialled),
            () = async { match delay {
                Some(delay) => tokio::time::sleep(delay).await,
                None => pending().await,
            } } => Wake::Time,
            () = poll_fn(|cx| {
                // All are asked, so that all wake the task.
                let mut is_ready = false;
                for link in links.iter() {
                    is_ready |= link.is_unread || link.stream.poll_read_ready(cx).is_ready();
                    is_ready |= !link.pipe.outgoing().is_empty() && link.stream.poll_write_ready(cx).is_ready();
                }
                if is_ready { Poll::Ready(()) } else { Poll::Pending }
            }) => Wake::Ready,
        }
    }

    fn dialled(&mut self, (line, id, outcome): Dialled) {
        let before = self.attempts.len();
        self.attempts.retain(|(l, attempt, _)| (*l, *attempt) != (line, id));
        if self.attempts.len() == before {
            // Given up meanwhile.
            return;
        }
        let now = self.clock.now();
        match outcome {
            Ok((stream, pipe)) => {
                self.links.push(Link { line, id, stream, pipe, is_unread: true });
                self.engine.connected(line, id, now, &mut self.outbox);
            }
            Err(error) => {
                let reason = format!("{error} ({})", self.endpoints[line].url);
                self.engine.connect_failed(line, id, &reason, now, &mut self.outbox);
            }
        }
    }

    fn serve(&mut self) {
        let mut at = 0;
        while at < self.links.len() {
            match self.read(at) {
                Ok(()) => at += 1,
                Err(lost) => self.lose(at, &lost),
            }
        }
    }

    fn read(&mut self, at: usize) -> Result<(), Lost> {
        let Self { engine, outbox, links, clock, .. } = self;
        let link = &mut links[at];
        for _ in 0..READS_PER_TURN {
            if !std::mem::take(&mut link.is_unread) {
                match fill(&link.stream, &mut link.pipe).map_err(Lost::broken)? {
                    Some(got) => engine.received(link.line, got),
                    None => break,
                }
            }
            let now = clock.now();
            loop {
                match link.pipe.next_frame() {
                    Ok(Some(Frame::Text(text) | Frame::Binary(text))) => {
                        if engine.frame(link.line, link.id, text, now, outbox) {
                            outbox.batch.items.push(Item::Complete(now.mono_ns));
                        }
                    }
                    Ok(Some(Frame::Close { code, reason })) => {
                        return Err(Lost { code, words: reason.to_owned() });
                    }
                    Ok(Some(Frame::Open | Frame::Ping(_) | Frame::Pong(_))) => {}
                    Ok(None) => break,
                    Err(error) => return Err(Lost::broken(error)),
                }
            }
        }
        flush(&link.stream, &mut link.pipe).map(drop).map_err(Lost::broken)
    }

    fn lose(&mut self, at: usize, lost: &Lost) {
        let mut link = self.links.remove(at);
        // The answer to the peer's close, or our own words.
        if let Err(error) = flush(&link.stream, &mut link.pipe) {
            tracing::debug!(%error, "the peer was not told of the end");
        }
        let now = self.clock.now();
        self.engine.lost(link.line, link.id, lost.code, &lost.words, now, &mut self.outbox);
    }

    /// Does what the engine wants, until it wants nothing more.
    fn carry_out(&mut self) {
        loop {
            while let Some(act) = self.engine.poll() {
                self.act(act);
            }
            // After all messages of this turn, so that they share packets.
            let failed =
                self.links.iter_mut().enumerate().find_map(|(at, link)| {
                    flush(&link.stream, &mut link.pipe).err().map(|error| (at, error))
                });
            match failed {
                Some((at, error)) => self.lose(at, &Lost::broken(error)),
                None => return,
            }
        }
    }

    fn act(&mut self, act: Act) {
        let place = |links: &[Link], line, id| links.iter().position(|l| l.line == line && l.id == id);
        match act {
            Act::Connect(line, id) => {
                let endpoint = self.endpoints[line].clone();
                let attempt = self.dialling.spawn(async move {
                    let rng: Box<dyn Rng> = Box::new(SystemRng);
                    (line, id, connect(&endpoint, rng).await)
                });
                self.attempts.push((line, id, attempt));
            }
            Act::Transmit(line, id, text) => {
                if let Some(at) = place(&self.links, line, id)
                    && let Err(error) = self.links[at].pipe.send_text(&text)
                {
                    self.lose(at, &Lost::broken(error));
                }
            }
            Act::Close(line, id, words) => {
                if let Some(at) = place(&self.links, line, id) {
                    let mut link = self.links.remove(at);
                    link.pipe.send_close(1000, words);
                    if let Err(error) = flush(&link.stream, &mut link.pipe) {
                        tracing::debug!(%error, "the peer was not told of the close");
                    }
                }
                if let Some(at) = self.attempts.iter().position(|(l, a, _)| (*l, *a) == (line, id)) {
                    self.attempts.remove(at).2.abort();
                }
            }
            Act::Drop(line) => {
                while let Some(at) = self.links.iter().position(|l| l.line == line) {
                    self.lose(at, &Lost { code: None, words: "dropped by the user".to_owned() });
                }
            }
        }
    }
}
