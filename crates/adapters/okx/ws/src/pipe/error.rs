//! Why a connection cannot be used.

/// Why a [`super::Pipe`] ended, or refused something. After any error of [`super::Pipe::next_frame`] the connection is to be dropped.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PipeError {
    /// TLS failed: a certificate that is not trusted, an interfering proxy, a broken record.
    #[error(
        "TLS failed: {0}; check the address, the clock, and whether a proxy needs a CA certificate of its own"
    )]
    Tls(#[from] rustls::Error),
    /// The address is `wss://` and no TLS configuration was given.
    #[error("the address asks for TLS, and no TLS configuration was given")]
    NoTls,
    /// The host's name cannot stand in a certificate.
    #[error("{0:?} is no host name that a certificate could be for")]
    HostName(String),
    /// The server answered the upgrade with something else.
    #[error(
        "the server refused the WebSocket upgrade with HTTP {status} {words}; check the address and access from this network"
    )]
    Refused {
        /// HTTP status.
        status: u16,
        /// The status line's words and the beginning of the body.
        words: String,
    },
    /// The answer to the upgrade is no such answer.
    #[error("the answer to the WebSocket upgrade is not valid: {0}")]
    Upgrade(&'static str),
    /// The peer broke the WebSocket protocol.
    #[error("the peer sent {0}")]
    Protocol(&'static str),
    /// A message is longer than [`super::MESSAGE_BYTES_MAX`].
    #[error("a message of at least {bytes} bytes, the limit is {max}")]
    TooLong {
        /// Its size, as far as known.
        bytes: u64,
        /// The limit.
        max: u64,
    },
    /// Nothing can be sent: not open yet, or closing.
    #[error("the connection is not open")]
    NotOpen,
    /// More than [`super::OUTGOING_BYTES_MAX`] wait to be sent: the peer does not read.
    #[error("the peer has stopped reading; too much waits to be sent")]
    OutgoingFull,
    /// The peer ended the connection.
    #[error("the peer ended the connection without a close frame")]
    Ended,
}

impl PipeError {
    /// The code of the close frame that tells the peer.
    pub(super) const fn close_code(&self) -> u16 {
        match self {
            Self::TooLong { .. } => 1009,
            Self::OutgoingFull => 1008,
            _ => 1002,
        }
    }
}
