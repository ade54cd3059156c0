//! What can be said about one order beyond what Nautilus models (`SubmitOrder.params`).

use okx_common::{
    decimal::Decimal,
    enums::{OrdType, PosSide, StpMode, TdMode, TriggerPxType},
    ids::{AlgoClOrdId, Ccy},
    order::{EventSide, PxAmendType, TpOrdKind, is_legal_id, is_legal_tag},
};
use serde_json::{Map, Value};

use super::context::Route;

/// Why a parameter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("order parameter {key}={value}: {reason}")]
pub struct ParamError {
    /// The key.
    pub key: String,
    /// The value as given.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Parameters of one order. `None` leaves the choice to the account's settings or to OKX.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderParams {
    /// `td_mode`.
    pub td_mode: Option<TdMode>,
    /// `ccy`, the margin currency.
    pub ccy: Option<Ccy>,
    /// `pos_side`, in long/short mode.
    pub pos_side: Option<PosSide>,
    /// `tag`.
    pub tag: Option<String>,
    /// `stp_mode`.
    pub stp_mode: Option<StpMode>,
    /// `ord_type`: `optimal_limit_ioc`, `rpi`, `mmp`, `mmp_and_post_only`.
    pub ord_type: Option<OrdType>,
    /// `px_usd`, the price of an option in USD instead of coin.
    pub px_usd: Option<Decimal>,
    /// `px_vol`, the price of an option as volatility instead of coin.
    pub px_vol: Option<Decimal>,
    /// `outcome` of an event contract.
    pub outcome: Option<EventSide>,
    /// `slippage_pct`, as a fraction.
    pub slippage_pct: Option<Decimal>,
    /// `ban_amend`.
    pub ban_amend: Option<bool>,
    /// `px_amend_type`.
    pub px_amend_type: Option<PxAmendType>,
    /// `trade_quote_ccy`.
    pub trade_quote_ccy: Option<Ccy>,
    /// `rpi_taker_access`.
    pub rpi_taker_access: Option<bool>,
    /// `rpi_px_round`.
    pub rpi_px_round: Option<bool>,
    /// `close_fraction`: a stop closes the whole position.
    pub close_fraction: bool,
    /// `cxl_on_close_pos`: such a stop vanishes with the position.
    pub cxl_on_close_pos: Option<bool>,
    /// `route`: `ws` or `http`.
    pub route: Option<Route>,
    /// `tp_…` and `sl_…`: a take profit, a stop loss.
    pub attached: AttachedParams,
}

/// `tp_…` and `sl_…`: what is attached to the order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttachedParams {
    /// `attach_algo_cl_ord_id`.
    pub cl_ord_id: Option<AlgoClOrdId>,
    /// `tp_trigger_px`.
    pub tp_trigger_px: Option<Decimal>,
    /// `tp_ord_px`; -1 or nothing for the market.
    pub tp_ord_px: Option<Decimal>,
    /// `tp_ord_kind`.
    pub tp_ord_kind: Option<TpOrdKind>,
    /// `tp_trigger_px_type`.
    pub tp_trigger_px_type: Option<TriggerPxType>,
    /// `sl_trigger_px`.
    pub sl_trigger_px: Option<Decimal>,
    /// `sl_ord_px`; -1 or nothing for the market.
    pub sl_ord_px: Option<Decimal>,
    /// `sl_trigger_px_type`.
    pub sl_trigger_px_type: Option<TriggerPxType>,
}

impl AttachedParams {
    /// Whether there is neither take profit nor stop loss.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl OrderParams {
    /// Reads parameters. Keys that are not known are answered beside, to be warned of once.
    ///
    /// # Errors
    /// A key that is known with a value that OKX does not take.
    pub fn from_json(params: &Map<String, Value>) -> Result<(Self, Vec<String>), ParamError> {
        let mut read = Self::default();
        let mut unknown = Vec::new();
        for (key, value) in params {
            if value.is_null() {
                continue;
            }
            if !read.set(&Given { key, value })? {
                unknown.push(key.to_string());
            }
        }
        Ok((read, unknown))
    }

    fn set(&mut self, given: &Given<'_>) -> Result<bool, ParamError> {
        let attached = &mut self.attached;
        match given.key {
            "td_mode" => self.td_mode = Some(given.open(TdMode::WIRE)?),
            "ccy" => self.ccy = Some(Ccy::from(given.word()?)),
            "pos_side" => self.pos_side = Some(given.closed(PosSide::WIRE)?),
            "tag" => self.tag = Some(given.checked(is_legal_tag, "up to 16 letters and digits")?),
            "stp_mode" => self.stp_mode = Some(given.open(StpMode::WIRE)?),
            "ord_type" => {
                self.ord_type =
                    Some(given.open(&["optimal_limit_ioc", "rpi", "mmp", "mmp_and_post_only"])?);
            }
            "px_usd" => self.px_usd = Some(given.positive()?),
            "px_vol" => self.px_vol = Some(given.positive()?),
            "outcome" => self.outcome = Some(given.closed(EventSide::WIRE)?),
            "slippage_pct" => self.slippage_pct = Some(given.slippage()?),
            "ban_amend" => self.ban_amend = Some(given.flag()?),
            "px_amend_type" => self.px_amend_type = Some(given.closed(PxAmendType::WIRE)?),
            "trade_quote_ccy" => self.trade_quote_ccy = Some(Ccy::from(given.word()?)),
            "rpi_taker_access" => self.rpi_taker_access = Some(given.flag()?),
            "rpi_px_round" => self.rpi_px_round = Some(given.flag()?),
            "close_fraction" => self.close_fraction = given.flag()?,
            "cxl_on_close_pos" => self.cxl_on_close_pos = Some(given.flag()?),
            "route" => self.route = Some(given.route()?),
            "attach_algo_cl_ord_id" => {
                let id = given.checked(is_legal_id, "1 to 32 letters and digits")?;
                attached.cl_ord_id = Some(AlgoClOrdId::from(id));
            }
            "tp_trigger_px" => attached.tp_trigger_px = Some(given.positive()?),
            "tp_ord_px" => attached.tp_ord_px = Some(given.decimal()?),
            "tp_ord_kind" => attached.tp_ord_kind = Some(given.closed(TpOrdKind::WIRE)?),
            "tp_trigger_px_type" => attached.tp_trigger_px_type = Some(given.open(TriggerPxType::WIRE)?),
            "sl_trigger_px" => attached.sl_trigger_px = Some(given.positive()?),
            "sl_ord_px" => attached.sl_ord_px = Some(given.decimal()?),
            "sl_trigger_px_type" => attached.sl_trigger_px_type = Some(given.open(TriggerPxType::WIRE)?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// A key with its value.
struct Given<'a> {
    key: &'a str,
    value: &'a Value,
}

impl Given<'_> {
    fn error(&self, reason: impl Into<String>) -> ParamError {
        ParamError { key: self.key.to_owned(), value: self.value.to_string(), reason: reason.into() }
    }

    fn word(&self) -> Result<String, ParamError> {
        match self.value {
            Value::String(text) if !text.is_empty() => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            _ => Err(self.error("text is expected")),
        }
    }

    fn one_of(&self, words: &[&str]) -> Result<String, ParamError> {
        let word = self.word()?;
        if words.contains(&word.as_str()) {
            Ok(word)
        } else {
            Err(self.error(format!("one of {} is expected", words.join(", "))))
        }
    }

    fn open<T: for<'t> From<&'t str>>(&self, words: &[&str]) -> Result<T, ParamError> {
        Ok(T::from(&self.one_of(words)?))
    }

    fn closed<T: std::str::FromStr>(&self, words: &[&str]) -> Result<T, ParamError> {
        self.one_of(words)?.parse().map_err(|_| self.error("not understood"))
    }

    fn checked(&self, is_legal: fn(&str) -> bool, rule: &str) -> Result<String, ParamError> {
        let word = self.word()?;
        if is_legal(&word) { Ok(word) } else { Err(self.error(format!("{rule} are expected"))) }
    }

    fn decimal(&self) -> Result<Decimal, ParamError> {
        self.word()?.parse().map_err(|e: okx_common::decimal::DecimalError| self.error(e.to_string()))
    }

    fn positive(&self) -> Result<Decimal, ParamError> {
        let number = self.decimal()?;
        if number.is_positive() { Ok(number) } else { Err(self.error("a number above 0 is expected")) }
    }

    fn slippage(&self) -> Result<Decimal, ParamError> {
        let number = self.decimal()?;
        let most = Decimal::new(5, 2).map_err(|e| self.error(e.to_string()))?;
        if number.is_negative() || number > most || number.precision() > 4 {
            return Err(self.error("a fraction from 0 to 0.05 with up to 4 digits is expected"));
        }
        Ok(number)
    }

    fn flag(&self) -> Result<bool, ParamError> {
        match self.word()?.as_str() {
            "true" | "True" | "1" => Ok(true),
            "false" | "False" | "0" => Ok(false),
            _ => Err(self.error("true or false is expected")),
        }
    }

    fn route(&self) -> Result<Route, ParamError> {
        match self.word()?.as_str() {
            "ws" => Ok(Route::Ws),
            "http" => Ok(Route::Http),
            _ => Err(self.error("ws or http is expected")),
        }
    }
}
