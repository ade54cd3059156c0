//! Past orders, fills and records: the endpoint of the last days and that of the last months as one list.

use std::collections::HashSet;

use okx_common::{
    decimal::Decimal,
    enums::{AlgoState, InstType},
    ids::{InstFamily, InstId, OrdId},
};

use crate::{
    client::OkxHttpClient,
    endpoint::{
        Paged,
        account::{Bill, GetBills, GetBillsArchive},
        algo::{AlgoOrder, GetAlgosHistory, GetAlgosPending},
        trade::{
            Fill, GetFills, GetFillsHistory, GetOrder, GetOrdersHistory, GetOrdersHistoryArchive, Order,
        },
    },
    error::{ErrorKind, HttpError},
};

const HOUR_MS: u64 = 3_600_000;
/// How far back the endpoints of the last days go, less an hour for what takes time.
const ORDERS_MS: u64 = 7 * 24 * HOUR_MS - HOUR_MS;
const FILLS_MS: u64 = 3 * 24 * HOUR_MS - HOUR_MS;
const BILLS_MS: u64 = 7 * 24 * HOUR_MS - HOUR_MS;

/// The order does not exist.
const ABSENT: u32 = 51_603;

/// The types of strategy orders, by what can be asked together.
pub const ALGO_TYPES: [&str; 7] =
    ["conditional,oco", "trigger", "move_order_stop", "twap", "chase", "smart_iceberg", "iceberg"];
/// The states of past strategy orders that can be asked for.
const PAST_STATES: [AlgoState; 3] = [AlgoState::Effective, AlgoState::Canceled, AlgoState::OrderFailed];
/// What can have been filled.
const TRADED: [InstType; 5] =
    [InstType::Spot, InstType::Margin, InstType::Swap, InstType::Futures, InstType::Option];

/// Which past orders are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOrders {
    /// Kind of instrument.
    pub inst_type: InstType,
    /// One family of instruments.
    pub inst_family: Option<InstFamily>,
    /// One instrument.
    pub inst_id: Option<InstId>,
    /// Made from then on, Unix ms; three months if `None`.
    pub begin_ms: Option<u64>,
    /// Made until then, Unix ms.
    pub end_ms: Option<u64>,
}

/// Which fills are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastFills {
    /// Kind of instrument.
    pub inst_type: Option<InstType>,
    /// One instrument.
    pub inst_id: Option<InstId>,
    /// One order.
    pub ord_id: Option<OrdId>,
    /// Recorded from then on, Unix ms; three months if `None`.
    pub begin_ms: Option<u64>,
    /// Recorded until then, Unix ms.
    pub end_ms: Option<u64>,
    /// Of one order: what is known to be filled. If the recent fills are as much, the others need not be asked for.
    pub at_least: Option<Decimal>,
}

impl PastFills {
    /// The fills of the last days.
    fn recent(&self) -> GetFills {
        GetFills {
            inst_type: self.inst_type.clone(),
            inst_id: self.inst_id.clone(),
            ord_id: self.ord_id.clone(),
            begin: self.begin_ms,
            end: self.end_ms,
            ..GetFills::new()
        }
    }

    /// Those before, by kind of instrument.
    fn old(&self, now_ms: u64) -> Vec<GetFillsHistory> {
        let types = self.inst_type.clone().map_or_else(|| TRADED.to_vec(), |one| vec![one]);
        let of = |inst_type| GetFillsHistory {
            inst_id: self.inst_id.clone(),
            ord_id: self.ord_id.clone(),
            begin: self.begin_ms,
            end: Some(older_end(self.end_ms, FILLS_MS, now_ms)),
            ..GetFillsHistory::new(inst_type)
        };
        types.into_iter().map(of).collect()
    }
}

/// Which strategy orders are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlgoFilter {
    /// Kind of instrument.
    pub inst_type: Option<InstType>,
    /// One instrument.
    pub inst_id: Option<InstId>,
    /// One type, in OKX's word.
    pub ord_type: Option<String>,
    /// One state, of past ones.
    pub state: Option<AlgoState>,
}

impl AlgoFilter {
    fn types(&self) -> Vec<String> {
        self.ord_type.as_ref().map_or_else(|| ALGO_TYPES.map(str::to_owned).to_vec(), |one| vec![one.clone()])
    }
}

/// Adds rows, each once.
fn merge<E: Paged>(rows: Vec<E::Row>, all: &mut Vec<E::Row>, seen: &mut HashSet<String>) {
    let is_new = |row: &E::Row, seen: &mut HashSet<String>| {
        E::key(row).is_none_or(|key| seen.insert(key.into_owned()))
    };
    all.extend(rows.into_iter().filter(|row| is_new(row, seen)));
}

/// What goes back so far is not all in the endpoint of the last days.
fn is_older(begin_ms: Option<u64>, reach_ms: u64, now_ms: u64) -> bool {
    begin_ms.is_none_or(|begin| begin < now_ms.saturating_sub(reach_ms))
}

/// The end for the endpoint of the months: what the one of the last days has shown need not be asked for again, under
/// tighter limits. Orders go by their creation, which is never after their end.
fn older_end(end_ms: Option<u64>, reach_ms: u64, now_ms: u64) -> u64 {
    let shown_from = now_ms.saturating_sub(reach_ms);
    end_ms.map_or(shown_from, |end| end.min(shown_from))
}

impl OkxHttpClient {
    /// Past orders, the recent ones first. Of those that were cancelled without a fill OKX keeps two hours.
    ///
    /// # Errors
    /// What went wrong with any page or row: there is no list then.
    pub async fn past_orders(&self, wanted: &PastOrders) -> Result<Vec<Order>, HttpError> {
        let (inst_family, inst_id) = (wanted.inst_family.clone(), wanted.inst_id.clone());
        let (begin, end) = (wanted.begin_ms, wanted.end_ms);
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        let recent = GetOrdersHistory {
            inst_family: inst_family.clone(),
            inst_id: inst_id.clone(),
            begin,
            end,
            ..GetOrdersHistory::new(wanted.inst_type.clone())
        };
        merge::<GetOrdersHistory>(self.list(&recent).await?, &mut all, &mut seen);
        let now_ms = self.venue_ms();
        if is_older(begin, ORDERS_MS, now_ms) {
            let archive = GetOrdersHistoryArchive {
                inst_family,
                inst_id,
                begin,
                end: Some(older_end(end, ORDERS_MS, now_ms)),
                ..GetOrdersHistoryArchive::new(wanted.inst_type.clone())
            };
            merge::<GetOrdersHistoryArchive>(self.list(&archive).await?, &mut all, &mut seen);
        }
        Ok(all)
    }

    /// Fills, the recent ones first.
    ///
    /// # Errors
    /// What went wrong with any page or row: there is no list then.
    pub async fn past_fills(&self, wanted: &PastFills) -> Result<Vec<Fill>, HttpError> {
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        merge::<GetFills>(self.list(&wanted.recent()).await?, &mut all, &mut seen);
        let now_ms = self.venue_ms();
        if !is_older(wanted.begin_ms, FILLS_MS, now_ms) || self.is_all(wanted, &all, wanted.at_least).await? {
            return Ok(all);
        }
        for old in wanted.old(now_ms) {
            merge::<GetFillsHistory>(self.list(&old).await?, &mut all, &mut seen);
        }
        Ok(all)
    }

    /// The same, each page as soon as it is there; `at_least` is not looked at. What was handed over is a list only if the
    /// end is reached.
    ///
    /// # Errors
    /// What went wrong with any page or row.
    pub async fn past_fills_paged(
        &self,
        wanted: &PastFills,
        on_page: &mut (dyn FnMut(Vec<Fill>) + Send),
    ) -> Result<(), HttpError> {
        let mut seen = HashSet::new();
        let mut unseen = |rows: Vec<Fill>| {
            let mut new = Vec::with_capacity(rows.len());
            merge::<GetFills>(rows, &mut new, &mut seen);
            on_page(new);
        };
        self.list_paged(&wanted.recent(), &mut unseen).await?;
        let now_ms = self.venue_ms();
        if is_older(wanted.begin_ms, FILLS_MS, now_ms) {
            for old in wanted.old(now_ms) {
                self.list_paged(&old, &mut unseen).await?;
            }
        }
        Ok(())
    }

    /// Whether these are all fills of the one order that is asked for: the endpoint of the months is slow.
    async fn is_all(
        &self,
        wanted: &PastFills,
        fills: &[Fill],
        at_least: Option<Decimal>,
    ) -> Result<bool, HttpError> {
        let (Some(ord_id), false) = (&wanted.ord_id, fills.is_empty()) else { return Ok(false) };
        if wanted.begin_ms.is_some() || wanted.end_ms.is_some() {
            return Ok(false);
        }
        let filled = match (at_least, &wanted.inst_id) {
            (Some(filled), _) => Some(filled),
            (None, Some(inst_id)) => {
                self.order(inst_id, Some(ord_id.clone()), None).await?.and_then(|order| order.acc_fill_sz)
            }
            (None, None) => None,
        };
        let sum = fills.iter().filter_map(|fill| fill.fill_sz);
        let sum = sum.fold(Decimal::ZERO, |sum, sz| sum.checked_add(sz).unwrap_or(sum));
        Ok(filled.is_some_and(|filled| sum >= filled))
    }

    /// An order by one of its ids; `None` if OKX says that it does not exist.
    ///
    /// # Errors
    /// What went wrong, which says nothing of the order.
    pub async fn order(
        &self,
        inst_id: &InstId,
        ord_id: Option<OrdId>,
        cl_ord_id: Option<okx_common::ids::ClOrdId>,
    ) -> Result<Option<Order>, HttpError> {
        self.find(&GetOrder { inst_id: inst_id.clone(), ord_id, cl_ord_id }).await
    }

    /// The row of a request that has one or none; `None` if OKX says that what is asked for does not exist.
    ///
    /// # Errors
    /// What went wrong, a row that cannot be read included.
    pub async fn find<E: crate::Endpoint>(&self, endpoint: &E) -> Result<Option<E::Row>, HttpError> {
        match self.all(endpoint).await {
            Ok(rows) => Ok(rows.into_iter().next()),
            Err(error) if error.kind() == ErrorKind::Venue && error.code().0 == ABSENT => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The rows of an answer without pages, all of them or none.
    ///
    /// # Errors
    /// What went wrong, a row that cannot be read included.
    pub async fn all<E: crate::Endpoint>(&self, endpoint: &E) -> Result<Vec<E::Row>, HttpError> {
        let rows = self.get(endpoint).await?;
        match rows.skipped.first() {
            Some(bad) => Err(HttpError::sent(ErrorKind::Decode, bad).at(E::SPEC)),
            None => Ok(rows.items),
        }
    }

    /// The waiting strategy orders of all types, or of one.
    ///
    /// # Errors
    /// What went wrong with any page or row: there is no list then.
    pub async fn open_algos(&self, wanted: &AlgoFilter) -> Result<Vec<AlgoOrder>, HttpError> {
        let mut all = Vec::new();
        for ord_type in wanted.types() {
            let (inst_type, inst_id) = (wanted.inst_type.clone(), wanted.inst_id.clone());
            let pages = GetAlgosPending { inst_type, inst_id, ..GetAlgosPending::new(ord_type) };
            all.extend(self.list(&pages).await?);
        }
        Ok(all)
    }

    /// Past strategy orders of three months, of all types and states or of one.
    ///
    /// # Errors
    /// What went wrong with any page or row: there is no list then.
    pub async fn past_algos(&self, wanted: &AlgoFilter) -> Result<Vec<AlgoOrder>, HttpError> {
        let mut all = Vec::new();
        let states = wanted.state.map_or_else(|| PAST_STATES.to_vec(), |one| vec![one]);
        for ord_type in wanted.types() {
            for state in &states {
                let pages = GetAlgosHistory {
                    state: Some(*state),
                    inst_type: wanted.inst_type.clone(),
                    inst_id: wanted.inst_id.clone(),
                    ..GetAlgosHistory::new(ord_type.clone())
                };
                all.extend(self.list(&pages).await?);
            }
        }
        Ok(all)
    }

    /// Records of the last seven days, and of three months if it begins earlier. `most`: no more than so many, the newest.
    ///
    /// # Errors
    /// What went wrong with any page or row: there is no list then.
    pub async fn bills(&self, wanted: &GetBills, most: usize) -> Result<Vec<Bill>, HttpError> {
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        merge::<GetBills>(self.list_newest(wanted, most).await?, &mut all, &mut seen);
        let is_older = wanted.begin.is_some() && is_older(wanted.begin, BILLS_MS, self.venue_ms());
        if is_older && all.len() < most {
            let archive = GetBillsArchive {
                inst_type: wanted.inst_type.clone(),
                inst_id: wanted.inst_id.clone(),
                ccy: wanted.ccy.clone(),
                mgn_mode: wanted.mgn_mode.clone(),
                ct_type: wanted.ct_type.clone(),
                bill_type: wanted.bill_type.clone(),
                sub_type: wanted.sub_type.clone(),
                begin: wanted.begin,
                end: wanted.end,
                ..GetBillsArchive::new()
            };
            merge::<GetBillsArchive>(self.list_newest(&archive, most).await?, &mut all, &mut seen);
            all.truncate(most);
        }
        Ok(all)
    }
}
