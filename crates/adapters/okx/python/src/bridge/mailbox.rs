//! The part of a mailbox that other threads see: ids in, one byte for the loop to wake up.

use std::{
    io::{ErrorKind, Read, Write},
    os::unix::net::UnixStream,
    sync::{Arc, Mutex, PoisonError},
};

use crate::errors::{Class, Failure};

/// Ids for one loop. Shared by the tasks that work for it.
#[derive(Debug)]
pub(super) struct Mailbox {
    queue: Mutex<Queue>,
    wake: UnixStream,
}

#[derive(Debug, Default)]
struct Queue {
    ids: Vec<u64>,
    /// A byte is under way.
    signalled: bool,
}

impl Mailbox {
    /// A mailbox and the end of the socket that its loop watches.
    pub fn new() -> std::io::Result<(Arc<Self>, UnixStream)> {
        let (watched, wake) = UnixStream::pair()?;
        watched.set_nonblocking(true)?;
        wake.set_nonblocking(true)?;
        Ok((Arc::new(Self { queue: Mutex::default(), wake }), watched))
    }

    /// Puts an id in; the loop is woken if it is not on its way already.
    pub fn post(&self, id: u64) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.ids.push(id);
        if !std::mem::replace(&mut queue.signalled, true) {
            // Fails only if the loop's side is gone; then nobody waits for the id.
            let _gone = (&self.wake).write(&[1]);
        }
    }

    /// Takes all ids, after the wake-up bytes have been read.
    pub fn take(&self) -> Vec<u64> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.signalled = false;
        std::mem::take(&mut queue.ids)
    }
}

/// Reads the wake-up bytes away.
pub(super) fn clear(mut watched: &UnixStream) {
    let mut bytes = [0u8; 64];
    loop {
        match watched.read(&mut bytes) {
            Ok(n) if n == bytes.len() => {}
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            _ => return,
        }
    }
}

/// Where a task leaves what its future is to be completed with.
pub(super) type Cell<T> = Arc<Mutex<Option<Result<T, Failure>>>>;

/// The Rust side of an `asyncio.Future`: completes it from any thread. Dropped without an answer, it fails the future.
#[derive(Debug)]
pub struct Promise<T> {
    pub(super) cell: Cell<T>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) id: u64,
}

impl<T> Promise<T> {
    /// Completes the future.
    pub fn resolve(self, outcome: Result<T, Failure>) {
        *self.cell.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.mailbox.post(self.id);
    }
}

/// What was left in a cell.
pub(super) fn take_outcome<T>(cell: &Cell<T>) -> Result<T, Failure> {
    let outcome = cell.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.unwrap_or_else(|| Err(Failure::new(Class::Other, "internal", "the task ended without an answer")))
}
