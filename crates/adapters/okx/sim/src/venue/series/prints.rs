//! Trades: so many in every span, numbered without gaps, each findable by its number or its time.

use smallvec::SmallVec;

use super::{Bucket, Series};
use crate::venue::{noise, tape::Trade};

/// Matches of a slot: they are numbered in fours, so that numbers and times lead to each other without a search.
const FOUR: u64 = 4;

/// One match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::venue) struct Print {
    /// `tradeId`.
    pub id: u64,
    /// Microseconds since 1970.
    pub us: u64,
    /// Ticks.
    pub px: i64,
    /// Lots.
    pub lots: i64,
    /// The taker bought.
    pub buy: bool,
    /// Matches of the same taker order so far, this one counted in.
    pub nth: u32,
    /// It is the last one of its taker order.
    pub last: bool,
}

/// Matches of one slot, in their order.
pub(in crate::venue) type Prints = SmallVec<[Print; 6]>;

/// How the four matches of a slot belong to taker orders.
const PATTERNS: [&[u32]; 8] =
    [&[4], &[1, 3], &[3, 1], &[2, 2], &[1, 1, 2], &[2, 1, 1], &[1, 2, 1], &[1, 1, 1, 1]];

impl Series {
    /// Number of the slot around this microsecond.
    pub fn slot_at(&self, us: u64) -> u64 {
        let within = us % self.bucket_us;
        us / self.bucket_us * self.slots + (within * self.slots / self.bucket_us).min(self.slots - 1)
    }

    fn per_slot(&self) -> u64 {
        self.track.as_ref().map_or(FOUR, |track| track.trades.len().max(1) as u64)
    }

    fn slot_start_us(&self, slot: u64) -> u64 {
        // Rounded up, so that the start lies in the slot.
        slot / self.slots * self.bucket_us + (slot % self.slots * self.bucket_us).div_ceil(self.slots)
    }

    /// A microsecond no match with a smaller number is later than: scripted trades only move numbers up.
    pub fn latest_us_of(&self, id: u64) -> u64 {
        let slot = id.saturating_sub(1) / self.per_slot();
        // A number beyond all time.
        if slot / self.slots > u64::MAX / self.bucket_us - 2 {
            u64::MAX
        } else {
            self.slot_start_us(slot + 1)
        }
    }

    /// All matches of a slot; those before the listing and during halts left out.
    pub fn slot(&self, slot: u64) -> Prints {
        if let Some(track) = &self.track {
            let from = self.slot_start_us(slot);
            let first = slot * self.per_slot() + 1;
            let print = |(at, trade): (usize, &Trade)| Print {
                id: first + at as u64,
                us: from + trade.at_us,
                px: trade.px,
                lots: trade.lots,
                buy: trade.buy,
                nth: 1,
                last: true,
            };
            return self.scripted(track.trades.iter().enumerate().map(print).collect(), slot);
        }
        let bucket = self.bucket(slot / self.slots);
        self.slot_of(&bucket, slot)
    }

    pub(super) fn slot_of(&self, bucket: &Bucket, slot: u64) -> Prints {
        let (from, to) = (self.slot_start_us(slot), self.slot_start_us(slot + 1));
        let hash = bucket.hash((1 << 40) | (slot % self.slots));
        let forced = [(bucket.high_us, true), (bucket.low_us, false)];
        let forced = forced.into_iter().find(|(us, _)| (from..to).contains(us));
        let pattern = if forced.is_some() { PATTERNS[0] } else { PATTERNS[(hash % 8) as usize] };
        let mut prints = Prints::new();
        let mut id = slot * FOUR + 1;
        let width = (to - from) / pattern.len() as u64;
        for (nth, count) in pattern.iter().enumerate() {
            let draw = noise::at(hash, nth as u64);
            let us = from + nth as u64 * width + if width > 1 { (draw >> 1) % width } else { 0 };
            let (us, buy) = forced.unwrap_or((us, draw & 1 == 0));
            let (bid, ask) = self.touch(us / self.step_us);
            for within in 1..=*count {
                let place = prints.len() as u64;
                prints.push(Print {
                    id,
                    us,
                    px: if buy { ask } else { bid },
                    lots: self.lots_of(bucket, hash, place),
                    buy,
                    nth: within,
                    last: within == *count,
                });
                id += 1;
            }
        }
        self.scripted(prints, slot)
    }

    /// The matches of a slot as scripts left them.
    fn scripted(&self, mut prints: Prints, slot: u64) -> Prints {
        if !self.halts.is_empty() {
            prints.retain(|p| self.running_us(p.us) == p.us);
        }
        if !self.extras.is_empty() {
            self.mix_in(&mut prints, self.slot_start_us(slot), self.slot_start_us(slot + 1));
        }
        prints
    }

    /// Matches 0 and 1, 2 and 3 of a slot differ from the average by the same amount, so that the sum of a span is known.
    fn lots_of(&self, bucket: &Bucket, hash: u64, place: u64) -> i64 {
        let odds = noise::at(hash, 90 + place / 2);
        let share = noise::unit(odds) * noise::unit(odds.rotate_left(20));
        let apart = ((bucket.lots - 1) as f64 * share) as i64;
        if place.is_multiple_of(2) { bucket.lots + apart } else { bucket.lots - apart }
    }

    /// Scripted trades take the next number; all later ones move up by one.
    fn mix_in(&self, prints: &mut Prints, from: u64, to: u64) {
        let before = self.extras.iter().filter(|e| e.us < from).count() as u64;
        prints.iter_mut().for_each(|p| p.id += before);
        for extra in self.extras.iter().filter(|e| (from..to).contains(&e.us)) {
            let at = prints.iter().position(|p| p.us > extra.us).unwrap_or(prints.len());
            let id = match at.checked_sub(1).and_then(|i| prints.get(i)) {
                Some(earlier) => earlier.id + 1,
                None => {
                    prints.first().map_or_else(|| self.slot_at(from) * self.per_slot() + 1 + before, |p| p.id)
                }
            };
            prints.iter_mut().skip(at).for_each(|p| p.id += 1);
            let lone = Print {
                id,
                us: extra.us,
                px: extra.px,
                lots: extra.lots,
                buy: extra.buy,
                nth: 1,
                last: true,
            };
            prints.insert(at, lone);
        }
    }

    /// The newest match up to this microsecond.
    pub fn last_print(&self, us: u64) -> Option<Print> {
        let mut slot = self.slot_at(us);
        // Slots are only empty in halts; those are short compared with this.
        for _ in 0..100_000 {
            if let Some(found) = self.slot(slot).iter().rev().find(|p| p.us <= us) {
                return Some(*found);
            }
            slot = slot.checked_sub(1)?;
        }
        None
    }

    /// The taker orders after one microsecond, up to another, oldest first: their last matches.
    pub fn orders_between(&self, after_us: u64, to_us: u64) -> Vec<Print> {
        let mut found = Vec::new();
        for slot in self.slot_at(after_us)..=self.slot_at(to_us) {
            found.extend(self.slot(slot).into_iter().filter(|p| p.us > after_us && p.us <= to_us));
        }
        found
    }

    /// The first microsecond after this one at which something is traded, within the next slots.
    pub fn next_trade_us(&self, after_us: u64) -> u64 {
        let first = self.slot_at(after_us);
        let later =
            (first..first + 3).flat_map(|slot| self.slot(slot)).map(|p| p.us).find(|us| *us > after_us);
        later.unwrap_or(after_us + self.bucket_us / self.slots)
    }

    /// Matches newest first, from this microsecond back to the listing.
    pub fn back_from(&self, us: u64, now_us: u64) -> impl Iterator<Item = Print> + '_ {
        let born = self.born_us(now_us);
        let first = self.slot_at(us);
        let slots = (0..=first).rev();
        let prints = slots.map(|slot| self.slot(slot)).flat_map(|prints| prints.into_iter().rev());
        prints.filter(move |p| p.us <= us).take_while(move |p| p.us >= born)
    }
}
