use okx_common::{decimal::Decimal, enums::Side};
use proptest::prelude::*;

use crate::{
    endpoint::{market::Trade, public::FundingRateRecord},
    history::{Direction, FundingQuery, PageError, Range, Source, TradePage, TradePages},
};

fn trade(id: u64, ts_ms: u64) -> Trade {
    Trade {
        inst_id: "BTC-USDT".into(),
        trade_id: id.to_string().into(),
        px: Decimal::from(1u64),
        sz: Decimal::from(1u64),
        side: Side::Buy,
        ts_ms: Some(ts_ms),
        source: None,
    }
}

/// Trades with rising ids and times, many of one time.
#[derive(Debug, Clone)]
struct Venue {
    trades: Vec<(u64, u64)>,
    asked: usize,
}

impl Venue {
    fn answer(&mut self, page: &TradePage) -> Vec<Trade> {
        self.asked += 1;
        let newest_first = self.trades.iter().rev().copied();
        let rows: Vec<_> = match page {
            TradePage::Recent { limit } => {
                assert!((1..=500).contains(limit));
                newest_first.take(*limit as usize).collect()
            }
            TradePage::BeforeTime { ts_ms, limit } => {
                assert!((1..=100).contains(limit));
                newest_first.filter(|(_, ts)| ts < ts_ms).take(*limit as usize).collect()
            }
            TradePage::BeforeId { trade_id, limit } => {
                assert!((1..=100).contains(limit));
                let before: u64 = trade_id.parse().unwrap();
                newest_first.filter(|(id, _)| *id < before).take(*limit as usize).collect()
            }
        };
        rows.into_iter().map(|(id, ts)| trade(id, ts)).collect()
    }

    fn fetch(&mut self, range: Range) -> Result<Vec<Trade>, PageError> {
        let mut plan = TradePages::new(range);
        while let Some(page) = plan.next_page().cloned() {
            let rows = self.answer(&page);
            plan.take(rows)?;
        }
        Ok(plan.finish())
    }
}

prop_compose! {
    /// Ids across a change of their length.
    fn venue()(steps in prop::collection::vec((1u64..4, prop_oneof![4 => Just(0u64), 1 => 1u64..50]), 0..1_500)) -> Venue {
        let (mut id, mut ts) = (9_500, 1_000);
        let mut trades = Vec::new();
        for (id_step, ts_step) in steps {
            id += id_step;
            ts += ts_step;
            trades.push((id, ts));
        }
        Venue { trades, asked: 0 }
    }
}

proptest! {
    #[test]
    fn all_trades_come_once_in_order_and_none_else(
        mut venue in venue(),
        start in prop::option::of(900u64..9_000),
        end in prop::option::of(900u64..9_000),
        limit in prop::option::of(0usize..1_200),
        is_forward: bool,
    ) {
        let direction = if is_forward { Direction::Forward } else { Direction::Backward };
        let range = Range { start_ms: start, end_ms: end, limit, direction };
        let limit = limit.or(start.is_none().then_some(500)).unwrap_or(usize::MAX);
        let mut expected: Vec<_> = venue.trades.iter().copied().filter(|(_, ts)| range.holds(*ts)).collect();
        match direction {
            Direction::Backward => expected.drain(..expected.len().saturating_sub(limit)).for_each(drop),
            Direction::Forward => expected.truncate(limit),
        }
        let found = venue.fetch(range).unwrap();
        let found: Vec<_> = found.iter().map(|t| (t.trade_id.parse().unwrap(), t.ts_ms.unwrap())).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn all_funding_rates_come_once_in_order(
        count in 0u64..1_500,
        start in prop::option::weighted(0.9, 0u64..1_600),
        end in prop::option::of(0u64..1_600),
        limit in prop::option::of(0usize..1_000),
        is_forward: bool,
    ) {
        const PERIOD: u64 = 8 * 3_600_000;
        let direction = if is_forward && start.is_some() { Direction::Forward } else { Direction::Backward };
        let range = Range { start_ms: start.map(|s| s * PERIOD), end_ms: end.map(|e| e * PERIOD), limit, direction };
        let query = FundingQuery { inst_id: "BTC-USDT-SWAP".into(), range };
        let mut plan = query.plan(count * PERIOD);
        let mut pages = 0;
        while let Some(page) = plan.next_page() {
            prop_assert_eq!(page.source, Source::Archive);
            prop_assert!((1..=400).contains(&page.limit));
            let fits = |ts: &u64| page.after.is_none_or(|a| *ts < a) && page.before.is_none_or(|b| *ts > b);
            let times = (0..count).rev().map(|n| n * PERIOD).filter(fits).take(page.limit as usize);
            plan.take(times.map(record).collect()).unwrap();
            pages += 1;
        }
        prop_assert!(pages <= 1_500 / 50 + 5, "{pages} pages");
        let mut expected: Vec<_> = (0..count).map(|n| n * PERIOD).filter(|ts| range.holds(*ts)).collect();
        let limit = limit.unwrap_or(usize::MAX);
        match direction {
            Direction::Backward => expected.drain(..expected.len().saturating_sub(limit)).for_each(drop),
            Direction::Forward => expected.truncate(limit),
        }
        let found: Vec<_> = plan.finish().iter().filter_map(|r| r.funding_time_ms).collect();
        prop_assert_eq!(found, expected);
    }
}

fn record(ts_ms: u64) -> FundingRateRecord {
    FundingRateRecord {
        inst_id: "BTC-USDT-SWAP".into(),
        funding_rate: None,
        realized_rate: None,
        funding_time_ms: Some(ts_ms),
        inst_type: None,
        method: None,
        formula_type: None,
    }
}

#[test]
fn the_latest_need_one_page() {
    let mut venue = Venue { trades: (1..=2_000).map(|n| (n, n)).collect(), asked: 0 };
    assert_eq!(venue.fetch(Range::default()).unwrap().len(), 500);
    assert_eq!(venue.asked, 1);
}

#[test]
fn a_page_that_comes_again_is_an_error_not_a_loop() {
    let mut plan = TradePages::new(Range { start_ms: Some(0), ..Range::default() });
    assert!(plan.take(vec![trade(7, 70), trade(6, 60)]).is_ok());
    assert_eq!(plan.take(vec![trade(7, 70), trade(6, 60)]), Err(PageError::Stuck(60)));
}
