//! The settings of a simulated exchange as a person writes them: one JSON object.

use serde::Deserialize;

use super::ServerConfig;
use crate::{
    account::Account,
    config::{ExchangeConfig, Limits},
    journal::JournalConfig,
};

/// Everything that can be set beside address, TLS, seed and tape. What is left out keeps its default.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Accounts and their keys.
    pub accounts: Vec<Account>,
    /// Limits, e.g. `{"rest": false, "connects_per_s": 0}` for a load test.
    pub limits: Limits,
    /// Bounds of the journal.
    pub journal: JournalConfig,
    /// The clock stands still until it is advanced.
    pub paused: bool,
    /// Where a paused clock stands, milliseconds since 1970.
    pub start_ms: Option<u64>,
    /// Threads that serve.
    pub threads: usize,
    /// How much faster a tape plays than it was recorded.
    pub tape_speed: f64,
    /// How much more often books and trades move than by default.
    pub rate: f64,
    /// Only these instruments; all by default.
    pub instruments: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let ServerConfig { threads, exchange, .. } = ServerConfig::default();
        let ExchangeConfig { accounts, limits, journal, .. } = exchange;
        Self {
            accounts,
            limits,
            journal,
            paused: false,
            start_ms: None,
            threads,
            tape_speed: 1.0,
            rate: 1.0,
            instruments: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads a JSON object.
    ///
    /// # Errors
    ///
    /// The first thing wrong with it: an unknown key comes with those there are.
    pub fn parse(json: &str) -> Result<Self, String> {
        let settings: Self = serde_json::from_str(json).map_err(|e| e.to_string())?;
        if settings.accounts.iter().all(|account| account.keys.is_empty()) {
            return Err("accounts: at least one account with a key is needed".to_owned());
        }
        Ok(settings)
    }

    /// The part of the server and its exchange.
    #[must_use]
    pub fn server(&self, host: &str, port: u16, tls: bool, seed: u64) -> ServerConfig {
        let exchange = ExchangeConfig {
            seed,
            accounts: self.accounts.clone(),
            limits: self.limits.clone(),
            journal: self.journal.clone(),
        };
        ServerConfig {
            host: host.to_owned(),
            port,
            tls,
            threads: self.threads,
            paused: self.paused,
            start_ms: self.start_ms,
            exchange,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_the_rest_is_default() {
        let text =
            r#"{"limits": {"rest": false}, "accounts": [{"vip": 4}], "tape_speed": 2, "paused": true}"#;
        let settings = Settings::parse(text).expect("sound");
        assert!(!settings.limits.rest && settings.limits.connects_per_s == 3);
        assert!((settings.tape_speed - 2.0).abs() < f64::EPSILON && settings.paused);
        let server = settings.server("::1", 5, true, 9);
        assert_eq!((server.port, server.exchange.seed, server.exchange.accounts[0].vip), (5, 9, 4));
        assert_eq!(server.exchange.accounts[0].keys.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |text: &str| Settings::parse(text).expect_err("not sound");
        assert!(said(r#"{"limit": {}}"#).contains("unknown field `limit`, expected one of `accounts`"));
        assert!(said(r#"{"limits": {"rests": true}}"#).contains("unknown field `rests`"));
        assert!(said(r#"{"accounts": [{"keys": [{"secrets": ""}]}]}"#).contains("unknown field `secrets`"));
        assert!(said(r#"{"accounts": []}"#).contains("at least one account"));
        assert!(said("{").contains("EOF"));
    }
}
