//! What is subscribed: a channel with its arguments.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use okx_common::{
    enums::InstType,
    hosts::UrlKind,
    ids::{AlgoId, Ccy, InstFamily, InstId, SprdId},
};
use rustc_hash::FxHasher;
use serde::Serialize;

use crate::{channel::Channel, text::Text};

/// A channel with its arguments: one subscription.
///
/// ```
/// use okx_common::enums::InstType;
/// use okx_ws::{Channel, Topic};
/// let topic = Topic::inst(Channel::Books, "BTC-USDT");
/// assert_eq!(topic.to_arg(), r#"{"channel":"books","instId":"BTC-USDT"}"#);
/// let topic = Topic::inst_type(Channel::EstimatedPrice, InstType::Futures).with_family("BTC-USD");
/// assert_eq!(topic.to_arg(), r#"{"channel":"estimated-price","instType":"FUTURES","instFamily":"BTC-USD"}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// The channel.
    pub channel: Channel,
    /// `instType`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inst_type: Option<InstType>,
    /// `instFamily`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inst_family: Option<InstFamily>,
    /// `instId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inst_id: Option<InstId>,
    /// `ccy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ccy: Option<Ccy>,
    /// `sprdId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sprd_id: Option<SprdId>,
    /// `algoId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algo_id: Option<AlgoId>,
    /// `extraParams`, JSON inside a string: `{"updateInterval":"0"}` for `account` and `positions`. Not part of what pushes
    /// are matched by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_params: Option<Box<str>>,
}

impl Topic {
    /// A channel without arguments: `status`, `account`.
    #[must_use]
    pub const fn plain(channel: Channel) -> Self {
        Self {
            channel,
            inst_type: None,
            inst_family: None,
            inst_id: None,
            ccy: None,
            sprd_id: None,
            algo_id: None,
            extra_params: None,
        }
    }

    /// A channel of one instrument, or of one index.
    #[must_use]
    pub fn inst(channel: Channel, inst_id: impl Into<InstId>) -> Self {
        Self { inst_id: Some(inst_id.into()), ..Self::plain(channel) }
    }

    /// A channel of one kind of instrument.
    #[must_use]
    pub fn inst_type(channel: Channel, inst_type: InstType) -> Self {
        Self { inst_type: Some(inst_type), ..Self::plain(channel) }
    }

    /// A channel of one instrument family.
    #[must_use]
    pub fn inst_family(channel: Channel, family: impl Into<InstFamily>) -> Self {
        Self::plain(channel).with_family(family)
    }

    /// A channel of one spread.
    #[must_use]
    pub fn sprd(channel: Channel, sprd_id: impl Into<SprdId>) -> Self {
        Self { sprd_id: Some(sprd_id.into()), ..Self::plain(channel) }
    }

    /// The same, of one instrument family.
    #[must_use]
    pub fn with_family(self, family: impl Into<InstFamily>) -> Self {
        Self { inst_family: Some(family.into()), ..self }
    }

    /// The same, of one currency.
    #[must_use]
    pub fn with_ccy(self, ccy: impl Into<Ccy>) -> Self {
        Self { ccy: Some(ccy.into()), ..self }
    }

    /// The same with `extraParams`: how often regular pushes of `account` and `positions` come, `"0"` for events only.
    #[must_use]
    pub fn with_update_interval(self, millis: u32) -> Self {
        Self { extra_params: Some(format!(r#"{{"updateInterval":"{millis}"}}"#).into()), ..self }
    }

    /// From names and texts as in `args`: `channel`, `instId`, `instType`, `instFamily`, `ccy`, `sprdId`, `algoId`, `extraParams`.
    ///
    /// # Errors
    /// If there is no channel of this name, or another name is unknown.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, TopicError> {
        let mut topic = Self::plain(Channel::Status);
        let mut channel = None;
        for (key, value) in pairs {
            let value = value.as_ref();
            match key.as_ref() {
                "channel" => {
                    let unknown = || TopicError::UnknownChannel(value.to_owned());
                    channel = Some(Channel::parse(value).ok_or_else(unknown)?);
                }
                "instId" => topic.inst_id = Some(value.into()),
                "instType" => topic.inst_type = Some(value.into()),
                "instFamily" => topic.inst_family = Some(value.into()),
                "ccy" => topic.ccy = Some(value.into()),
                "sprdId" => topic.sprd_id = Some(value.into()),
                "algoId" => topic.algo_id = Some(value.into()),
                "extraParams" => topic.extra_params = Some(value.into()),
                other => return Err(TopicError::UnknownKey(other.to_owned())),
            }
        }
        topic.channel = channel.ok_or(TopicError::NoChannel)?;
        Ok(topic)
    }

    /// The URL that serves it.
    #[must_use]
    pub const fn url_kind(&self) -> UrlKind {
        self.channel.url_kind()
    }

    /// Whether a login must come first.
    #[must_use]
    pub const fn needs_login(&self) -> bool {
        self.channel.needs_login()
    }

    /// The element of `args` that subscribes it.
    #[must_use]
    pub fn to_arg(&self) -> String {
        // Text fields and a channel name only: nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The part that pushes are matched by.
    pub(crate) fn key(&self) -> Key<'_> {
        fn text<T: AsRef<str>>(id: &Option<T>) -> &str {
            id.as_ref().map_or("", AsRef::as_ref)
        }
        Key {
            channel: self.channel,
            inst_id: text(&self.inst_id),
            inst_type: self.inst_type.as_ref().map_or("", InstType::as_str),
            inst_family: text(&self.inst_family),
            ccy: text(&self.ccy),
            sprd_id: text(&self.sprd_id),
            algo_id: text(&self.algo_id),
        }
    }
}

/// A subscription was described in a way that OKX would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    /// `channel` is missing.
    #[error("a topic needs a channel, e.g. {{\"channel\": \"tickers\", \"instId\": \"BTC-USDT\"}}")]
    NoChannel,
    /// OKX documents no such channel.
    #[error("OKX documents no channel {0:?}; its names are like tickers, books, candle1m")]
    UnknownChannel(String),
    /// OKX documents no such argument.
    #[error("topics have no {0:?}; use instId, instType, instFamily, ccy, sprdId, algoId or extraParams")]
    UnknownKey(String),
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key();
        write!(f, "{}", self.channel)?;
        for part in [key.inst_type, key.inst_family, key.inst_id, key.ccy, key.sprd_id, key.algo_id] {
            if !part.is_empty() {
                write!(f, ":{part}")?;
            }
        }
        Ok(())
    }
}

/// `arg` of a push or an acknowledgement.
///
/// `{"channel":"orders","instType":"SPOT","instId":"BTC-USDT","uid":"614488474791936"}`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arg<'a> {
    /// `channel` as sent.
    pub name: Text<'a>,
    /// The channel, unless its name is unknown.
    pub channel: Option<Channel>,
    /// `instId`, else empty.
    pub inst_id: Text<'a>,
    /// What the busy channels do not have: a message is moved often enough for the room to matter.
    rest: Option<Box<Rest<'a>>>,
}

/// The parts of an [`Arg`] that few channels have; empty where absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Rest<'a> {
    pub inst_type: Text<'a>,
    pub inst_family: Text<'a>,
    pub ccy: Text<'a>,
    pub sprd_id: Text<'a>,
    pub algo_id: Text<'a>,
    pub uid: Text<'a>,
}

impl<'a> Arg<'a> {
    /// An `arg` with no more than these.
    pub(crate) const fn of_inst(name: Text<'a>, channel: Channel, inst_id: Text<'a>) -> Self {
        Self { name, channel: Some(channel), inst_id, rest: None }
    }

    /// The parts that few channels have, to be filled in.
    pub(crate) fn rest_mut(&mut self) -> &mut Rest<'a> {
        self.rest.get_or_insert_default()
    }

    fn rest(&self, part: for<'r> fn(&'r Rest<'a>) -> &'r Text<'a>) -> &str {
        self.rest.as_deref().map_or("", |rest| part(rest).as_str())
    }

    /// `instType`, else empty.
    #[must_use]
    pub fn inst_type(&self) -> &str {
        self.rest(|rest| &rest.inst_type)
    }

    /// `instFamily`, else empty. `uly` where OKX still sends that.
    #[must_use]
    pub fn inst_family(&self) -> &str {
        self.rest(|rest| &rest.inst_family)
    }

    /// `ccy`, else empty.
    #[must_use]
    pub fn ccy(&self) -> &str {
        self.rest(|rest| &rest.ccy)
    }

    /// `sprdId`, else empty.
    #[must_use]
    pub fn sprd_id(&self) -> &str {
        self.rest(|rest| &rest.sprd_id)
    }

    /// `algoId`, else empty.
    #[must_use]
    pub fn algo_id(&self) -> &str {
        self.rest(|rest| &rest.algo_id)
    }

    /// `uid` of private channels, else empty.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.rest(|rest| &rest.uid)
    }

    /// The subscription that this `arg` answers to; `None` for an unknown channel.
    #[must_use]
    pub fn to_topic(&self) -> Option<Topic> {
        fn some<T: for<'t> From<&'t str>>(text: &str) -> Option<T> {
            (!text.is_empty()).then(|| T::from(text))
        }
        Some(Topic {
            channel: self.channel?,
            inst_type: some(self.inst_type()),
            inst_family: some(self.inst_family()),
            inst_id: some(&self.inst_id),
            ccy: some(self.ccy()),
            sprd_id: some(self.sprd_id()),
            algo_id: some(self.algo_id()),
            extra_params: None,
        })
    }

    #[inline]
    pub(crate) fn key(&self) -> Option<Key<'_>> {
        Some(Key {
            channel: self.channel?,
            inst_id: &self.inst_id,
            inst_type: self.inst_type(),
            inst_family: self.inst_family(),
            ccy: self.ccy(),
            sprd_id: self.sprd_id(),
            algo_id: self.algo_id(),
        })
    }
}

impl fmt::Display for Arg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        let inst_id = self.inst_id.as_str();
        for part in
            [self.inst_type(), self.inst_family(), inst_id, self.ccy(), self.sprd_id(), self.algo_id()]
        {
            if !part.is_empty() {
                write!(f, ":{part}")?;
            }
        }
        Ok(())
    }
}

/// What identifies a subscription, borrowed from a [`Topic`] or an [`Arg`].
#[derive(Debug, Clone, Copy, Eq, Hash)]
pub(crate) struct Key<'a> {
    pub channel: Channel,
    pub inst_id: &'a str,
    pub inst_type: &'a str,
    pub inst_family: &'a str,
    pub ccy: &'a str,
    pub sprd_id: &'a str,
    pub algo_id: &'a str,
}

impl PartialEq for Key<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // Most parts are empty. Comparing two empty texts calls the C library with pointers to nowhere, and its masked loads from
        // an unmapped page take 100 ns each on some processors.
        fn same(a: &str, b: &str) -> bool {
            a.len() == b.len() && (a.is_empty() || a == b)
        }
        self.channel == other.channel
            && same(self.inst_id, other.inst_id)
            && same(self.inst_type, other.inst_type)
            && same(self.inst_family, other.inst_family)
            && same(self.ccy, other.ccy)
            && same(self.sprd_id, other.sprd_id)
            && same(self.algo_id, other.algo_id)
    }
}

impl Key<'_> {
    /// A hash for tables of this process.
    pub fn hash64(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.channel.hash(&mut hasher);
        for part in [self.inst_id, self.inst_type, self.inst_family, self.ccy, self.sprd_id, self.algo_id] {
            // Most parts are empty; the position of the others must count.
            if part.is_empty() {
                hasher.write_u8(0);
            } else {
                part.hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn args_are_exactly_what_okx_documents() {
        let arg = |t: Topic| t.to_arg();
        assert_eq!(arg(Topic::plain(Channel::Status)), r#"{"channel":"status"}"#);
        assert_eq!(
            arg(Topic::plain(Channel::Account).with_ccy("BTC").with_update_interval(0)),
            r#"{"channel":"account","ccy":"BTC","extraParams":"{\"updateInterval\":\"0\"}"}"#
        );
        assert_eq!(
            arg(Topic::sprd(Channel::SprdBboTbt, "BTC-USDT_BTC-USDT-SWAP")),
            r#"{"channel":"sprd-bbo-tbt","sprdId":"BTC-USDT_BTC-USDT-SWAP"}"#
        );
        assert_eq!(
            arg(Topic::inst_type(Channel::Instruments, InstType::Swap)),
            r#"{"channel":"instruments","instType":"SWAP"}"#
        );
    }

    #[test]
    fn pairs_are_read_and_slips_named() {
        let pairs = [("instId", "BTC-USDT"), ("channel", "candle1m")];
        assert_eq!(
            Topic::from_pairs(pairs).unwrap().to_arg(),
            r#"{"channel":"candle1m","instId":"BTC-USDT"}"#
        );
        let full = r#"{"channel":"orders","instType":"SWAP","instFamily":"F","instId":"I","ccy":"C","sprdId":"S","algoId":"A","extraParams":"E"}"#;
        let pairs: std::collections::BTreeMap<String, String> = serde_json::from_str(full).unwrap();
        assert_eq!(Topic::from_pairs(pairs).unwrap().to_arg(), full);
        assert_eq!(Topic::from_pairs([("instId", "x")]), Err(TopicError::NoChannel));
        assert_eq!(Topic::from_pairs([("channel", "x")]), Err(TopicError::UnknownChannel("x".to_owned())));
        assert_eq!(Topic::from_pairs([("inst_id", "x")]), Err(TopicError::UnknownKey("inst_id".to_owned())));
    }

    #[test]
    fn a_push_finds_its_topic() {
        let mut arg = Arg::of_inst("orders".into(), Channel::Orders, Text::default());
        *arg.rest_mut() = Rest { inst_type: "ANY".into(), uid: "44".into(), ..Rest::default() };
        let topic = Topic::inst_type(Channel::Orders, InstType::Any);
        assert_eq!(arg.to_topic(), Some(topic.clone()));
        assert_eq!(arg.key().map(|k| k.hash64()), Some(topic.key().hash64()));
        assert_ne!(topic.key().hash64(), Topic::inst(Channel::Orders, "ANY").key().hash64());
    }
}
