//! Where OKX lives: the addresses of each site, live and demo (reference: OKX API v5, "Overview", "Demo trading").
//!
//! WebSocket addresses carry no port: the old extra port was announced to close on 2026-10-31, 443 serves all of them.

use std::fmt;

closed_enum! {
    /// The site where the account was registered. Keys of one site do not work on another: REST answers 50119, the
    /// WebSocket 60032.
    Region {
        /// okx.com.
        Global = "global",
        /// The European Economic Area, my.okx.com.
        Eea = "eea",
        /// The United States and Australia, app.okx.com.
        Us = "us",
        /// Türkiye. Its WebSocket addresses are the global ones.
        Tr = "tr",
    }
}

closed_enum! {
    /// Real money or not.
    Environment {
        /// Real trading.
        Live = "live",
        /// Demo trading: keys of its own, the header `x-simulated-trading: 1` on each REST call.
        Demo = "demo",
    }
}

closed_enum! {
    /// The three WebSocket addresses.
    UrlKind {
        /// Market data.
        Public = "public",
        /// Account and orders, after a login.
        Private = "private",
        /// Candles, all trades, strategy orders, spreads, block trading.
        Business = "business",
    }
}

/// The REST header that selects demo trading; its value is `1`.
pub const DEMO_HEADER: &str = "x-simulated-trading";

/// The addresses to use.
///
/// ```
/// use okx_common::hosts::{Environment, Hosts, Region, UrlKind};
/// let hosts = Hosts::new(Region::Eea, Environment::Demo);
/// assert_eq!(hosts.rest(), "https://eea.okx.com");
/// assert_eq!(hosts.ws(UrlKind::Business), "wss://wseeapap.okx.com/ws/v5/business");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Hosts {
    region: Region,
    environment: Environment,
    rest: String,
    ws: [String; 3],
}

impl Hosts {
    /// The documented addresses of a site.
    #[must_use]
    pub fn new(region: Region, environment: Environment) -> Self {
        let rest = match region {
            Region::Global => "https://openapi.okx.com",
            Region::Eea => "https://eea.okx.com",
            Region::Us => "https://us.okx.com",
            Region::Tr => "https://tr.okx.com",
        };
        let ws_base = match (region, environment) {
            (Region::Global | Region::Tr, Environment::Live) => "wss://ws.okx.com/ws/v5",
            (Region::Global | Region::Tr, Environment::Demo) => "wss://wspap.okx.com/ws/v5",
            (Region::Eea, Environment::Live) => "wss://wseea.okx.com/ws/v5",
            (Region::Eea, Environment::Demo) => "wss://wseeapap.okx.com/ws/v5",
            (Region::Us, Environment::Live) => "wss://wsus.okx.com/ws/v5",
            (Region::Us, Environment::Demo) => "wss://wsuspap.okx.com/ws/v5",
        };
        Self { region, environment, rest: rest.to_owned(), ws: Default::default() }.with_ws_base(ws_base)
    }

    /// The same with another REST base URL (`http://127.0.0.1:8080`), for a proxy or a simulated exchange.
    #[must_use]
    pub fn with_rest(mut self, base: impl AsRef<str>) -> Self {
        self.rest = base.as_ref().trim_end_matches('/').to_owned();
        self
    }

    /// The same with other WebSocket addresses: `{base}/public`, `{base}/private`, `{base}/business`.
    #[must_use]
    pub fn with_ws_base(mut self, base: impl AsRef<str>) -> Self {
        let base = base.as_ref().trim_end_matches('/');
        for kind in UrlKind::ALL {
            self.ws[*kind as usize] = format!("{base}/{kind}");
        }
        self
    }

    /// The same with one other WebSocket address.
    #[must_use]
    pub fn with_ws(mut self, kind: UrlKind, url: impl Into<String>) -> Self {
        self.ws[kind as usize] = url.into();
        self
    }

    /// The base of REST URLs, without a slash at the end; paths start with `/api/v5/`.
    #[must_use]
    pub fn rest(&self) -> &str {
        &self.rest
    }

    /// The WebSocket URL.
    #[must_use]
    pub fn ws(&self, kind: UrlKind) -> &str {
        &self.ws[kind as usize]
    }

    /// The site.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// Live or demo.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Whether REST calls must carry [`DEMO_HEADER`].
    #[must_use]
    pub const fn is_demo(&self) -> bool {
        matches!(self.environment, Environment::Demo)
    }
}

impl Default for Hosts {
    /// The global site, real trading.
    fn default() -> Self {
        Self::new(Region::Global, Environment::Live)
    }
}

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hosts({} {}, {}, {})", self.region, self.environment, self.rest, self.ws[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sites_and_no_port() {
        let urls = |r, e| {
            let hosts = Hosts::new(r, e);
            (hosts.rest().to_owned(), hosts.ws(UrlKind::Private).to_owned())
        };
        let (live, demo) = (Environment::Live, Environment::Demo);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            urls(Region::Global, live),
            pair("https://openapi.okx.com", "wss://ws.okx.com/ws/v5/private")
        );
        assert_eq!(
            urls(Region::Global, demo),
            pair("https://openapi.okx.com", "wss://wspap.okx.com/ws/v5/private")
        );
        assert_eq!(urls(Region::Eea, live), pair("https://eea.okx.com", "wss://wseea.okx.com/ws/v5/private"));
        assert_eq!(urls(Region::Us, live), pair("https://us.okx.com", "wss://wsus.okx.com/ws/v5/private"));
        assert_eq!(urls(Region::Us, demo), pair("https://us.okx.com", "wss://wsuspap.okx.com/ws/v5/private"));
        assert_eq!(urls(Region::Tr, demo), pair("https://tr.okx.com", "wss://wspap.okx.com/ws/v5/private"));
        for region in Region::ALL {
            for environment in Environment::ALL {
                let hosts = Hosts::new(*region, *environment);
                for kind in UrlKind::ALL {
                    assert_eq!(hosts.ws(*kind).matches(':').count(), 1, "a port in {}", hosts.ws(*kind));
                }
                assert_eq!(hosts.is_demo(), *environment == Environment::Demo);
            }
        }
    }

    #[test]
    fn addresses_can_be_replaced() {
        let hosts = Hosts::default()
            .with_rest("http://127.0.0.1:5000/")
            .with_ws_base("ws://127.0.0.1:5001/ws/v5/")
            .with_ws(UrlKind::Business, "ws://localhost:1/b");
        assert_eq!(hosts.rest(), "http://127.0.0.1:5000");
        assert_eq!(hosts.ws(UrlKind::Public), "ws://127.0.0.1:5001/ws/v5/public");
        assert_eq!(hosts.ws(UrlKind::Business), "ws://localhost:1/b");
    }
}
