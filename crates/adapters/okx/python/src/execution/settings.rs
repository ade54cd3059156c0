//! The settings of a stream, from a dict.

use okx_common::{
    enums::{AcctLv, MgnMode, PosMode, StpMode},
    ids::Ccy,
    order::is_legal_tag,
};
use okx_core::{
    desk::{DeskConfig, Extras},
    orders::context::{AccountContext, Route},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyInt},
};

use crate::arguments::refused;

/// What can be set at the start only.
const AT_START: [&str; 6] = ["exp_time_ms", "unlimited", "fills", "spreads", "greeks", "keep_closed_max"];

/// What was set that is no mode of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The sub-account's limit in 2 s.
    pub account: Option<u32>,
}

/// Takes the settings of the constructor.
///
/// # Errors
/// `ValueError` for a key that is not known, or a value that cannot be used.
pub fn set_all(config: &mut DeskConfig, settings: &Bound<'_, PyDict>) -> PyResult<()> {
    let mut limits = Limits::default();
    for (key, value) in settings {
        let key: String = key.extract()?;
        if value.is_none() || set_mode(&mut config.account, &mut limits, &key, &value)? {
            continue;
        }
        match key.as_str() {
            "exp_time_ms" => config.exp_time_ms = Some(positive(&key, &value)?),
            "unlimited" => config.gate.unlimited = value.is_truthy()?,
            "fills" => config.extras = Extras { fills: value.is_truthy()?, ..config.extras },
            "spreads" => config.extras = Extras { spreads: value.is_truthy()?, ..config.extras },
            "greeks" => config.extras = Extras { greeks: value.is_truthy()?, ..config.extras },
            "keep_closed_max" => {
                config.tracker.keep_closed_max =
                    usize::try_from(positive(&key, &value)?).unwrap_or(usize::MAX);
            }
            _ => return Err(refused(format!("unknown setting {key:?}"))),
        }
    }
    if let Some(limit) = limits.account {
        config.gate.account_limit = limit;
    }
    Ok(())
}

/// Takes modes of the account that have become known, or have changed.
///
/// # Errors
/// `ValueError` also for what can be set at the start only.
pub fn change(account: &mut AccountContext, settings: &Bound<'_, PyDict>) -> PyResult<Limits> {
    let mut limits = Limits::default();
    let mut changed = account.clone();
    for (key, value) in settings {
        let key: String = key.extract()?;
        if value.is_none() || set_mode(&mut changed, &mut limits, &key, &value)? {
            continue;
        }
        if AT_START.contains(&key.as_str()) {
            return Err(refused(format!("{key} cannot be changed: make a new stream")));
        }
        return Err(refused(format!("unknown setting {key:?}")));
    }
    *account = changed;
    Ok(limits)
}

fn set_mode(
    account: &mut AccountContext,
    limits: &mut Limits,
    key: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    match key {
        "acct_lv" => account.acct_lv = one(key, value, AcctLv::WIRE)?,
        "pos_mode" => account.pos_mode = one(key, value, PosMode::WIRE)?,
        "margin_mode" => account.margin_mode = Some(one(key, value, MgnMode::WIRE)?),
        "spot_margin" => account.spot_margin = value.is_truthy()?,
        "margin_ccy" => account.margin_ccy = Some(Ccy::from(text(value)?)),
        "tag" => {
            let tag = text(value)?;
            if !is_legal_tag(&tag) {
                return Err(refused(format!("tag is {tag:?}: use up to 16 letters and digits")));
            }
            account.tag = Some(tag);
        }
        "stp_mode" => account.stp_mode = Some(one(key, value, StpMode::WIRE)?),
        "route" => {
            account.route = match word(key, value, &["ws", "http"])?.as_str() {
                "ws" => Route::Ws,
                _ => Route::Http,
            };
        }
        "gtd_as_gtc" => account.gtd_as_gtc = value.is_truthy()?,
        "account_limit" => {
            limits.account = Some(u32::try_from(positive(key, value)?).unwrap_or(u32::MAX));
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.cast::<PyInt>().is_ok() { Ok(value.str()?.to_string()) } else { Ok(value.extract()?) }
}

fn word(key: &str, value: &Bound<'_, PyAny>, words: &[&str]) -> PyResult<String> {
    let word = text(value)?;
    if words.contains(&word.as_str()) {
        Ok(word)
    } else {
        Err(refused(format!("{key} is {word:?}: use {}", words.join(", "))))
    }
}

fn one<T: std::str::FromStr>(key: &str, value: &Bound<'_, PyAny>, words: &[&str]) -> PyResult<T> {
    let word = word(key, value, words)?;
    word.parse().map_err(|_| refused(format!("{key} is {word:?}: OKX does not know it")))
}

fn positive(key: &str, value: &Bound<'_, PyAny>) -> PyResult<u64> {
    match value.extract::<u64>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(refused(format!("{key} is {value}: use a whole number above 0"))),
    }
}
