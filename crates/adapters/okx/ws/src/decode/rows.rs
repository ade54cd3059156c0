//! Which channel has which rows.

use serde::Deserialize;
use smallvec::SmallVec;

use super::{
    Buffers, Cursor, DecodeErrorKind, JsonError, Staged,
    book::{self, Columns},
    candle,
    envelope::each_row,
    json::Fault,
    price,
    source::Source,
    ticker, trade,
};
use crate::{
    channel::Channel,
    message::{Payload, SkippedRow},
    topic::Arg,
};

type ReadError = (DecodeErrorKind, JsonError);

/// Reads the rows of a push.
pub(super) fn decode<'a>(
    cursor: &mut Cursor<'a>,
    arg: &Arg<'a>,
    buffers: &mut Buffers,
    skipped: &mut Vec<SkippedRow>,
) -> Result<Staged<'a>, ReadError> {
    let Some(channel) = arg.channel else { return raw(cursor, skipped) };
    if channel.is_book() {
        let columns = match channel {
            Channel::BooksRpi => Columns::Rpi,
            Channel::SprdBooks5 | Channel::SprdBboTbt | Channel::SprdBooksL2Tbt => Columns::Spread,
            _ => Columns::Standard,
        };
        buffers.books.clear();
        each_row(cursor, skipped, |c| book::row(c, buffers, columns))?;
        return Ok(Staged::Books);
    }
    if channel.bar().is_some() {
        let volumes = candle::volumes_of(channel);
        buffers.candles.clear();
        each_row(cursor, skipped, |c| candle::row(c, volumes).map(|row| buffers.candles.push(row)))?;
        return Ok(Staged::Candles);
    }
    match channel {
        Channel::Trades | Channel::TradesAll => {
            let mut rows = SmallVec::new();
            each_row(cursor, skipped, |c| trade::row(c).map(|row| rows.push(row)))?;
            Ok(Staged::Ready(Payload::Trades(rows)))
        }
        Channel::MarkPrice => {
            let mut rows = SmallVec::new();
            each_row(cursor, skipped, |c| price::mark_price(c).map(|row| rows.push(row)))?;
            Ok(Staged::Ready(Payload::MarkPrices(rows)))
        }
        Channel::Tickers => {
            let mut rows = Vec::with_capacity(1);
            each_row(cursor, skipped, |c| ticker::row(c).map(|row| rows.push(row)))?;
            Ok(Staged::Ready(Payload::Tickers(rows)))
        }
        Channel::IndexTickers => {
            let mut rows = Vec::with_capacity(1);
            each_row(cursor, skipped, |c| price::index_ticker(c).map(|row| rows.push(row)))?;
            Ok(Staged::Ready(Payload::IndexTickers(rows)))
        }
        _ => slow(cursor, channel, skipped),
    }
}

/// The channels that are read by serde.
fn slow<'a>(
    cursor: &mut Cursor<'a>,
    channel: Channel,
    skipped: &mut Vec<SkippedRow>,
) -> Result<Staged<'a>, ReadError> {
    let payload = match channel {
        Channel::Instruments => Payload::Instruments(typed(cursor, skipped)?),
        Channel::OptionTrades => Payload::OptionTrades(typed(cursor, skipped)?),
        Channel::FundingRate => Payload::FundingRates(typed(cursor, skipped)?),
        Channel::OpenInterest => Payload::OpenInterests(typed(cursor, skipped)?),
        Channel::PriceLimit => Payload::PriceLimits(typed(cursor, skipped)?),
        Channel::OptSummary => Payload::OptSummaries(typed(cursor, skipped)?),
        Channel::EstimatedPrice => Payload::EstimatedPrices(typed(cursor, skipped)?),
        Channel::LiquidationOrders => Payload::Liquidations(typed(cursor, skipped)?),
        Channel::AdlWarning => Payload::AdlWarnings(typed(cursor, skipped)?),
        Channel::Status => Payload::Statuses(typed(cursor, skipped)?),
        Channel::CallAuctionDetails => Payload::CallAuctions(typed(cursor, skipped)?),
        Channel::EventContractMarkets => Payload::EventMarkets(typed(cursor, skipped)?),
        Channel::Orders => Payload::Orders(typed(cursor, skipped)?),
        Channel::Fills => Payload::Fills(typed(cursor, skipped)?),
        Channel::Account => Payload::Account(typed(cursor, skipped)?),
        Channel::Positions => Payload::Positions(typed(cursor, skipped)?),
        Channel::BalanceAndPosition => Payload::BalanceAndPosition(typed(cursor, skipped)?),
        Channel::LiquidationWarning => Payload::LiquidationWarnings(typed(cursor, skipped)?),
        Channel::AccountGreeks => Payload::AccountGreeks(typed(cursor, skipped)?),
        Channel::OrdersAlgo | Channel::AlgoAdvance => Payload::AlgoOrders(typed(cursor, skipped)?),
        Channel::SprdTickers => Payload::SprdTickers(typed(cursor, skipped)?),
        Channel::SprdPublicTrades => Payload::SprdPublicTrades(typed(cursor, skipped)?),
        Channel::SprdOrders => Payload::SprdOrders(typed(cursor, skipped)?),
        Channel::SprdTrades => Payload::SprdTrades(typed(cursor, skipped)?),
        _ => return raw(cursor, skipped),
    };
    Ok(Staged::Ready(payload))
}

/// Rows by serde, each by itself, in one pass: where a row ends is seen by reading it. What is not in the usual form is read again.
pub(super) fn typed<'a, T: Deserialize<'a>>(
    cursor: &mut Cursor<'a>,
    skipped: &mut Vec<SkippedRow>,
) -> Result<Vec<T>, ReadError> {
    let mut rows = Vec::new();
    each_row(cursor, skipped, |c| {
        let start = c.pos();
        if let Ok(row) = T::deserialize(Source::new(c)) {
            rows.push(row);
            return Ok(());
        }
        c.set_pos(start);
        let mut read = serde_json::Deserializer::from_str(c.rest()).into_iter();
        let row = read.next().ok_or(Fault::Missing)?.map_err(|e| Fault::Value(e.to_string()))?;
        c.set_pos(c.pos() + read.byte_offset());
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

fn raw<'a>(cursor: &mut Cursor<'a>, skipped: &mut Vec<SkippedRow>) -> Result<Staged<'a>, ReadError> {
    let mut rows = Vec::new();
    each_row(cursor, skipped, |c| {
        let start = c.pos();
        c.skip_value()?;
        rows.push(c.slice(start, c.pos()));
        Ok(())
    })?;
    Ok(Staged::Ready(Payload::Raw(rows)))
}
