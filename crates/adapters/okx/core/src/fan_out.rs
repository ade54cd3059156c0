//! One index, many instruments.

use okx_common::ids::InstId;

use crate::wanted::Wanted;

/// Which instruments asked for the price of which index.
///
/// OKX publishes an index under its own id (`BTC-USDT` for the swap `BTC-USDT-SWAP` and the spot pair alike); a user asks by
/// instrument. Only those that asked get it.
///
/// ```
/// use okx_core::fan_out::FanOut;
/// let mut indexes = FanOut::default();
/// assert!(indexes.add("BTC-USDT-SWAP", "BTC-USDT"));
/// assert!(!indexes.add("BTC-USDT-260327", "BTC-USDT"));
/// assert_eq!(indexes.instruments("BTC-USDT").collect::<Vec<_>>(), ["BTC-USDT-SWAP", "BTC-USDT-260327"]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct FanOut {
    users: Wanted<InstId, InstId>,
}

impl FanOut {
    /// The instrument wants the index. True if it is the first one: subscribe.
    pub fn add(&mut self, inst_id: impl Into<InstId>, index: impl Into<InstId>) -> bool {
        self.users.add(index.into(), inst_id.into())
    }

    /// It does not any more. True if it was the last one: unsubscribe.
    pub fn remove(&mut self, inst_id: impl Into<InstId>, index: impl Into<InstId>) -> bool {
        self.users.remove(&index.into(), &inst_id.into())
    }

    /// Who gets a price of the index.
    pub fn instruments(&self, index: impl Into<InstId>) -> impl Iterator<Item = &str> {
        self.users.users(&index.into()).map(InstId::as_str).collect::<Vec<_>>().into_iter()
    }
}
