//! What the account and its configuration say about every order.

use okx_common::{
    decimal::Decimal,
    enums::{AcctLv, InstType, MgnMode, PosMode, StpMode, TdMode},
    ids::Ccy,
    instrument::Instrument,
};

use super::params::OrderParams;

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Route {
    /// Over the private WebSocket.
    #[default]
    Ws,
    /// Over REST.
    Http,
}

/// The account, as `/account/config` and the client's configuration tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountContext {
    /// `acctLv`.
    pub acct_lv: AcctLv,
    /// `posMode`.
    pub pos_mode: PosMode,
    /// Cross or isolated, where both are possible and the order does not say; cross if not configured.
    pub margin_mode: Option<MgnMode>,
    /// Spot pairs are traded with borrowed money.
    pub spot_margin: bool,
    /// Margin currency of cross MARGIN orders in futures mode; the pair's quote currency if not configured.
    pub margin_ccy: Option<Ccy>,
    /// Tag of all orders.
    pub tag: Option<String>,
    /// Self-trade prevention of all orders; the account's setting if not configured.
    pub stp_mode: Option<StpMode>,
    /// Which way orders go that do not say.
    pub route: Route,
    /// GTD orders rest until cancelled: the strategy expires them itself.
    pub gtd_as_gtc: bool,
}

impl Default for AccountContext {
    fn default() -> Self {
        Self {
            acct_lv: AcctLv::Futures,
            pos_mode: PosMode::Net,
            margin_mode: None,
            spot_margin: false,
            margin_ccy: None,
            tag: None,
            stp_mode: None,
            route: Route::Ws,
            gtd_as_gtc: false,
        }
    }
}

/// The prices that OKX takes at the moment (`price-limit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceBand {
    /// The highest price of a buy.
    pub buy_max: Decimal,
    /// The lowest price of a sell.
    pub sell_min: Decimal,
}

/// What is traded, in the sense of OKX's rules for orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// A pair, bought and sold.
    Spot,
    /// A pair, with borrowed money.
    Margin,
    /// A perpetual contract.
    Swap,
    /// A contract with an expiry.
    Futures,
    /// An option.
    Option,
    /// An event contract.
    Events,
    /// A spread.
    Spread,
}

impl Product {
    /// What an order on the instrument is. A pair counts as MARGIN if the order or the configuration says so: the ids are the
    /// same.
    #[must_use]
    pub fn of(instrument: &Instrument, account: &AccountContext, params: &OrderParams) -> Self {
        match instrument.inst_type {
            InstType::Swap => Self::Swap,
            InstType::Futures => Self::Futures,
            InstType::Option => Self::Option,
            InstType::Events => Self::Events,
            InstType::Margin => Self::Margin,
            _ => {
                let said = match (&params.td_mode, &account.acct_lv) {
                    (Some(TdMode::Cash | TdMode::SpotIsolated), _) => Some(false),
                    // In the multi-currency modes spot orders are cross too.
                    (Some(TdMode::Cross), AcctLv::MultiCurrency | AcctLv::Portfolio) => None,
                    (Some(TdMode::Cross | TdMode::Isolated), _) => Some(true),
                    _ => None,
                };
                if said.unwrap_or(account.spot_margin) { Self::Margin } else { Self::Spot }
            }
        }
    }

    /// Whether sizes are contracts.
    #[must_use]
    pub const fn is_derivative(self) -> bool {
        matches!(self, Self::Swap | Self::Futures | Self::Option | Self::Events)
    }

    /// Whether OKX takes strategy orders on it that wait for a trigger. MARGIN refuses `trigger` (51317).
    #[must_use]
    pub const fn takes_triggers(self) -> bool {
        matches!(self, Self::Spot | Self::Swap | Self::Futures)
    }

    /// OKX's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spot => "SPOT",
            Self::Margin => "MARGIN",
            Self::Swap => "SWAP",
            Self::Futures => "FUTURES",
            Self::Option => "OPTION",
            Self::Events => "EVENTS",
            Self::Spread => "spreads",
        }
    }
}

impl std::fmt::Display for Product {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
