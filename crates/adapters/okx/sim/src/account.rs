//! Accounts and API keys the exchange knows.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use serde::{Deserialize, Serialize};

/// What an API key may do. OKX prints it as `read_only,trade,withdraw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Look at everything.
    ReadOnly,
    /// Place, amend and cancel.
    Trade,
    /// Move funds out.
    Withdraw,
}

impl Permission {
    /// The word in `perm` of `/account/config`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Trade => "trade",
            Self::Withdraw => "withdraw",
        }
    }
}

/// Whether a key was made for live or for demo trading; REST requests must say the same by `x-simulated-trading`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyEnvironment {
    /// Requests must not carry the header.
    #[default]
    Live,
    /// Requests must carry `x-simulated-trading: 1`.
    Demo,
    /// Either is taken: for tools whose flag cannot be chosen.
    Either,
}

/// One API key of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiKey {
    /// The public part, a UUID.
    pub key: String,
    /// The signing secret. Simulated, yet kept out of logs.
    pub secret: String,
    /// The phrase chosen with the key.
    pub passphrase: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Which environment it was made for.
    pub environment: KeyEnvironment,
    /// Addresses it may be used from; empty for any.
    pub ips: Vec<IpAddr>,
}

impl Default for ApiKey {
    fn default() -> Self {
        Self {
            key: "5a1e0000-0000-4000-8000-000000000001".to_owned(),
            secret: "51A0000000000000000000000000000D".to_owned(),
            passphrase: "Simulated1!".to_owned(),
            permissions: vec![Permission::ReadOnly, Permission::Trade],
            environment: KeyEnvironment::Live,
            ips: Vec::new(),
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("permissions", &self.permissions)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

/// One trading account (a main account or a sub-account) and its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// `uid` of `/account/config`.
    pub uid: String,
    /// `mainUid`; the same as `uid` for a main account.
    pub main_uid: String,
    /// `label` of the key.
    pub label: String,
    /// `acctLv`: 1 spot, 2 futures, 3 multi-currency margin, 4 portfolio margin.
    pub acct_lv: u8,
    /// `posMode`: `net_mode` or `long_short_mode`.
    pub pos_mode: String,
    /// VIP level: 0 prints as `Lv1`, n as `VIPn`.
    pub vip: u8,
    /// `settleCcy` for USD-margined contracts.
    pub settle_ccy: String,
    /// `settleCcyList`.
    pub settle_ccy_list: Vec<String>,
    /// The keys of the account.
    pub keys: Vec<ApiKey>,
    /// What is in it at the start, by currency.
    pub balances: BTreeMap<String, String>,
    /// `autoLoan`: multi-currency and portfolio margin accounts may borrow.
    pub auto_loan: bool,
    /// `feeType`: `0` takes spot fees in the currency received, `1` in the quote currency.
    pub fee_type: String,
    /// It may place orders with market maker protection, and RPI orders.
    pub market_maker: bool,
    /// Attached take-profits and stop-losses also come to life for the filled part of an order that ends early. OKX says that they
    /// need the whole fill; what it does is not known.
    pub attach_on_partial: bool,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            uid: "44705892343619584".to_owned(),
            main_uid: "44705892343619584".to_owned(),
            label: "simulated".to_owned(),
            acct_lv: 2,
            pos_mode: "net_mode".to_owned(),
            vip: 0,
            settle_ccy: "USDC".to_owned(),
            settle_ccy_list: ["USD", "USDC", "USDG"].map(str::to_owned).to_vec(),
            keys: vec![ApiKey::default()],
            balances: BALANCES
                .iter()
                .map(|(ccy, amount)| ((*ccy).to_owned(), (*amount).to_owned()))
                .collect(),
            auto_loan: false,
            fee_type: "0".to_owned(),
            market_maker: false,
            attach_on_partial: false,
        }
    }
}

/// Balances of an account that names none: enough for any order size that fits a demo.
const BALANCES: [(&str, &str); 5] =
    [("BTC", "10"), ("ETH", "100"), ("OKB", "1000"), ("USDC", "100000"), ("USDT", "100000")];

impl Account {
    /// `level` of `/account/config`: `Lv1` for a regular user, `VIP4` and so on above.
    #[must_use]
    pub fn level(&self) -> String {
        if self.vip == 0 { "Lv1".to_owned() } else { format!("VIP{}", self.vip) }
    }

    /// The row of `GET /account/config` for one of the keys (reference 4.5.3, sample of 2026-08).
    #[must_use]
    pub fn config_row(&self, key: &ApiKey) -> serde_json::Value {
        let perm: Vec<_> = key.permissions.iter().map(|p| p.as_str()).collect();
        let ips: Vec<_> = key.ips.iter().map(ToString::to_string).collect();
        serde_json::json!({
            "acctLv": self.acct_lv.to_string(), "acctStpMode": "cancel_maker", "autoLoan": self.auto_loan, "ctIsoMode": "automatic",
            "enableSpotBorrow": false, "greeksType": "PA", "feeType": self.fee_type, "ip": ips.join(","),
            "type": if self.uid == self.main_uid { "0" } else { "1" }, "kycLv": "3", "label": self.label,
            "level": self.level(), "levelTmp": "", "liquidationGear": "-1", "mainUid": self.main_uid, "mgnIsoMode": "automatic",
            "opAuth": "1", "perm": perm.join(","), "posMode": self.pos_mode, "roleType": "0", "spotBorrowAutoRepay": false,
            "spotOffsetType": "", "spotRoleType": "0", "spotTraderInsts": [], "stgyType": "0", "traderInsts": [], "uid": self.uid,
            "settleCcy": self.settle_ccy, "settleCcyList": self.settle_ccy_list,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_print_its_secrets() {
        let key = ApiKey::default();
        let text = format!("{key:?} {:?}", Account::default());
        assert!(
            !text.contains(&key.secret) && !text.contains(&key.passphrase) && !text.contains(&key.key),
            "{text}"
        );
    }

    #[test]
    fn levels_print_as_okx_does() {
        assert_eq!(Account::default().level(), "Lv1");
        assert_eq!(Account { vip: 4, ..Account::default() }.level(), "VIP4");
    }
}
