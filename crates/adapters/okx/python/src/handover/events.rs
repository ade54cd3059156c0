//! Rare objects, by their Python constructors.

use okx_common::{decimal::Decimal, enums::InstState};
use pyo3::{intern, prelude::*, sync::PyOnceLock, types::PyDict};

use crate::rows;

const DATA: &str = "nautilus_trader.model.data";
const ENUMS: &str = "nautilus_trader.model.enums";
const NATIVE: &str = "nautilus_trader.core.nautilus_pyo3";

/// A `FundingRateUpdate`. The interval is in minutes, the next funding in Unix ns.
///
/// # Errors
/// If the constructor refuses.
pub fn funding_rate<'py>(
    instrument_id: &Bound<'py, PyAny>,
    rate: Decimal,
    interval_mins: Option<u64>,
    next_funding_ns: Option<u64>,
    ts_event: u64,
    ts_init: u64,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = instrument_id.py();
    let rate = rows::decimal(py, &rate.to_string())?;
    CLASS.import(py, DATA, "FundingRateUpdate")?.call1((
        instrument_id,
        rate,
        ts_event,
        ts_init,
        interval_mins,
        next_funding_ns,
    ))
}

/// What an `InstrumentStatus` says of a state of OKX (OKX API v5, "Get instruments", `state`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Name of the `MarketStatusAction`.
    pub action: &'static str,
    /// Whether trades happen.
    pub is_trading: bool,
    /// Whether orders are taken.
    pub is_quoting: bool,
}

impl Status {
    /// Of this state; `None` for one that OKX does not document.
    #[must_use]
    pub const fn of(state: &InstState) -> Option<Self> {
        let (action, is_trading, is_quoting) = match state {
            InstState::Live => ("TRADING", true, true),
            InstState::Suspend => ("SUSPEND", false, false),
            InstState::Preopen => ("PRE_OPEN", false, false),
            InstState::PostOnly => ("QUOTING", false, true),
            InstState::Rebase => ("PAUSE", false, false),
            InstState::Settling => ("PAUSE", false, false),
            InstState::Expired => ("CLOSE", false, false),
            InstState::Test => ("NOT_AVAILABLE_FOR_TRADING", false, false),
            _ => return None,
        };
        Some(Self { action, is_trading, is_quoting })
    }
}

/// An `InstrumentStatus`; the state in OKX's words is its reason.
///
/// # Errors
/// If the constructor refuses.
pub fn instrument_status<'py>(
    instrument_id: &Bound<'py, PyAny>,
    state: &InstState,
    ts_event: u64,
    ts_init: u64,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static ACTIONS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = instrument_id.py();
    let status = Status::of(state);
    let action = status.map_or("NOT_AVAILABLE_FOR_TRADING", |s| s.action);
    let named = PyDict::new(py);
    named.set_item(intern!(py, "reason"), state.as_str())?;
    named.set_item(intern!(py, "is_trading"), status.map(|s| s.is_trading))?;
    named.set_item(intern!(py, "is_quoting"), status.map(|s| s.is_quoting))?;
    let action = ACTIONS.import(py, ENUMS, "MarketStatusAction")?.getattr(action)?;
    CLASS.import(py, DATA, "InstrumentStatus")?.call((instrument_id, action, ts_event, ts_init), Some(&named))
}

/// What an `OptionGreeks` is made of. Volatilities as fractions, the price in US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Greeks {
    /// Delta.
    pub delta: f64,
    /// Gamma.
    pub gamma: f64,
    /// Vega.
    pub vega: f64,
    /// Theta.
    pub theta: f64,
    /// Volatility of the mark price.
    pub mark_iv: Option<f64>,
    /// Volatility of the best bid.
    pub bid_iv: Option<f64>,
    /// Volatility of the best ask.
    pub ask_iv: Option<f64>,
    /// Forward price of the underlying.
    pub underlying_price: Option<f64>,
    /// Price-adjusted (in coins) instead of Black-Scholes (in US dollars).
    pub is_price_adjusted: bool,
}

/// An `OptionGreeks`. OKX publishes no rho (0 here) and no open interest with them.
///
/// # Errors
/// If the constructor refuses.
pub fn option_greeks<'py>(
    instrument_id: &Bound<'py, PyAny>,
    greeks: &Greeks,
    ts_event: u64,
    ts_init: u64,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static CONVENTIONS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = instrument_id.py();
    let convention = if greeks.is_price_adjusted { "PRICE_ADJUSTED" } else { "BLACK_SCHOLES" };
    let named = PyDict::new(py);
    let conventions = CONVENTIONS.import(py, NATIVE, "GreeksConvention")?;
    named.set_item(intern!(py, "convention"), conventions.getattr(convention)?)?;
    CLASS.import(py, DATA, "OptionGreeks")?.call(
        (
            instrument_id,
            greeks.delta,
            greeks.gamma,
            greeks.vega,
            greeks.theta,
            0.0,
            greeks.mark_iv,
            greeks.bid_iv,
            greeks.ask_iv,
            greeks.underlying_price,
            None::<f64>,
            ts_event,
        ),
        Some(&{
            named.set_item(intern!(py, "ts_init"), ts_init)?;
            named
        }),
    )
}
