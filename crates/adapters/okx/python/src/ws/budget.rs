//! The budget of new connections, one for each host in this process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use okx_ws::session::ConnectBudget;

/// Hosts that are told apart; the sites of OKX and their demos are a dozen. Later ones share one budget.
const HOSTS_MAX: usize = 64;

static BUDGETS: Mutex<BTreeMap<String, ConnectBudget>> = Mutex::new(BTreeMap::new());

/// The budget that all connections of this process to the host share: OKX counts them by address.
#[must_use]
pub fn connect_budget(host: &str) -> ConnectBudget {
    let mut budgets = BUDGETS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = if budgets.len() < HOSTS_MAX || budgets.contains_key(host) { host } else { "" };
    budgets.entry(key.to_owned()).or_default().clone()
}
