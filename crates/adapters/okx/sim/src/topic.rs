//! What a client subscribes to: a channel and its parameters.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A subscription argument. Absent parameters are empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Topic {
    /// `channel`.
    pub channel: String,
    /// `instType`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub inst_type: String,
    /// `instFamily`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub inst_family: String,
    /// `instId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub inst_id: String,
    /// `sprdId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sprd_id: String,
    /// `ccy`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ccy: String,
    /// `algoId`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub algo_id: String,
    /// `extraParams`: JSON in a string.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub extra_params: String,
}

impl Topic {
    /// Reads an element of `args`; values that are no strings count as absent.
    #[must_use]
    pub fn read(arg: &Map<String, Value>) -> Self {
        let get = |key: &str| arg.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            channel: get("channel"),
            inst_type: get("instType"),
            inst_family: get("instFamily"),
            inst_id: get("instId"),
            sprd_id: get("sprdId"),
            ccy: get("ccy"),
            algo_id: get("algoId"),
            extra_params: get("extraParams"),
        }
    }

    /// Channel and instrument.
    #[must_use]
    pub fn of(channel: &str, inst_id: &str) -> Self {
        Self { channel: channel.to_owned(), inst_id: inst_id.to_owned(), ..Self::default() }
    }

    /// The parameter that says most: instrument, spread, family or type.
    #[must_use]
    pub fn inst(&self) -> &str {
        [&self.inst_id, &self.sprd_id, &self.inst_family, &self.inst_type]
            .into_iter()
            .find(|s| !s.is_empty())
            .map_or("", |s| s)
    }

    /// Whether `extraParams` asks for events without regular pushes: `{"updateInterval":"0"}`.
    #[must_use]
    pub fn wants_events_only(&self) -> bool {
        let params: Option<Value> = serde_json::from_str(&self.extra_params).ok();
        params.is_some_and(|p| p.get("updateInterval").and_then(Value::as_str) == Some("0"))
    }

    /// As JSON, in the order OKX prints: `{"channel":"books","instId":"BTC-USDT"}`.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As the error messages of OKX name it: `liquidation-orders,instId:BTC-USDT-SWAP`.
    #[must_use]
    pub fn words(&self) -> String {
        let named = [
            ("instType", &self.inst_type),
            ("instFamily", &self.inst_family),
            ("instId", &self.inst_id),
            ("sprdId", &self.sprd_id),
            ("ccy", &self.ccy),
            ("algoId", &self.algo_id),
        ];
        let mut out = self.channel.clone();
        for (key, value) in named.into_iter().filter(|(_, v)| !v.is_empty()) {
            out.push_str(&format!(",{key}:{value}"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_okx_does() {
        let topic = Topic::of("liquidation-orders", "BTC-USDT-SWAP");
        assert_eq!(topic.json(), r#"{"channel":"liquidation-orders","instId":"BTC-USDT-SWAP"}"#);
        assert_eq!(topic.words(), "liquidation-orders,instId:BTC-USDT-SWAP");
        assert_eq!(topic.inst(), "BTC-USDT-SWAP");
    }
}
