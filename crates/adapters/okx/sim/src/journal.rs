//! What went over the wire: every frame and request, in and out, with its time, bounded, and a hash over all of it.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    hash::Fnv,
    link::{ConnNo, Link},
};

/// Which way an entry went, seen from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the client.
    In,
    /// To the client.
    Out,
    /// About the link itself: opened, closed, a fault that acted.
    Note,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1, without gaps, also over entries that were dropped.
    pub no: u64,
    /// Time of the exchange, nanoseconds since 1970.
    pub unix_ns: u64,
    /// Where it went.
    pub link: Link,
    /// The WebSocket connection, if any.
    pub conn: Option<ConnNo>,
    /// Which way.
    pub direction: Direction,
    /// The frame; `METHOD path?query` with the body for a request; `status` with the body for its answer.
    pub bytes: Bytes,
}

impl Entry {
    /// The bytes as text, replacement characters where they are none.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// As the control endpoint prints it.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "no": self.no, "unix_ns": self.unix_ns, "link": self.link, "conn": self.conn, "direction": self.direction,
            "text": self.text(),
        })
    }
}

/// Bounds of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JournalConfig {
    /// Most entries kept; the oldest go first.
    pub max_entries: usize,
    /// Most bytes kept.
    pub max_bytes: usize,
    /// Whether market data is written too. Without it the hash says nothing about pushes either, and benches run faster.
    pub pushes: bool,
}

impl Default for JournalConfig {
    /// 100,000 entries and 64 MB: minutes of a busy test.
    fn default() -> Self {
        Self { max_entries: 100_000, max_bytes: 64 << 20, pushes: true }
    }
}

/// The journal.
#[derive(Debug)]
pub struct Journal {
    config: JournalConfig,
    entries: VecDeque<Entry>,
    bytes: usize,
    next_no: u64,
    hash: Fnv,
}

impl Journal {
    /// Empty.
    #[must_use]
    pub fn new(config: JournalConfig) -> Self {
        Self { config, entries: VecDeque::new(), bytes: 0, next_no: 1, hash: Fnv::default() }
    }

    /// Whether pushes are to be written.
    #[must_use]
    pub const fn pushes(&self) -> bool {
        self.config.pushes
    }

    /// Writes one entry and drops the oldest ones beyond the bounds.
    pub fn write(
        &mut self,
        unix_ns: u64,
        link: Link,
        conn: Option<ConnNo>,
        direction: Direction,
        bytes: Bytes,
    ) {
        let no = self.next_no;
        self.next_no += 1;
        self.hash.word(unix_ns);
        self.hash.word(conn.map_or(0, |c| c.0) << 8 | (link as u64) << 4 | direction as u64);
        self.hash.bytes(&bytes);
        self.bytes += bytes.len();
        self.entries.push_back(Entry { no, unix_ns, link, conn, direction, bytes });
        while self.entries.len() > self.config.max_entries || self.bytes > self.config.max_bytes {
            let Some(old) = self.entries.pop_front() else { break };
            self.bytes -= old.bytes.len();
        }
    }

    /// Entries from number `from` on, at most `limit`.
    pub fn since(&self, from: u64, limit: usize) -> impl Iterator<Item = &Entry> {
        let first = self.entries.front().map_or(0, |e| e.no);
        self.entries.iter().skip(from.saturating_sub(first) as usize).take(limit)
    }

    /// Number of the next entry.
    #[must_use]
    pub const fn next_no(&self) -> u64 {
        self.next_no
    }

    /// Hash over everything ever written, dropped entries included.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(journal: &mut Journal, text: &'static str) {
        journal.write(1, Link::Public, Some(ConnNo(1)), Direction::In, Bytes::from_static(text.as_bytes()));
    }

    #[test]
    fn keeps_the_newest_and_hashes_all() {
        let mut journal = Journal::new(JournalConfig { max_entries: 2, max_bytes: 4, pushes: true });
        for text in ["a", "b", "c"] {
            write(&mut journal, text);
        }
        let kept: Vec<_> = journal.since(0, 9).map(|e| (e.no, e.text().into_owned())).collect();
        assert_eq!(kept, [(2, "b".to_owned()), (3, "c".to_owned())]);
        assert_eq!(journal.since(3, 9).count(), 1);
        let before = journal.hash();
        write(&mut journal, "12345");
        assert_eq!(journal.since(0, 9).count(), 0, "larger than the journal");
        assert_ne!(journal.hash(), before);
    }
}
