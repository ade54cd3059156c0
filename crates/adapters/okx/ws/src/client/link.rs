//! One open connection of a client.

use std::{
    io,
    task::{Context, Poll},
};

use tokio::net::TcpStream;

use crate::{
    connect::{fill, flush},
    pipe::Pipe,
    session::LinkId,
};

/// Reads of one connection before the others, the commands and the time have their turn.
const READS_PER_TURN: usize = 16;

/// The socket and its pipe.
pub(super) struct OpenLink {
    pub id: LinkId,
    pub pipe: Pipe,
    stream: TcpStream,
    /// Frames came with the answer to the upgrade, and the socket does not announce them.
    is_unread: bool,
    reads_left: usize,
}

impl OpenLink {
    pub const fn new(id: LinkId, stream: TcpStream, pipe: Pipe) -> Self {
        Self { id, pipe, stream, is_unread: true, reads_left: READS_PER_TURN }
    }

    /// Whether there is something to read, or to write at last.
    pub fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.reads_left = READS_PER_TURN;
        if self.is_unread
            || self.stream.poll_read_ready(cx).is_ready()
            || (!self.pipe.outgoing().is_empty() && self.stream.poll_write_ready(cx).is_ready())
        {
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// Reads once; whether the pipe should be looked at.
    pub fn read(&mut self) -> io::Result<bool> {
        if std::mem::take(&mut self.is_unread) {
            return Ok(true);
        }
        if self.reads_left == 0 {
            return Ok(false);
        }
        self.reads_left -= 1;
        Ok(fill(&self.stream, &mut self.pipe)?.is_some())
    }

    /// Writes what the socket takes.
    pub fn flush(&mut self) -> io::Result<()> {
        flush(&self.stream, &mut self.pipe).map(drop)
    }

    /// Says good-bye, as far as that is possible at once, and ends.
    pub fn close(mut self, words: &str) {
        self.pipe.send_close(1000, words);
        if let Err(error) = self.flush() {
            tracing::debug!(%error, "the peer was not told of the close");
        }
    }
}
