//! The market-data endpoints (reference 4.2, 4.3, 11). The exchange in front has checked method, signature and limits.

mod history;
mod instruments;
mod market;
mod option;
mod public;
mod recorded;
mod spread;

use bytes::Bytes;

use super::{
    Venue,
    catalogue::{Kind, Listing},
    kind_of,
    series::{Book, Series},
};
use crate::market::MarketError;

pub(super) use instruments::channel_row;
pub(super) use option::{trade_row as option_trade_row, watched_options};
pub(super) use recorded::{calendar_row, market_change};

/// JSON text of a `data` array, or a refusal.
type Answer = Result<String, MarketError>;

/// Parameters by name; absent ones are empty, as OKX treats them.
struct Params<'a>(&'a [(String, String)]);

impl<'a> Params<'a> {
    fn get(&self, name: &str) -> &'a str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    fn need(&self, name: &str) -> Result<&'a str, MarketError> {
        match self.get(name) {
            "" => Err(refuse(400, "50014", format!("Parameter {name} can not be empty"))),
            value => Ok(value),
        }
    }

    /// A whole number; `None` if absent.
    fn number(&self, name: &str) -> Result<Option<u64>, MarketError> {
        match self.get(name) {
            "" => Ok(None),
            value => value.parse().map(Some).map_err(|_| wrong(name)),
        }
    }

    /// `limit`, or another count: this much by default, and never more than that.
    fn count(&self, name: &str, default: usize, most: usize) -> Result<usize, MarketError> {
        let wanted = self.number(name)?.map_or(default, |n| usize::try_from(n).unwrap_or(most));
        if wanted == 0 { Ok(default) } else { Ok(wanted.min(most)) }
    }

    fn kind(&self, allowed: &[Kind]) -> Result<Kind, MarketError> {
        let name = self.need("instType")?;
        kind_of(name).filter(|kind| allowed.contains(kind)).ok_or_else(|| wrong("instType"))
    }
}

fn refuse(http: u16, code: &str, msg: impl Into<String>) -> MarketError {
    MarketError { http, code: code.to_owned(), msg: msg.into() }
}

/// A parameter has a value OKX does not take.
fn wrong(name: &str) -> MarketError {
    refuse(400, "51000", format!("Parameter {name} error"))
}

/// There is no such instrument.
fn unknown() -> MarketError {
    refuse(200, "51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.")
}

/// Rows newest first, between `before` (newer than) and `after` (older than), at most `limit`.
fn page(
    rows: impl Iterator<Item = (u64, String)>,
    params: &Params<'_>,
    default: usize,
    most: usize,
) -> Result<String, MarketError> {
    let (after, before) =
        (params.number("after")?.unwrap_or(u64::MAX), params.number("before")?.unwrap_or(0));
    let limit = params.count("limit", default, most)?;
    let inside = rows.filter(|(key, _)| *key < after && (*key > before || before == 0));
    Ok(inside.take(limit).map(|(_, row)| row).collect::<Vec<_>>().join(","))
}

/// The instrument a request names.
fn listing<'v>(venue: &'v Venue, id: &str) -> Result<&'v Listing, MarketError> {
    venue.catalogue.find(id).filter(|l| l.exp_ms > venue.now_ms()).ok_or_else(unknown)
}

/// Its market, kept for the next time; `None` as long as it is only announced.
fn series<'v>(venue: &'v mut Venue, id: &str) -> Result<Option<&'v Series>, MarketError> {
    listing(venue, id)?;
    Ok(venue.keep(id).map(|s| &*s))
}

/// The book as REST and `books` have it, and its `seqId`.
pub(super) fn book_of(venue: &Venue, series: &Series, depth: usize) -> (Book, i64) {
    let at_us = series.settled_us(venue.now_us, false);
    let step = series.step_at(at_us);
    let book = if venue.is_open(&series.id) { series.book(step, depth) } else { Book::default() };
    (book, series.seq(step))
}

/// Answers a request; `None` for a path the market does not serve.
pub(super) fn answer(
    venue: &mut Venue,
    path: &str,
    params: &[(String, String)],
) -> Option<Result<Bytes, MarketError>> {
    let params = Params(params);
    let rows = match path.rsplit_once('/')?.0 {
        "/market" => market::answer(venue, path, &params).or_else(|| history::answer(venue, path, &params)),
        "/public" | "/account" => public::answer(venue, path, &params),
        _ => None,
    };
    let rows = rows
        .or_else(|| option::answer(venue, path, &params))
        .or_else(|| spread::answer(venue, path, &params))
        .or_else(|| recorded::answer(venue, path, &params))?;
    let envelope = |rows: String| {
        // The components of an index are an object, everything else is a list.
        let data = if rows.starts_with("{\"components\"") { rows } else { format!("[{rows}]") };
        Bytes::from(format!("{{\"code\":\"0\",\"data\":{data},\"msg\":\"\"}}"))
    };
    Some(rows.map(envelope))
}
