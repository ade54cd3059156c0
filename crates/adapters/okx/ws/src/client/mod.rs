//! A WebSocket client on tokio: one task that owns a [`Session`], its sockets and a decoder.

mod command;
mod handler;
mod link;
mod task;

pub use command::Command;
pub use handler::Handler;

use std::sync::Arc;

use okx_common::{
    clock::{Clock, SystemClock},
    rng::{Rng, SystemRng},
};
use tokio::{runtime, sync::mpsc, task::JoinHandle};

use crate::{
    connect::Endpoint,
    session::{Session, SessionConfig},
    topic::Topic,
};

/// Commands that wait for the task. It takes them between two reads, so that only a blocked handler lets them pile up.
pub const COMMANDS_MAX: usize = 4_096;

/// A command was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The client was stopped.
    #[error("the OKX WebSocket client was stopped")]
    Stopped,
    /// [`COMMANDS_MAX`] wait already.
    #[error("{COMMANDS_MAX} commands wait for the OKX WebSocket client already; its handler blocks")]
    Busy,
}

/// A client of one URL. What it receives goes to its [`Handler`]; what is wanted survives reconnects.
///
/// Dropping it stops it as well, without waiting for its end.
#[derive(Debug)]
pub struct OkxWebSocketClient {
    commands: mpsc::Sender<Command>,
    task: Option<JoinHandle<()>>,
}

impl OkxWebSocketClient {
    /// Starts a client on the runtime. It connects with the first topic, or on [`Self::open`].
    #[must_use]
    pub fn start(
        runtime: &runtime::Handle,
        session: SessionConfig,
        endpoint: Endpoint,
        handler: impl Handler + 'static,
    ) -> Self {
        let clock = Arc::new(SystemClock::new());
        Self::start_with(runtime, session, endpoint, handler, clock, || Box::new(SystemRng))
    }

    /// The same with a clock, and a source of generators (for jitter and for each connection's masks) of one's own.
    #[must_use]
    pub fn start_with(
        runtime: &runtime::Handle,
        session: SessionConfig,
        endpoint: Endpoint,
        handler: impl Handler + 'static,
        clock: Arc<dyn Clock>,
        rng: impl Fn() -> Box<dyn Rng> + Send + 'static,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(COMMANDS_MAX);
        let session = Session::new(session, rng());
        let task = task::Task::new(session, endpoint, Box::new(handler), clock, Box::new(rng), receiver);
        Self { commands: sender, task: Some(runtime.spawn(task.run())) }
    }

    /// Gives a command.
    ///
    /// # Errors
    /// If the client was stopped, or too many wait.
    pub fn send(&self, command: Command) -> Result<(), CommandError> {
        self.commands.try_send(command).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => CommandError::Busy,
            mpsc::error::TrySendError::Closed(_) => CommandError::Stopped,
        })
    }

    /// Connects even if nothing is subscribed.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn open(&self) -> Result<(), CommandError> {
        self.send(Command::Open)
    }

    /// Wants these topics.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn subscribe(&self, topics: Vec<Topic>) -> Result<(), CommandError> {
        self.send(Command::Subscribe(topics))
    }

    /// Wants these topics no longer.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn unsubscribe(&self, topics: Vec<Topic>) -> Result<(), CommandError> {
        self.send(Command::Unsubscribe(topics))
    }

    /// Closes all connections, tells the handler, and waits for the end of the task.
    pub async fn stop(mut self) {
        // A full queue is emptied by the task; a closed one means that it has ended.
        let _ = self.commands.send(Command::Stop).await;
        if let Some(task) = self.task.take() {
            // The task only fails by a panic of the handler, which has been reported by its hook.
            let _ = task.await;
        }
    }
}

impl Drop for OkxWebSocketClient {
    fn drop(&mut self) {
        if self.task.is_some() && self.commands.try_send(Command::Stop).is_err() {
            // Too full to be told; the task ends with its queue's last sender.
            tracing::debug!("the OKX WebSocket client is dropped with a full queue");
        }
    }
}
