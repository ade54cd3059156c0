//! The channels OKX serves, where, and to whom (reference 1.3, 5.2, 5.3, 4.7, 11).

use crate::{link::UrlKind, topic::Topic};

/// Bars of the candle channels.
const BARS: [&str; 28] = [
    "1s", "1m", "3m", "5m", "15m", "30m", "1H", "2H", "4H", "6H", "12H", "1D", "2D", "3D", "5D", "1W", "1M",
    "3M", "6Hutc", "12Hutc", "1Dutc", "2Dutc", "3Dutc", "5Dutc", "1Wutc", "1Mutc", "3Mutc", "1Yutc",
];

/// Types of instrument an argument may name.
const INST_TYPES: [&str; 7] = ["SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS", "ANY"];

/// What a channel asks of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Params {
    /// Nothing.
    None,
    /// `instId`.
    InstId,
    /// `instId` of an index.
    Index,
    /// `instType`, and nothing finer.
    InstType,
    /// `instType`; family or id may be given.
    InstTypeMore,
    /// `instFamily`.
    InstFamily,
    /// `instType` and one of `instFamily`, `instId`.
    TypeAndOne,
    /// `sprdId`; may be left out on private channels.
    Spread,
    /// `ccy` or nothing.
    Ccy,
}

/// One channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// The URL that serves it.
    pub url: UrlKind,
    /// It needs a login.
    pub login: bool,
    /// It needs this VIP level.
    pub vip: u8,
    /// Its arguments.
    pub params: Params,
    /// Connections are counted per account (`channel-conn-count`).
    pub counted: bool,
    /// It carries the market rather than an account.
    pub market: bool,
}

const fn market(url: UrlKind, params: Params) -> Channel {
    Channel { url, login: false, vip: 0, params, counted: false, market: true }
}

const fn account(url: UrlKind, params: Params, counted: bool) -> Channel {
    Channel { url, login: true, vip: 0, params, counted, market: false }
}

/// The channel of this name; `None` if OKX has none.
#[must_use]
pub fn lookup(name: &str) -> Option<Channel> {
    use UrlKind::{Business, Private, Public};
    Some(match name {
        "trades"
        | "tickers"
        | "books"
        | "books5"
        | "bbo-tbt"
        | "books-rpi"
        | "mark-price"
        | "funding-rate"
        | "open-interest"
        | "price-limit"
        | "call-auction-details" => market(Public, Params::InstId),
        "books-l2-tbt" | "books50-l2-tbt" => {
            Channel { login: true, vip: 4, ..market(Public, Params::InstId) }
        }
        "index-tickers" => market(Public, Params::Index),
        "instruments" | "liquidation-orders" | "event-contract-markets" => market(Public, Params::InstType),
        "adl-warning" => market(Public, Params::InstTypeMore),
        "opt-summary" => market(Public, Params::InstFamily),
        "option-trades" | "estimated-price" => market(Public, Params::TypeAndOne),
        "status" => market(Public, Params::None),
        "trades-all" => market(Business, Params::InstId),
        "block-tickers" | "public-block-trades" => market(Business, Params::InstId),
        "public-struc-block-trades" => market(Business, Params::None),
        "economic-calendar" => Channel { login: true, vip: 1, ..market(Business, Params::None) },
        "sprd-tickers" | "sprd-public-trades" | "sprd-books5" | "sprd-books-l2-tbt" | "sprd-bbo-tbt" => {
            market(Business, Params::Spread)
        }
        "account" | "account-greeks" => account(Private, Params::Ccy, true),
        "positions" | "orders" | "liquidation-warning" => account(Private, Params::InstTypeMore, true),
        "balance_and_position" => account(Private, Params::None, true),
        "fills" => Channel { vip: 4, ..account(Private, Params::None, false) },
        "orders-algo" | "algo-advance" => account(Business, Params::InstTypeMore, false),
        "sprd-orders" | "sprd-trades" => account(Business, Params::None, false),
        "deposit-info" | "withdrawal-info" => account(Business, Params::None, false),
        _ => return bar_channel(name),
    })
}

fn bar_channel(name: &str) -> Option<Channel> {
    let forms = [
        ("candle", Params::InstId),
        ("mark-price-candle", Params::InstId),
        ("index-candle", Params::Index),
        ("sprd-candle", Params::Spread),
    ];
    let (bar, params) =
        forms.iter().find_map(|(prefix, params)| Some((name.strip_prefix(prefix)?, *params)))?;
    let plain = name.starts_with("candle");
    let exists = BARS.contains(&bar) && (bar != "1s" || plain) && (bar != "1Yutc" || !plain);
    exists.then(|| market(UrlKind::Business, params))
}

impl Channel {
    /// Whether the arguments are those the channel asks for. Whether the instrument exists is for the market to say.
    #[must_use]
    pub fn accepts(&self, topic: &Topic) -> bool {
        let kind = INST_TYPES.contains(&topic.inst_type.as_str());
        match self.params {
            Params::None | Params::Ccy => true,
            Params::InstId | Params::Index => !topic.inst_id.is_empty(),
            Params::InstType => kind && topic.inst_id.is_empty(),
            Params::InstTypeMore => kind,
            Params::InstFamily => !topic.inst_family.is_empty(),
            Params::TypeAndOne => kind && (topic.inst_family.is_empty() != topic.inst_id.is_empty()),
            Params::Spread => !topic.sprd_id.is_empty(),
        }
    }
}

/// Whether holding one of the channels forbids the other for the same instrument (reference 5.3).
#[must_use]
pub fn conflict(held: &str, wanted: &str) -> bool {
    let others = ["books", "books50-l2-tbt"];
    (held == "books-l2-tbt" && others.contains(&wanted))
        || (wanted == "books-l2-tbt" && others.contains(&held))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_where_the_reference_has_them() {
        assert_eq!(lookup("books").map(|c| (c.url, c.login)), Some((UrlKind::Public, false)));
        assert_eq!(lookup("books50-l2-tbt").map(|c| (c.login, c.vip)), Some((true, 4)));
        assert_eq!(lookup("candle1Dutc").map(|c| c.url), Some(UrlKind::Business));
        assert_eq!(lookup("mark-price-candle1s"), None);
        assert_eq!(lookup("candle7m"), None);
        assert_eq!(lookup("books-elp"), None, "switched off on 2026-10-31");
    }

    #[test]
    fn arguments_are_checked() {
        let liquidations = lookup("liquidation-orders").expect("channel");
        assert!(!liquidations.accepts(&Topic::of("liquidation-orders", "BTC-USDT-SWAP")));
        assert!(
            liquidations.accepts(&Topic { inst_type: "SWAP".into(), ..Topic::of("liquidation-orders", "") })
        );
        assert!(conflict("books", "books-l2-tbt") && !conflict("books", "books50-l2-tbt"));
    }
}
