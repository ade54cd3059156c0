//! Moving bytes between a socket and a pipe, as far as the socket lets.

use std::io::{self, ErrorKind};

use tokio::net::TcpStream;

use crate::pipe::Pipe;

/// Reads once. `None` if there is nothing now; 0 at the end of the stream, which the pipe is told as well.
///
/// # Errors
/// Those of the socket.
pub fn fill(stream: &TcpStream, pipe: &mut Pipe) -> io::Result<Option<usize>> {
    match stream.try_read(pipe.read_buffer()) {
        Ok(n) => {
            pipe.received(n);
            Ok(Some(n))
        }
        Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Writes what waits, as much as the socket takes; says whether that was all.
///
/// # Errors
/// Those of the socket.
pub fn flush(stream: &TcpStream, pipe: &mut Pipe) -> io::Result<bool> {
    while !pipe.outgoing().is_empty() {
        match stream.try_write(pipe.outgoing()) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => pipe.consumed(n),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(e) => return Err(e),
        }
    }
    Ok(true)
}
