//! What comes out of a desk.

use bytes::Bytes;
use okx_common::{
    decimal::Decimal,
    enums::{InstType, MgnMode, PosSide},
    error_code::ErrorCode,
    ids::InstId,
};
use okx_http::endpoint::Request;
use okx_ws::{
    message::{AccountBalance, AccountGreeks, LiquidationWarning},
    session::LinkId,
};

use crate::orders::{
    account::Changes,
    tracker::{EventKind, External, Level, OrderEvent},
};

/// A REST request of a desk; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// What the driver has to do.
#[expect(
    clippy::large_enum_variant,
    reason = "made once and taken once; a box would cost an allocation each"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Connect to the address of the line, and answer with [`Input::Connected`](okx_ws::session::Input::Connected) or
    /// [`Input::ConnectFailed`](okx_ws::session::Input::ConnectFailed).
    Connect(usize, LinkId),
    /// Send a text.
    Transmit(usize, LinkId, Bytes),
    /// Close the connection, or give the attempt up, without an answer.
    Close(usize, LinkId, &'static str),
    /// Send the request, commands once only, and answer with [`Desk::answered`](super::Desk::answered), whatever became of it.
    Rest(CallId, Request),
    /// Pass it on.
    Event(DeskEvent),
}

/// News.
#[derive(Debug, Clone, PartialEq)]
pub enum DeskEvent {
    /// Something happened to an order of ours.
    Order {
        /// The id as Nautilus knows it.
        client_order_id: String,
        /// What.
        event: OrderEvent,
    },
    /// An order is denied: nothing was sent, and nothing will be. `Submitted` never came for it.
    Denied {
        /// The id as Nautilus knows it.
        client_order_id: String,
        /// Instrument.
        inst_id: InstId,
        /// The words for the trader.
        reason: String,
    },
    /// A command for an order that is not known here, hence without an instrument: `CancelRejected` or `ModifyRejected`.
    Unknown {
        /// The id as Nautilus knows it.
        client_order_id: String,
        /// What the engine is to be told.
        kind: EventKind,
    },
    /// An order that is not ours.
    External(External),
    /// Balances and positions that changed.
    Account(AccountNews),
    /// Greeks of one currency.
    Greeks(Greeks),
    /// A position is close to its liquidation. A [`DeskEvent::Note`] says the same in words.
    NearLiquidation(Box<NearLiquidation>),
    /// Something to be said.
    Note(Note),
    /// Logged in, subscribed, and what happened meanwhile is known. Comes again after each [`DeskEvent::Lost`].
    Ready,
    /// The private connection is down: commands are refused until [`DeskEvent::Ready`].
    Lost,
    /// A login was refused.
    LoginFailed {
        /// Which line.
        line: usize,
        /// OKX's code; 0 if OKX did not answer.
        code: ErrorCode,
        /// OKX's words.
        msg: String,
        /// No further attempt is made until [`Desk::open`](super::Desk::open).
        is_final: bool,
    },
    /// A channel that is needed was refused: [`DeskEvent::Ready`] does not come.
    Refused {
        /// Its name.
        channel: String,
        /// OKX's code; 0 if OKX did not say.
        code: ErrorCode,
        /// OKX's words.
        msg: String,
    },
}

/// Balances and positions that changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountNews {
    /// What changed.
    pub changes: Changes,
    /// The account as a whole, where OKX showed it.
    pub totals: Option<Totals>,
    /// OKX's time, Unix ms.
    pub ts_ms: Option<u64>,
}

/// The account as a whole, in USD (`account`). What OKX showed as `""` is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Totals {
    /// Total equity.
    pub total_eq: Option<Decimal>,
    /// Isolated equity.
    pub iso_eq: Option<Decimal>,
    /// Adjusted equity.
    pub adj_eq: Option<Decimal>,
    /// Equity that can be used.
    pub avail_eq: Option<Decimal>,
    /// Frozen by open orders.
    pub ord_froz: Option<Decimal>,
    /// Initial margin.
    pub imr: Option<Decimal>,
    /// Maintenance margin.
    pub mmr: Option<Decimal>,
    /// Margin ratio.
    pub mgn_ratio: Option<Decimal>,
    /// Value of positions.
    pub notional_usd: Option<Decimal>,
    /// Unrealised profit.
    pub upl: Option<Decimal>,
}

impl From<&AccountBalance<'_>> for Totals {
    fn from(row: &AccountBalance<'_>) -> Self {
        Self {
            total_eq: row.total_eq,
            iso_eq: row.iso_eq,
            adj_eq: row.adj_eq,
            avail_eq: row.avail_eq,
            ord_froz: row.ord_froz,
            imr: row.imr,
            mmr: row.mmr,
            mgn_ratio: row.mgn_ratio,
            notional_usd: row.notional_usd,
            upl: row.upl,
        }
    }
}

/// Greeks of one currency (`account-greeks`): `bs` in dollars, `pa` in coins.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Greeks {
    pub ccy: String,
    pub delta_bs: Option<Decimal>,
    pub delta_pa: Option<Decimal>,
    pub gamma_bs: Option<Decimal>,
    pub gamma_pa: Option<Decimal>,
    pub theta_bs: Option<Decimal>,
    pub theta_pa: Option<Decimal>,
    pub vega_bs: Option<Decimal>,
    pub vega_pa: Option<Decimal>,
    pub ts_ms: Option<u64>,
}

impl From<&AccountGreeks<'_>> for Greeks {
    fn from(row: &AccountGreeks<'_>) -> Self {
        Self {
            ccy: row.ccy.to_string(),
            delta_bs: row.delta_bs,
            delta_pa: row.delta_pa,
            gamma_bs: row.gamma_bs,
            gamma_pa: row.gamma_pa,
            theta_bs: row.theta_bs,
            theta_pa: row.theta_pa,
            vega_bs: row.vega_bs,
            vega_pa: row.vega_pa,
            ts_ms: row.ts_ms,
        }
    }
}

/// A position that is close to its liquidation (`liquidation-warning`): as OKX sees it, indicative only.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NearLiquidation {
    /// Kind of instrument.
    pub inst_type: Option<InstType>,
    /// Instrument.
    pub inst_id: InstId,
    /// Cross or isolated.
    pub mgn_mode: Option<MgnMode>,
    /// Net, long or short.
    pub pos_side: Option<PosSide>,
    /// Size; below 0 for a short one in net mode.
    pub pos: Option<Decimal>,
    /// Currency of the size (MARGIN).
    pub pos_ccy: String,
    /// Margin currency.
    pub ccy: String,
    /// Leverage.
    pub lever: Option<Decimal>,
    /// Mark price.
    pub mark_px: Option<Decimal>,
    /// Margin ratio.
    pub mgn_ratio: Option<Decimal>,
    /// When it was pushed, Unix ms.
    pub ts_ms: Option<u64>,
}

impl From<&LiquidationWarning<'_>> for NearLiquidation {
    fn from(row: &LiquidationWarning<'_>) -> Self {
        Self {
            inst_type: row.inst_type.clone(),
            inst_id: InstId::new(row.inst_id.as_str()),
            mgn_mode: row.mgn_mode.clone(),
            pos_side: row.pos_side,
            pos: row.pos,
            pos_ccy: row.pos_ccy.to_string(),
            ccy: row.ccy.to_string(),
            lever: row.lever,
            mark_px: row.mark_px,
            mgn_ratio: row.mgn_ratio,
            ts_ms: row.p_time_ms,
        }
    }
}

impl std::fmt::Display for NearLiquidation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = |number: Option<Decimal>| number.map_or_else(|| "?".to_owned(), |n| n.to_string());
        write!(
            f,
            "OKX warns of liquidation: position {} in {}, mark price {}, margin ratio {}: add margin or reduce the \
             position, or OKX closes it",
            number(self.pos),
            self.inst_id,
            number(self.mark_px),
            number(self.mgn_ratio)
        )
    }
}

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How loud.
    pub level: Level,
    /// A stable word for programs.
    pub code: &'static str,
    /// For people.
    pub text: String,
}

impl Note {
    pub(super) fn new(level: Level, code: &'static str, text: impl Into<String>) -> Self {
        Self { level, code, text: text.into() }
    }
}
