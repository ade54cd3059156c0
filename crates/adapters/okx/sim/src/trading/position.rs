//! A position (reference 4.5.2).

use std::sync::Arc;

use super::{
    instrument::Instrument,
    num::Num,
    words::{Kind, PosSide, TdMode},
};

/// What tells positions of an account apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PosKey {
    /// `instId`.
    pub inst_id: String,
    /// `instType`.
    pub kind: Kind,
    /// `mgnMode`.
    pub mode: TdMode,
    /// `posSide`.
    pub side: PosSide,
    /// `outcome` of event contracts.
    pub outcome: String,
}

/// A position, open or just closed.
#[derive(Debug, Clone)]
pub struct Position {
    /// `posId`.
    pub id: u64,
    /// What it is in.
    pub inst: Arc<Instrument>,
    /// Cross or isolated.
    pub mode: TdMode,
    /// `posSide`.
    pub side: PosSide,
    /// `outcome` of event contracts.
    pub outcome: String,
    /// Margin currency.
    pub ccy: String,
    /// Size, below 0 for a short one whatever the position mode; of a margin position its base currency.
    pub qty: Num,
    /// It is, or was last, a short one.
    pub was_short: bool,
    /// Average entry price; after a daily settlement counted from the price of that.
    pub avg: Num,
    /// The average entry price settlements have not touched; none before the first one.
    pub non_settle_avg: Option<Num>,
    /// Paid out by daily settlements so far.
    pub settled: Num,
    /// Leverage.
    pub lever: Num,
    /// Margin of its own, if isolated.
    pub margin: Num,
    /// Gained by closing, without fees.
    pub pnl: Num,
    /// Fees; negative is paid.
    pub fee: Num,
    /// Funding; negative is paid.
    pub funding: Num,
    /// Penalty of a liquidation; negative is paid.
    pub penalty: Num,
    /// Largest size it had.
    pub most: Num,
    /// Closed so far.
    pub closed: Num,
    /// Sum of closed size times price.
    pub closed_cost: Num,
    /// Its last trade.
    pub trade_id: i64,
    /// When it was opened.
    pub c_ms: u64,
    /// When it changed.
    pub u_ms: u64,
}

/// What a fill did to a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turned {
    /// So much of the position was closed.
    pub closed: Num,
    /// So much was opened.
    pub opened: Num,
    /// What closing gained, in quote or settlement currency.
    pub pnl: Num,
    /// Margin set free, if isolated.
    pub freed: Num,
}

impl Position {
    /// An empty one.
    #[must_use]
    pub fn new(id: u64, key: &PosKey, inst: Arc<Instrument>, ccy: &str, lever: Num, ms: u64) -> Self {
        Self {
            id,
            inst,
            mode: key.mode,
            side: key.side,
            outcome: key.outcome.clone(),
            ccy: ccy.to_owned(),
            qty: Num::ZERO,
            was_short: false,
            avg: Num::ZERO,
            non_settle_avg: None,
            settled: Num::ZERO,
            lever,
            margin: Num::ZERO,
            pnl: Num::ZERO,
            fee: Num::ZERO,
            funding: Num::ZERO,
            penalty: Num::ZERO,
            most: Num::ZERO,
            closed: Num::ZERO,
            closed_cost: Num::ZERO,
            trade_id: 0,
            c_ms: ms,
            u_ms: ms,
        }
    }

    /// What it is filed under.
    #[must_use]
    pub fn key(&self) -> PosKey {
        PosKey {
            inst_id: self.inst.id.clone(),
            kind: self.inst.kind,
            mode: self.mode,
            side: self.side,
            outcome: self.outcome.clone(),
        }
    }

    /// Its value is paid for when it is opened, as with options and event contracts.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self.inst.kind, Kind::Option | Kind::Events)
    }

    /// Adds a signed size at a price.
    pub fn turn(&mut self, qty: Num, px: Num) -> Turned {
        let mut turned = Turned::default();
        let held = self.qty.abs();
        if self.qty.is_zero() || self.qty.is_negative() == qty.is_negative() {
            turned.opened = qty.abs();
        } else {
            turned.closed = qty.abs().min(held);
            turned.opened = qty.abs() - turned.closed;
            turned.pnl = self.inst.gain(turned.closed * self.qty.sign(), self.avg, px);
            turned.freed =
                if turned.closed == held { self.margin } else { (self.margin * turned.closed).over(held) };
            self.margin -= turned.freed;
            self.pnl += turned.pnl;
            self.closed += turned.closed;
            self.closed_cost += turned.closed * px;
            self.qty += turned.closed * qty.sign();
        }
        if turned.opened.is_positive() {
            self.non_settle_avg = self
                .non_settle_avg
                .map(|avg| self.inst.average(self.qty.abs(), avg, turned.opened, px).places(16));
            self.avg = self.inst.average(self.qty.abs(), self.avg, turned.opened, px).places(16);
            self.qty += turned.opened * qty.sign();
            self.most = self.most.max(self.qty.abs());
            self.was_short = self.qty.is_negative();
        }
        turned
    }

    /// What it gained so far at this price.
    #[must_use]
    pub fn upl(&self, px: Num) -> Num {
        self.inst.gain(self.qty, self.avg, px)
    }

    /// Its value at this price, above 0.
    #[must_use]
    pub fn value(&self, px: Num) -> Num {
        self.inst.value(self.qty.abs(), px)
    }

    /// The share of its value that has to be there to keep it, first tier.
    #[must_use]
    pub fn mmr_rate(&self) -> &'static str {
        match self.inst.kind {
            Kind::Margin => "0.03",
            _ => "0.004",
        }
    }

    /// Margin it needs at this price.
    #[must_use]
    pub fn imr(&self, mark: Num, index: Num) -> Num {
        match self.inst.kind {
            Kind::Option | Kind::Events if !self.qty.is_negative() => Num::ZERO,
            // A sold option: 15 % of the underlying.
            Kind::Option => {
                let unit = if self.inst.settle_ccy == self.inst.base { Num::ONE } else { index };
                self.qty.abs() * self.inst.ct * unit * Num::of("0.15")
            }
            Kind::Events => self.qty.abs() * self.inst.ct * (Num::ONE - mark).max(Num::ZERO),
            _ => self.value(mark).over(self.lever),
        }
    }

    /// Margin it must not fall below at this price.
    #[must_use]
    pub fn mmr(&self, mark: Num, index: Num) -> Num {
        if self.is_paid() {
            self.imr(mark, index) * Num::of("0.5")
        } else {
            self.value(mark) * Num::of(self.mmr_rate())
        }
    }

    /// All it brought: `pnl + fee + fundingFee + liqPenalty + settledPnl`.
    #[must_use]
    pub fn realized(&self) -> Num {
        self.pnl + self.fee + self.funding + self.penalty + self.settled
    }

    /// Pays out what it gained up to this price, from which it counts on. How much.
    pub fn settle(&mut self, px: Num) -> Num {
        let gained = self.upl(px);
        self.non_settle_avg = self.non_settle_avg.or(Some(self.avg));
        self.settled += gained;
        self.avg = px;
        gained
    }

    /// The price at which an isolated position's margin is used up.
    #[must_use]
    pub fn liq_px(&self) -> Option<Num> {
        if self.qty.is_zero() || self.mode != TdMode::Isolated || self.is_paid() {
            return None;
        }
        let room = self.margin - self.value(self.avg) * Num::of(self.mmr_rate());
        let move_by = if self.inst.inverse {
            (room * self.avg * self.avg).over(self.qty * self.inst.ct)
        } else {
            room.over(self.qty * self.inst.ct)
        };
        Some((self.avg - move_by).max(Num::ZERO))
    }
}
