//! A request as it is sent.

use std::fmt::{Display, Write as _};

use bytes::Bytes;
use okx_common::limits::{LimitKey, Rule, Scope, UNLISTED, rule_of_path};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Auth, Method, Spec, command::scope_of};

/// What stands before every path.
const API: &str = "/api/v5";

/// What is not encoded in a query: letters, digits and the marks that RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The parameters of a request, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Adds a parameter.
    pub fn push(&mut self, name: &'static str, value: &impl Display) {
        self.0.push((name, value.to_string()));
    }

    /// Adds a parameter that is given.
    pub fn push_some(&mut self, name: &'static str, value: Option<&impl Display>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// `?a=1&b=2`, percent-encoded; empty without parameters.
    #[must_use]
    pub fn encoded(&self) -> String {
        let mut text = String::new();
        for (index, (name, value)) in self.0.iter().enumerate() {
            let before = if index == 0 { '?' } else { '&' };
            // Writing to a String cannot fail.
            let _ = write!(text, "{before}{name}={}", utf8_percent_encode(value, ENCODED));
        }
        text
    }
}

/// A request as it is sent, whatever the type of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    spec: &'static Spec,
    target: String,
    body: Option<Bytes>,
    exp_time_ms: Option<u64>,
    limits: Vec<(LimitKey, u32)>,
}

impl Request {
    /// Puts the parts together. The query is encoded once, so that what is signed is what is sent.
    #[must_use]
    pub fn new(spec: &'static Spec, query: Query) -> Self {
        let target = format!("{API}{}{}", spec.path, query.encoded());
        let limits = vec![(limit_key(spec, &query), 1)];
        Self { spec, target, body: None, exp_time_ms: None, limits }
    }

    /// A command with a JSON body, which is signed as it is sent.
    ///
    /// `scope` is what the endpoint's limit is counted by: the instrument, the tag, or nothing.
    #[must_use]
    pub fn command(spec: &'static Spec, body: impl Into<Bytes>, scope: &str) -> Self {
        Self::counted(spec, body.into(), vec![(key_of(spec, scope), 1)])
    }

    /// A command on several orders, `scopes` naming the instrument of each: the limit counts orders. One order alone counts as
    /// `single` does, if there is such a rule.
    #[must_use]
    pub fn batch<'a>(
        spec: &'static Spec,
        body: impl Into<Bytes>,
        single: Option<&'static Rule>,
        scopes: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut limits: Vec<(LimitKey, u32)> = Vec::new();
        for scope in scopes {
            match limits.iter_mut().find(|(key, _)| &*key.scope == scope) {
                Some((_, count)) => *count += 1,
                None => limits.push((key_of(spec, scope), 1)),
            }
        }
        if let (Some(rule), [(key, count @ 1)]) = (single, &limits[..]) {
            limits = vec![(LimitKey::new(rule, &key.scope), *count)];
        }
        if limits.is_empty() {
            limits.push((key_of(spec, ""), 1));
        }
        Self::counted(spec, body.into(), limits)
    }

    fn counted(spec: &'static Spec, body: Bytes, limits: Vec<(LimitKey, u32)>) -> Self {
        let target = format!("{API}{}", spec.path);
        Self { spec, target, body: Some(body), exp_time_ms: None, limits }
    }

    /// The same with a deadline: OKX drops an order or amendment that reaches it later than this, Unix ms.
    #[must_use]
    pub fn with_exp_time(self, unix_ms: u64) -> Self {
        Self { exp_time_ms: Some(unix_ms), ..self }
    }

    /// What is fixed of the endpoint.
    #[must_use]
    pub const fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The path from `/api/v5` on with the query, as sent and as signed.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The JSON body of a command, as sent and as signed.
    #[must_use]
    pub const fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// The deadline of the header `expTime`, Unix ms.
    #[must_use]
    pub const fn exp_time_ms(&self) -> Option<u64> {
        self.exp_time_ms
    }

    /// Whether it must be signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.spec.auth == Auth::Signed
    }

    /// Whether it may be sent again when it is not known what became of it.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.spec.method == Method::Get
    }

    /// By what OKX limits it first. Endpoints without a published limit share nothing and are kept slow.
    #[must_use]
    pub fn limit_key(&self) -> &LimitKey {
        &self.limits[0].0
    }

    /// All that it counts for, and how much; a batch counts for each of its instruments. Never empty.
    #[must_use]
    pub fn limits(&self) -> &[(LimitKey, u32)] {
        &self.limits
    }
}

fn key_of(spec: &Spec, scope: &str) -> LimitKey {
    match rule_of_path(spec.method.as_str(), spec.path) {
        Some(rule) => LimitKey::new(rule, scope),
        None => LimitKey::new(&UNLISTED, spec.path),
    }
}

fn limit_key(spec: &Spec, query: &Query) -> LimitKey {
    let Some(rule) = rule_of_path(spec.method.as_str(), spec.path) else {
        return LimitKey::new(&UNLISTED, spec.path);
    };
    let of = |name| query.get(name).unwrap_or_default();
    match rule.scope {
        Scope::Ip | Scope::Uid | Scope::MasterUid | Scope::Connection => LimitKey::new(rule, ""),
        Scope::IpInstType | Scope::UidInstType => LimitKey::new(rule, of("instType")),
        Scope::IpInstId => LimitKey::new(rule, of("instId")),
        Scope::UidInst => LimitKey::new(rule, scope_of(of("instId"))),
        Scope::IpInstFamily => LimitKey::new(rule, of("instFamily")),
        Scope::IpInstTypeFamily => LimitKey::new(rule, format!("{}|{}", of("instType"), of("instFamily"))),
        Scope::IpInstIdCode => LimitKey::new(rule, of("instIdCode")),
        Scope::UidTag => LimitKey::new(rule, of("tag")),
    }
}

#[cfg(test)]
mod tests {
    use okx_common::enums::InstType;

    use crate::endpoint::{
        Endpoint,
        account::GetAccountConfig,
        market::{GetIndexTickers, GetTickers},
        public::GetInstruments,
    };

    #[test]
    fn the_query_is_encoded_and_keeps_its_order() {
        let request =
            GetTickers { inst_family: Some("BTC-USD_UM".into()), ..GetTickers::new(InstType::Swap) }
                .to_request();
        assert_eq!(request.target(), "/api/v5/market/tickers?instType=SWAP&instFamily=BTC-USD_UM");
        let strange = GetIndexTickers { quote_ccy: Some("USDⓈ&a=b".into()), ..GetIndexTickers::new() };
        assert_eq!(
            strange.to_request().target(),
            "/api/v5/market/index-tickers?quoteCcy=USD%E2%93%88%26a%3Db"
        );
        assert_eq!(GetAccountConfig::new().to_request().target(), "/api/v5/account/config");
    }

    #[test]
    fn limits_are_counted_as_published() {
        let key = GetInstruments::new(InstType::Swap).to_request().limit_key().clone();
        assert_eq!((key.rule.name, key.rule.limit, &*key.scope), ("/public/instruments", 20, "SWAP"));
        let request = GetAccountConfig::new().to_request();
        assert_eq!((request.limit_key().rule.limit, &*request.limit_key().scope), (5, ""));
        assert!(request.is_signed() && request.is_idempotent());
    }
}
