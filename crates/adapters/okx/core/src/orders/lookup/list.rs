//! Lists that are read at the same time, each page after page.

use okx_common::enums::InstType;
use okx_http::{
    Endpoint, HttpError, Request, decode_rows,
    endpoint::{
        account::{Balance, GetBalance, GetPositions, Position},
        algo::GetAlgosPending,
        spread::{GetSpreadFills, GetSpreadOrdersPending},
        trade::{GetFills, GetFillsHistory, GetOrdersPending},
    },
    history::ListPages,
};

/// Which of the requests of a question one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part(u8);

impl Part {
    pub(super) const FIRST: Self = Self(0);
}

/// An answer of one request.
#[derive(Debug)]
pub(super) struct Whole<E: Endpoint> {
    endpoint: E,
    rows: Option<Vec<E::Row>>,
}

/// A list.
#[derive(Debug)]
pub(super) enum List {
    Orders(ListPages<GetOrdersPending>),
    Algos(ListPages<GetAlgosPending>),
    Fills(ListPages<GetFills>),
    OldFills(ListPages<GetFillsHistory>),
    SpreadOrders(ListPages<GetSpreadOrdersPending>),
    SpreadFills(ListPages<GetSpreadFills>),
    Balance(Whole<GetBalance>),
    Positions(Whole<GetPositions>),
}

impl<E: Endpoint> Whole<E> {
    fn new(endpoint: E) -> Self {
        Self { endpoint, rows: None }
    }

    fn next_request(&self) -> Option<Request> {
        self.rows.is_none().then(|| self.endpoint.to_request())
    }

    fn take(&mut self, body: &[u8]) -> Result<(), HttpError> {
        let rows = decode_rows::<E>(body)?.rows;
        if let Some(bad) = rows.skipped.first() {
            return Err(HttpError::local(
                okx_http::ErrorKind::Decode,
                format_args!("{}: {bad}", E::SPEC.path),
            ));
        }
        self.rows = Some(rows.items);
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<E::Row> {
        self.rows.unwrap_or_default()
    }
}

impl List {
    pub(super) fn balance() -> Self {
        Self::Balance(Whole::<GetBalance>::new(GetBalance::new()))
    }

    pub(super) fn positions() -> Self {
        Self::Positions(Whole::<GetPositions>::new(GetPositions::new()))
    }

    fn next_request(&self) -> Option<Request> {
        match self {
            Self::Orders(pages) => pages.next_request(),
            Self::Algos(pages) => pages.next_request(),
            Self::Fills(pages) => pages.next_request(),
            Self::OldFills(pages) => pages.next_request(),
            Self::SpreadOrders(pages) => pages.next_request(),
            Self::SpreadFills(pages) => pages.next_request(),
            Self::Balance(whole) => whole.next_request(),
            Self::Positions(whole) => whole.next_request(),
        }
    }

    fn take(&mut self, body: &[u8]) -> Result<(), HttpError> {
        match self {
            Self::Orders(pages) => pages.take(body),
            Self::Algos(pages) => pages.take(body),
            Self::Fills(pages) => pages.take(body),
            Self::OldFills(pages) => pages.take(body),
            Self::SpreadOrders(pages) => pages.take(body),
            Self::SpreadFills(pages) => pages.take(body),
            Self::Balance(whole) => whole.take(body),
            Self::Positions(whole) => whole.take(body),
        }
    }
}

/// Lists that are read at the same time.
#[derive(Debug, Default)]
pub(super) struct Lists {
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    list: List,
    is_asked: bool,
}

impl Lists {
    pub(super) fn new(lists: impl IntoIterator<Item = List>) -> Self {
        let mut this = Self::default();
        lists.into_iter().for_each(|list| this.add(list));
        this
    }

    pub(super) fn add(&mut self, list: List) {
        self.slots.push(Slot { list, is_asked: false });
    }

    pub(super) fn next(&mut self) -> Option<(Part, Request)> {
        for (no, slot) in (0..).zip(&mut self.slots).filter(|(_, slot)| !slot.is_asked) {
            if let Some(request) = slot.list.next_request() {
                slot.is_asked = true;
                return Some((Part(no), request));
            }
        }
        None
    }

    /// Takes a page; whether all lists are complete.
    ///
    /// # Errors
    /// Why one of them cannot be.
    pub(super) fn take(&mut self, part: Part, body: Result<&[u8], &HttpError>) -> Result<bool, String> {
        let Some(slot) = self.slots.get_mut(usize::from(part.0)).filter(|slot| slot.is_asked) else {
            return Ok(false);
        };
        slot.is_asked = false;
        let body = body.map_err(ToString::to_string)?;
        slot.list.take(body).map_err(|error| error.to_string())?;
        Ok(self.slots.iter().all(|slot| !slot.is_asked && slot.list.next_request().is_none()))
    }

    pub(super) fn finish(&mut self) -> impl Iterator<Item = List> {
        std::mem::take(&mut self.slots).into_iter().map(|slot| slot.list)
    }
}

/// Whether it is a spread: `BTC-USDT_BTC-USDT-SWAP`, which has its base currency twice, other than `BTC-USD_UM-SWAP`.
#[must_use]
pub fn is_spread(inst_id: &str) -> bool {
    let base = inst_id.split('-').next().unwrap_or_default();
    let second = |rest: &str| rest.strip_prefix(base).is_some_and(|rest| rest.starts_with('-'));
    !base.is_empty() && inst_id.match_indices('_').any(|(at, _)| second(&inst_id[at + 1..]))
}

/// What kinds of instruments have such an id: those of pairs are two.
pub(super) fn inst_types(inst_id: &str) -> &'static [InstType] {
    let parts: Vec<_> = inst_id.split('-').collect();
    let is_date = |part: &str| part.len() == 6 && part.bytes().all(|b| b.is_ascii_digit());
    match &parts[..] {
        [_, _] => &[InstType::Spot, InstType::Margin],
        [_, _, "SWAP"] => &[InstType::Swap],
        [_, _, date] if is_date(date) => &[InstType::Futures],
        [_, _, date, _, "C" | "P"] if is_date(date) => &[InstType::Option],
        _ => &[InstType::Futures, InstType::Events],
    }
}

pub(super) fn balance_of(whole: Whole<GetBalance>) -> Option<Balance> {
    whole.finish().into_iter().next()
}

pub(super) fn positions_of(whole: Whole<GetPositions>) -> Vec<Position> {
    whole.finish()
}
