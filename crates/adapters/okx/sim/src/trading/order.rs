//! An order (reference 4.4, 5.6).

use std::sync::Arc;

use super::{
    algo::Attached,
    instrument::Instrument,
    num::Num,
    words::{Kind, OrdType, PosSide, Side, State, Stp, TdMode, Tgt},
};

/// Which of an option's prices the client named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PxKind {
    /// `px`.
    #[default]
    Px,
    /// `pxUsd`.
    Usd,
    /// `pxVol`.
    Vol,
}

/// The last fill of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastFill {
    /// At this price.
    pub px: Num,
    /// So much.
    pub sz: Num,
    /// `tradeId`.
    pub trade_id: i64,
    /// When.
    pub ms: u64,
}

/// An order, open or not.
#[derive(Debug, Clone)]
pub struct Order {
    /// `ordId`.
    pub id: u64,
    /// `clOrdId`.
    pub cl_id: String,
    /// `tag`.
    pub tag: String,
    /// What it trades; `kind` there is the type the order counts as.
    pub inst: Arc<Instrument>,
    /// Trade mode.
    pub td: TdMode,
    /// Margin currency; of a spot order its quote currency.
    pub ccy: String,
    /// Side.
    pub side: Side,
    /// Position side.
    pub pos_side: PosSide,
    /// Type.
    pub ord_type: OrdType,
    /// Size: base currency, contracts, or quote currency if `in_quote`.
    pub sz: Num,
    /// `sz` counts in quote currency.
    pub in_quote: bool,
    /// `tgtCcy` as it applies.
    pub tgt: Option<Tgt>,
    /// Price; none for market orders.
    pub px: Option<Num>,
    /// Which price the client named.
    pub px_kind: PxKind,
    /// The price the client named, if it was not `px`.
    pub px_named: Option<Num>,
    /// It may only reduce a position.
    pub reduce_only: bool,
    /// Self-trade prevention.
    pub stp: Stp,
    /// `tradeQuoteCcy`.
    pub trade_quote: String,
    /// `outcome` of event contracts.
    pub outcome: String,
    /// Filled so far: base currency or contracts.
    pub acc: Num,
    /// Sum of size times price of the fills.
    pub cost: Num,
    /// Fees so far; negative is paid.
    pub fee: Num,
    /// Their currency.
    pub fee_ccy: String,
    /// Rebates so far.
    pub rebate: Num,
    /// Their currency.
    pub rebate_ccy: String,
    /// What closing gained, without fees.
    pub pnl: Num,
    /// State.
    pub state: State,
    /// `cancelSource`.
    pub cancel_source: &'static str,
    /// `source`.
    pub source: &'static str,
    /// `category`.
    pub category: &'static str,
    /// When it was made.
    pub c_ms: u64,
    /// When it changed.
    pub u_ms: u64,
    /// Its last fill.
    pub last_fill: Option<LastFill>,
    /// Leverage of its position; none for spot.
    pub lever: Option<Num>,
    /// What it keeps from being used elsewhere, in `frozen_ccy`.
    pub frozen: Num,
    /// See [`frozen`](Self::frozen).
    pub frozen_ccy: String,
    /// Time priority: lower is earlier.
    pub rank: u64,
    /// Size of the market's orders at its price that came before it.
    pub ahead: Num,
    /// Since when it rests; later trades of the market may fill it.
    pub rest_ms: u64,
    /// It is accepted, yet not on the book.
    pub entering: bool,
    /// The conditional order that placed it.
    pub algo_id: u64,
    /// Its `algoClOrdId`.
    pub algo_cl_id: String,
    /// It is the limit take-profit of a conditional order.
    pub tp_limit: bool,
    /// Attached take-profits, stop-losses and trailing stops.
    pub attached: Vec<Attached>,
}

impl Order {
    /// An order with nothing beyond what it takes to trade.
    #[must_use]
    pub fn plain(inst: Arc<Instrument>, td: TdMode, side: Side, ord_type: OrdType, sz: Num, ms: u64) -> Self {
        let quote = inst.quote.clone();
        let spot = inst.kind == Kind::Spot;
        Self {
            id: 0,
            cl_id: String::new(),
            tag: String::new(),
            td,
            ccy: quote.clone(),
            side,
            pos_side: PosSide::Net,
            ord_type,
            sz,
            in_quote: false,
            tgt: None,
            px: None,
            px_kind: PxKind::Px,
            px_named: None,
            reduce_only: false,
            stp: Stp::CancelMaker,
            trade_quote: if spot { quote.clone() } else { String::new() },
            outcome: String::new(),
            acc: Num::ZERO,
            cost: Num::ZERO,
            fee: Num::ZERO,
            fee_ccy: if spot && side == Side::Buy { inst.base.clone() } else { quote.clone() },
            rebate: Num::ZERO,
            rebate_ccy: if spot && side == Side::Sell { inst.base.clone() } else { quote },
            pnl: Num::ZERO,
            state: State::Live,
            cancel_source: "",
            source: "",
            category: "normal",
            c_ms: ms,
            u_ms: ms,
            last_fill: None,
            lever: None,
            frozen: Num::ZERO,
            frozen_ccy: String::new(),
            rank: 0,
            ahead: Num::ZERO,
            rest_ms: ms,
            entering: false,
            algo_id: 0,
            algo_cl_id: String::new(),
            tp_limit: false,
            attached: Vec::new(),
            inst,
        }
    }

    /// The same for an account: its margin and fee currencies, and its leverage.
    #[must_use]
    pub fn of(self, holder: &super::holder::Holder) -> Self {
        let profile = &holder.profile;
        let settle = self.inst.settle(&profile.settle_ccy);
        let spot = self.kind() == Kind::Spot;
        let (fee_ccy, rebate_ccy) = match (spot, self.side, profile.fee_type.as_str()) {
            (true, Side::Buy, "0") => (self.inst.base.clone(), self.trade_quote.clone()),
            (true, _, _) => (self.trade_quote.clone(), self.inst.base.clone()),
            _ => (settle.clone(), settle.clone()),
        };
        let lever = (!holder.pays_with(self.kind(), self.td) && self.inst.max_lever.is_positive())
            .then(|| holder.lever(&self.inst, self.td, self.pos_side));
        let ccy = if spot { self.trade_quote.clone() } else { settle };
        Self { fee_ccy, rebate_ccy, ccy, lever, ..self }
    }

    /// What is still to be filled, in the unit of `sz`.
    #[must_use]
    pub fn left(&self) -> Num {
        let done = if self.in_quote { self.cost } else { self.acc };
        (self.sz - done).max(Num::ZERO)
    }

    /// Whether it is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Live | State::PartiallyFilled)
    }

    /// Average price of its fills.
    #[must_use]
    pub fn avg_px(&self) -> Option<Num> {
        (!self.acc.is_zero()).then(|| self.cost.over(self.acc))
    }

    /// Whether it takes from the market at this price: always for orders without a price.
    #[must_use]
    pub fn takes(&self, px: Num) -> bool {
        self.px.is_none_or(|own| if self.side == Side::Buy { px <= own } else { px >= own })
    }

    /// The type of instrument it counts as.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.inst.kind
    }

    /// It adds to a position or opens one if filled now, `held` being the signed position in net mode.
    #[must_use]
    pub fn opens(&self) -> bool {
        match self.pos_side {
            PosSide::Long => self.side == Side::Buy,
            PosSide::Short => self.side == Side::Sell,
            PosSide::Net => !self.reduce_only,
        }
    }
}
