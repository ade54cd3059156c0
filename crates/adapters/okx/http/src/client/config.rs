//! How a client is set up.

use std::time::Duration;

use okx_common::{credentials::Credentials, hosts::Hosts};

use crate::call::RetryPolicy;

/// The longest list of instruments is some megabytes; this is far more, and still no danger to memory.
const DEFAULT_MAX_BODY: usize = 64 * 1024 * 1024;

/// How a client is set up. The default speaks to okx.com, live, without keys.
#[derive(Clone)]
pub struct ClientConfig {
    /// Where OKX is, and live or demo.
    pub hosts: Hosts,
    /// The API key; public data needs none.
    pub credentials: Option<Credentials>,
    /// The longest time from sending a request to the end of its answer, each attempt by itself.
    pub timeout: Duration,
    /// The longest answer that is read, decompressed, in bytes.
    pub max_body: usize,
    /// Repetitions and waits.
    pub retry: RetryPolicy,
    /// A proxy for all requests, `http://`, `https://` or `socks5://`; without one, that of the environment.
    pub proxy_url: Option<String>,
    /// Certificates of authorities to trust besides those of the system, PEM.
    pub ca_pem: Option<Vec<u8>>,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            hosts: Hosts::default(),
            credentials: None,
            timeout: Duration::from_secs(10),
            max_body: DEFAULT_MAX_BODY,
            retry: RetryPolicy::default(),
            proxy_url: None,
            ca_pem: None,
        }
    }
}
