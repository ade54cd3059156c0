//! What the numbers of an instrument mean (reference: OKX API v5, instrument semantics per type).

use super::Instrument;
use crate::{
    decimal::{Decimal, DecimalError, Rounding},
    enums::{CtType, InstState, InstType, RuleType},
    ids::Ccy,
};

/// How a contract pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContractKind {
    /// No contract: SPOT and MARGIN.
    Cash,
    /// A contract is a quantity of the base; paid in the quote or in USD stables.
    Linear,
    /// A contract is a quantity of USD, paid in the base.
    Inverse,
    /// An option: a contract is a quantity of coin, priced and paid in coin.
    Option,
    /// An event contract, priced between 0 and 1.
    Event,
}

/// Why a notional value cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotionalError {
    /// The result does not fit.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
}

impl Instrument {
    /// How the instrument pays.
    #[must_use]
    pub fn kind(&self) -> ContractKind {
        match (&self.inst_type, &self.ct_type) {
            (InstType::Option, _) => ContractKind::Option,
            (InstType::Events, _) => ContractKind::Event,
            (InstType::Swap | InstType::Futures, Some(CtType::Inverse)) => ContractKind::Inverse,
            (InstType::Swap | InstType::Futures, _) => ContractKind::Linear,
            _ => ContractKind::Cash,
        }
    }

    /// Whether a contract is a quantity of USD, paid in coin.
    #[must_use]
    pub fn is_inverse(&self) -> bool {
        self.kind() == ContractKind::Inverse
    }

    /// Whether sizes are contracts, not base currency.
    #[must_use]
    pub fn is_contract(&self) -> bool {
        self.kind() != ContractKind::Cash
    }

    /// The quantity of `ct_val_ccy` in one contract: `ctVal * ctMult`; 1 for SPOT and MARGIN.
    #[must_use]
    pub fn multiplier(&self) -> Decimal {
        let ct_val = self.ct_val.unwrap_or(Decimal::ONE);
        let ct_mult = self.ct_mult.unwrap_or(Decimal::ONE);
        // Real values have a dozen digits at most; a product that does not fit 38 is not a contract size.
        ct_val.checked_mul(ct_mult).unwrap_or(ct_val).normalized()
    }

    /// The currency that profits are paid in: the quote for SPOT and MARGIN. `USDⓈ` stands for a USD stable that is a
    /// setting of the account.
    #[must_use]
    pub fn settlement_ccy(&self) -> Option<&Ccy> {
        self.settle_ccy.as_ref().or(self.quote_ccy.as_ref())
    }

    /// Whether the contract is paid in whichever USD stable the account is set to.
    #[must_use]
    pub fn is_usd_margined(&self) -> bool {
        self.settle_ccy.as_deref() == Some(USD_STABLE)
    }

    /// The currency that is bought and sold: `baseCcy`, or for contracts the one of the index (`BTC` of `BTC-USDT`).
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        self.base_ccy.as_deref().or_else(|| self.index_parts().map(|p| p.0))
    }

    /// The currency that prices are in: `quoteCcy`, or for contracts the one of the index (`USDT` of `BTC-USDT`).
    #[must_use]
    pub fn quote(&self) -> Option<&str> {
        self.quote_ccy.as_deref().or_else(|| self.index_parts().map(|p| p.1))
    }

    fn index_parts(&self) -> Option<(&str, &str)> {
        self.uly.as_deref().and_then(|uly| uly.split_once('-'))
    }

    /// Digits after the point of a price.
    #[must_use]
    pub fn price_precision(&self) -> u8 {
        self.tick_sz.precision()
    }

    /// Digits after the point of a size.
    #[must_use]
    pub fn size_precision(&self) -> u8 {
        self.lot_sz.precision()
    }

    /// Whether funding is paid: perpetual contracts and X-Perps.
    #[must_use]
    pub fn has_funding(&self) -> bool {
        self.inst_type == InstType::Swap || self.is_xperp()
    }

    /// Whether the future is an X-Perp: a far expiry and funding. Pre-market ones carry another rule type, and are known by
    /// the family.
    #[must_use]
    pub fn is_xperp(&self) -> bool {
        self.inst_type == InstType::Futures
            && (self.rule_type == Some(RuleType::Xperp)
                || self.inst_family.as_deref().is_some_and(|family| family.ends_with("_XPERP")))
    }

    /// Whether the contract trades before its underlying does.
    #[must_use]
    pub fn is_pre_market(&self) -> bool {
        matches!(self.rule_type, Some(RuleType::PreMarket | RuleType::RebaseContract))
    }

    /// Whether ordinary orders are accepted now.
    #[must_use]
    pub fn is_tradable(&self) -> bool {
        matches!(self.state, InstState::Live | InstState::PostOnly)
    }

    /// The value of `sz` at `px`: in the quote for linear contracts, SPOT, MARGIN and EVENTS, in USD for inverse ones, in
    /// coin for options.
    ///
    /// # Errors
    /// If the product does not fit 38 digits.
    pub fn notional(&self, sz: Decimal, px: Decimal) -> Result<Decimal, NotionalError> {
        let size = sz.checked_mul(self.multiplier())?;
        if self.is_inverse() { Ok(size) } else { Ok(size.checked_mul(px)?) }
    }

    /// The quantity of coin in `sz`: for inverse contracts at `px`, rounded to 18 digits after the point.
    ///
    /// # Errors
    /// If the result does not fit 38 digits, or the price is 0.
    pub fn coin_quantity(&self, sz: Decimal, px: Decimal) -> Result<Decimal, NotionalError> {
        let size = sz.checked_mul(self.multiplier())?;
        if self.is_inverse() { Ok(size.checked_div(px, 18, Rounding::HalfEven)?) } else { Ok(size) }
    }
}

/// `settleCcy` of USD-margined contracts.
pub const USD_STABLE: &str = "USDⓈ";
