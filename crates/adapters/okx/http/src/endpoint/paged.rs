//! Lists that come in pages: by what each goes back.

use std::borrow::Cow;

use super::{
    Endpoint, account as a, algo, spread as s,
    trade::{self as t, Fill, Order},
};

/// A list that comes in pages, newest first, each asked for by what is oldest on the one before.
pub trait Paged: Endpoint + Clone {
    /// The same with pages as long as OKX allows, or shorter ones if so asked.
    #[must_use]
    fn page(&self) -> Self;

    /// The same, but only what is older.
    #[must_use]
    fn older_than(&self, id: &str) -> Self;

    /// How many rows a page has at most.
    fn limit(&self) -> u32;

    /// What pages go by, as text of a number; `None` if the row does not tell.
    fn id(row: &Self::Row) -> Option<Cow<'_, str>>;

    /// What tells rows apart, where that is not the same.
    fn key(row: &Self::Row) -> Option<Cow<'_, str>> {
        Self::id(row)
    }
}

/// The most rows of a page.
const PAGE_MAX: u32 = 100;

macro_rules! paged {
    ($($endpoint:ty: $after:ident($older:expr), |$row:ident| $id:expr $(, key $key:expr)?;)*) => {$(
        impl Paged for $endpoint {
            fn page(&self) -> Self {
                Self { limit: Some(self.limit()), ..self.clone() }
            }

            fn older_than(&self, id: &str) -> Self {
                Self { $after: $older(id), ..self.clone() }
            }

            fn limit(&self) -> u32 {
                self.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX)
            }

            fn id($row: &Self::Row) -> Option<Cow<'_, str>> {
                $id
            }

            $(fn key($row: &Self::Row) -> Option<Cow<'_, str>> {
                $key
            })?
        }
    )*};
}

fn text(id: &str) -> Option<String> {
    Some(id.to_owned())
}

fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

fn of(id: Option<&String>) -> Option<Cow<'_, str>> {
    id.map(|id| Cow::Borrowed(id.as_str()))
}

fn order_id(row: &Order) -> Option<Cow<'_, str>> {
    of(row.ord_id.as_ref())
}

fn fill_id(row: &Fill) -> Option<Cow<'_, str>> {
    of(row.bill_id.as_ref())
}

paged! {
    t::GetOrdersPending: after(text), |row| order_id(row);
    t::GetOrdersHistory: after(text), |row| order_id(row);
    t::GetOrdersHistoryArchive: after(text), |row| order_id(row);
    t::GetFills: after(text), |row| fill_id(row);
    t::GetFillsHistory: after(text), |row| fill_id(row);
    algo::GetAlgosPending: after(text), |row| of(row.algo_id.as_ref());
    algo::GetAlgosHistory: after(text), |row| of(row.algo_id.as_ref());
    a::GetBills: after(text), |row| of(row.bill_id.as_ref());
    a::GetBillsArchive: after(text), |row| of(row.bill_id.as_ref());
    // Those of one millisecond come all at once.
    a::GetPositionsHistory: after(number), |row| row.u_time_ms.map(|ms| Cow::Owned(ms.to_string())),
        key Some(Cow::Owned(format!("{:?}/{:?}/{:?}", row.pos_id, row.u_time_ms, row.close_type)));
    s::GetSpreadOrdersPending: end_id(text), |row| of(row.ord_id.as_ref());
    s::GetSpreadOrdersHistory: end_id(text), |row| of(row.ord_id.as_ref());
    s::GetSpreadOrdersHistoryArchive: end_id(text), |row| of(row.ord_id.as_ref());
    s::GetSpreadFills: end_id(text), |row| of(row.trade_id.as_ref());
}
