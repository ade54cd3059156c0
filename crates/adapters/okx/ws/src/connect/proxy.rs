//! Tunnels through HTTP proxies (`CONNECT`, RFC 9110, section 9.3.6).

use std::{fmt, io, str::FromStr};

use ::url::{Host, Url};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::pipe::WsUrl;

/// Bytes of a proxy's answer.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// Header fields of a proxy's answer.
const HEADERS_MAX: usize = 64;

/// Why there is no tunnel. Never quotes the proxy's user or password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// The proxy's address cannot be used.
    #[error("the proxy's address cannot be used: {0}; expected http://[user:password@]host:port")]
    Address(String),
    /// The proxy refused.
    #[error(
        "the proxy refused a tunnel to {target} with HTTP {status} {words}; check its user, password and rules"
    )]
    Refused {
        /// Where to.
        target: String,
        /// HTTP status.
        status: u16,
        /// The proxy's words.
        words: String,
    },
    /// The proxy did not answer as a proxy does.
    #[error("the proxy's answer is not valid: {0}")]
    Answer(&'static str),
    /// The connection to the proxy broke.
    #[error("the connection to the proxy broke: {0}")]
    Io(String),
}

/// An HTTP proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    host: String,
    port: u16,
    /// The value of `Proxy-Authorization`.
    authorization: Option<Zeroizing<String>>,
}

impl Proxy {
    /// Its host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Its port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Asks for a tunnel over a fresh connection to the proxy.
    pub(super) async fn tunnel(&self, stream: &TcpStream, url: &WsUrl) -> Result<(), ProxyError> {
        let host = if url.host().contains(':') { format!("[{}]", url.host()) } else { url.host().to_owned() };
        let target = format!("{host}:{}", url.port());
        let broken = |e: io::Error| ProxyError::Io(e.to_string());
        write_all(stream, self.request(&target).as_bytes()).await.map_err(broken)?;
        let mut answer = Vec::new();
        loop {
            stream.readable().await.map_err(broken)?;
            match stream.try_read_buf(&mut answer) {
                Ok(0) => return Err(ProxyError::Answer("it ended the connection")),
                Ok(_) if is_tunnel(&answer, &target)? => return Ok(()),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(broken(e)),
            }
        }
    }

    fn request(&self, target: &str) -> Zeroizing<String> {
        let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
        if let Some(value) = &self.authorization {
            request.push_str("Proxy-Authorization: ");
            request.push_str(value);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        request
    }
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let refuse = |reason: &str| ProxyError::Address(reason.to_owned());
        let url = Url::parse(text).map_err(|e| refuse(&e.to_string()))?;
        if url.scheme() != "http" {
            return Err(refuse("only proxies of the scheme http are supported for WebSockets"));
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err(refuse("it names no host")),
        };
        let authorization = (!url.username().is_empty()).then(|| {
            let user = percent_decode_str(url.username()).decode_utf8_lossy();
            let password = Zeroizing::new(
                percent_decode_str(url.password().unwrap_or_default()).decode_utf8_lossy().into_owned(),
            );
            let pair = Zeroizing::new(format!("{user}:{}", *password));
            Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
        });
        Ok(Self { host, port: url.port().unwrap_or(80), authorization })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy(http://{}:{})", self.host, self.port)
    }
}

/// Reads the answer; whether the tunnel stands, or more bytes are needed.
fn is_tunnel(answer: &[u8], target: &str) -> Result<bool, ProxyError> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut headers);
    let len = match head.parse(answer) {
        Ok(httparse::Status::Complete(len)) => len,
        Ok(httparse::Status::Partial) if answer.len() <= ANSWER_BYTES_MAX => return Ok(false),
        Ok(httparse::Status::Partial) => return Err(ProxyError::Answer("its head is too long")),
        Err(_) => return Err(ProxyError::Answer("it is not HTTP")),
    };
    let status = head.code.unwrap_or_default();
    if !(200..300).contains(&status) {
        let words = head.reason.unwrap_or_default().to_owned();
        return Err(ProxyError::Refused { target: target.to_owned(), status, words });
    }
    if answer.len() > len {
        // Behind the tunnel the client speaks first.
        return Err(ProxyError::Answer("more came with it than the answer"));
    }
    Ok(true)
}

async fn write_all(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_secrets_kept() {
        let proxy: Proxy = "http://me:p%40ss@proxy.local:3128".parse().unwrap();
        assert_eq!((proxy.host(), proxy.port()), ("proxy.local", 3128));
        let request = proxy.request("ws.okx.com:443");
        assert_eq!(
            *request,
            "CONNECT ws.okx.com:443 HTTP/1.1\r\nHost: ws.okx.com:443\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\n\r\n"
        );
        assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy.local:3128)");
        for bad in ["", "proxy:3128", "socks5://h:1", "https://h:1", "http://"] {
            assert!(matches!(bad.parse::<Proxy>(), Err(ProxyError::Address(_))), "{bad}");
        }
    }

    #[test]
    fn answers_are_judged() {
        let judge = |text: &str| is_tunnel(text.as_bytes(), "h:1");
        assert_eq!(judge("HTTP/1.1 200 Connection established\r\n"), Ok(false));
        assert_eq!(judge("HTTP/1.1 200 Connection established\r\n\r\n"), Ok(true));
        assert!(matches!(
            judge("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n<html>"),
            Err(ProxyError::Refused { status: 407, .. })
        ));
        assert!(judge("HTTP/1.1 200 OK\r\n\r\nmore").is_err());
        assert!(judge("SSH-2.0\r\n").is_err());
    }
}
