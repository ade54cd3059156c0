//! All answers that can be read, by name.

use super::{
    account as a, algo, asset, builder, convert, move_position, order, position, public,
    report::{ReadReport, Report},
    spread,
};
use crate::endpoint::{endpoints, market::Book, trade};

/// Answers of one endpoint.
pub(super) struct Kind {
    /// The endpoint's name; where GET and POST share a path, with `-get` and `-post`.
    pub(super) name: &'static str,
    /// Reads an answer.
    pub(super) report: ReadReport,
}

/// The endpoints that the client only reads captures of.
#[rustfmt::skip]
const CAPTURED: &[(&str, ReadReport)] = &[
    ("account-account-level-switch-preset", Report::of::<a::LevelPreset>),
    ("account-account-position-risk", Report::of::<position::PositionRisk>),
    ("account-activate-option", Report::of::<a::Setting>),
    ("account-adjust-leverage-info", Report::of::<a::AdjustLeverage>),
    ("account-balance", Report::of::<a::Balance>),
    ("account-bills", Report::of::<a::Bill>),
    ("account-bills-archive", Report::of::<a::Bill>),
    ("account-bills-history-archive", Report::of::<a::BillsArchive>),
    ("account-collateral-assets", Report::of::<a::Collateral>),
    ("account-demo-adjust-balance", Report::of::<a::DemoBalance>),
    ("account-greeks", Report::of::<a::Greeks>),
    ("account-interest-accrued", Report::of::<a::InterestAccrued>),
    ("account-interest-limits", Report::of::<a::InterestLimits>),
    ("account-interest-rate", Report::of::<a::InterestRate>),
    ("account-leverage-info", Report::of::<a::Leverage>),
    ("account-max-avail-size", Report::of::<a::MaxSize>),
    ("account-max-loan", Report::of::<a::MaxLoan>),
    ("account-max-size", Report::of::<a::MaxSize>),
    ("account-max-withdrawal", Report::of::<a::MaxWithdrawal>),
    ("account-mmp-config-get", Report::of::<a::MmpConfig>),
    ("account-mmp-config-post", Report::of::<a::MmpConfig>),
    ("account-mmp-reset", Report::of::<a::Setting>),
    ("account-move-positions", Report::of::<move_position::Moved>),
    ("account-move-positions-history", Report::of::<move_position::Moved>),
    ("account-position-builder", Report::of::<builder::Built>),
    ("account-position-margin-balance", Report::of::<position::MarginBalance>),
    ("account-position-tiers", Report::of::<position::AccountTier>),
    ("account-positions", Report::of::<position::Position>),
    ("account-positions-history", Report::of::<position::ClosedPosition>),
    ("account-precheck-set-delta-neutral", Report::of::<a::DeltaNeutralPrecheck>),
    ("account-risk-state", Report::of::<a::RiskState>),
    ("account-set-account-level", Report::of::<a::Setting>),
    ("account-set-account-switch-precheck", Report::of::<a::LevelPrecheck>),
    ("account-set-auto-earn", Report::of::<a::Setting>),
    ("account-set-auto-loan", Report::of::<a::Setting>),
    ("account-set-auto-repay", Report::of::<a::Setting>),
    ("account-set-collateral-assets", Report::of::<a::Collateral>),
    ("account-set-fee-type", Report::of::<a::Setting>),
    ("account-set-greeks", Report::of::<a::Setting>),
    ("account-set-isolated-mode", Report::of::<a::Setting>),
    ("account-set-leverage", Report::of::<a::Leverage>),
    ("account-set-position-mode", Report::of::<a::Setting>),
    ("account-set-riskOffset-amt", Report::of::<a::Setting>),
    ("account-set-settle-currency", Report::of::<a::Setting>),
    ("account-set-trading-config", Report::of::<a::Setting>),
    ("account-spot-borrow-repay-history", Report::of::<a::BorrowRepay>),
    ("account-spot-manual-borrow-repay", Report::of::<a::BorrowRepay>),
    ("account-subtypes", Report::of::<a::BillType>),
    ("asset-asset-valuation", Report::of::<asset::Valuation>),
    ("asset-balances", Report::of::<asset::AssetBalance>),
    ("asset-bills", Report::of::<asset::AssetBill>),
    ("asset-bills-history", Report::of::<asset::AssetBill>),
    ("asset-currencies", Report::of::<asset::Currency>),
    ("asset-deposit-history", Report::of::<asset::Deposit>),
    ("asset-transfer", Report::of::<asset::Transfer>),
    ("asset-transfer-state", Report::of::<asset::Transfer>),
    ("asset-withdrawal-history", Report::of::<asset::Withdrawal>),
    // The book itself comes as SBE, only refusals as JSON.
    ("market-books-sbe", Report::of::<Book>),
    ("market-open-oracle", Report::of::<public::Oracle>),
    ("public-block-trades", Report::of::<public::BlockTrade>),
    ("public-economic-calendar", Report::of::<public::CalendarEntry>),
    ("public-vip-interest-rate-loan-quota", Report::of::<public::VipQuota>),
    ("rubik-stat-contracts-long-short-account-ratio", Report::of::<public::Statistic>),
    ("rubik-stat-contracts-long-short-account-ratio-contract", Report::of::<public::Statistic>),
    ("rubik-stat-contracts-open-interest-history", Report::of::<public::Statistic>),
    ("rubik-stat-contracts-open-interest-volume", Report::of::<public::Statistic>),
    ("rubik-stat-taker-volume-contract", Report::of::<public::Statistic>),
    ("sprd-amend-order", Report::of::<trade::Ack>),
    ("sprd-cancel-all-after", Report::of::<order::MassCancel>),
    ("sprd-cancel-order", Report::of::<trade::Ack>),
    ("sprd-mass-cancel", Report::of::<order::MassCancel>),
    ("sprd-order", Report::of::<trade::Ack>),
    ("sprd-orders-history", Report::of::<spread::SpreadOrder>),
    ("sprd-orders-history-archive", Report::of::<spread::SpreadOrder>),
    ("sprd-orders-pending", Report::of::<spread::SpreadOrder>),
    ("sprd-trades", Report::of::<spread::SpreadFill>),
    ("trade-account-rate-limit", Report::of::<order::AccountRateLimit>),
    ("trade-amend-algos", Report::of::<algo::AlgoResult>),
    ("trade-amend-batch-orders", Report::of::<trade::Ack>),
    ("trade-amend-order", Report::of::<trade::Ack>),
    ("trade-batch-orders", Report::of::<trade::Ack>),
    ("trade-cancel-advance-algos", Report::of::<algo::AlgoResult>),
    ("trade-cancel-algos", Report::of::<algo::AlgoResult>),
    ("trade-cancel-all-after", Report::of::<order::MassCancel>),
    ("trade-cancel-batch-orders", Report::of::<trade::Ack>),
    ("trade-cancel-order", Report::of::<trade::Ack>),
    ("trade-close-position", Report::of::<order::ClosePosition>),
    ("trade-easy-convert", Report::of::<convert::EasyConvert>),
    ("trade-easy-convert-currency-list", Report::of::<convert::EasyConvertCurrencies>),
    ("trade-easy-convert-history", Report::of::<convert::EasyConvert>),
    ("trade-fills", Report::of::<order::Fill>),
    ("trade-fills-history", Report::of::<order::Fill>),
    ("trade-mass-cancel", Report::of::<order::MassCancel>),
    ("trade-one-click-repay", Report::of::<convert::Repay>),
    ("trade-one-click-repay-currency-list", Report::of::<convert::RepayCurrencies>),
    ("trade-one-click-repay-currency-list-v2", Report::of::<convert::RepayCurrencies>),
    ("trade-one-click-repay-history", Report::of::<convert::Repay>),
    ("trade-one-click-repay-history-v2", Report::of::<convert::Repay>),
    ("trade-one-click-repay-v2", Report::of::<convert::Repay>),
    ("trade-order-algo-get", Report::of::<algo::AlgoOrder>),
    ("trade-order-algo-post", Report::of::<algo::AlgoResult>),
    ("trade-order-get", Report::of::<order::Order>),
    ("trade-order-post", Report::of::<trade::Ack>),
    ("trade-order-precheck", Report::of::<order::Precheck>),
    ("trade-orders-algo-history", Report::of::<algo::AlgoOrder>),
    ("trade-orders-algo-pending", Report::of::<algo::AlgoOrder>),
    ("trade-orders-history", Report::of::<order::Order>),
    ("trade-orders-history-archive", Report::of::<order::Order>),
    ("trade-orders-pending", Report::of::<order::Order>),
];

/// All kinds, those that the client asks for first.
pub(super) fn all() -> impl Iterator<Item = Kind> {
    let asked = endpoints().map(|entry| Kind { name: entry.spec().name, report: entry.report() });
    asked.chain(CAPTURED.iter().map(|&(name, report)| Kind { name, report }))
}

/// The kind of a name.
pub(super) fn find(name: &str) -> Option<Kind> {
    all().find(|kind| kind.name == name)
}
