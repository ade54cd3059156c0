//! The budget of new connections, one for each host and port in this process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use okx_ws::{pipe::WsUrl, session::ConnectBudget};

/// Hosts that are told apart; the sites of OKX and their demos are a dozen, a test run has a simulated exchange in each test. Later
/// ones share one budget.
const HOSTS_MAX: usize = 4_096;

static BUDGETS: Mutex<BTreeMap<String, ConnectBudget>> = Mutex::new(BTreeMap::new());

/// The budget that all connections of this process to the host share: OKX counts them by address.
#[must_use]
pub fn connect_budget(url: &WsUrl) -> ConnectBudget {
    let host = url.authority();
    let mut budgets = BUDGETS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = if budgets.len() < HOSTS_MAX || budgets.contains_key(host) { host } else { "" };
    budgets.entry(key.to_owned()).or_default().clone()
}
