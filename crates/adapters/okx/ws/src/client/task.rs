//! The task behind a client: bytes and time in, bytes and messages out.

use std::{
    future::{pending, poll_fn},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use okx_common::{clock::Clock, rng::Rng};
use smallvec::SmallVec;
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

use super::{Command, Handler, link::OpenLink};
use crate::{
    connect::{ConnectError, Endpoint, connect},
    decode::Decoder,
    pipe::{Frame, Pipe, PipeError},
    session::{Incoming, Input, LinkId, Output, Session},
};

type Dialled = (LinkId, Result<(TcpStream, Pipe), ConnectError>);

/// What the task waits for.
enum Wake {
    Command(Option<Command>),
    Dialled(Dialled),
    Ready,
    Time,
}

/// Why a link ended by itself.
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
pub(super) struct Task {
    session: Session,
    decoder: Decoder,
    endpoint: Endpoint,
    handler: Box<dyn Handler>,
    clock: Arc<dyn Clock>,
    rng: Box<dyn Fn() -> Box<dyn Rng> + Send>,
    commands: mpsc::Receiver<Command>,
    dialling: JoinSet<Dialled>,
    attempts: SmallVec<[(LinkId, AbortHandle); 2]>,
    links: SmallVec<[OpenLink; 2]>,
    /// What the handler wants done; kept for its space.
    answers: Vec<Command>,
}

impl Task {
    pub fn new(
        session: Session,
        endpoint: Endpoint,
        handler: Box<dyn Handler>,
        clock: Arc<dyn Clock>,
        rng: Box<dyn Fn() -> Box<dyn Rng> + Send>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self {
            session,
            decoder: Decoder::new(),
            endpoint,
            handler,
            clock,
            rng,
            commands,
            dialling: JoinSet::new(),
            attempts: SmallVec::new(),
            links: SmallVec::new(),
            answers: Vec::new(),
        }
    }

    pub async fn run(mut self) {
        loop {
            match self.wait().await {
                Wake::Command(None | Some(Command::Stop)) => break,
                Wake::Command(Some(command)) => self.obey(command),
                Wake::Dialled(dialled) => self.dialled(dialled),
                Wake::Ready => self.serve(),
                Wake::Time => self.tell(Input::Timeout),
            }
            self.carry_out();
            self.end_batch();
        }
        self.tell(Input::Close);
        self.carry_out();
    }

    async fn wait(&mut self) -> Wake {
        let now = self.clock.now();
        let delay =
            self.session.next_timeout().map(|at| Duration::from_nanos(at.saturating_sub(now.mono_ns)));
        let links = &mut self.links;
        tokio::select! {
            // In this order: commands are rare and must not wait behind a busy socket.
            biased;
            command = self.commands.recv() => Wake::Command(command),
            Some(Ok(dialled)) = self.dialling.join_next() => Wake::Dialled(dialled),
            () = async { match delay {
                Some(delay) => tokio::time::sleep(delay).await,
                None => pending().await,
            } } => Wake::Time,
            () = poll_fn(|cx| {
                // All are asked, so that all wake the task.
                let ready = links.iter_mut().filter_map(|l| l.poll_ready(cx).is_ready().then_some(())).count();
                if ready > 0 { Poll::Ready(()) } else { Poll::Pending }
            }) => Wake::Ready,
        }
    }

    fn tell(&mut self, input: Input<'_>) {
        let now = self.clock.now();
        self.session.handle(input, now);
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open => self.tell(Input::Open),
            Command::Close => self.tell(Input::Close),
            Command::Subscribe(topics) => self.tell(Input::Subscribe(&topics)),
            Command::Unsubscribe(topics) => self.tell(Input::Unsubscribe(&topics)),
            Command::Resubscribe(topics) => self.tell(Input::Resubscribe(&topics)),
            Command::Request { number, text } => {
                if self.session.send_request(text).is_err() {
                    self.handler.unsent(number);
                }
            }
            Command::Reconnect => {
                let ids: SmallVec<[LinkId; 2]> = self.links.iter().map(|l| l.id).collect();
                for id in ids {
                    self.lose(id, &Lost { code: None, words: "dropped by the user".to_owned() });
                }
            }
            Command::ClockOffset(offset_ms) => self.session.set_clock_offset_ms(offset_ms),
            Command::Stop => {}
        }
    }

    fn dialled(&mut self, (id, outcome): Dialled) {
        let before = self.attempts.len();
        self.attempts.retain(|(attempt, _)| *attempt != id);
        if self.attempts.len() == before {
            // Given up meanwhile, a moment before it could be stopped.
            return;
        }
        match outcome {
            Ok((stream, pipe)) => {
                self.links.push(OpenLink::new(id, stream, pipe));
                self.tell(Input::Connected(id));
            }
            Err(error) => self.tell(Input::ConnectFailed(id, &error.to_string())),
        }
    }

    /// Reads what the links have, and writes what they can take. The older link comes first: while two serve, what is on its way
    /// on both should be taken from the one that owns the topics.
    fn serve(&mut self) {
        let mut index = 0;
        while index < self.links.len() {
            match self.read(index) {
                Ok(()) => index += 1,
                Err((id, lost)) => self.lose(id, &lost),
            }
        }
    }

    /// Lets the handler answer to what it was told.
    fn end_batch(&mut self) {
        let mut commands = std::mem::take(&mut self.answers);
        self.handler.batch_end(&mut commands);
        if !commands.is_empty() {
            for command in commands.drain(..) {
                self.obey(command);
            }
            self.carry_out();
        }
        self.answers = commands;
    }

    fn read(&mut self, index: usize) -> Result<(), (LinkId, Lost)> {
        let Some(link) = self.links.get_mut(index) else { return Ok(()) };
        let id = link.id;
        let broken = |e: std::io::Error| (id, Lost::broken(e));
        while link.read().map_err(broken)? {
            // One reading of the clock for all frames of a read.
            let now = self.clock.now();
            while let Some(frame) = link.pipe.next_frame().map_err(|e| (id, Lost::broken(e)))? {
                let text = match frame {
                    // Not what OKX's JSON addresses send, but told apart from a text only by its opcode.
                    Frame::Text(bytes) | Frame::Binary(bytes) => bytes,
                    Frame::Close { code, reason } => {
                        return Err((id, Lost { code, words: reason.to_owned() }));
                    }
                    Frame::Open | Frame::Ping(_) | Frame::Pong(_) => continue,
                };
                match self.session.handle_frame(&mut self.decoder, id, text, now) {
                    Ok(Incoming::Nothing | Incoming::Stray) => {}
                    Ok(incoming) => self.handler.incoming(incoming, text, now),
                    Err(error) => self.handler.undecodable(id, &error),
                }
            }
        }
        link.flush().map_err(broken)
    }

    fn lose(&mut self, id: LinkId, lost: &Lost) {
        let Some(index) = self.links.iter().position(|l| l.id == id) else { return };
        let mut link = self.links.remove(index);
        // The answer to the peer's close, or our own words.
        if let Err(error) = link.flush() {
            tracing::debug!(%error, "the peer was not told of the end");
        }
        self.tell(Input::Disconnected(id, lost.code, &lost.words));
    }

    /// Does what the session wants, until it wants nothing more.
    fn carry_out(&mut self) {
        loop {
            while let Some(output) = self.session.poll() {
                match output {
                    Output::Connect(id) => self.dial(id),
                    Output::Transmit(id, text) => {
                        if let Err(error) = self.transmit(id, &text) {
                            self.lose(id, &Lost::broken(error));
                        }
                    }
                    Output::Close(id, words) => self.close(id, words),
                    Output::Event(event) => self.handler.event(event),
                }
            }
            // After all messages of this turn, so that they share packets.
            let failed = self.links.iter_mut().find_map(|l| Some((l.id, l.flush().err()?)));
            match failed {
                Some((id, error)) => self.lose(id, &Lost::broken(error)),
                None => return,
            }
        }
    }

    fn transmit(&mut self, id: LinkId, text: &[u8]) -> Result<(), PipeError> {
        match self.links.iter_mut().find(|l| l.id == id) {
            Some(link) => link.pipe.send_text(text),
            None => Ok(()),
        }
    }

    fn close(&mut self, id: LinkId, words: &str) {
        if let Some(index) = self.links.iter().position(|l| l.id == id) {
            self.links.remove(index).close(words);
        }
        if let Some(index) = self.attempts.iter().position(|(attempt, _)| *attempt == id) {
            self.attempts.remove(index).1.abort();
        }
    }

    fn dial(&mut self, id: LinkId) {
        let endpoint = self.endpoint.clone();
        let rng = (self.rng)();
        let attempt = self.dialling.spawn(async move { (id, connect(&endpoint, rng).await) });
        self.attempts.push((id, attempt));
    }
}
