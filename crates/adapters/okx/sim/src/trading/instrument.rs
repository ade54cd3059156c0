//! An instrument as trading needs it (reference 4.2, 9).

use serde_json::{Map, Value};

use super::{num::Num, words::Kind};
use crate::quotes::Quotes;

/// What is read of a row of `/public/instruments`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// `instId`.
    pub id: String,
    /// `instType`.
    pub kind: Kind,
    /// `instFamily`; empty for spot.
    pub family: String,
    /// `uly`; empty for spot.
    pub uly: String,
    /// Base currency.
    pub base: String,
    /// Quote currency.
    pub quote: String,
    /// `settleCcy` as listed; see [`settle`](Self::settle) for what an account settles in.
    pub settle_ccy: String,
    /// `ctVal` times `ctMult`; 1 for pairs.
    pub ct: Num,
    /// A future counted in USD and settled in coin.
    pub inverse: bool,
    /// Price step.
    pub tick: Num,
    /// Size step.
    pub lot: Num,
    /// Smallest size.
    pub min: Num,
    /// `maxLmtSz`.
    pub max_lmt_sz: Option<Num>,
    /// `maxMktSz`.
    pub max_mkt_sz: Option<Num>,
    /// `maxLmtAmt`, USD.
    pub max_lmt_amt: Option<Num>,
    /// `maxMktAmt`, USD.
    pub max_mkt_amt: Option<Num>,
    /// Most leverage; 0 where there is none.
    pub max_lever: Num,
    /// `state`.
    pub state: String,
    /// `expTime`, `u64::MAX` if none.
    pub exp_ms: u64,
    /// `groupId`, for fees.
    pub group: String,
    /// `tradeQuoteCcyList`.
    pub trade_quotes: Vec<String>,
    /// Strike of an option.
    pub strike: Num,
    /// A put.
    pub put: bool,
    /// Cross positions are settled every day at 08:00 UTC (`futureSettlement`).
    pub settles: bool,
}

impl Instrument {
    /// The instrument of this id and type, if it is listed in detail.
    #[must_use]
    pub fn find(quotes: &dyn Quotes, id: &str, kind: Kind) -> Option<Self> {
        quotes.row(id, kind.word()).and_then(|row| Self::read(row, kind))
    }

    /// The kind of instrument the id names; SPOT for a pair.
    #[must_use]
    pub fn kind_of(quotes: &dyn Quotes, id: &str) -> Option<Kind> {
        const ALL: [Kind; 6] =
            [Kind::Spot, Kind::Swap, Kind::Futures, Kind::Option, Kind::Events, Kind::Margin];
        ALL.into_iter().find(|kind| quotes.row(id, kind.word()).is_some())
    }

    fn read(row: &Map<String, Value>, kind: Kind) -> Option<Self> {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |key: &str| Num::parse(&text(key));
        let (uly, id) = (text("uly"), text("instId"));
        let pair = if kind.is_pair() { &id } else { &uly };
        let (base, quote) = pair.split_once('-').unwrap_or((pair, "USD"));
        let (base, quote) = (base.to_owned(), quote.to_owned());
        let ct = if kind.is_pair() {
            Num::ONE
        } else {
            number("ctVal").unwrap_or(Num::ONE) * number("ctMult").unwrap_or(Num::ONE)
        };
        let list = row.get("tradeQuoteCcyList").and_then(Value::as_array);
        Some(Self {
            kind,
            family: if kind == Kind::Spot { String::new() } else { text("instFamily") },
            base,
            quote,
            settle_ccy: text("settleCcy"),
            ct,
            inverse: kind.is_future() && text("ctType") == "inverse",
            tick: number("tickSz")?,
            lot: number("lotSz")?,
            min: number("minSz")?,
            max_lmt_sz: number("maxLmtSz"),
            max_mkt_sz: number("maxMktSz"),
            max_lmt_amt: number("maxLmtAmt").filter(|n| n.is_positive()),
            max_mkt_amt: number("maxMktAmt").filter(|n| n.is_positive()),
            max_lever: number("lever").unwrap_or(Num::ZERO),
            state: text("state"),
            exp_ms: text("expTime").parse().unwrap_or(u64::MAX),
            group: text("groupId"),
            trade_quotes: list.into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            strike: number("stk").unwrap_or(Num::ZERO),
            put: text("optType") == "P",
            settles: row.get("futureSettlement").is_some_and(|v| v == true),
            uly: if kind == Kind::Spot { String::new() } else { uly },
            id,
        })
    }

    /// The currency an account settles it in: USD-margined contracts go by the account's choice.
    #[must_use]
    pub fn settle(&self, account_choice: &str) -> String {
        match self.settle_ccy.as_str() {
            _ if self.kind.is_pair() => self.quote.clone(),
            "USD" | "USDⓈ" => account_choice.to_owned(),
            settle => settle.to_owned(),
        }
    }

    /// What so much of it is worth at the price, in quote or settlement currency.
    #[must_use]
    pub fn value(&self, sz: Num, px: Num) -> Num {
        if self.inverse { (sz * self.ct).over(px) } else { sz * self.ct * px }
    }

    /// What a position of this size gained from one price to another, in quote or settlement currency.
    #[must_use]
    pub fn gain(&self, qty: Num, from: Num, to: Num) -> Num {
        if !self.inverse {
            return (to - from) * qty * self.ct;
        }
        // (1/from - 1/to) in one division, which rounds once.
        ((to - from) * qty * self.ct).over(from * to)
    }

    /// The average price of two parts.
    #[must_use]
    pub fn average(&self, qty: Num, avg: Num, more: Num, px: Num) -> Num {
        let all = qty + more;
        if qty.is_zero() {
            return px;
        }
        if self.inverse {
            return (all * avg * px).over(qty * px + more * avg);
        }
        (qty * avg + more * px).over(all)
    }

    /// The index it follows, as `index-tickers` names it.
    #[must_use]
    pub fn index_id(&self) -> String {
        format!("{}-{}", self.base, self.quote)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(row: Value, kind: Kind) -> Instrument {
        Instrument::read(row.as_object().expect("object"), kind).expect("detailed")
    }

    #[test]
    fn inverse_contracts_are_worth_and_gain_coins() {
        let row = json!({"instId": "BTC-USD-SWAP", "uly": "BTC-USD", "ctVal": "100", "ctMult": "1",
            "ctType": "inverse", "settleCcy": "BTC", "tickSz": "0.1", "lotSz": "1", "minSz": "1"});
        let inst = read(row, Kind::Swap);
        assert_eq!(inst.value(Num::int(2), Num::int(50_000)).to_string(), "0.004");
        assert_eq!(inst.gain(Num::int(1), Num::int(50_000), Num::int(100_000)).to_string(), "0.001");
        assert_eq!(
            inst.average(Num::int(1), Num::int(50_000), Num::int(1), Num::int(100_000)).places(4).to_string(),
            "66666.6667"
        );
        assert_eq!(inst.settle("USDC"), "BTC");
    }

    #[test]
    fn usd_margined_contracts_settle_in_the_account_s_choice() {
        let row = json!({"instId": "BTC-USD_UM-SWAP", "uly": "BTC-USD", "ctVal": "0.0001", "ctMult": "1",
            "ctType": "linear", "settleCcy": "USDⓈ", "tickSz": "0.1", "lotSz": "1", "minSz": "1"});
        let inst = read(row, Kind::Swap);
        assert_eq!(inst.settle("USDC"), "USDC");
        assert_eq!(inst.value(Num::int(10), Num::int(60_000)).to_string(), "60");
        assert!(
            Instrument::read(json!({"instId": "X", "tickSz": ""}).as_object().expect("object"), Kind::Spot)
                .is_none()
        );
    }
}
