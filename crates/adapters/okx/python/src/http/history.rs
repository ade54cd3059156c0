//! Historical requests: Nautilus objects, oldest first.

use std::sync::Arc;

use okx_common::clock::{Clock, NANOS_PER_MILLI, SystemClock};
use okx_http::{
    HttpError, Skipped,
    endpoint::market::GetBooks,
    history::{CandleKind, CandleQuery, FundingQuery, Range, TradeQuery, opens_between},
};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyList};

use super::{HttpClient, complain, convert, known::Known, refused};
use crate::{
    bars::{LENGTHS, length_of},
    bridge,
    errors::{Class, Failure},
    handover::{self, Courier, wheel},
    stream::spec::Numbers,
};

type Answer<'py> = PyResult<Bound<'py, PyAny>>;

/// Bars that come where neither a start nor a limit is given.
const DEFAULT_BARS: usize = 100;
/// How far back funding rates go where neither a start nor a limit is given.
const DEFAULT_FUNDING_MS: u64 = 7 * 24 * 3_600_000;
/// Levels a side of `/market/books`.
const MAX_DEPTH: u32 = 400;

/// Nanoseconds both ends inclusive as milliseconds: what lies between two milliseconds belongs to neither.
pub(super) fn range_of(start_ns: Option<u64>, end_ns: Option<u64>, limit: Option<usize>) -> Range {
    let start_ms = start_ns.map(|ns| ns.div_ceil(NANOS_PER_MILLI));
    let end_ms = end_ns.map(|ns| ns / NANOS_PER_MILLI);
    Range { start_ms, end_ms, limit, ..Range::default() }
}

/// Which bars are wanted: the arguments of `request_bars`.
pub(super) struct BarWish<'a> {
    pub(super) start_ns: Option<u64>,
    pub(super) end_ns: Option<u64>,
    pub(super) limit: Option<usize>,
    pub(super) timestamp_on_close: bool,
    pub(super) include_forming: bool,
    pub(super) candle: &'a str,
    pub(super) adjust: &'a str,
}

/// What was made of rows, and what could not be.
struct Made<T> {
    items: Vec<T>,
    skipped: Vec<Skipped>,
}

impl<T> Made<T> {
    fn new(skipped: Vec<Skipped>) -> Self {
        Self { items: Vec::new(), skipped }
    }

    fn add(&mut self, at: usize, made: Result<T, String>) {
        match made {
            Ok(item) => self.items.push(item),
            Err(error) => self.skipped.push(Skipped { path: format!("row {at}"), error }),
        }
    }
}

/// The list of objects, after those that Nautilus cannot hold went to the log.
fn list<'py, T>(
    py: Python<'py>,
    what: &str,
    made: Made<T>,
    mut object: impl FnMut(T) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Py<PyAny>> {
    complain(py, what, &made.skipped)?;
    let list = PyList::empty(py);
    for item in made.items {
        list.append(object(item)?)?;
    }
    Ok(list.into_any().unbind())
}

fn now_ns() -> u64 {
    SystemClock::new().now().unix_ns
}

impl HttpClient {
    /// Candles as bars.
    pub(super) fn ask_bars<'py>(&self, bar_type: Bound<'py, PyAny>, wish: BarWish<'_>) -> Answer<'py> {
        let BarWish { start_ns, end_ns, limit, timestamp_on_close, include_forming, candle, adjust } = wish;
        let py = bar_type.py();
        let known = self.instruments.get(&bar_type.getattr("instrument_id")?)?;
        let bar = length_of(&bar_type)?
            .ok_or_else(|| refused(format!("{bar_type}: OKX has no candles of this length"), LENGTHS))?;
        let (kind, inst_id) = kind_of(candle, &known)?;
        let is_adjusted = match adjust {
            "none" => false,
            "forward" => true,
            other => return Err(PyValueError::new_err(format!("adjust is {other:?}: use none or forward"))),
        };
        let limit = limit.or(start_ns.is_none().then_some(DEFAULT_BARS));
        let mut range = range_of(start_ns, end_ns, limit);
        (range.start_ms, range.end_ms) = opens_between(bar, range.start_ms, range.end_ms, timestamp_on_close);
        let query =
            CandleQuery { kind, include_forming, is_adjusted, ..CandleQuery::new(inst_id, bar, range) };
        let numbers = Numbers::new(wheel(py)?.fixed_precision);
        let (client, what) = (self.client.clone(), format!("bars {bar_type}"));
        let work = async move {
            let rows = client.candles(&query, &mut |_| {}).await?;
            let (ts_init, mut made) = (now_ns(), Made::new(rows.skipped));
            for (at, candle) in rows.items.iter().enumerate() {
                made.add(at, convert::bar(candle, bar, timestamp_on_close, &known, &numbers, ts_init));
            }
            Ok::<_, HttpError>(made)
        };
        let bar_type = bar_type.unbind();
        bridge::spawn_with(py, work, move |py, made| {
            let (wheel, bar_type) = (wheel(py)?, bar_type.bind(py));
            list(py, &what, made, |row| wheel.bar(bar_type, &row))
        })
    }

    /// Trades as ticks.
    pub(super) fn ask_trades<'py>(&self, instrument_id: &Bound<'py, PyAny>, range: Range) -> Answer<'py> {
        let py = instrument_id.py();
        let known = self.instruments.get(instrument_id)?;
        let query = TradeQuery { inst_id: known.inst_id.clone(), range };
        let numbers = Numbers::new(wheel(py)?.fixed_precision);
        let (client, what, of) = (self.client.clone(), format!("trades of {instrument_id}"), known.clone());
        let work = async move {
            let rows = client.trades(&query, &mut |_| {}).await?;
            let (ts_init, mut made) = (now_ns(), Made::new(rows.skipped));
            for (at, row) in rows.items.iter().enumerate() {
                made.add(at, convert::trade(row, &of, &numbers, ts_init));
            }
            Ok::<_, HttpError>(made)
        };
        bridge::spawn_with(py, work, move |py, made| {
            let mut courier = Courier::new(py)?;
            list(py, &what, made, |row| courier.trade(py, &known.reference, row))
        })
    }

    /// Settled funding rates.
    pub(super) fn ask_funding_rates<'py>(
        &self,
        instrument_id: &Bound<'py, PyAny>,
        mut range: Range,
    ) -> Answer<'py> {
        let py = instrument_id.py();
        let known = self.instruments.get(instrument_id)?;
        if range.start_ms.is_none() && range.limit.is_none() {
            let end_ms = range.end_ms.unwrap_or_else(|| now_ns() / NANOS_PER_MILLI);
            range.start_ms = Some(end_ms.saturating_sub(DEFAULT_FUNDING_MS));
        }
        let query = FundingQuery { inst_id: known.inst_id.clone(), range };
        let (client, what) = (self.client.clone(), format!("funding rates of {instrument_id}"));
        let work = async move {
            let rows = client.funding_rates(&query, &mut |_| {}).await?;
            let mut made = Made::new(rows.skipped);
            for (at, funding) in convert::fundings(&rows.items).into_iter().enumerate() {
                made.add(at, funding);
            }
            Ok::<_, HttpError>(made)
        };
        bridge::spawn_with(py, work, move |py, made| {
            let id = known.reference.object().bind(py);
            // As the stock adapter has it: history is initialised when it happened.
            list(py, &what, made, |f| {
                handover::funding_rate(id, f.rate, f.interval_mins, None, f.ts_event, f.ts_event)
            })
        })
    }

    /// The book as changes.
    pub(super) fn ask_book_snapshot<'py>(
        &self,
        instrument_id: &Bound<'py, PyAny>,
        depth: u32,
    ) -> Answer<'py> {
        let py = instrument_id.py();
        if !(1..=MAX_DEPTH).contains(&depth) {
            return Err(PyValueError::new_err(format!("depth is {depth}: use 1 to {MAX_DEPTH}")));
        }
        let known = self.instruments.get(instrument_id)?;
        let numbers = Numbers::new(wheel(py)?.fixed_precision);
        let (client, of) = (self.client.clone(), known.clone());
        let work = async move {
            let request = GetBooks { sz: Some(depth), ..GetBooks::new(of.inst_id.clone()) };
            let rows = client.get(&request).await?;
            let reason = rows.skipped.first().map_or_else(|| "no book came".to_owned(), ToString::to_string);
            let book = rows.items.first().ok_or(reason);
            book.and_then(|book| convert::snapshot(book, &of, &numbers, now_ns())).map_err(|reason| {
                Failure::new(Class::Decode, "decode", format!("book of {}: {reason}", of.inst_id))
                    .advice("ask again; if it stays, report the message")
            })
        };
        bridge::spawn_with(py, work, move |py, rows| {
            let mut courier = Courier::new(py)?;
            courier.rows().extend(rows);
            Ok(courier.deltas(py, &known.reference)?.unbind())
        })
    }
}

/// Whose candles, and of what.
fn kind_of(candle: &str, known: &Arc<Known>) -> PyResult<(CandleKind, okx_common::ids::InstId)> {
    match candle {
        "last" => Ok((CandleKind::Last, known.inst_id.clone())),
        "mark" => Ok((CandleKind::Mark, known.inst_id.clone())),
        "index" => known.index_inst_id.clone().map(|index| (CandleKind::Index, index)).ok_or_else(|| {
            refused(
                format!("{} ({}) has no index", known.inst_id, known.inst_type),
                "register it with index_inst_id",
            )
        }),
        other => Err(PyValueError::new_err(format!("candle is {other:?}: use last, mark or index"))),
    }
}
