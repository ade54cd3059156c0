//! One look at everything: open orders, strategy orders, fills since a time, balances and positions.

use okx_common::enums::InstType;
use okx_http::{
    HttpError,
    endpoint::{
        account::Balance,
        algo::GetAlgosPending,
        spread::{GetSpreadFills, GetSpreadOrdersPending},
        trade::{GetFills, GetFillsHistory, GetOrdersPending},
    },
    history::ListPages,
};

use super::{
    LookupConfig,
    fills::add_fills,
    list::{self, List, Part, balance_of, positions_of},
};
use crate::orders::{
    account::{BalanceRow, PositionRow},
    tracker::Lists,
};

/// The types of strategy orders, by what can be asked together.
const ALGO_TYPES: [&str; 6] =
    ["conditional,oco", "trigger", "move_order_stop", "twap", "chase", "smart_iceberg"];
/// `/trade/fills` goes back three days; an hour of them is left for what takes time.
const RECENT_MS: u64 = 71 * 3_600_000;
/// What can have been filled longer ago.
const OLD_TYPES: [InstType; 5] =
    [InstType::Spot, InstType::Margin, InstType::Swap, InstType::Futures, InstType::Option];

/// All that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Everything {
    /// Orders and fills.
    pub lists: Lists,
    /// The balances, if wanted.
    pub balances: Option<Balances>,
    /// The positions, all of them, if wanted.
    pub positions: Option<Vec<PositionRow>>,
}

/// The balances of the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Balances {
    /// All currencies; one that is not there is 0.
    pub rows: Vec<BalanceRow>,
    /// The account as OKX shows it.
    pub totals: Balance,
}

/// The look at everything.
#[derive(Debug)]
pub(super) struct EverythingTask {
    pub(super) lists: list::Lists,
}

impl EverythingTask {
    pub(super) fn new(config: LookupConfig, fills_since_ms: Option<u64>, now_ms: u64) -> Self {
        let mut lists = list::Lists::new([List::Orders(ListPages::new(&GetOrdersPending::new()))]);
        for types in ALGO_TYPES {
            lists.add(List::Algos(ListPages::new(&GetAlgosPending::new(types))));
        }
        if config.spreads {
            lists.add(List::SpreadOrders(ListPages::new(&GetSpreadOrdersPending::new())));
        }
        if let Some(since_ms) = fills_since_ms {
            let begin = Some(since_ms);
            lists.add(List::Fills(ListPages::new(&GetFills { begin, ..GetFills::new() })));
            if config.spreads {
                let all = GetSpreadFills { begin, ..GetSpreadFills::new() };
                lists.add(List::SpreadFills(ListPages::new(&all)));
            }
            if now_ms.saturating_sub(since_ms) > RECENT_MS {
                for inst_type in OLD_TYPES {
                    let all = GetFillsHistory { begin, ..GetFillsHistory::new(inst_type) };
                    lists.add(List::OldFills(ListPages::new(&all)));
                }
            }
        }
        if config.account {
            lists.add(List::balance());
            lists.add(List::positions());
        }
        Self { lists }
    }

    pub(super) fn take(
        &mut self,
        part: Part,
        body: Result<&[u8], &HttpError>,
    ) -> Option<Result<Everything, String>> {
        match self.lists.take(part, body) {
            Ok(true) => Some(self.finish()),
            Ok(false) => None,
            Err(why) => Some(Err(why)),
        }
    }

    fn finish(&mut self) -> Result<Everything, String> {
        let mut all = Everything { lists: Lists::default(), balances: None, positions: None };
        let lists: Vec<_> = self.lists.finish().collect();
        for list in lists {
            match list {
                List::Orders(pages) => all.lists.orders.extend(pages.finish().iter().map(Into::into)),
                List::SpreadOrders(pages) => all.lists.orders.extend(pages.finish().iter().map(Into::into)),
                List::Algos(pages) => all.lists.algos.extend(pages.finish().iter().map(Into::into)),
                List::Balance(whole) => {
                    let totals = balance_of(whole).ok_or("/account/balance: data: empty")?;
                    let rows: Option<Vec<_>> = totals.details.iter().map(BalanceRow::of).collect();
                    let rows = rows.ok_or("/account/balance: a balance without `ccy`")?;
                    all.balances = Some(Balances { rows, totals });
                }
                List::Positions(whole) => {
                    let rows: Vec<PositionRow> = positions_of(whole).iter().map(Into::into).collect();
                    if !rows.iter().all(PositionRow::is_named) {
                        return Err("/account/positions: a position that does not say whose it is".to_owned());
                    }
                    all.positions = Some(rows);
                }
                fills => add_fills(fills, &mut all.lists.fills)?,
            }
        }
        Ok(all)
    }
}
