//! The account: settings, fees, balances, positions, records (reference: OKX API v5, "Trading Account").

mod balance;
mod bill;
mod config;
mod fee;
mod leverage;
mod mode;
mod position;
mod size;

pub use balance::{Balance, CcyBalance, GetBalance};
pub use bill::{Bill, BillSubType, BillType, GetBillTypes, GetBills, GetBillsArchive};
pub use config::{AccountConfig, GetAccountConfig, GetAccountInstruments};
pub use fee::{FeeGroup, FiatFee, GetTradeFee, TradeFee};
pub use leverage::{GetLeverage, Leverage, SetLeverage};
pub use mode::{SetPositionMode, Setting};
pub use position::{
    CloseOrder, ClosedPosition, GetPositionRisk, GetPositions, GetPositionsHistory, Position, PositionRisk,
    RiskBalance, RiskPosition,
};
pub use size::{GetMaxAvailSize, GetMaxSize, MaxSize};
