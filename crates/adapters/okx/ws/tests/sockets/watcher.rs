//! A handler that tells a test what came.

use std::time::Duration;

use okx_common::clock::Now;
use okx_ws::{
    DecodeError, Handler, Payload,
    session::{Event, Incoming, LinkId},
};
use tokio::sync::mpsc;

/// Far longer than anything takes; only a test that hangs meets it.
const HANG: Duration = Duration::from_secs(20);

/// What came, kept.
#[derive(Debug)]
pub(crate) enum Note {
    /// Trades: their ids, and the generation of the subscription.
    Trades(Vec<u64>, u64),
    Event(Event),
    Undecodable(String),
    Unsent(u64),
}

/// The handler.
pub(crate) struct Watcher(mpsc::UnboundedSender<Note>);

/// The test's end.
pub(crate) struct Notes(mpsc::UnboundedReceiver<Note>);

pub(crate) fn watcher() -> (Watcher, Notes) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Watcher(sender), Notes(receiver))
}

impl Watcher {
    fn note(&self, note: Note) {
        // A test that has seen enough no longer listens.
        let _ = self.0.send(note);
    }
}

impl Handler for Watcher {
    fn incoming(&mut self, incoming: Incoming<'_>, frame: &[u8], _: Now) {
        assert_eq!(frame.first(), Some(&b'{'));
        if let Incoming::Data { generation, data, .. } = incoming
            && let Payload::Trades(rows) = &data.payload
        {
            let ids = rows.iter().map(|row| row.trade_id.to_string().parse().expect("a number"));
            self.note(Note::Trades(ids.collect(), generation.0));
        }
    }

    fn event(&mut self, event: Event) {
        self.note(Note::Event(event));
    }

    fn undecodable(&mut self, _: LinkId, error: &DecodeError) {
        self.note(Note::Undecodable(error.to_string()));
    }

    fn unsent(&mut self, number: u64) {
        self.note(Note::Unsent(number));
    }
}

impl Notes {
    /// The next one; `None` when the client has ended.
    pub(crate) async fn next(&mut self) -> Option<Note> {
        tokio::time::timeout(HANG, self.0.recv()).await.expect("nothing came")
    }

    /// Waits for the first one that passes, and answers what it was made into; forgets those before.
    pub(crate) async fn find<T>(&mut self, pick: impl Fn(Note) -> Option<T>) -> T {
        loop {
            let note = self.next().await.expect("the client has ended");
            if let Some(found) = pick(note) {
                return found;
            }
        }
    }

    pub(crate) async fn event(&mut self, is_it: impl Fn(&Event) -> bool) -> Event {
        self.find(|note| match note {
            Note::Event(event) if is_it(&event) => Some(event),
            _ => None,
        })
        .await
    }

    pub(crate) async fn subscribed(&mut self) {
        self.event(|e| matches!(e, Event::Subscribed { .. })).await;
    }

    pub(crate) async fn trades(&mut self) -> (Vec<u64>, u64) {
        self.find(|note| match note {
            Note::Trades(ids, generation) => Some((ids, generation)),
            _ => None,
        })
        .await
    }
}
