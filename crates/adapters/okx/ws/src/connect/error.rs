//! Why there is no connection.

use std::{fmt, time::Duration};

use super::proxy::ProxyError;
use crate::pipe::PipeError;

/// How far an attempt had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Stage {
    /// Looking up the host's name.
    Dns,
    /// Connecting.
    Tcp,
    /// Asking the proxy for a tunnel.
    Proxy,
    /// TLS and upgrade.
    Upgrade,
}

impl Stage {
    pub(super) const fn of(number: u8) -> Self {
        match number {
            0 => Self::Dns,
            1 => Self::Tcp,
            2 => Self::Proxy,
            _ => Self::Upgrade,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "looking up the host's name",
            Self::Tcp => "connecting",
            Self::Proxy => "waiting for the proxy",
            Self::Upgrade => "waiting for TLS and the WebSocket upgrade",
        })
    }
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The host's name leads nowhere.
    #[error("the host {host} cannot be found: {reason}; check the address and the network's DNS")]
    Dns {
        /// The host.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// No address of the host took the connection.
    #[error("cannot connect to {host}: {reason}; check network, firewall and proxy")]
    Tcp {
        /// The host, with the last address tried.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// The proxy gave no tunnel.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// TLS or the upgrade failed.
    #[error(transparent)]
    Pipe(#[from] PipeError),
    /// The socket broke.
    #[error("the connection broke while it was being set up: {reason}")]
    Io {
        /// The system's words.
        reason: String,
    },
    /// It took too long.
    #[error("no connection within {} s, still {stage}; check network, proxy and address", wait.as_secs_f64())]
    TimedOut {
        /// How far it came.
        stage: Stage,
        /// The limit.
        wait: Duration,
    },
}

impl ConnectError {
    pub(super) fn tcp(host: &str, error: &std::io::Error) -> Self {
        Self::Tcp { host: host.to_owned(), reason: error.to_string() }
    }
}
