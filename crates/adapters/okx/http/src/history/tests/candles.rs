use okx_common::{decimal::Decimal, enums::Bar};
use proptest::prelude::*;

use crate::{
    endpoint::market::Candle,
    history::{CandleQuery, Direction, Page, PageError, Range, Source, opens_between},
};

const MINUTE: u64 = 60_000;

fn candle(open_ms: u64, confirm: bool) -> Candle {
    let px = Decimal::from(open_ms / MINUTE);
    let (volume, volume_ccy, volume_quote) = (None, None, None);
    Candle { open_ms, open: px, high: px, low: px, close: px, volume, volume_ccy, volume_quote, confirm }
}

/// Bars of a minute from the listing on. The archive lags behind and has no open bar, or has it, as the exchange pleases.
#[derive(Debug, Clone)]
struct Venue {
    listed: u64,
    now: u64,
    archive_lag: u64,
    asked: Vec<Page>,
}

impl Venue {
    fn bars(&self) -> impl DoubleEndedIterator<Item = Candle> + use<> {
        let now = self.now;
        (self.listed..=now / MINUTE).map(move |n| candle(n * MINUTE, (n + 1) * MINUTE <= now))
    }

    /// Newest first, `after` older, `before` newer, both exclusive; the newest of what fits.
    fn answer(&mut self, page: Page) -> Vec<Candle> {
        self.asked.push(page);
        assert!((1..=300).contains(&page.limit), "{page:?}");
        let newest = self.now / MINUTE;
        let has = |c: &Candle| {
            let age = newest - c.open_ms / MINUTE;
            match page.source {
                Source::Recent => age < 1_440,
                Source::Archive => age >= self.archive_lag,
            }
        };
        let fits = |c: &Candle| {
            page.after.is_none_or(|after| c.open_ms < after)
                && page.before.is_none_or(|before| c.open_ms > before)
        };
        self.bars().rev().filter(|c| has(c) && fits(c)).take(page.limit as usize).collect()
    }

    fn fetch(&mut self, query: &CandleQuery) -> Result<Vec<Candle>, PageError> {
        let mut plan = query.plan(self.now);
        while let Some(page) = plan.next_page() {
            let rows = self.answer(page);
            let progress = plan.take(rows)?;
            assert_eq!(progress.pages as usize, self.asked.len());
        }
        Ok(plan.finish())
    }

    /// What the answer must be, from all bars at once.
    fn expected(&self, query: &CandleQuery) -> Vec<Candle> {
        let wanted = |c: &Candle| query.range.holds(c.open_ms) && (c.confirm || query.include_forming);
        let mut bars: Vec<_> = self.bars().filter(wanted).collect();
        let limit = query.range.limit.unwrap_or(usize::MAX);
        match query.range.direction {
            Direction::Backward => bars.drain(..bars.len().saturating_sub(limit)).for_each(drop),
            Direction::Forward => bars.truncate(limit),
        }
        bars
    }
}

fn opens(bars: &[Candle]) -> Vec<u64> {
    bars.iter().map(|c| c.open_ms / MINUTE).collect()
}

prop_compose! {
    fn venue()(listed in 0u64..4_000, age in 1u64..5_000, part in 0..MINUTE, archive_lag in 0u64..3) -> Venue {
        Venue { listed, now: (listed + age) * MINUTE + part, archive_lag, asked: Vec::new() }
    }
}

prop_compose! {
    fn query()(
        start in prop::option::weighted(0.7, 0u64..10_000 * MINUTE),
        end in prop::option::weighted(0.7, 0u64..10_000 * MINUTE),
        limit in prop::option::weighted(0.5, 0usize..2_000),
        is_forward: bool,
        include_forming: bool,
    ) -> CandleQuery {
        // Without a start forward means from now on, which the model's answer does not know.
        let direction = if is_forward && start.is_some() { Direction::Forward } else { Direction::Backward };
        let range = Range { start_ms: start, end_ms: end, limit, direction };
        CandleQuery { include_forming, ..CandleQuery::new("BTC-USDT", Bar::Minute1, range) }
    }
}

proptest! {
    #[test]
    fn all_bars_come_once_in_order_and_none_else(mut venue in venue(), query in query()) {
        let found = venue.fetch(&query).unwrap();
        prop_assert_eq!(opens(&found), opens(&venue.expected(&query)));
        prop_assert!(query.include_forming || found.iter().all(|c| c.confirm));
        // No more than the pages needed, one for a change of source, one to see the end.
        let span = found.len() as u32 / 300 + 3;
        if query.range.direction == Direction::Backward {
            let late_start = query.range.end_ms.map_or(0, |end| venue.now.saturating_sub(end) / MINUTE / 300);
            prop_assert!(venue.asked.len() as u64 <= u64::from(span) + 1 + late_start, "{:?}", venue.asked);
        }
    }

    /// A bar lies between two times exactly if the time it is stamped with does.
    #[test]
    fn stamps_and_opening_times_agree(
        bar in prop::sample::select(vec![Bar::Minute1, Bar::Hour4, Bar::Day1, Bar::Day1Utc, Bar::Week1Utc, Bar::Month1Utc]),
        at in 0u64..2_000_000_000_000,
        start in prop::option::of(0u64..2_000_000_000_000),
        end in prop::option::of(0u64..2_000_000_000_000),
        near: bool,
    ) {
        let open = bar.open_of(at as i64);
        prop_assume!(open >= 0);
        let close = bar.close_of(open) as u64;
        let start = if near { Some(close) } else { start };
        let stamped = start.is_none_or(|s| close >= s) && end.is_none_or(|e| close <= e);
        let (from, to) = opens_between(bar, start, end, true);
        let range = Range { start_ms: from, end_ms: to, ..Range::default() };
        prop_assert_eq!(range.holds(open as u64), stamped);
    }
}

fn small() -> Venue {
    Venue { listed: 1_000, now: 5_000 * MINUTE + 30_000, archive_lag: 1, asked: Vec::new() }
}

#[test]
fn a_few_bars_are_one_small_page() {
    let mut venue = small();
    let query = CandleQuery::new("BTC-USDT", Bar::Minute1, Range { limit: Some(10), ..Range::default() });
    assert_eq!(opens(&venue.fetch(&query).unwrap()), (4_990..5_000).collect::<Vec<_>>());
    assert_eq!(venue.asked, [Page { source: Source::Recent, after: None, before: None, limit: 11 }]);
}

#[test]
fn an_old_range_does_not_ask_the_recent_endpoint() {
    let mut venue = small();
    let range = Range { start_ms: Some(1_500 * MINUTE), end_ms: Some(1_700 * MINUTE), ..Range::default() };
    let query = CandleQuery::new("BTC-USDT", Bar::Minute1, range);
    assert_eq!(venue.fetch(&query).unwrap().len(), 201);
    assert_eq!(venue.asked.len(), 1);
    assert_eq!(venue.asked[0].source, Source::Archive);
}

#[test]
fn years_before_the_listing_are_passed_in_strides() {
    let mut venue = Venue { listed: 3_000_000, now: 3_000_500 * MINUTE, archive_lag: 0, asked: Vec::new() };
    let range =
        Range { start_ms: Some(0), limit: Some(3), direction: Direction::Forward, ..Range::default() };
    let query = CandleQuery::new("BTC-USDT", Bar::Minute1, range);
    assert_eq!(opens(&venue.fetch(&query).unwrap()), [3_000_000, 3_000_001, 3_000_002]);
    assert!(venue.asked.len() < 60, "{} pages", venue.asked.len());
}

#[test]
fn bars_of_a_second_come_from_the_archive_alone() {
    let plan = CandleQuery::new("BTC-USDT", Bar::Second1, Range::default()).plan(1_000_000_000);
    assert_eq!(plan.next_page().unwrap().source, Source::Archive);
}

#[test]
fn an_exchange_that_repeats_itself_is_an_error_not_a_loop() {
    let mut plan = CandleQuery::new("BTC-USDT", Bar::Minute1, Range::default()).plan(5_000 * MINUTE);
    let page = || vec![candle(100 * MINUTE, true), candle(99 * MINUTE, true)];
    let mut result = Ok(Default::default());
    for _ in 0..5 {
        if plan.next_page().is_none() || result.is_err() {
            break;
        }
        result = plan.take(page());
    }
    assert_eq!(result, Err(PageError::Stuck(99 * MINUTE)));
}
