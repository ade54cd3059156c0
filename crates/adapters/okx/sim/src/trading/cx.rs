//! What a step of trading sees: the market and the time.

use super::{instrument::Instrument, num::Num, words::PxType};
use crate::quotes::Quotes;

/// See the [module](self).
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The market.
    pub quotes: &'a dyn Quotes,
    /// Time of the exchange, milliseconds since 1970.
    pub ms: u64,
}

impl Cx<'_> {
    /// Best price of a side: the ask for a buyer.
    #[must_use]
    pub fn best(&self, inst_id: &str, ask: bool) -> Option<Num> {
        let (bid, best_ask) = self.quotes.touch(inst_id);
        if ask { best_ask } else { bid }.map(Num::from)
    }

    /// Price of the last trade, else the middle of the book.
    #[must_use]
    pub fn last(&self, inst_id: &str) -> Option<Num> {
        self.quotes.last(inst_id).map(Num::from).or_else(|| {
            let (bid, ask) = self.quotes.touch(inst_id);
            Some((Num::from(bid?) + Num::from(ask?)) * Num::of("0.5"))
        })
    }

    /// Mark price, else the last one.
    #[must_use]
    pub fn mark(&self, inst_id: &str) -> Num {
        self.quotes.mark(inst_id).map(Num::from).or_else(|| self.last(inst_id)).unwrap_or(Num::ZERO)
    }

    /// Index price of the instrument.
    #[must_use]
    pub fn index(&self, inst: &Instrument) -> Option<Num> {
        self.quotes.index(&inst.id).map(Num::from)
    }

    /// The price a trigger goes by.
    #[must_use]
    pub fn trigger(&self, inst_id: &str, kind: PxType) -> Option<Num> {
        match kind {
            PxType::Last => self.last(inst_id),
            PxType::Mark => self.quotes.mark(inst_id).map(Num::from),
            PxType::Index => self.quotes.index(inst_id).map(Num::from),
        }
    }

    /// Price of a currency in USD; 0 for an unknown one.
    #[must_use]
    pub fn usd(&self, ccy: &str) -> Num {
        self.quotes.usd(ccy).map_or(Num::ZERO, Num::from)
    }

    /// What so much of an instrument is worth in USD.
    #[must_use]
    pub fn notional_usd(&self, inst: &Instrument, sz: Num, px: Num) -> Num {
        if inst.inverse {
            return sz * inst.ct;
        }
        let ccy = if inst.kind.is_pair() || inst.settle_ccy == "USDⓈ" || inst.settle_ccy == "USD" {
            &inst.quote
        } else {
            &inst.settle_ccy
        };
        inst.value(sz, px) * self.usd(ccy)
    }
}
