//! Pushes to structs.

use okx_common::{clock::Now, enums::Side};
use okx_core::{
    bars::BarVerdict,
    book::{BookSide, ChangeAction, F_LAST, F_SNAPSHOT, GapReason, Verdict, changes},
};
use okx_ws::{
    Payload,
    message::{BookMsg, Candle, Data, Level, Trade as WireTrade},
    session::Generation,
};

use super::Options;
use crate::{
    handover::{
        BarRow, BookOrder, DEPTH, Delta, Depth10, Greeks, Price, PriceUpdate, Quantity, Quote, Status, Trade,
        TradeId,
    },
    stream::{
        item::{Funding, Object, Sink},
        route::{BarRoute, BookRoute, Route, Slots, StatusRoute, Target},
        spec::{Numbers, Slot, Spec, nanos},
    },
};

/// What all converters need.
pub(super) struct Context<'a> {
    pub instruments: &'a [Option<Spec>],
    pub options: &'a Options,
    pub generation: Generation,
    pub now: Now,
}

/// What a push came to, beyond what went into the sink.
pub(super) enum Outcome {
    Done,
    /// Rows could not be used, for these reasons.
    Skipped(Vec<String>),
    /// A first snapshot.
    Whole,
    /// A snapshot after a gap.
    Recovered,
    /// The book is broken.
    Gap {
        reason: String,
        resubscribe: bool,
        last_seq_id: Option<i64>,
        is_checksum: bool,
    },
    /// The mailbox had no room for changes of the book.
    NoRoom,
}

impl Outcome {
    pub fn of(verdict: Verdict, last_seq_id: Option<i64>) -> Self {
        match verdict {
            Verdict::Gap { reason, resubscribe } => Self::Gap {
                reason: reason.to_string(),
                resubscribe,
                last_seq_id,
                is_checksum: matches!(reason, GapReason::Checksum { .. }),
            },
            Verdict::Snapshot { recovered: true } => Self::Recovered,
            Verdict::Snapshot { recovered: false } => Self::Whole,
            Verdict::Update { .. } | Verdict::Ignore(_) => Self::Done,
        }
    }

    /// Adds why a row was left out.
    #[cold]
    fn skip(&mut self, reason: impl ToString) {
        match self {
            Self::Skipped(reasons) => reasons.push(reason.to_string()),
            _ => *self = Self::Skipped(vec![reason.to_string()]),
        }
    }
}

impl Context<'_> {
    #[inline]
    fn spec(&self, slot: Slot) -> Option<&Spec> {
        self.instruments.get(slot as usize)?.as_ref()
    }

    const fn numbers(&self) -> &Numbers {
        &self.options.numbers
    }
}

/// Gives what a push means to the sink.
#[inline]
pub(super) fn convert(
    route: &mut Route,
    data: &Data<'_>,
    context: &Context<'_>,
    sink: &mut impl Sink,
) -> Outcome {
    let mut outcome = Outcome::Done;
    match (&mut route.to, &data.payload) {
        (Target::Book(book), Payload::Books(books)) => {
            for msg in books.iter() {
                outcome = book_push(book, &msg, context, sink);
            }
        }
        (Target::Quotes(to), Payload::Books(books)) => {
            for msg in books.iter() {
                quote(to, &msg, context, sink).unwrap_or_else(|reason| outcome.skip(reason));
            }
        }
        (Target::Trades(trades), Payload::Trades(rows)) => {
            for row in rows {
                if trades.filter.is_new(context.generation, &row.trade_id) {
                    trade(&trades.to, row, context, sink).unwrap_or_else(|reason| outcome.skip(reason));
                }
            }
        }
        (Target::Bars(bars), Payload::Candles(rows)) => {
            for row in *rows {
                bar(bars, row, context, sink).unwrap_or_else(|reason| outcome.skip(reason));
            }
        }
        (Target::Marks(to), Payload::MarkPrices(rows)) => {
            for row in rows {
                for slot in to.iter() {
                    let made = reference(*slot, row.mark_px, row.ts_ms, context);
                    match made {
                        Ok(Some(update)) => drop_result(sink.object(*slot, Object::Mark(update))),
                        Ok(None) => {}
                        Err(reason) => outcome.skip(reason),
                    }
                }
            }
        }
        (Target::Indexes(to), Payload::IndexTickers(rows)) => {
            for row in rows {
                for slot in to.iter() {
                    match reference(*slot, row.idx_px, row.ts_ms, context) {
                        Ok(Some(update)) => drop_result(sink.object(*slot, Object::Index(update))),
                        Ok(None) => {}
                        Err(reason) => outcome.skip(reason),
                    }
                }
            }
        }
        (Target::Fundings(to), Payload::FundingRates(rows)) => {
            for row in rows {
                match funding(row, context.now) {
                    Ok(funding) => {
                        to.iter().for_each(|slot| drop_result(sink.object(*slot, Object::Funding(funding))));
                    }
                    Err(reason) => outcome.skip(reason),
                }
            }
        }
        (Target::Statuses(statuses), Payload::Instruments(rows)) => {
            for row in rows {
                status(statuses, row, context.now, sink);
            }
        }
        (Target::Greeks(to), Payload::OptSummaries(rows)) => {
            for row in rows {
                let Some(wishes) = to.get(row.inst_id.as_str()) else { continue };
                for (slot, conventions) in wishes {
                    let pair = [(conventions.black_scholes, false), (conventions.price_adjusted, true)];
                    for is_price_adjusted in pair.iter().filter(|(wanted, _)| *wanted).map(|(_, pa)| *pa) {
                        match greeks(row, is_price_adjusted, context.now) {
                            Ok(object) => drop_result(sink.object(*slot, object)),
                            Err(reason) => outcome.skip(reason),
                        }
                    }
                }
            }
        }
        _ => {}
    }
    outcome
}

/// A full mailbox counts what it drops.
#[inline]
fn drop_result(_: bool) {}

// -- books ----------------------------------------------------------------------------------------

#[inline]
fn book_push(
    book: &mut BookRoute,
    msg: &BookMsg<'_>,
    context: &Context<'_>,
    sink: &mut impl Sink,
) -> Outcome {
    let now_ns = context.now.mono_ns;
    let last_seq_id = book.sync.seq_id();
    let verdict = book.sync.handle(context.generation, msg, now_ns);
    let (is_snapshot, touched) = match verdict {
        Verdict::Update { touched } => (false, touched),
        Verdict::Snapshot { .. } => (true, Some(0)),
        Verdict::Gap { .. } | Verdict::Ignore(_) => return Outcome::of(verdict, last_seq_id),
    };
    for slot in &book.deltas {
        let Some(spec) = context.spec(*slot) else { continue };
        if deltas(spec, msg, is_snapshot, context, sink.rows()).is_err() {
            // Half a book is worse than none.
            let verdict = book.sync.unreadable(now_ns);
            return verdict.map_or(Outcome::Done, |verdict| Outcome::of(verdict, last_seq_id));
        }
        if !sink.deltas(*slot, false) {
            return Outcome::NoRoom;
        }
        book.is_cleared = false;
    }
    if touched.is_some_and(|rank| rank < DEPTH) {
        for slot in &book.depth10 {
            let Some(spec) = context.spec(*slot) else { continue };
            if let Some(row) = depth10(spec, book, msg, is_snapshot, context) {
                sink.depth10(*slot, &row);
            }
        }
    }
    Outcome::of(verdict, last_seq_id)
}

/// Fills the rows with the changes of a push.
#[inline]
fn deltas(
    spec: &Spec,
    msg: &BookMsg<'_>,
    is_snapshot: bool,
    context: &Context<'_>,
    rows: &mut Vec<Delta>,
) -> Result<(), String> {
    let ts_event = nanos(msg.ts_ms).map_err(|e| e.to_string())?;
    let sequence = msg.seq_id.unwrap_or_default().max(0).unsigned_abs();
    let (numbers, ts_init) = (context.numbers(), context.now.unix_ns);
    let changes = changes(msg, is_snapshot);
    rows.reserve(changes.len());
    for change in changes {
        let order = BookOrder {
            side: change.side as i32,
            price: numbers.price(change.px, spec.price_precision).map_err(|e| e.to_string())?,
            size: numbers.quantity(change.sz, spec.size_precision).map_err(|e| e.to_string())?,
            order_id: 0,
        };
        let (action, flags) = (change.action as i32, change.flags);
        rows.push(Delta { instrument: spec.key, action, order, flags, sequence, ts_event, ts_init });
    }
    Ok(())
}

/// The one change that empties a book.
pub(super) fn clear_row(spec: &Spec, last_seq_id: Option<i64>, now: Now) -> Delta {
    Delta {
        instrument: spec.key,
        action: ChangeAction::Clear as i32,
        order: BookOrder {
            side: BookSide::None as i32,
            price: Price { raw: 0, precision: spec.price_precision },
            size: Quantity { raw: 0, precision: spec.size_precision },
            order_id: 0,
        },
        flags: F_SNAPSHOT | F_LAST,
        sequence: last_seq_id.unwrap_or_default().max(0).unsigned_abs(),
        ts_event: now.unix_ns,
        ts_init: now.unix_ns,
    }
}

fn depth10(
    spec: &Spec,
    book: &BookRoute,
    msg: &BookMsg<'_>,
    is_snapshot: bool,
    context: &Context<'_>,
) -> Option<Depth10> {
    let ladder = book.sync.ladder()?;
    let empty = BookOrder {
        side: BookSide::None as i32,
        price: Price { raw: 0, precision: spec.price_precision },
        size: Quantity { raw: 0, precision: spec.size_precision },
        order_id: 0,
    };
    let mut row = Depth10 {
        instrument: spec.key,
        bids: [empty; DEPTH],
        asks: [empty; DEPTH],
        flags: if is_snapshot { F_SNAPSHOT | F_LAST } else { F_LAST },
        sequence: msg.seq_id.unwrap_or_default().max(0).unsigned_abs(),
        ts_event: nanos(msg.ts_ms).ok()?,
        ts_init: context.now.unix_ns,
        ..Depth10::default()
    };
    let numbers = context.numbers();
    let mut fill = |at: usize, level: &Level, side: BookSide| -> Option<()> {
        let order = BookOrder {
            side: side as i32,
            price: numbers.price(level.px, spec.price_precision).ok()?,
            size: numbers.quantity(level.sz, spec.size_precision).ok()?,
            order_id: 0,
        };
        let (orders, counts) = match side {
            BookSide::Sell => (&mut row.asks, &mut row.ask_counts),
            _ => (&mut row.bids, &mut row.bid_counts),
        };
        (orders[at], counts[at]) = (order, level.orders);
        Some(())
    };
    for (at, level) in ladder.bids().take(DEPTH).enumerate() {
        fill(at, level, BookSide::Buy)?;
    }
    for (at, level) in ladder.asks().take(DEPTH).enumerate() {
        fill(at, level, BookSide::Sell)?;
    }
    Some(row)
}

// -- ticks ----------------------------------------------------------------------------------------

/// Only of a push with both sides: OKX sends the whole top each time, and two moments make no quote.
#[inline]
fn quote(to: &Slots, msg: &BookMsg<'_>, context: &Context<'_>, sink: &mut impl Sink) -> Result<(), String> {
    let (Some(bid), Some(ask)) = (msg.bids.first(), msg.asks.first()) else { return Ok(()) };
    let ts_event = nanos(msg.ts_ms).map_err(|e| e.to_string())?;
    let numbers = context.numbers();
    for slot in to {
        let Some(spec) = context.spec(*slot) else { continue };
        let price = |px| numbers.price(px, spec.price_precision).map_err(|e| e.to_string());
        let quantity = |sz| numbers.quantity(sz, spec.size_precision).map_err(|e| e.to_string());
        let (mut bid_price, mut ask_price) = (price(bid.px)?, price(ask.px)?);
        let (mut bid_size, mut ask_size) = (quantity(bid.sz)?, quantity(ask.sz)?);
        // Nautilus wants the same digits on both sides.
        let digits = bid_price.precision.max(ask_price.precision);
        (bid_price.precision, ask_price.precision) = (digits, digits);
        let digits = bid_size.precision.max(ask_size.precision);
        (bid_size.precision, ask_size.precision) = (digits, digits);
        let ts_init = context.now.unix_ns;
        let row = Quote { instrument: spec.key, bid_price, ask_price, bid_size, ask_size, ts_event, ts_init };
        sink.object(*slot, Object::Quote(row));
    }
    Ok(())
}

#[inline]
fn trade(to: &Slots, row: &WireTrade<'_>, context: &Context<'_>, sink: &mut impl Sink) -> Result<(), String> {
    let ts_event = nanos(row.ts_ms).map_err(|e| e.to_string())?;
    let numbers = context.numbers();
    let trade_id = TradeId::new(&row.trade_id).ok_or("the trade id is empty or too long")?;
    for slot in to {
        let Some(spec) = context.spec(*slot) else { continue };
        let price = numbers.price(row.px, spec.price_precision).map_err(|e| e.to_string())?;
        let size = numbers.quantity(row.sz, spec.size_precision).map_err(|e| e.to_string())?;
        if size.raw == 0 {
            return Err("the size of a trade is 0".to_owned());
        }
        let trade = Trade {
            instrument: spec.key,
            price,
            size,
            aggressor: match row.side {
                Side::Buy => 1,
                Side::Sell => 2,
            },
            trade_id,
            ts_event,
            ts_init: context.now.unix_ns,
        };
        sink.object(*slot, Object::Trade(trade));
    }
    Ok(())
}

fn bar(bars: &mut BarRoute, row: &Candle, context: &Context<'_>, sink: &mut impl Sink) -> Result<(), String> {
    let BarVerdict::Closed { .. } = bars.filter.offer(row) else { return Ok(()) };
    let open_ms = i64::try_from(row.open_ms).map_err(|e| e.to_string())?;
    nanos(row.open_ms).map_err(|e| e.to_string())?;
    let at_ms = if context.options.bars_on_close { bars.bar.close_of(open_ms) } else { open_ms };
    let ts_event = nanos(at_ms.max(0).unsigned_abs()).map_err(|e| e.to_string())?;
    if row.low > row.open.min(row.close) || row.high < row.open.max(row.close) {
        return Err("high or low is on the wrong side of open or close".to_owned());
    }
    let numbers = context.numbers();
    for (bar, slot) in &bars.to {
        let Some(spec) = context.spec(*slot) else { continue };
        let price = |px| numbers.price(px, spec.price_precision).map_err(|e| e.to_string());
        let parts = [price(row.open)?, price(row.high)?, price(row.low)?, price(row.close)?];
        let volume = numbers
            .quantity(row.volume.unwrap_or_default(), spec.size_precision)
            .map_err(|e| e.to_string())?;
        let digits = parts.iter().map(|p| p.precision).max().unwrap_or(spec.price_precision);
        let [open, high, low, close] = parts.map(|p| p.raw);
        let made = BarRow {
            open,
            high,
            low,
            close,
            price_precision: digits,
            volume: volume.raw,
            size_precision: volume.precision,
            ts_event,
            ts_init: context.now.unix_ns,
        };
        sink.object(*slot, Object::Bar(*bar, made));
    }
    Ok(())
}

// -- reference ------------------------------------------------------------------------------------

#[inline]
fn reference(
    slot: Slot,
    px: okx_common::decimal::Decimal,
    ts_ms: u64,
    context: &Context<'_>,
) -> Result<Option<PriceUpdate>, String> {
    let Some(spec) = context.spec(slot) else { return Ok(None) };
    let value = context.numbers().reference_price(px, spec.price_precision).map_err(|e| e.to_string())?;
    let ts_event = nanos(ts_ms).map_err(|e| e.to_string())?;
    Ok(Some(PriceUpdate { instrument: spec.key, value, ts_event, ts_init: context.now.unix_ns }))
}

fn funding(row: &okx_ws::message::FundingRate<'_>, now: Now) -> Result<Funding, String> {
    const MINUTE_MS: u64 = 60_000;
    let rate = row.funding_rate.ok_or("no funding rate")?;
    let ts_event =
        nanos(row.ts_ms.or(row.prev_funding_time_ms).ok_or("no time")?).map_err(|e| e.to_string())?;
    let next_ns = row.funding_time_ms.map(nanos).transpose().map_err(|e| e.to_string())?;
    // OKX gives the two next times; their distance is the interval (it may be shortened at any time).
    let interval_mins = match (row.funding_time_ms, row.next_funding_time_ms, row.prev_funding_time_ms) {
        (Some(this), Some(next), _) if next > this => Some((next - this) / MINUTE_MS),
        (Some(this), _, Some(before)) if this > before => Some((this - before) / MINUTE_MS),
        _ => None,
    };
    Ok(Funding { rate, interval_mins, next_ns, ts_event, ts_init: now.unix_ns })
}

fn status(
    statuses: &mut StatusRoute,
    row: &okx_common::instrument::InstrumentRow,
    now: Now,
    sink: &mut impl Sink,
) {
    use okx_common::instrument::InstrumentRow;

    let state = match row {
        InstrumentRow::Ready(instrument) => Some(&instrument.state),
        InstrumentRow::Incomplete(instrument) => instrument.state.as_ref(),
    };
    // A state that OKX does not document is no event: what it means is not known.
    let Some(state) = state.filter(|state| Status::of(state).is_some()) else { return };
    let Some(to) = statuses.to.get(row.inst_id()) else { return };
    if statuses.board.note(row.inst_id(), state) {
        for slot in to {
            sink.object(*slot, Object::Status { state: state.clone(), ts_ns: now.unix_ns });
        }
    }
}

fn greeks(
    row: &okx_ws::message::OptSummary<'_>,
    is_price_adjusted: bool,
    now: Now,
) -> Result<Object, String> {
    let number = |value: Option<okx_common::decimal::Decimal>| value.map(|v| v.to_f64_lossy());
    let (delta, gamma, vega, theta) = if is_price_adjusted {
        (row.delta, row.gamma, row.vega, row.theta)
    } else {
        (row.delta_bs, row.gamma_bs, row.vega_bs, row.theta_bs)
    };
    let ts_event = nanos(row.ts_ms.ok_or("no time")?).map_err(|e| e.to_string())?;
    let need = |value| number(value).ok_or("a greek is empty");
    let greeks = Greeks {
        delta: need(delta)?,
        gamma: need(gamma)?,
        vega: need(vega)?,
        theta: need(theta)?,
        mark_iv: number(row.mark_vol),
        bid_iv: number(row.bid_vol),
        ask_iv: number(row.ask_vol),
        underlying_price: number(row.fwd_px),
        is_price_adjusted,
    };
    Ok(Object::Greeks { greeks, ts_event, ts_init: now.unix_ns })
}
