//! One order.

use okx_common::{
    ids::InstId,
    order::{AlgoTarget, OrderTarget},
};
use okx_http::{
    Endpoint, HttpError, Request, decode_rows,
    endpoint::{algo::GetAlgoOrder, spread::GetSpreadOrder, trade::GetOrder},
};

use super::list::{Part, is_spread};
use crate::orders::tracker::Found;

/// The order does not exist.
const ABSENT: u32 = 51_603;

/// The look at one order.
#[derive(Debug)]
pub(super) struct FindTask {
    request: Option<Request>,
    read: fn(&[u8]) -> Result<Found, HttpError>,
}

impl FindTask {
    pub(super) fn order(inst_id: &InstId, by: &OrderTarget) -> Self {
        let (ord_id, cl_ord_id) = match by {
            OrderTarget::OrdId(id) => (Some(id.clone()), None),
            OrderTarget::ClOrdId(id) => (None, Some(id.clone())),
        };
        if is_spread(inst_id) {
            let request = GetSpreadOrder { ord_id, cl_ord_id }.to_request();
            let read = |body: &[u8]| {
                read::<GetSpreadOrder>(body, |row| {
                    row.ord_id.is_some().then(|| Found::Order(Box::new((&row).into())))
                })
            };
            return Self { request: Some(request), read };
        }
        let request = GetOrder { inst_id: inst_id.clone(), ord_id, cl_ord_id }.to_request();
        let read = |body: &[u8]| {
            read::<GetOrder>(body, |row| row.ord_id.is_some().then(|| Found::Order(Box::new((&row).into()))))
        };
        Self { request: Some(request), read }
    }

    pub(super) fn algo(by: &AlgoTarget) -> Self {
        let (algo_id, algo_cl_ord_id) = match by {
            AlgoTarget::AlgoId(id) => (Some(id.clone()), None),
            AlgoTarget::AlgoClOrdId(id) => (None, Some(id.clone())),
        };
        let request = GetAlgoOrder { algo_id, algo_cl_ord_id }.to_request();
        let read = |body: &[u8]| {
            read::<GetAlgoOrder>(body, |row| {
                row.algo_id.is_some().then(|| Found::Algo(Box::new((&row).into())))
            })
        };
        Self { request: Some(request), read }
    }

    pub(super) fn next(&mut self) -> Option<(Part, Request)> {
        self.request.take().map(|request| (Part::FIRST, request))
    }

    pub(super) fn take(&self, body: Result<&[u8], &HttpError>) -> Found {
        let found = match body {
            Ok(body) => (self.read)(body),
            Err(error) => Err(error.clone()),
        };
        found.unwrap_or_else(|error| {
            if error.code().0 == ABSENT { Found::Absent } else { Found::Failed(error.to_string()) }
        })
    }
}

/// The order of an answer. A row that cannot be read is no absence, nor is one without an id.
fn read<E: Endpoint>(body: &[u8], found: impl FnOnce(E::Row) -> Option<Found>) -> Result<Found, HttpError> {
    let rows = decode_rows::<E>(body)?.rows;
    if let Some(bad) = rows.skipped.first() {
        return Ok(Found::Failed(format!("{}: {bad}", E::SPEC.path)));
    }
    let Some(row) = rows.items.into_iter().next() else { return Ok(Found::Absent) };
    Ok(found(row).unwrap_or_else(|| Found::Failed(format!("{}: data[0]: no id", E::SPEC.path))))
}
