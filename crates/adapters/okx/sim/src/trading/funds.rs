//! How much of an account's money is free (reference 4.5.1).

use super::{
    cx::Cx,
    holder::Holder,
    num::Num,
    words::{Kind, TdMode},
};

/// One currency of an account, at the prices of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Funds {
    /// Balance.
    pub cash: Num,
    /// Kept for open orders.
    pub frozen: Num,
    /// Gained by open cross positions.
    pub upl: Num,
    /// Value of options held.
    pub opt: Num,
    /// Margin of cross positions.
    pub imr: Num,
    /// Their maintenance margin.
    pub mmr: Num,
    /// Value of cross positions.
    pub notional: Num,
    /// Margin and gain of isolated positions.
    pub iso_eq: Num,
    /// The gain in it.
    pub iso_upl: Num,
}

impl Funds {
    /// Equity.
    #[must_use]
    pub fn eq(&self) -> Num {
        self.cross_eq() + self.iso_eq
    }

    /// Equity without isolated positions.
    #[must_use]
    pub fn cross_eq(&self) -> Num {
        self.cash + self.upl + self.opt
    }

    /// What is free as margin.
    #[must_use]
    pub fn avail_eq(&self) -> Num {
        (self.cross_eq() - self.imr - self.frozen).max(Num::ZERO)
    }

    /// What is free to be spent.
    #[must_use]
    pub fn avail_bal(&self) -> Num {
        (self.cash - self.frozen).max(Num::ZERO).min(self.cash)
    }

    /// What is in use.
    #[must_use]
    pub fn in_use(&self) -> Num {
        self.frozen + self.imr
    }
}

/// An account as one, in USD: what counts in multi-currency and portfolio margin mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Whole {
    /// Equity.
    pub total: Num,
    /// Equity that counts as margin.
    pub adj: Num,
    /// Equity of isolated positions.
    pub iso: Num,
    /// Margin in use.
    pub imr: Num,
    /// Maintenance margin.
    pub mmr: Num,
    /// Kept for open orders.
    pub frozen: Num,
    /// Value of cross positions.
    pub notional: Num,
    /// Gained by open cross positions.
    pub upl: Num,
}

impl Whole {
    /// What is free as margin, USD.
    #[must_use]
    pub fn avail(&self) -> Num {
        (self.adj - self.imr - self.frozen).max(Num::ZERO)
    }
}

/// The share of a currency that counts as margin.
#[must_use]
pub fn discount(ccy: &str) -> Num {
    match ccy {
        "USD" | "USDT" | "USDC" | "USDG" => Num::ONE,
        "BTC" | "ETH" => Num::of("0.98"),
        _ => Num::of("0.9"),
    }
}

impl Holder {
    /// One currency, at the prices of now.
    #[must_use]
    pub fn funds(&self, ccy: &str, cx: Cx<'_>) -> Funds {
        let cash = self.cash.get(ccy).copied().unwrap_or_default();
        let mut funds = Funds { cash: cash.bal, frozen: cash.frozen, ..Funds::default() };
        for position in self.positions.values().filter(|p| p.ccy == ccy) {
            let mark = cx.mark(&position.inst.id);
            let index = cx.index(&position.inst).unwrap_or(mark);
            match (position.is_paid(), position.mode) {
                (true, _) => {
                    funds.opt += position.value(mark) * position.qty.sign();
                    funds.imr += position.imr(mark, index);
                    funds.mmr += position.mmr(mark, index);
                }
                (false, TdMode::Isolated) => {
                    funds.iso_upl += position.upl(mark);
                    funds.iso_eq += position.margin + position.upl(mark);
                }
                (false, _) => {
                    funds.upl += position.upl(mark);
                    funds.imr += position.imr(mark, index);
                    funds.mmr += position.mmr(mark, index);
                    funds.notional += position.value(mark);
                }
            }
        }
        funds
    }

    /// Currencies that have anything in them.
    #[must_use]
    pub fn currencies(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .cash
            .iter()
            .filter(|(_, c)| !c.bal.is_zero() || !c.frozen.is_zero())
            .map(|(ccy, _)| ccy.clone())
            .collect();
        all.extend(self.positions.values().map(|p| p.ccy.clone()));
        all.sort();
        all.dedup();
        all
    }

    /// The whole account in USD.
    #[must_use]
    pub fn whole(&self, cx: Cx<'_>) -> Whole {
        let mut whole = Whole::default();
        for ccy in self.currencies() {
            let (funds, usd) = (self.funds(&ccy, cx), cx.usd(&ccy));
            let cross = funds.cross_eq() * usd;
            whole.total += funds.eq() * usd;
            whole.adj += if cross.is_negative() { cross } else { cross * discount(&ccy) };
            whole.iso += funds.iso_eq * usd;
            whole.imr += funds.imr * usd;
            whole.mmr += funds.mmr * usd;
            whole.frozen += funds.frozen * usd;
            whole.notional += funds.notional * usd;
            whole.upl += funds.upl * usd;
            // What is borrowed needs margin as well.
            let owed = (-funds.cash).max(Num::ZERO) * usd;
            whole.imr += owed * Num::of("0.1");
            whole.mmr += owed * Num::of("0.03");
        }
        whole
    }

    /// What of a currency may be spent on a pair.
    #[must_use]
    pub fn spendable(&self, ccy: &str, cx: Cx<'_>) -> Num {
        let funds = self.funds(ccy, cx);
        let own = match self.profile.acct_lv {
            1 => funds.avail_bal(),
            _ => funds.avail_bal().min(funds.avail_eq()),
        };
        if self.profile.acct_lv < 3 {
            return own;
        }
        let free = self.whole(cx).avail();
        let usd = cx.usd(ccy);
        if self.profile.auto_loan && !usd.is_zero() {
            // A tenfold loan against what is free.
            return own + (free * Num::int(10)).over(usd);
        }
        own
    }

    /// What of a currency may serve as margin.
    #[must_use]
    pub fn margin_left(&self, ccy: &str, cx: Cx<'_>) -> Num {
        if self.profile.acct_lv < 3 {
            return self.funds(ccy, cx).avail_eq();
        }
        let usd = cx.usd(ccy);
        if usd.is_zero() { Num::ZERO } else { self.whole(cx).avail().over(usd) }
    }

    /// Whether balances of the kind are margined account-wide.
    #[must_use]
    pub fn pays_with(&self, kind: Kind, td: TdMode) -> bool {
        kind == Kind::Spot && (td == TdMode::Cash || self.profile.acct_lv >= 3)
    }
}
