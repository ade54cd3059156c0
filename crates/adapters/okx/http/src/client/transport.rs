//! One attempt: a request out, an answer in, within the time-out and the size that is read.

use std::error::Error as _;

use okx_common::{
    clock::Now,
    credentials::{Credentials, iso_timestamp},
    hosts::{DEMO_HEADER, Hosts},
};
use reqwest::{
    Client, Proxy, Response, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    redirect,
};

use super::{config::ClientConfig, tls};
use crate::{
    endpoint::{Method, Request},
    error::{ErrorKind, HttpError},
};

/// The longest time to connect; a host that takes longer is as good as unreachable.
const CONNECT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

const USER_AGENT: &str = concat!("okx-nt-native/", env!("CARGO_PKG_VERSION"));

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    pub(super) retry_after_ms: Option<u64>,
}

/// The connections.
pub(super) struct Transport {
    client: Client,
    hosts: Hosts,
    credentials: Option<Credentials>,
    max_body: usize,
}

impl Transport {
    /// Builds the client; connects nowhere.
    ///
    /// # Errors
    /// Malformed URLs and certificates.
    pub(super) fn new(config: &ClientConfig) -> Result<Self, HttpError> {
        let wrong = |what: &str| HttpError::local(ErrorKind::Config, what);
        let base = Url::parse(config.hosts.rest())
            .map_err(|e| wrong(&format!("the REST base URL is malformed: {e}")))?;
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() || base.path() != "/" {
            return Err(wrong("the REST base URL must be http:// or https:// and a host, without a path"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(wrong("the REST base URL must not hold a user or password"));
        }
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls::config(config.ca_pem.as_deref())?)
            .user_agent(USER_AGENT)
            .timeout(config.timeout)
            .connect_timeout(CONNECT_TIMEOUT.min(config.timeout))
            .redirect(redirect::Policy::none());
        if let Some(url) = &config.proxy_url {
            // The words of the error would repeat the URL, which may hold a password.
            let proxy = Proxy::all(url.as_str()).map_err(|_| wrong("the proxy URL is malformed"))?;
            builder = builder.proxy(proxy);
        } else if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|e| wrong(&words(&e)))?;
        let (hosts, credentials) = (config.hosts.clone(), config.credentials.clone());
        Ok(Self { client, hosts, credentials, max_body: config.max_body })
    }

    pub(super) const fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    pub(super) const fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// Sends the request and reads the answer.
    ///
    /// # Errors
    /// What prevented an answer.
    pub(super) async fn attempt(&self, request: &Request, now: Now) -> Result<Answer, HttpError> {
        let url = format!("{}{}", self.hosts.rest(), request.target());
        let builder = match request.spec().method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url),
        };
        let builder = builder.headers(self.headers(request, now)?);
        let builder = match request.body() {
            Some(body) => builder.body(body.clone()),
            None => builder,
        };
        let response = builder.send().await.map_err(|e| failure(&e))?;
        let status = response.status().as_u16();
        let retry_after_ms = retry_after(&response);
        let body = read(response, self.max_body)
            .await
            .map_err(|e| if e.http_status().is_none() { e.with_status(status) } else { e })?;
        Ok(Answer { status, body, retry_after_ms })
    }

    /// The headers of a request made at this time.
    ///
    /// # Errors
    /// If it must be signed and there is no key.
    fn headers(&self, request: &Request, now: Now) -> Result<HeaderMap, HttpError> {
        let mut headers = HeaderMap::new();
        if self.hosts.is_demo() {
            headers.insert(HeaderName::from_static(DEMO_HEADER), HeaderValue::from_static("1"));
        }
        if request.body().is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(unix_ms) = request.exp_time_ms() {
            headers.insert(HeaderName::from_static("exptime"), HeaderValue::from(unix_ms));
        }
        if !request.is_signed() {
            return Ok(headers);
        }
        let Some(credentials) = &self.credentials else {
            return Err(HttpError::local(
                ErrorKind::NoCredentials,
                "this endpoint needs an API key, and none is set",
            ));
        };
        let timestamp = iso_timestamp(now);
        let body = request.body().map_or(&b""[..], |body| body);
        let sign = credentials.rest_sign(&timestamp, request.spec().method.as_str(), request.target(), body);
        let parts = [
            ("ok-access-key", credentials.api_key()),
            ("ok-access-sign", &sign),
            ("ok-access-timestamp", &timestamp),
            ("ok-access-passphrase", credentials.passphrase()),
        ];
        for (name, text) in parts {
            let mut value = HeaderValue::from_str(text)
                .map_err(|_| HttpError::local(ErrorKind::Config, "the API key cannot be sent in a header"))?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(headers)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `Retry-After` in milliseconds; the form with a date is not worth a calendar and reads as absent.
fn retry_after(response: &Response) -> Option<u64> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.saturating_mul(1_000))
}

/// Reads the body as far as it is allowed to go.
async fn read(mut response: Response, max_body: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| failure(&e))? {
        if body.len() + chunk.len() > max_body {
            let message = format_args!("the answer is longer than {max_body} bytes");
            return Err(HttpError::sent(ErrorKind::TooLarge, message));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What prevented an answer.
fn failure(error: &reqwest::Error) -> HttpError {
    if error.is_timeout() {
        return if error.is_connect() {
            HttpError::local(ErrorKind::Timeout, "no connection within the time-out")
        } else {
            HttpError::sent(ErrorKind::Timeout, "no answer within the time-out")
        };
    }
    if error.is_connect() {
        return HttpError::local(ErrorKind::Network, format_args!("cannot connect: {}", words(error)));
    }
    HttpError::sent(ErrorKind::Network, words(error))
}

/// The last cause in the chain, which says the most; never the URL, whose query is the caller's business.
fn words(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut text = None;
    while let Some(inner) = cause {
        text = Some(inner.to_string());
        cause = inner.source();
    }
    text.unwrap_or_else(|| "the connection failed".to_owned())
}
