//! The account: settings, fees, balances, positions, records (reference: OKX API v5, "Trading Account").

mod balance;
mod bill;
mod config;
mod fee;
mod interest;
mod leverage;
mod margin;
mod mode;
mod position;
mod risk;
mod size;

pub use balance::{Balance, CcyBalance, GetBalance};
pub use bill::{Bill, BillSubType, BillType, GetBillTypes, GetBills, GetBillsArchive};
pub use config::{AccountConfig, GetAccountConfig, GetAccountInstruments};
pub use fee::{FeeGroup, FiatFee, GetTradeFee, TradeFee};
pub use interest::{GetInterestAccrued, GetInterestRate, GetMaxLoan, InterestAccrued, InterestRate, MaxLoan};
pub use leverage::{GetLeverage, Leverage, SetLeverage};
pub use margin::{ChangeMargin, MarginBalance};
pub use mode::{
    SetAccountLevel, SetAutoLoan, SetFeeType, SetGreeks, SetPositionMode, SetSettleCurrency, Setting,
};
pub use position::{
    CloseOrder, ClosedPosition, GetPositionRisk, GetPositions, GetPositionsHistory, Position, PositionRisk,
    RiskBalance, RiskPosition,
};
pub use risk::{GetGreeks, GetMaxWithdrawal, GetRiskState, Greeks, MaxWithdrawal, RiskState};
pub use size::{GetMaxAvailSize, GetMaxSize, MaxSize};
