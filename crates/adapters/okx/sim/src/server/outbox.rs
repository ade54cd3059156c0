//! What waits to be written to one WebSocket connection.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc, watch};

use crate::{fault::CutHow, output::WireFrame};

/// One thing to write.
#[derive(Debug)]
pub(super) enum Item {
    Frame(WireFrame),
    /// The answer to a protocol-level ping.
    Pong(Bytes),
    End(CutHow),
}

impl Item {
    fn len(&self) -> usize {
        match self {
            Self::Frame(frame) => frame.payload.len(),
            Self::Pong(_) | Self::End(_) => 0,
        }
    }
}

/// The exchange's end.
#[derive(Debug)]
pub(super) struct Outbox {
    items: mpsc::UnboundedSender<Item>,
    reading: watch::Sender<bool>,
    unsent: Arc<AtomicUsize>,
    ending: Arc<Notify>,
}

/// The connection's end.
#[derive(Debug)]
pub(super) struct Inbox {
    pub items: mpsc::UnboundedReceiver<Item>,
    pub reading: watch::Receiver<bool>,
    unsent: Arc<AtomicUsize>,
    pub ending: Arc<Notify>,
}

/// Both ends.
pub(super) fn pair() -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (reading, watched) = watch::channel(true);
    let unsent = Arc::new(AtomicUsize::new(0));
    let ending = Arc::new(Notify::new());
    let outbox = Outbox { items: sender, reading, unsent: unsent.clone(), ending: ending.clone() };
    (outbox, Inbox { items: receiver, reading: watched, unsent, ending })
}

impl Outbox {
    /// Hands over one thing; the unsent bytes are returned. A connection that is gone takes nothing.
    pub fn push(&self, item: Item) -> usize {
        let len = item.len();
        if matches!(item, Item::End(_)) {
            self.ending.notify_one();
        }
        // Counted before it can be taken out.
        let unsent = self.unsent.fetch_add(len, Ordering::Relaxed) + len;
        if self.items.send(item).is_err() { 0 } else { unsent }
    }

    /// Stops or resumes reading.
    pub fn set_reading(&self, on: bool) {
        self.reading.send_replace(on);
    }
}

impl Inbox {
    /// So many bytes of payload have left.
    pub fn sent(&self, bytes: usize) {
        self.unsent.fetch_sub(bytes, Ordering::Relaxed);
    }
}
