//! Greeks of an account (reference 5.11): deltas of coins, swaps and futures. Those of options are left out, and so is what only
//! options have: gamma, theta, vega.

use serde_json::Value;

use crate::trading::{Cx, PrivatePush, holder::Holder, num::Num, push::Item, row::Row};

/// The currencies an account has greeks in: what it holds, and what its contracts follow.
#[must_use]
pub fn exposed(holder: &Holder) -> Vec<String> {
    let mut all = holder.currencies();
    for position in holder.positions.values().filter(|p| p.inst.kind.is_future()) {
        if !all.contains(&position.inst.base) {
            all.push(position.inst.base.clone());
        }
    }
    all
}

/// A row of `/account/greeks` and `account-greeks`.
#[must_use]
pub fn greeks_row(holder: &Holder, ccy: &str, cx: Cx<'_>) -> Value {
    let contracts = holder.positions.values().filter(|p| p.inst.kind.is_future() && p.inst.base == ccy);
    let coins = contracts.map(|position| {
        let size = position.qty * position.inst.ct;
        if position.inst.inverse { size.over(cx.mark(&position.inst.id)) } else { size }
    });
    let delta = holder.funds(ccy, cx).eq() + coins.sum::<Num>();
    let zeros = ["gammaBS", "gammaPA", "thetaBS", "thetaPA", "vegaBS", "vegaPA"];
    let row = Row::new().put("ccy", ccy).put("deltaBS", delta).put("deltaPA", delta).put("ts", cx.ms);
    zeros.into_iter().fold(row, |row, name| row.put(name, "0")).done()
}

/// The push of `account-greeks`.
#[must_use]
pub fn greeks_push(who: usize, holder: &Holder, cx: Cx<'_>) -> PrivatePush {
    let items = exposed(holder).into_iter().map(|ccy| Item {
        kind: None,
        family: String::new(),
        inst_id: String::new(),
        algo_id: String::new(),
        row: greeks_row(holder, &ccy, cx),
    });
    PrivatePush::of(who, "account-greeks", items.collect())
}
