//! Balances by currency.

use okx_common::{decimal::Decimal, ids::Ccy};
use okx_ws::message::{BalanceChange, CcyBalance};

/// A balance as OKX shows it. What is `None` was not shown (`""`), which is not 0.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BalanceRow {
    /// Currency.
    pub ccy: Ccy,
    /// Cash.
    pub cash_bal: Option<Decimal>,
    /// Equity: cash with profits and losses.
    pub eq: Option<Decimal>,
    /// What can be used of the cash.
    pub avail_bal: Option<Decimal>,
    /// What can be used of the equity.
    pub avail_eq: Option<Decimal>,
    /// Frozen.
    pub frozen_bal: Option<Decimal>,
    /// Frozen by open orders.
    pub ord_frozen: Option<Decimal>,
    /// Unrealised profit.
    pub upl: Option<Decimal>,
    /// Liabilities.
    pub liab: Option<Decimal>,
    /// Initial margin.
    pub imr: Option<Decimal>,
    /// Maintenance margin.
    pub mmr: Option<Decimal>,
    /// When it changed, Unix ms.
    pub u_time_ms: Option<u64>,
}

impl BalanceRow {
    /// A row that shows nothing.
    #[must_use]
    pub fn new(ccy: impl Into<Ccy>) -> Self {
        Self {
            ccy: ccy.into(),
            cash_bal: None,
            eq: None,
            avail_bal: None,
            avail_eq: None,
            frozen_bal: None,
            ord_frozen: None,
            upl: None,
            liab: None,
            imr: None,
            mmr: None,
            u_time_ms: None,
        }
    }

    /// Whether it says whose balance it is.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.ccy.is_empty()
    }
}

impl From<&CcyBalance<'_>> for BalanceRow {
    fn from(row: &CcyBalance<'_>) -> Self {
        Self {
            ccy: Ccy::new(row.ccy.as_str()),
            cash_bal: row.cash_bal,
            eq: row.eq,
            avail_bal: row.avail_bal,
            avail_eq: row.avail_eq,
            frozen_bal: row.frozen_bal,
            ord_frozen: row.ord_frozen,
            upl: row.upl,
            liab: row.liab,
            imr: row.imr,
            mmr: row.mmr,
            u_time_ms: row.u_time_ms,
        }
    }
}

impl From<&BalanceChange<'_>> for BalanceRow {
    fn from(row: &BalanceChange<'_>) -> Self {
        Self { cash_bal: row.cash_bal, u_time_ms: row.u_time_ms, ..Self::new(Ccy::new(row.ccy.as_str())) }
    }
}

/// A balance, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CcyState {
    /// What OKX has shown last, field by field.
    pub row: BalanceRow,
}

impl CcyState {
    pub(super) fn new(ccy: Ccy) -> Self {
        Self { row: BalanceRow::new(ccy) }
    }

    /// Takes a row. Whether anything changed; an older row than the known one changes nothing.
    pub(super) fn apply(&mut self, row: &BalanceRow) -> bool {
        let known = &mut self.row;
        if let (Some(new), Some(old)) = (row.u_time_ms, known.u_time_ms)
            && new < old
        {
            return false;
        }
        known.u_time_ms = row.u_time_ms.or(known.u_time_ms);
        let mut changed = false;
        for (new, old) in [
            (row.cash_bal, &mut known.cash_bal),
            (row.eq, &mut known.eq),
            (row.avail_bal, &mut known.avail_bal),
            (row.avail_eq, &mut known.avail_eq),
            (row.frozen_bal, &mut known.frozen_bal),
            (row.ord_frozen, &mut known.ord_frozen),
            (row.upl, &mut known.upl),
            (row.liab, &mut known.liab),
            (row.imr, &mut known.imr),
            (row.mmr, &mut known.mmr),
        ] {
            if new.is_some() && new != *old {
                *old = new;
                changed = true;
            }
        }
        changed
    }

    /// The currency is gone: all that was shown is 0. Whether anything changed.
    pub(super) fn clear(&mut self) -> bool {
        let row = &mut self.row;
        let mut changed = false;
        for field in [
            &mut row.cash_bal,
            &mut row.eq,
            &mut row.avail_bal,
            &mut row.avail_eq,
            &mut row.frozen_bal,
            &mut row.ord_frozen,
            &mut row.upl,
            &mut row.liab,
            &mut row.imr,
            &mut row.mmr,
        ] {
            changed |= field.is_some_and(|value| !value.is_zero());
            if field.is_some() {
                *field = Some(Decimal::ZERO);
            }
        }
        changed
    }

    /// What the account has: cash, without open profits.
    #[must_use]
    pub fn total(&self) -> Decimal {
        self.row.cash_bal.or(self.row.eq).unwrap_or(Decimal::ZERO)
    }

    /// What of it can be used: never more than there is.
    #[must_use]
    pub fn free(&self) -> Decimal {
        let total = self.total();
        let available = self.row.avail_bal.or(self.row.avail_eq).unwrap_or(total);
        // Open profits may be used as margin, but are no cash yet.
        if available > total || total.is_negative() { total } else { available.max(Decimal::ZERO) }
    }

    /// What is bound: the rest.
    #[must_use]
    pub fn locked(&self) -> Decimal {
        self.total().checked_sub(self.free()).unwrap_or(Decimal::ZERO)
    }
}
