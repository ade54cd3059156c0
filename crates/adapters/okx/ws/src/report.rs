//! What a captured frame holds, for people who look into captures, and for tests that watch for new fields.

use std::collections::{BTreeSet, HashMap};

use okx_common::{fields::unknown_fields, instrument::InstrumentRow, text::excerpt};
use serde_json::value::RawValue;

use crate::{
    channel::Channel,
    decode::Decoder,
    message::{
        AccountBalance, AccountGreeks, AckKind, AdlWarning, AlgoOrder, BalanceAndPosition, CallAuction, Data,
        EstimatedPrice, EventMarket, Fill, FundingRate, Liquidation, LiquidationWarning, Message, OpItem,
        OpenInterest, OptSummary, OptionTrade, OrderUpdate, Position, PriceLimit, SprdOrder, SprdTicker,
        SprdTrade, SprdTradeFill, Status,
    },
};

/// Keys of the outer object.
const OUTER: &[&str] = &[
    "action",
    "arg",
    "channel",
    "code",
    "connCount",
    "connId",
    "curPage",
    "data",
    "event",
    "eventType",
    "id",
    "inTime",
    "lastPage",
    "msg",
    "op",
    "outTime",
];

/// Keys of `arg`.
const ARG: &[&str] =
    &["algoId", "ccy", "channel", "extraParams", "instFamily", "instId", "instType", "sprdId", "uid", "uly"];

/// Keys of the rows that are read by hand. `instId` of books repeats that of `arg`.
const BOOK: &[&str] = &["asks", "bids", "checksum", "instId", "prevSeqId", "seqId", "ts"];
const TRADE: &[&str] = &["count", "instId", "px", "seqId", "side", "source", "sz", "tradeId", "ts"];
const MARK_PRICE: &[&str] = &["instId", "instType", "markPx", "ts"];
const INDEX_TICKER: &[&str] =
    &["high24h", "idxPx", "instId", "low24h", "open24h", "sodUtc0", "sodUtc8", "ts"];
const TICKER: &[&str] = &[
    "askPx",
    "askSz",
    "bidPx",
    "bidSz",
    "high24h",
    "instId",
    "instType",
    "last",
    "lastSz",
    "low24h",
    "open24h",
    "sodUtc0",
    "sodUtc8",
    "ts",
    "vol24h",
    "volCcy24h",
];

/// What one captured frame holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeReport {
    /// The channel of a push (`books`), the kind of an event (`subscribe`, `error`, …), the operation of an order response
    /// (`order`), or `pong`. Empty if not even that could be read.
    pub kind: String,
    /// Everything in it could be read.
    pub ok: bool,
    /// Rows, or items of an order response, that could be read.
    pub items: usize,
    /// Fields that our types do not have, as sorted paths without list indices: `data.details.newField`.
    pub unknown_fields: Vec<String>,
    /// What is wrong.
    pub error: Option<String>,
}

/// Decodes one captured text frame with the client's own types.
///
/// ```
/// use okx_ws::decode_frame_report;
/// let frame = br#"{"arg":{"channel":"mark-price","instId":"A-B"},"data":[{"instId":"A-B","markPx":"1","ts":"2","new":3}]}"#;
/// let report = decode_frame_report(frame);
/// assert_eq!((report.kind.as_str(), report.ok, report.items), ("mark-price", true, 1));
/// assert_eq!(report.unknown_fields, ["data.new"]);
/// ```
#[must_use]
pub fn decode_frame_report(frame: &[u8]) -> DecodeReport {
    let mut decoder = Decoder::new();
    let (kind, items, error) = match decoder.decode(frame) {
        Ok(message) => describe(&message),
        Err(error) => {
            let kind = error.channel().unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
            (kind, 0, Some(error.to_string()))
        }
    };
    let unknown_fields = if error.is_some() && items == 0 { Vec::new() } else { unknown(frame) };
    DecodeReport { kind, ok: error.is_none(), items, unknown_fields, error }
}

fn describe(message: &Message<'_>) -> (String, usize, Option<String>) {
    let named = |name: &str| (name.to_owned(), 0, None);
    match message {
        Message::Data(data) => (data.arg.name.to_string(), data.payload.len(), data_error(data)),
        Message::Ack(ack) => named(if ack.kind == AckKind::Subscribe { "subscribe" } else { "unsubscribe" }),
        Message::Error(_) => named("error"),
        Message::Login(_) => named("login"),
        Message::Notice(_) => named("notice"),
        Message::ConnCount(count) if count.exceeded => named("channel-conn-count-error"),
        Message::ConnCount(_) => named("channel-conn-count"),
        Message::OpResponse(response) => (response.op.to_string(), response.items.len(), None),
        Message::Pong => named("pong"),
        Message::Unknown { kind } => {
            let error = format!("a message of an unknown kind, {}", excerpt(kind));
            (kind.to_string(), 0, Some(error))
        }
    }
}

fn data_error(data: &Data<'_>) -> Option<String> {
    if data.arg.channel.is_none() {
        return Some(format!("a push of an unknown channel, {}", excerpt(&data.arg.name)));
    }
    let first = data.skipped.first()?;
    let others = match data.skipped.len() - 1 {
        0 => String::new(),
        n => format!(" (and {n} more rows)"),
    };
    Some(format!("row {} of {}: {}: {}{others}", first.index, data.arg, first.reason, first.excerpt))
}

type Object<'a> = HashMap<String, &'a RawValue>;

fn unknown(frame: &[u8]) -> Vec<String> {
    let mut found = BTreeSet::new();
    // What is no object has no fields: `pong`.
    let outer: Object<'_> = serde_json::from_slice(frame).unwrap_or_default();
    add_unknown(&mut found, "", &outer, OUTER);
    let arg: Object<'_> =
        outer.get("arg").and_then(|a| serde_json::from_str(a.get()).ok()).unwrap_or_default();
    add_unknown(&mut found, "arg.", &arg, ARG);
    if let Some(rows) = outer.get("data") {
        let name: Option<&str> = arg.get("channel").and_then(|name| serde_json::from_str(name.get()).ok());
        add_unknown_of_rows(&mut found, name.and_then(Channel::parse), rows.get());
    }
    found.into_iter().collect()
}

fn add_unknown(found: &mut BTreeSet<String>, prefix: &str, object: &Object<'_>, known: &[&str]) {
    let unknown = object.keys().filter(|key| !known.contains(&key.as_str()));
    found.extend(unknown.map(|key| format!("{prefix}{key}")));
}

fn add_unknown_of_rows(found: &mut BTreeSet<String>, channel: Option<Channel>, rows: &str) {
    let by_hand = match channel {
        Some(channel) if channel.is_book() => Some(BOOK),
        Some(Channel::Trades | Channel::TradesAll) => Some(TRADE),
        Some(Channel::MarkPrice) => Some(MARK_PRICE),
        Some(Channel::IndexTickers) => Some(INDEX_TICKER),
        Some(Channel::Tickers) => Some(TICKER),
        _ => None,
    };
    if let Some(known) = by_hand {
        let rows: Vec<Object<'_>> = serde_json::from_str(rows).unwrap_or_default();
        for row in &rows {
            add_unknown(found, "data.", row, known);
        }
        return;
    }
    // One row after the other: one that cannot be read hides only itself.
    for row in serde_json::from_str::<Vec<&RawValue>>(rows).unwrap_or_default() {
        found.extend(unknown_of_row(channel, row.get()).into_iter().map(|field| format!("data.{field}")));
    }
}

/// What the type of the channel's rows ignores. Rows without a type of their own (candles, block trading) have no such fields.
fn unknown_of_row(channel: Option<Channel>, row: &str) -> Vec<String> {
    let row = row.as_bytes();
    let unknown = match channel {
        None => unknown_fields::<OpItem<'_>>(row),
        Some(Channel::Instruments) => unknown_fields::<InstrumentRow>(row),
        Some(Channel::OptionTrades) => unknown_fields::<OptionTrade<'_>>(row),
        Some(Channel::FundingRate) => unknown_fields::<FundingRate<'_>>(row),
        Some(Channel::OpenInterest) => unknown_fields::<OpenInterest<'_>>(row),
        Some(Channel::PriceLimit) => unknown_fields::<PriceLimit<'_>>(row),
        Some(Channel::OptSummary) => unknown_fields::<OptSummary<'_>>(row),
        Some(Channel::EstimatedPrice) => unknown_fields::<EstimatedPrice<'_>>(row),
        Some(Channel::LiquidationOrders) => unknown_fields::<Liquidation<'_>>(row),
        Some(Channel::AdlWarning) => unknown_fields::<AdlWarning<'_>>(row),
        Some(Channel::Status) => unknown_fields::<Status<'_>>(row),
        Some(Channel::CallAuctionDetails) => unknown_fields::<CallAuction<'_>>(row),
        Some(Channel::EventContractMarkets) => unknown_fields::<EventMarket<'_>>(row),
        Some(Channel::Orders) => unknown_fields::<OrderUpdate<'_>>(row),
        Some(Channel::Fills) => unknown_fields::<Fill<'_>>(row),
        Some(Channel::Account) => unknown_fields::<AccountBalance<'_>>(row),
        Some(Channel::Positions) => unknown_fields::<Position<'_>>(row),
        Some(Channel::BalanceAndPosition) => unknown_fields::<BalanceAndPosition<'_>>(row),
        Some(Channel::LiquidationWarning) => unknown_fields::<LiquidationWarning<'_>>(row),
        Some(Channel::AccountGreeks) => unknown_fields::<AccountGreeks<'_>>(row),
        Some(Channel::OrdersAlgo | Channel::AlgoAdvance) => unknown_fields::<AlgoOrder<'_>>(row),
        Some(Channel::SprdTickers) => unknown_fields::<SprdTicker<'_>>(row),
        Some(Channel::SprdPublicTrades) => unknown_fields::<SprdTrade<'_>>(row),
        Some(Channel::SprdOrders) => unknown_fields::<SprdOrder<'_>>(row),
        Some(Channel::SprdTrades) => unknown_fields::<SprdTradeFill<'_>>(row),
        Some(_) => return Vec::new(),
    };
    unknown.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str) -> DecodeReport {
        decode_frame_report(text.as_bytes())
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let row = r#"{"arg":{"channel":"trades","instId":"A-B"},"data":[{"px":"1"},{"px":"x"}]}"#;
        let told = report(row);
        assert_eq!((told.kind.as_str(), told.ok, told.items), ("trades", false, 0));
        let error = told.error.unwrap();
        assert!(error.contains("trades:A-B") && error.contains("and 1 more"), "{error}");
        let told = report(r#"{"arg":{"channel":"books","instId":"A-B"},"data":[{"#);
        assert_eq!((told.kind.as_str(), told.ok), ("books", false));
        assert!(!report(r#"{"arg":{"channel":"nonsense"},"data":[]}"#).ok);
        assert!(!report("").ok && !report("<html>").ok);
        assert_eq!((report("pong").kind.as_str(), report("pong").ok), ("pong", true));
    }

    #[test]
    fn new_fields_are_seen_at_every_level() {
        let told = report(
            r#"{"a":1,"arg":{"channel":"account","b":1},"data":[{"totalEq":"1","c":1,"details":[{"ccy":"BTC","d":1}]}]}"#,
        );
        assert_eq!(told.unknown_fields, ["a", "arg.b", "data.c", "data.details.d"]);
        let told = report(r#"{"id":"1","op":"order","code":"0","msg":"","data":[{"ordId":"1","e":1}]}"#);
        assert_eq!(
            (told.kind.as_str(), told.items, told.unknown_fields),
            ("order", 1, vec!["data.e".to_owned()])
        );
        let told = report(r#"{"arg":{"channel":"books5"},"data":[{"asks":[],"bids":[],"ts":"1","f":1}]}"#);
        assert_eq!(told.unknown_fields, ["data.f"]);
    }
}
