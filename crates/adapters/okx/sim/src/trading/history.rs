//! Lists of orders, fills and bills: what is still shown, filters and pages (reference 4.1, 4.4).

use serde_json::Value;

use super::{Cx, fields::Fields, holder::Holder, order::Order, refusal::Refusal, rows, words::State};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
/// How long an order cancelled without a fill is shown.
const UNFILLED_MS: u64 = 2 * HOUR_MS;
/// How far `orders-history` and `bills` go back.
const WEEK_MS: u64 = 7 * DAY_MS;
/// How far archives and `fills-history` go back.
const ARCHIVE_MS: u64 = 90 * DAY_MS;
/// How far `fills` goes back.
const FILLS_MS: u64 = 3 * DAY_MS;
/// Most rows of a page.
const MAX_ROWS: usize = 100;

/// One page of a list: `after` is older, `before` is newer.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    after: Option<u64>,
    before: Option<u64>,
    begin: Option<u64>,
    end: Option<u64>,
    limit: usize,
}

impl Page {
    /// Reads the paging parameters.
    ///
    /// # Errors
    ///
    /// 51000 for a limit above 100 or anything that is no number.
    pub fn read(fields: Fields<'_>) -> Result<Self, Refusal> {
        let number = |name: &str| {
            let text = fields.text(name);
            if text.is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|_| Refusal::parameter(name).whole())
        };
        let limit = number("limit")?.unwrap_or(MAX_ROWS as u64);
        if limit == 0 || limit > MAX_ROWS as u64 {
            return Err(Refusal::parameter("limit").whole());
        }
        Ok(Self {
            after: number("after")?,
            before: number("before")?,
            begin: number("begin")?,
            end: number("end")?,
            limit: limit as usize,
        })
    }

    /// The rows of the page out of all, newest first; `key` gives what is paged by and the time of each.
    pub fn of<'a, T: 'a>(
        &self,
        all: impl Iterator<Item = &'a T>,
        key: impl Fn(&T) -> (u64, u64),
        row: impl Fn(&T) -> Value,
    ) -> Value {
        let fits = |item: &&T| {
            let (id, ms) = key(item);
            self.after.is_none_or(|x| id < x)
                && self.before.is_none_or(|x| id > x)
                && self.begin.is_none_or(|x| ms >= x)
                && self.end.is_none_or(|x| ms <= x)
        };
        Value::Array(all.filter(fits).take(self.limit).map(row).collect())
    }
}

/// Whether a value is what a parameter asks for; an absent one asks for nothing.
pub fn wanted(fields: Fields<'_>, name: &str, have: &str) -> bool {
    let want = fields.text(name);
    want.is_empty() || want == have
}

fn order_fits(fields: Fields<'_>, order: &Order) -> bool {
    wanted(fields, "instType", order.kind().word())
        && wanted(fields, "instFamily", &order.inst.family)
        && wanted(fields, "instId", &order.inst.id)
        && wanted(fields, "ordType", order.ord_type.word())
        && wanted(fields, "state", order.state.word())
        && wanted(fields, "category", order.category)
}

/// Whether a closed order is still found by its id.
#[must_use]
pub fn is_shown(order: &Order, now_ms: u64) -> bool {
    order.is_open() || !order.acc.is_zero() || order.u_ms + UNFILLED_MS > now_ms
}

impl Holder {
    /// `GET /trade/orders-pending`.
    pub(super) fn pending(&self, fields: Fields<'_>) -> Result<Value, Refusal> {
        let orders = self.orders.values().rev().filter(|o| order_fits(fields, o));
        Ok(Page::read(fields)?.of(orders, |o| (o.id, o.c_ms), rows::order_row))
    }

    /// `GET /trade/orders-history` and its archive.
    pub(super) fn order_history(
        &self,
        fields: Fields<'_>,
        archive: bool,
        cx: Cx<'_>,
    ) -> Result<Value, Refusal> {
        fields.need("instType")?;
        let page = Page::read(fields)?;
        let reach = if archive { ARCHIVE_MS } else { WEEK_MS };
        let shown = |o: &&Order| {
            let unfilled = o.acc.is_zero() && matches!(o.state, State::Canceled | State::MmpCanceled);
            let kept = if archive { !unfilled } else { is_shown(o, cx.ms) };
            kept && o.u_ms + reach > cx.ms && order_fits(fields, o)
        };
        Ok(page.of(self.closed.values().rev().filter(shown), |o| (o.id, o.c_ms), rows::order_row))
    }

    /// `GET /trade/fills` and `/trade/fills-history`.
    pub(super) fn fill_history(
        &self,
        fields: Fields<'_>,
        archive: bool,
        cx: Cx<'_>,
    ) -> Result<Value, Refusal> {
        if archive {
            fields.need("instType")?;
        }
        let page = Page::read(fields)?;
        let reach = if archive { ARCHIVE_MS } else { FILLS_MS };
        let fits = |f: &&super::ledger::Fill| {
            f.ms + reach > cx.ms
                && wanted(fields, "instType", f.inst.kind.word())
                && wanted(fields, "instFamily", &f.inst.family)
                && wanted(fields, "instId", &f.inst.id)
                && wanted(fields, "ordId", &f.ord_id.to_string())
                && wanted(fields, "subType", &f.sub_type.to_string())
        };
        Ok(page.of(self.fills.iter().rev().filter(fits), |f| (f.bill_id, f.ms), rows::fill_row))
    }

    /// `GET /account/bills` and its archive.
    pub(super) fn bill_history(
        &self,
        fields: Fields<'_>,
        archive: bool,
        cx: Cx<'_>,
    ) -> Result<Value, Refusal> {
        let page = Page::read(fields)?;
        let reach = if archive { ARCHIVE_MS } else { WEEK_MS };
        let fits = |b: &&super::ledger::Bill| {
            b.ms + reach > cx.ms
                && wanted(fields, "instType", b.inst_kind.map_or("", |k| k.word()))
                && wanted(fields, "instId", &b.inst_id)
                && wanted(fields, "ccy", &b.ccy)
                && wanted(fields, "mgnMode", b.mode.map_or("", |m| m.word()))
                && wanted(fields, "type", &b.kind.to_string())
                && wanted(fields, "subType", &b.sub_type.to_string())
        };
        Ok(page.of(self.bills.iter().rev().filter(fits), |b| (b.id, b.ms), rows::bill_row))
    }

    /// `GET /account/positions`.
    pub(super) fn position_list(&self, fields: Fields<'_>, cx: Cx<'_>) -> Value {
        let one_of = |name: &str, have: &str| {
            let want = fields.text(name);
            want.is_empty() || want.split(',').any(|w| w == have)
        };
        let mut positions: Vec<_> = self
            .positions
            .values()
            .filter(|p| {
                wanted(fields, "instType", p.inst.kind.word())
                    && one_of("instId", &p.inst.id)
                    && one_of("posId", &p.id.to_string())
            })
            .collect();
        positions.sort_by_key(|p| std::cmp::Reverse((p.c_ms, p.id)));
        Value::Array(positions.into_iter().map(|p| rows::position_row(self, p, false, cx)).collect())
    }

    /// `GET /account/positions-history`: paged by the time of change.
    pub(super) fn position_history(&self, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, Refusal> {
        let page = Page::read(fields)?;
        let part = self.positions.values().filter(|p| p.closed.is_positive());
        let mut all: Vec<_> = self.past.iter().chain(part).collect();
        all.sort_by_key(|p| std::cmp::Reverse((p.u_ms, p.id)));
        let fits = |p: &&super::position::Position| {
            p.u_ms + ARCHIVE_MS > cx.ms
                && wanted(fields, "instType", p.inst.kind.word())
                && wanted(fields, "instId", &p.inst.id)
                && wanted(fields, "mgnMode", p.mode.word())
                && wanted(fields, "posId", &p.id.to_string())
        };
        Ok(page.of(all.into_iter().filter(fits), |p| (p.u_ms, p.u_ms), rows::past_row))
    }
}
