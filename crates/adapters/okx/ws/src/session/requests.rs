//! Requests that are not answered yet.

use okx_common::{clock::NANOS_PER_SECOND, error_code::ErrorCode};

use super::event::{LinkId, TopicId};
use crate::topic::Topic;

/// An answer that takes longer is not coming.
pub(super) const ACK_WAIT_NS: u64 = 10 * NANOS_PER_SECOND;

/// After an error without `arg`, the acknowledgements of the other topics are awaited for this long before the error is taken to
/// mean all that are left.
pub(super) const SETTLE_NS: u64 = NANOS_PER_SECOND;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Subscribe,
    Unsubscribe,
}

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub number: u64,
    pub link: LinkId,
    pub ask: Ask,
    /// Topics that are neither acknowledged nor refused.
    pub topics: Vec<TopicId>,
    /// Errors that could not be related to one of the topics.
    pub errors: Vec<(ErrorCode, String)>,
    /// When to stop waiting.
    pub deadline_ns: u64,
}

/// What the requests of this session start with: OKX wants 1 to 32 letters and digits.
const ID_PREFIX: &str = "ws";

impl Request {
    pub fn id(number: u64) -> String {
        format!("{ID_PREFIX}{number}")
    }

    pub fn number_of(id: &str) -> Option<u64> {
        id.strip_prefix(ID_PREFIX)?.parse().ok()
    }
}

/// Whether OKX's words name the topic: its channel, and its instrument (or what else it has), each as a whole word.
pub(super) fn mentions(msg: &str, topic: &Topic) -> bool {
    let key = topic.key();
    let channel = topic.channel.to_string();
    let parts =
        [channel.as_str(), key.inst_id, key.inst_type, key.inst_family, key.ccy, key.sprd_id, key.algo_id];
    parts.iter().filter(|part| !part.is_empty()).all(|part| holds_word(msg, part))
}

fn holds_word(text: &str, word: &str) -> bool {
    let belongs = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(belongs) && !after.is_some_and(belongs)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;

    #[test]
    fn words_of_real_errors_name_their_topic() {
        let msg = "Wrong URL or channel:index-tickers, instId:NEAR-USDT-SWAP doesn't exist. Please use the correct URL, channel \
                   and parameters referring to API document.";
        assert!(mentions(msg, &Topic::inst(Channel::IndexTickers, "NEAR-USDT-SWAP")));
        assert!(!mentions(msg, &Topic::inst(Channel::IndexTickers, "NEAR-USDT")));
        assert!(!mentions(msg, &Topic::inst(Channel::Tickers, "NEAR-USDT-SWAP")));
        let msg = "channel:estimated-price,instType:FUTURES doesn't exist";
        assert!(mentions(
            msg,
            &Topic::inst_type(Channel::EstimatedPrice, okx_common::enums::InstType::Futures)
        ));
    }

    #[test]
    fn ids_read_back() {
        assert_eq!(Request::number_of(&Request::id(42)), Some(42));
        assert_eq!(Request::number_of("1512"), None);
    }
}
