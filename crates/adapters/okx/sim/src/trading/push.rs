//! What goes out to the connections of an account (reference 4.7, 5.6-5.10).

use bytes::Bytes;
use serde_json::{Map, Value};

use super::words::Kind;
use crate::topic::Topic;

/// One element of `data` and what subscriptions filter by.
#[derive(Debug, Clone)]
pub struct Item {
    /// `instType`; none for what is no instrument.
    pub kind: Option<Kind>,
    /// `instFamily`.
    pub family: String,
    /// `instId`.
    pub inst_id: String,
    /// `algoId`.
    pub algo_id: String,
    /// The row.
    pub row: Value,
}

impl Item {
    fn fits(&self, topic: &Topic) -> bool {
        let same = |want: &str, have: &str| want.is_empty() || want == have;
        let kind = self
            .kind
            .is_none_or(|k| matches!(topic.inst_type.as_str(), "" | "ANY") || topic.inst_type == k.word());
        // The instrument says more than the family (reference 5.9).
        let family = !topic.inst_id.is_empty() || same(&topic.inst_family, &self.family);
        let spread = same(&topic.sprd_id, &self.inst_id);
        kind && family && spread && same(&topic.inst_id, &self.inst_id) && same(&topic.algo_id, &self.algo_id)
    }
}

/// What a push carries.
#[derive(Debug, Clone)]
pub enum Body {
    /// Rows, filtered by instrument.
    Items(Vec<Item>),
    /// The account with its currencies, filtered by currency.
    Account {
        /// The row without `details`.
        head: Map<String, Value>,
        /// Currency and row.
        details: Vec<(String, Value)>,
    },
}

/// A push to all connections of an account that hold the channel.
#[derive(Debug, Clone)]
pub struct PrivatePush {
    /// The account, by its place in the configuration.
    pub who: usize,
    /// The channel.
    pub channel: &'static str,
    /// `eventType`, on channels that have one.
    pub event: Option<&'static str>,
    /// `curPage` and `lastPage` of a snapshot.
    pub page: Option<(usize, bool)>,
    /// It comes every few seconds; subscriptions that want events only do not get it.
    pub regular: bool,
    /// The content.
    pub body: Body,
}

impl PrivatePush {
    /// A push of rows.
    #[must_use]
    pub const fn of(who: usize, channel: &'static str, items: Vec<Item>) -> Self {
        Self { who, channel, event: None, page: None, regular: false, body: Body::Items(items) }
    }

    /// The frame for a subscription; `None` if nothing in it concerns the subscription.
    #[must_use]
    pub fn frame(&self, topic: &Topic, uid: &str) -> Option<Bytes> {
        if self.channel != topic.channel || (self.regular && topic.wants_events_only()) {
            return None;
        }
        let data = match &self.body {
            Body::Items(items) => {
                let rows: Vec<&Value> = items.iter().filter(|i| i.fits(topic)).map(|i| &i.row).collect();
                if rows.is_empty() && !items.is_empty() {
                    return None;
                }
                serde_json::to_string(&rows).ok()?
            }
            Body::Account { head, details } => {
                let fits = |ccy: &String| topic.ccy.is_empty() || topic.ccy.split(',').any(|c| c == ccy);
                let rows: Vec<&Value> =
                    details.iter().filter(|(ccy, _)| fits(ccy)).map(|(_, row)| row).collect();
                if rows.is_empty() && !details.is_empty() {
                    return None;
                }
                let mut row = head.clone();
                row.insert("details".to_owned(), serde_json::to_value(rows).ok()?);
                serde_json::to_string(&[row]).ok()?
            }
        };
        let mut arg = topic.json();
        arg.truncate(arg.len() - 1);
        let event = self.event.map_or_else(String::new, |e| format!(r#","eventType":"{e}""#));
        let page =
            self.page.map_or_else(String::new, |(no, last)| format!(r#","curPage":{no},"lastPage":{last}"#));
        Some(Bytes::from(format!(r#"{{"arg":{arg},"uid":"{uid}"}}{event}{page},"data":{data}}}"#)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(kind: Kind, inst_id: &str) -> Item {
        let family = inst_id.trim_end_matches("-SWAP").to_owned();
        Item {
            kind: Some(kind),
            family,
            inst_id: inst_id.to_owned(),
            algo_id: String::new(),
            row: json!({"instId": inst_id}),
        }
    }

    #[test]
    fn subscriptions_get_what_they_asked_for() {
        let push = PrivatePush::of(
            0,
            "positions",
            vec![item(Kind::Swap, "BTC-USDT-SWAP"), item(Kind::Margin, "BTC-USDT")],
        );
        let topic = |kind: &str, family: &str, id: &str| Topic {
            inst_type: kind.into(),
            inst_family: family.into(),
            ..Topic::of("positions", id)
        };
        let rows = |topic: &Topic| {
            let frame = push.frame(topic, "7")?;
            let frame: Value = serde_json::from_slice(&frame).expect("JSON");
            assert_eq!(frame["arg"]["uid"], "7");
            frame["data"].as_array().map(Vec::len)
        };
        assert_eq!(rows(&topic("ANY", "", "")), Some(2));
        assert_eq!(rows(&topic("SWAP", "", "")), Some(1));
        assert_eq!(rows(&topic("FUTURES", "", "")), None);
        assert_eq!(rows(&topic("SWAP", "BTC-USDT", "")), Some(1));
        assert_eq!(rows(&topic("SWAP", "ETH-USDT", "BTC-USDT-SWAP")), Some(1), "instId wins over instFamily");
        assert_eq!(rows(&Topic { channel: "orders".into(), ..topic("ANY", "", "") }), None);
    }

    #[test]
    fn regular_pushes_spare_those_who_want_events_only() {
        let push = PrivatePush { regular: true, ..PrivatePush::of(0, "positions", Vec::new()) };
        let topic = Topic { inst_type: "ANY".into(), ..Topic::of("positions", "") };
        assert!(push.frame(&topic, "7").is_some());
        let events = Topic { extra_params: r#"{"updateInterval":"0"}"#.into(), ..topic };
        assert!(push.frame(&events, "7").is_none());
    }
}
