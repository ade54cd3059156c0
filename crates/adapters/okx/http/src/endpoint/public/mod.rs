//! Public data (reference: OKX API v5, "Public Data").

mod contract;
mod event;
mod fund;
mod funding;
mod instrument;
mod interest;
mod loan;
mod option;
mod price;
mod settlement;
mod time;
mod volume;

pub use contract::{ContractConversion, ConvertContract, GetPositionTiers, PositionTier};
pub use event::{
    Event, EventMarket, EventSeries, EventSettlement, GetEventMarkets, GetEventSeries, GetEvents,
};
pub use fund::{
    FundDetail, GetInsuranceFund, GetLiquidations, InsuranceFund, Liquidation, LiquidationDetail,
};
pub use funding::{
    FundingRate, FundingRateRecord, GetFundingRate, GetFundingRateHistory, GetPremiumHistory, Premium,
};
pub use instrument::{
    GetInstruments, GetMarketMakerTypes, GetTickBands, GetUnderlyings, MarketMakerType, TickBand, TickBands,
};
pub use interest::{GetOpenInterest, OpenInterest};
pub use loan::{
    CcyDiscount, CcyQuota, ConfiguredRate, DeltaHedgeCcy, DiscountTier, GetDeltaHedgeCurrencies,
    GetDiscountRates, GetLoanQuotas, LevelQuota, LoanQuotas, SpecialQuota,
};
pub use option::{GetOptSummary, GetOptionTrades, OptSummary, OptionTrade};
pub use price::{GetMarkPrice, GetPriceLimit, MarkPrice, PriceLimit};
pub use settlement::{
    Delivery, DeliveryDetail, EstimatedPrice, EstimatedSettlement, GetDeliveryHistory, GetEstimatedPrice,
    GetEstimatedSettlement, GetSettlementHistory, Settlement, SettlementDetail,
};
pub use time::{GetTime, ServerTime};
pub use volume::{DataFile, DataFiles, DataGroup, GetDataHistory};
