//! The market as trading sees it: the book as it was last published, and the prices of now.

use okx_common::decimal::Decimal;
use serde_json::{Map, Value};

use super::{Venue, catalogue::Kind, lines, num::Dec, rest, rows, series::Series};
use crate::quotes::{Funding, Level, Print, Quotes, Spread};

/// Trades are looked for within this time only: whoever slept longer missed them.
const REACH_MS: u64 = 10_000;

fn decimal(value: Dec) -> Option<Decimal> {
    Decimal::new(value.m, u8::try_from(value.scale).ok()?).ok()
}

fn field(row: &Value, key: &str) -> Option<Decimal> {
    row.get(key)?.as_str()?.parse().ok()
}

impl Venue {
    fn open_series(&self, inst_id: &str) -> Option<std::borrow::Cow<'_, Series>> {
        self.is_open(inst_id).then(|| self.made(inst_id)).flatten()
    }
}

impl Quotes for Venue {
    fn row(&self, inst_id: &str, inst_type: &str) -> Option<&Map<String, Value>> {
        let kind = Kind::parse(inst_type)?;
        let found = self.catalogue.find(inst_id)?;
        if found.kind == kind {
            return Some(&found.row);
        }
        let shares = matches!((found.kind, kind), (Kind::Spot, Kind::Margin) | (Kind::Margin, Kind::Spot));
        let other = self.catalogue.of_kind(kind).find(|l| shares && l.id == inst_id);
        other.map(|listing| &listing.row)
    }

    fn id_of(&self, code: i64) -> Option<String> {
        let has = |row: &Map<String, Value>| row.get("instIdCode").and_then(Value::as_i64) == Some(code);
        self.catalogue.all().find(|l| has(&l.row)).map(|l| l.id.clone())
    }

    fn touch(&self, inst_id: &str) -> (Option<Decimal>, Option<Decimal>) {
        let best = |asks| self.levels(inst_id, asks, 1).first().map(|l| l.px);
        (best(false), best(true))
    }

    fn levels(&self, inst_id: &str, asks: bool, depth: usize) -> Vec<Level> {
        let (book, tick, lot) = if let Some(series) = self.open_series(inst_id) {
            (rest::book_of(self, &series, depth).0, series.grid.tick, series.grid.lot)
        } else if self.catalogue.find(inst_id).is_some() {
            return Vec::new();
        } else {
            let Some(spread) = rows::spread(self, inst_id) else { return Vec::new() };
            let (tick, lot) = spread.steps();
            (spread.book(self.now_ms(), depth), tick, lot)
        };
        let side = if asks { book.asks } else { book.bids };
        let level = |l: super::series::Level| {
            let (px, sz) = (tick.times(l.px), lot.times(l.lots));
            Some(Level { px: decimal(px)?, sz: decimal(sz)?, orders: l.orders })
        };
        side.into_iter().filter_map(level).collect()
    }

    fn prints(&self, inst_id: &str, after_ms: u64, to_ms: u64) -> Vec<Print> {
        let Some(series) = self.open_series(inst_id) else { return Vec::new() };
        let after_ms = after_ms.max(to_ms.saturating_sub(REACH_MS));
        let prints = series.orders_between(after_ms.saturating_mul(1_000), to_ms.saturating_mul(1_000));
        let print = |p: super::series::Print| {
            let (px, sz) = (series.grid.tick.times(p.px), series.grid.lot.times(p.lots));
            // Rounded up: what comes within a millisecond comes at its end.
            Some(Print { ms: p.us.div_ceil(1_000), px: decimal(px)?, sz: decimal(sz)?, buy: p.buy })
        };
        prints.into_iter().filter_map(print).collect()
    }

    fn last(&self, inst_id: &str) -> Option<Decimal> {
        let series = self.made(inst_id)?;
        let print = series.last_print(self.now_us)?;
        decimal(series.grid.tick.times(print.px))
    }

    fn mark(&self, inst_id: &str) -> Option<Decimal> {
        decimal(lines::mark(&*self.made(inst_id)?, self.now_ms()))
    }

    fn index(&self, inst_id: &str) -> Option<Decimal> {
        let pair = self.catalogue.find(inst_id)?.index();
        decimal(lines::price(self, &pair, true, self.now_ms())?)
    }

    fn index_of(&self, pair: &str) -> Option<Decimal> {
        decimal(lines::price(self, pair, true, self.now_ms())?)
    }

    fn spread(&self, sprd_id: &str) -> Option<Spread> {
        let row = self.spreads().into_iter().find(|row| row.get("sprdId").is_some_and(|id| id == sprd_id))?;
        let row = Value::Object(row);
        let legs = row.get("legs")?.as_array()?.iter().filter_map(|leg| {
            Some((leg.get("instId")?.as_str()?.to_owned(), leg.get("side")?.as_str()? == "buy"))
        });
        let legs: Vec<_> = legs.collect();
        let open =
            row.get("state").is_some_and(|s| s == "live") && legs.iter().all(|(id, _)| self.is_open(id));
        let (tick, lot, min) = (field(&row, "tickSz")?, field(&row, "lotSz")?, field(&row, "minSz")?);
        Some(Spread { tick, lot, min, legs, open })
    }

    fn price_limit(&self, inst_id: &str) -> Option<(Decimal, Decimal)> {
        let series = self.open_series(inst_id)?;
        let row: Value = serde_json::from_str(&rows::limit_row(&series, "", self.now_ms())).ok()?;
        Some((field(&row, "buyLmt")?, field(&row, "sellLmt")?))
    }

    fn funding(&self, inst_id: &str) -> Option<Funding> {
        let row: Value = serde_json::from_str(&rows::funding_row(self, inst_id, self.now_ms())?).ok()?;
        let due_ms = row.get("fundingTime")?.as_str()?.parse().ok()?;
        Some(Funding { rate: field(&row, "fundingRate")?, due_ms })
    }

    fn usd(&self, ccy: &str) -> Option<Decimal> {
        let jumped = self.world.jumped([ccy, ""], self.now_us);
        decimal(Dec::near(self.world.coin(ccy).usd(self.now_ms()) * jumped, 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{market::Market as _, venue::VenueConfig};

    #[test]
    fn quotes_are_what_is_published() {
        let instruments = ["BTC-USDT", "BTC-USDT-SWAP"].map(str::to_owned).to_vec();
        let mut venue = Venue::new(VenueConfig { instruments, ..VenueConfig::default() }).expect("a venue");
        venue.advance(1_795_600_000_000);
        let book = venue.book("BTC-USDT-SWAP").expect("a book");
        let levels = venue.levels("BTC-USDT-SWAP", true, 3);
        for (level, shown) in levels.iter().zip(book["asks"].as_array().expect("levels")) {
            assert_eq!((level.px, level.sz), (field_of(&shown[0]), field_of(&shown[1])));
            assert!(level.orders >= 1);
        }
        let (bid, ask) = venue.touch("BTC-USDT-SWAP");
        assert!(bid < ask && bid.is_some());
        let (most, least) = venue.price_limit("BTC-USDT-SWAP").expect("limits");
        assert!(most > ask.expect("an ask") && least < bid.expect("a bid"));
        let code = venue.row("BTC-USDT", "SPOT").and_then(|r| r["instIdCode"].as_i64()).expect("a code");
        assert_eq!(venue.id_of(code).as_deref(), Some("BTC-USDT"));
        assert!(venue.row("BTC-USDT", "MARGIN").is_some() && venue.row("BTC-USDT-SWAP", "SPOT").is_none());
        let funding = venue.funding("BTC-USDT-SWAP").expect("funding");
        assert!(funding.due_ms > 1_795_600_000_000 && venue.funding("BTC-USDT").is_none());
        assert!(venue.mark("BTC-USDT-SWAP").is_some() && venue.index("BTC-USDT-SWAP").is_some());
        let from = 1_795_600_000_000;
        venue.advance(from + 5_000);
        let prints = venue.prints("BTC-USDT-SWAP", from, from + 5_000);
        assert!(!prints.is_empty() && prints.iter().all(|p| p.ms > from && p.ms <= from + 5_000));
        assert!(prints.windows(2).all(|w| w[0].ms <= w[1].ms));
        assert!(venue.usd("BTC").is_some_and(|usd| usd > Decimal::from_i64(1_000)));
    }

    fn field_of(value: &Value) -> Decimal {
        value.as_str().and_then(|t| t.parse().ok()).expect("a number")
    }
}
