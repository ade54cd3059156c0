//! The bytes between a socket and a parser.

use super::PipeError;

/// Space that is offered to each read of a socket, and the buffer's first size: some hundred frames of market data.
const READ_BYTES: usize = 64 * 1024;

/// Free space below which the rest of an unfinished message is moved to the front.
const SPACE_BYTES_MIN: usize = 16 * 1024;

/// A buffer that a long message grew beyond this is released once that message is gone.
const KEPT_BYTES_MAX: usize = 1024 * 1024;

/// Bytes in the order they came; taken from the front, filled at the back, without a copy where possible.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes from `start` on that the unfinished message needs.
    need: usize,
}

impl Inbox {
    /// What has come and is not taken.
    #[inline]
    pub fn filled(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub fn filled_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.end]
    }

    #[inline]
    pub const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Bytes at places that [`Self::take`] has given.
    #[inline]
    pub fn slice(&self, (from, to): (usize, usize)) -> &[u8] {
        &self.bytes[from..to]
    }

    /// Takes bytes from the front; they stay readable at the given places until space is asked for.
    #[inline]
    pub fn take(&mut self, n: usize) -> (usize, usize) {
        let from = self.start;
        self.start += n.min(self.len());
        self.need = 0;
        (from, self.start)
    }

    /// The unfinished message at the front needs so many bytes in all.
    pub const fn need(&mut self, n: usize) {
        self.need = n;
    }

    /// Space to read into; never empty.
    pub fn space(&mut self) -> &mut [u8] {
        self.make_space(SPACE_BYTES_MIN);
        &mut self.bytes[self.end..]
    }

    /// So many bytes were written into [`Self::space`].
    pub fn filled_by(&mut self, n: usize) {
        self.end = (self.end + n).min(self.bytes.len());
    }

    /// Adds a copy of these bytes.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.make_space(bytes.len());
        self.bytes[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
    }

    fn make_space(&mut self, min: usize) {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.bytes.len() > KEPT_BYTES_MAX {
                self.bytes = Vec::new();
            }
        }
        let is_tight = self.bytes.len() - self.end < min || self.start + self.need > self.bytes.len();
        if is_tight && self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.len());
        }
        if self.bytes.len() - self.end < min {
            // Doubling: a peer that announces a long message must send it to make this grow.
            let size = (self.bytes.len() * 2).max(self.end + min).max(READ_BYTES);
            self.bytes.resize(size, 0);
        }
    }
}

/// Bytes that wait for the socket to take them.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    bytes: Vec<u8>,
    sent: usize,
}

impl Outbox {
    pub fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// The socket has taken so many.
    pub fn consumed(&mut self, n: usize) {
        self.sent = (self.sent + n).min(self.bytes.len());
        if self.sent == self.bytes.len() {
            self.bytes.clear();
            self.sent = 0;
        }
    }

    /// Where to append.
    pub const fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Appends what `write` writes: called with too little space it answers how much it needs.
    pub fn append_with(
        &mut self,
        mut write: impl FnMut(&mut [u8]) -> Result<usize, Result<usize, PipeError>>,
    ) -> Result<(), PipeError> {
        let before = self.bytes.len();
        match write(&mut []) {
            Ok(_) => return Ok(()),
            Err(Ok(needed)) => self.bytes.resize(before + needed, 0),
            Err(Err(error)) => return Err(error),
        }
        let written = write(&mut self.bytes[before..]);
        self.bytes.truncate(before + *written.as_ref().unwrap_or(&0));
        match written {
            Ok(_) => Ok(()),
            Err(Err(error)) => Err(error),
            Err(Ok(_)) => Err(PipeError::Protocol("TLS data that do not fit the size they announced")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_message_is_moved_not_lost() {
        let mut inbox = Inbox::default();
        let bytes: Vec<u8> = (0..READ_BYTES).map(|i| i as u8).collect();
        inbox.space()[..bytes.len()].copy_from_slice(&bytes);
        inbox.filled_by(bytes.len());
        let (from, to) = inbox.take(READ_BYTES - 10);
        assert_eq!(inbox.slice((from, to)), &bytes[..READ_BYTES - 10]);
        assert!(inbox.space().len() >= SPACE_BYTES_MIN);
        assert_eq!(inbox.filled(), &bytes[READ_BYTES - 10..]);
        inbox.extend(b"more");
        assert_eq!(inbox.len(), 14);
        assert_eq!(inbox.bytes.len(), READ_BYTES, "it did not grow");
    }

    #[test]
    fn a_long_message_grows_the_buffer_for_a_while() {
        let mut inbox = Inbox::default();
        inbox.extend(&vec![7; 3 * KEPT_BYTES_MAX]);
        assert!(inbox.bytes.len() > KEPT_BYTES_MAX);
        inbox.take(3 * KEPT_BYTES_MAX);
        inbox.space();
        assert_eq!(inbox.bytes.len(), READ_BYTES);
    }

    #[test]
    fn what_the_socket_took_is_gone() {
        let mut outbox = Outbox::default();
        outbox.tail().extend_from_slice(b"abc");
        outbox.consumed(2);
        assert_eq!(outbox.unsent(), b"c");
        outbox.consumed(9);
        assert!(outbox.unsent().is_empty() && outbox.bytes.is_empty());
    }
}
