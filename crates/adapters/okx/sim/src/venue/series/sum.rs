//! Trades of a span of time summed up, as candles and 24-hour figures need them.

use super::{Bucket, Series};

/// Opening, highest, lowest, closing price in ticks, volume in lots, turnover in ticks times lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::venue) struct Sum {
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub lots: i128,
    pub turnover: i128,
}

impl Sum {
    /// One trade.
    pub const fn of(px: i64, lots: i64) -> Self {
        Self {
            open: px,
            high: px,
            low: px,
            close: px,
            lots: lots as i128,
            turnover: px as i128 * lots as i128,
        }
    }

    /// This and what came after it.
    pub fn then(self, later: Self) -> Self {
        Self {
            open: self.open,
            high: self.high.max(later.high),
            low: self.low.min(later.low),
            close: later.close,
            lots: self.lots + later.lots,
            turnover: self.turnover + later.turnover,
        }
    }
}

/// Adds what came later to what may be nothing yet.
fn add(sum: Option<Sum>, later: Sum) -> Option<Sum> {
    Some(sum.map_or(later, |sum| sum.then(later)))
}

/// The last 24 hours, continued as time goes on and begun anew with every minute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    minute: u64,
    upto_us: u64,
    sum: Option<Sum>,
}

const MINUTE_US: u64 = 60_000_000;
const DAY_US: u64 = 86_400_000_000;
/// Days that are remembered: twelve years.
const MOST_DAYS: usize = 4_400;
const DAY_MINUTES: u64 = 1_440;

impl Series {
    /// The trades of the last 24 hours, to the minute, up to and including this microsecond.
    pub fn day(&self, us: u64) -> Option<Sum> {
        let minute = us / MINUTE_US;
        let kept = self.day.get().filter(|day| day.minute == minute && day.upto_us <= us + 1);
        let (from, sum) =
            kept.map_or((minute.saturating_sub(DAY_MINUTES) * MINUTE_US, None), |d| (d.upto_us, d.sum));
        let sum = self.sum(from, us + 1).map_or(sum, |more| add(sum, more));
        self.day.set(Some(Running { minute, upto_us: us + 1, sum }));
        sum
    }

    /// The trades from one microsecond up to, not including, another; `None` if there are none.
    ///
    /// Whole spans are summed up from their corners: prices and volume exactly, the turnover at the average of the path.
    pub fn sum(&self, from_us: u64, to_us: u64) -> Option<Sum> {
        if self.track.is_some() {
            return self.sum_of_rounds(from_us, to_us);
        }
        let mut sum = None;
        let mut at = from_us;
        while at < to_us {
            if at.is_multiple_of(DAY_US) && at + DAY_US <= to_us {
                sum = self.whole_day(at).map_or(sum, |part| add(sum, part));
                at += DAY_US;
                continue;
            }
            let no = at / self.bucket_us;
            let end = ((no + 1) * self.bucket_us).min(to_us);
            let bucket = self.bucket(no);
            let whole = at == bucket.start_us && end == bucket.end_us();
            let part = if whole && self.is_plain(at, end) {
                Some(self.sum_of_span(&bucket))
            } else {
                self.sum_of_trades(&bucket, at, end)
            };
            sum = part.map_or(sum, |part| add(sum, part));
            at = end;
        }
        sum
    }

    /// The same from a tape: whole rounds are all alike.
    fn sum_of_rounds(&self, from_us: u64, to_us: u64) -> Option<Sum> {
        let round = self.bucket_us;
        let (first, end) = (from_us.div_ceil(round), to_us / round);
        let plain = self.is_plain(first * round, end * round);
        let trades = |from: u64, to: u64| {
            let slots = if from < to { self.slot_at(from)..self.slot_at(to - 1) + 1 } else { 0..0 };
            let prints = slots.flat_map(|slot| self.slot(slot)).filter(move |p| (from..to).contains(&p.us));
            prints.fold(None, |sum, print| add(sum, Sum::of(print.px, print.lots)))
        };
        if end <= first + 1 || !plain {
            return trades(from_us, to_us);
        }
        let rounds = i128::from(end - first);
        let middle = trades(first * round, (first + 1) * round);
        let middle =
            middle.map(|one| Sum { lots: one.lots * rounds, turnover: one.turnover * rounds, ..one });
        [trades(from_us, first * round), middle, trades(end * round, to_us)]
            .into_iter()
            .flatten()
            .fold(None, add)
    }

    /// A day of UTC, which is over and stays as it is.
    fn whole_day(&self, from_us: u64) -> Option<Sum> {
        if let Some(known) = self.days.borrow().get(&from_us) {
            return *known;
        }
        let half = DAY_US / 2;
        let halves = [self.sum(from_us, from_us + half), self.sum(from_us + half, from_us + DAY_US)];
        let sum = halves.into_iter().flatten().fold(None, add);
        let mut days = self.days.borrow_mut();
        if days.len() >= MOST_DAYS {
            days.pop_first();
        }
        days.insert(from_us, sum);
        sum
    }

    fn sum_of_span(&self, bucket: &Bucket) -> Sum {
        let first = bucket.no * self.slots;
        let open = self.slot_of(bucket, first).first().map_or(bucket.open, |p| p.px);
        let close = self.slot_of(bucket, first + self.slots - 1).last().map_or(bucket.close, |p| p.px);
        let lots = i128::from(bucket.lots) * i128::from(self.slots) * 4;
        let (high, low) = if self.jumps.is_empty() {
            (bucket.high + bucket.spread, bucket.low)
        } else {
            (self.touch(bucket.high_us / self.step_us).1, self.touch(bucket.low_us / self.step_us).0)
        };
        let mean2 =
            (i128::from(bucket.mean2()) + i128::from(bucket.spread)) as f64 * self.jumped(bucket.start_us);
        Sum { open, high, low, close, lots, turnover: mean2.round() as i128 * lots / 2 }
    }

    /// The same by looking at every trade.
    pub(super) fn sum_of_trades(&self, bucket: &Bucket, from_us: u64, to_us: u64) -> Option<Sum> {
        let mut sum = None;
        for slot in self.slot_at(from_us)..=self.slot_at(to_us - 1) {
            let inside = |us: u64| (from_us..to_us).contains(&us);
            for print in self.slot_of(bucket, slot).iter().filter(|p| inside(p.us)) {
                sum = add(sum, Sum::of(print.px, print.lots));
            }
        }
        sum
    }
}
