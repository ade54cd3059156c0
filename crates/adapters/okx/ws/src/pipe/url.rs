//! WebSocket addresses.

use std::fmt;

use ::url::{Host, Url};

/// A WebSocket address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url:?} is no WebSocket address: {reason}; expected e.g. wss://ws.okx.com/ws/v5/public")]
pub struct WsUrlError {
    url: String,
    reason: String,
}

/// A WebSocket address, taken apart.
///
/// ```
/// use okx_ws::pipe::WsUrl;
/// let url: WsUrl = "wss://ws.okx.com/ws/v5/public".parse()?;
/// assert_eq!((url.host(), url.port(), url.is_tls()), ("ws.okx.com", 443, true));
/// # Ok::<(), okx_ws::pipe::WsUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WsUrl {
    is_tls: bool,
    host: String,
    port: u16,
    /// As in the `Host` header: with brackets around an IPv6 address, with a port unless it is the usual one.
    authority: String,
    target: String,
}

impl WsUrl {
    /// The host's name or address, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the scheme is `wss`.
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// The value of the `Host` header.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }
}

impl std::str::FromStr for WsUrl {
    type Err = WsUrlError;

    fn from_str(text: &str) -> Result<Self, WsUrlError> {
        let refuse = |reason: &str| WsUrlError { url: text.to_owned(), reason: reason.to_owned() };
        let url = Url::parse(text).map_err(|e| refuse(&e.to_string()))?;
        let is_tls = match url.scheme() {
            "wss" => true,
            "ws" => false,
            _ => return Err(refuse("the scheme is neither ws nor wss")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            // Not quoted: it may hold a password.
            return Err(WsUrlError { url: String::new(), reason: "it must not hold a user name".to_owned() });
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err(refuse("it names no host")),
        };
        let named = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| named.to_owned(), |port| format!("{named}:{port}"));
        let target = url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()));
        let port = url.port().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { is_tls, host, port, authority, target })
    }
}

impl fmt::Display for WsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", if self.is_tls { "wss" } else { "ws" }, self.authority, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let parse = |text: &str| text.parse::<WsUrl>().unwrap();
        let url = parse("ws://127.0.0.1:5001/ws/v5/public?brokerId=9999");
        assert_eq!((url.host(), url.port(), url.is_tls()), ("127.0.0.1", 5001, false));
        assert_eq!((url.authority(), url.target()), ("127.0.0.1:5001", "/ws/v5/public?brokerId=9999"));
        assert_eq!(url.to_string(), "ws://127.0.0.1:5001/ws/v5/public?brokerId=9999");
        let url = parse("wss://[::1]:443");
        assert_eq!((url.host(), url.authority(), url.target(), url.port()), ("::1", "[::1]", "/", 443));
    }

    #[test]
    fn others_are_refused_with_a_reason() {
        for bad in ["", "ws.okx.com", "https://ws.okx.com", "wss://", "wss://a b/", "ws://h:99999/"] {
            let error = bad.parse::<WsUrl>().unwrap_err().to_string();
            assert!(error.contains("is no WebSocket address"), "{error}");
        }
        let error = "wss://me:hush@ws.okx.com/".parse::<WsUrl>().unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}
