//! A client's TCP connection, with or without TLS, and the ways in which it can break.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    sync::Notify,
};
use tokio_rustls::server::TlsStream;

use crate::fault::CutHow;

/// What ends the head of an HTTP response.
const HEAD_END: &[u8] = b"\r\n\r\n";
/// How long a client may take to close its side once ours is closed.
const DRAIN: Duration = Duration::from_secs(2);

/// The bytes of one connection.
#[derive(Debug)]
pub(super) enum Socket {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Socket {
    fn tcp(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_mut().0,
        }
    }
}

/// How the connection is to end, seen by whoever serves it. Shared by the connection and the requests on it.
#[derive(Debug, Default)]
pub(super) struct Line {
    state: Mutex<LineState>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct LineState {
    body_cut: Option<BodyCut>,
    end: Option<CutHow>,
}

/// Ends the connection after so many bytes of the body of the response that leaves next.
#[derive(Debug)]
struct BodyCut {
    /// Bytes of [`HEAD_END`] seen in a row.
    matched: usize,
    left: usize,
    how: CutHow,
}

impl BodyCut {
    /// How many of these bytes may leave.
    fn allow(&self, buf: &[u8]) -> usize {
        let mut matched = self.matched;
        for (at, byte) in buf.iter().enumerate() {
            if matched == HEAD_END.len() {
                return at + self.left.min(buf.len() - at);
            }
            matched = next_match(matched, *byte);
        }
        buf.len()
    }

    /// These bytes have left; true if they were the last.
    fn passed(&mut self, buf: &[u8]) -> bool {
        for byte in buf {
            if self.matched == HEAD_END.len() {
                self.left = self.left.saturating_sub(1);
            } else {
                self.matched = next_match(self.matched, *byte);
            }
        }
        self.matched == HEAD_END.len() && self.left == 0
    }
}

fn next_match(matched: usize, byte: u8) -> usize {
    match byte {
        _ if byte == HEAD_END[matched] => matched + 1,
        b'\r' => 1,
        _ => 0,
    }
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, LineState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the connection now.
    pub fn end(&self, how: CutHow) {
        self.lock().end = Some(how);
        self.ended.notify_one();
    }

    /// Ends the connection after `bytes` of the next body.
    pub fn cut_body(&self, bytes: usize, how: CutHow) {
        self.lock().body_cut = Some(BodyCut { matched: 0, left: bytes, how });
    }

    /// Waits for the end.
    pub async fn ended(&self) -> CutHow {
        loop {
            if let Some(how) = self.lock().end.clone() {
                return how;
            }
            self.ended.notified().await;
        }
    }
}

/// A connection under a [`Line`].
#[derive(Debug)]
pub(super) struct Wire {
    socket: Socket,
    line: Arc<Line>,
}

impl Wire {
    pub const fn new(socket: Socket, line: Arc<Line>) -> Self {
        Self { socket, line }
    }

    /// Ends the connection in this way, after everything written. A close frame is the caller's to write.
    pub async fn finish(mut self, how: &CutHow) {
        match how {
            CutHow::Rst => {
                // A failure means that the connection is gone already.
                drop(self.socket.tcp().set_zero_linger());
                return;
            }
            // Without close_notify, as when a process dies.
            CutHow::Fin => drop(self.socket.tcp().shutdown().await),
            CutHow::Close { .. } => drop(self.socket_shutdown().await),
        }
        // Closing with unread bytes would turn the FIN into a RST.
        let mut rest = [0; 4096];
        let tcp = self.socket.tcp();
        let drain = async { while matches!(tcp.read(&mut rest).await, Ok(1..)) {} };
        drop(tokio::time::timeout(DRAIN, drain).await);
    }

    async fn socket_shutdown(&mut self) -> io::Result<()> {
        match &mut self.socket {
            Socket::Plain(tcp) => tcp.shutdown().await,
            Socket::Tls(tls) => tls.shutdown().await,
        }
    }
}

macro_rules! on_socket {
    ($wire:expr, $method:ident, $($arg:expr),*) => {
        match &mut $wire.socket {
            Socket::Plain(tcp) => Pin::new(tcp).$method($($arg),*),
            Socket::Tls(tls) => Pin::new(tls.as_mut()).$method($($arg),*),
        }
    };
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        on_socket!(self, poll_read, cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.line.clone();
        let mut state = line.lock();
        let Some(cut) = &mut state.body_cut else {
            drop(state);
            return on_socket!(self, poll_write, cx, buf);
        };
        let allowed = cut.allow(buf);
        if allowed > 0 {
            let written = ready!(on_socket!(self, poll_write, cx, &buf[..allowed]))?;
            if !cut.passed(&buf[..written]) {
                return Poll::Ready(Ok(written));
            }
        }
        let how = cut.how.clone();
        drop(state);
        ready!(on_socket!(self, poll_flush, cx))?;
        line.end(how);
        // Whoever serves the connection sees its end; nothing more is written.
        Poll::Pending
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_socket!(self, poll_flush, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_socket!(self, poll_shutdown, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_cut_where_it_should_be_whatever_the_writes() {
        let response = b"HTTP/1.1 200 OK\r\na: b\r\n\r\nbody";
        let head = response.len() - 4;
        for (n, step) in [(0, 1), (2, 3), (2, 100), (4, 5), (4, 100)] {
            let mut cut = BodyCut { matched: 0, left: n, how: CutHow::Fin };
            let mut left = &response[..];
            let mut over = false;
            while !over {
                let piece = &left[..step.min(left.len())];
                let allowed = cut.allow(piece);
                over = cut.passed(&piece[..allowed]);
                left = &left[allowed..];
            }
            assert_eq!(response.len() - left.len(), head + n, "{n} in steps of {step}");
        }
    }
}
