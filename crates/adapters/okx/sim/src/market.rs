//! What the exchange needs of the market behind it. The [venue](crate::venue) is one; a test may bring another.

use std::sync::Arc;

use bytes::Bytes;

use crate::{quotes::Quotes, topic::Topic};

/// What a data frame says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PushKind {
    /// `action:"snapshot"`, or the first frame after a subscribe.
    Snapshot,
    /// Anything later.
    Update,
}

/// A finished data frame for everybody who holds the topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The subscription it belongs to.
    pub topic: Arc<Topic>,
    /// Its kind.
    pub kind: PushKind,
    /// The whole frame, `{"arg":{…},"data":[…]}`.
    pub frame: Bytes,
}

/// A REST request the market refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketError {
    /// HTTP status.
    pub http: u16,
    /// OKX's code.
    pub code: String,
    /// OKX's words.
    pub msg: String,
}

/// A market: no I/O and no clock of its own. Times are milliseconds since 1970, of the exchange's clock.
pub trait Market: Send {
    /// Brings the market to this time; what it published meanwhile waits in [`poll`](Self::poll). Time may also go back.
    fn advance(&mut self, unix_ms: u64);

    /// When there is something to publish next; `None` for nothing until asked.
    fn next_ms(&self) -> Option<u64>;

    /// Whether the instrument, family or index of the topic exists. Its form was checked before.
    fn knows(&self, topic: &Topic) -> bool;

    /// The topic has its first subscriber: publish it from now on.
    fn start(&mut self, topic: &Arc<Topic>);

    /// The topic lost its last subscriber.
    fn stop(&mut self, topic: &Topic);

    /// What a new subscriber of the topic gets at once.
    fn snapshot(&mut self, topic: &Arc<Topic>) -> Vec<Bytes>;

    /// The next frame to publish.
    fn poll(&mut self) -> Option<Push>;

    /// The body of a market-data request; `path` without `/api/v5`, parameters decoded. `None` if the market does not serve the path.
    fn rest(&mut self, path: &str, params: &[(String, String)]) -> Option<Result<Bytes, MarketError>>;

    /// Carries out a scripted move (MOV): its result, or what is wrong with it.
    ///
    /// # Errors
    ///
    /// If the command is unknown or names what does not exist.
    fn script(&mut self, command: &serde_json::Value) -> Result<serde_json::Value, String>;

    /// The whole book of an instrument: `{"asks":[[px,sz],…],"bids":…,"seqId":…}`.
    fn book(&self, inst_id: &str) -> Option<serde_json::Value>;

    /// What trading needs of the market; without it the exchange has no trading.
    fn quotes(&self) -> Option<&dyn Quotes> {
        None
    }

    /// Trading asks for this instrument again and again: the market may keep it at hand.
    fn attend(&mut self, _inst_id: &str) {}

    /// A hash over the state of the market.
    fn state_hash(&self) -> u64;
}
