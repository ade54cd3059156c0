//! The accounts of the schedules, and what they trade.

use okx_common::{
    enums::{AcctLv, MgnMode, PosMode},
    ids::SprdId,
};
use okx_sim::Account;

use super::market::{OPTION, PAIR, SPREAD, SWAP, lot_of, tick_of};
use crate::orders::{context::AccountContext, request::SpreadSpec};

/// An account in its modes, and the instruments of a strategy.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    pub name: &'static str,
    /// `acctLv`.
    pub level: u8,
    /// Long and short positions side by side.
    pub is_hedged: bool,
    pub is_isolated: bool,
    /// Pairs are traded with borrowed money: MARGIN.
    pub has_margin: bool,
    pub inst_ids: &'static [&'static str],
}

const FUTURES: Profile = Profile {
    name: "futures",
    level: 2,
    is_hedged: false,
    is_isolated: false,
    has_margin: false,
    inst_ids: &[PAIR, SWAP],
};

/// One of them by the seed; the first ones more often.
pub const PROFILES: [Profile; 14] = [
    FUTURES,
    FUTURES,
    FUTURES,
    Profile { name: "spot", level: 1, inst_ids: &[PAIR], ..FUTURES },
    Profile { name: "hedged", is_hedged: true, ..FUTURES },
    Profile { name: "hedged isolated", is_hedged: true, is_isolated: true, ..FUTURES },
    Profile { name: "margin", has_margin: true, ..FUTURES },
    Profile { name: "margin isolated", has_margin: true, is_isolated: true, ..FUTURES },
    Profile { name: "options isolated", is_isolated: true, inst_ids: &[PAIR, SWAP, OPTION], ..FUTURES },
    Profile { name: "spreads", inst_ids: &[PAIR, SWAP, SPREAD], ..FUTURES },
    Profile { name: "multi-currency", level: 3, inst_ids: &[PAIR, SWAP, OPTION, SPREAD], ..FUTURES },
    Profile {
        name: "multi-currency hedged",
        level: 3,
        is_hedged: true,
        inst_ids: &[PAIR, SWAP, OPTION],
        ..FUTURES
    },
    Profile { name: "portfolio", level: 4, inst_ids: &[PAIR, SWAP, OPTION, SPREAD], ..FUTURES },
    Profile { name: "portfolio hedged", level: 4, is_hedged: true, ..FUTURES },
];

impl Profile {
    /// The account at the exchange.
    pub fn account(&self) -> Account {
        Account {
            acct_lv: self.level,
            pos_mode: if self.is_hedged { "long_short_mode" } else { "net_mode" }.to_owned(),
            ..Account::default()
        }
    }

    /// The same for the client.
    pub fn context(&self) -> AccountContext {
        AccountContext {
            acct_lv: match self.level {
                1 => AcctLv::Spot,
                2 => AcctLv::Futures,
                3 => AcctLv::MultiCurrency,
                _ => AcctLv::Portfolio,
            },
            pos_mode: if self.is_hedged { PosMode::LongShort } else { PosMode::Net },
            margin_mode: self.is_isolated.then_some(MgnMode::Isolated),
            spot_margin: self.has_margin,
            ..AccountContext::default()
        }
    }

    /// What most orders are on.
    pub fn main(&self) -> &'static str {
        if self.inst_ids.contains(&SWAP) { SWAP } else { PAIR }
    }

    pub fn has_spreads(&self) -> bool {
        self.inst_ids.contains(&SPREAD)
    }

    /// What orders on the spread must keep to.
    pub fn spread(&self) -> Option<SpreadSpec> {
        self.has_spreads().then(|| SpreadSpec {
            sprd_id: SprdId::new(SPREAD),
            tick_sz: tick_of(SPREAD),
            lot_sz: lot_of(SPREAD),
            min_sz: lot_of(SPREAD),
        })
    }
}
