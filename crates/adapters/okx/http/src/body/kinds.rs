//! All answers that can be read, by name.

use super::{
    account as a, asset, builder, convert, move_position, position, public,
    report::{ReadReport, Report},
};
use crate::endpoint::{account, algo, endpoints, market::Book, trade};

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
    ("account-activate-option", Report::of::<account::Setting>),
    ("account-adjust-leverage-info", Report::of::<a::AdjustLeverage>),
    ("account-bills-history-archive", Report::of::<a::BillsArchive>),
    ("account-collateral-assets", Report::of::<a::Collateral>),
    ("account-demo-adjust-balance", Report::of::<a::DemoBalance>),
    ("account-interest-limits", Report::of::<a::InterestLimits>),
    ("account-mmp-config-get", Report::of::<a::MmpConfig>),
    ("account-mmp-config-post", Report::of::<a::MmpConfig>),
    ("account-mmp-reset", Report::of::<account::Setting>),
    ("account-move-positions", Report::of::<move_position::Moved>),
    ("account-move-positions-history", Report::of::<move_position::Moved>),
    ("account-position-builder", Report::of::<builder::Built>),
    ("account-position-tiers", Report::of::<position::AccountTier>),
    ("account-precheck-set-delta-neutral", Report::of::<a::DeltaNeutralPrecheck>),
    ("account-set-account-switch-precheck", Report::of::<a::LevelPrecheck>),
    ("account-set-auto-earn", Report::of::<account::Setting>),
    ("account-set-auto-repay", Report::of::<account::Setting>),
    ("account-set-collateral-assets", Report::of::<a::Collateral>),
    ("account-set-isolated-mode", Report::of::<account::Setting>),
    ("account-set-riskOffset-amt", Report::of::<account::Setting>),
    ("account-set-trading-config", Report::of::<account::Setting>),
    ("account-spot-borrow-repay-history", Report::of::<a::BorrowRepay>),
    ("account-spot-manual-borrow-repay", Report::of::<a::BorrowRepay>),
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
    ("sprd-cancel-all-after", Report::of::<trade::CommandResult>),
    ("sprd-cancel-order", Report::of::<trade::Ack>),
    ("sprd-mass-cancel", Report::of::<trade::CommandResult>),
    ("sprd-order", Report::of::<trade::Ack>),
    ("trade-amend-algos", Report::of::<algo::AlgoAck>),
    ("trade-amend-batch-orders", Report::of::<trade::Ack>),
    ("trade-amend-order", Report::of::<trade::Ack>),
    ("trade-batch-orders", Report::of::<trade::Ack>),
    ("trade-cancel-advance-algos", Report::of::<algo::AlgoAck>),
    ("trade-cancel-algos", Report::of::<algo::AlgoAck>),
    ("trade-cancel-all-after", Report::of::<trade::CommandResult>),
    ("trade-cancel-batch-orders", Report::of::<trade::Ack>),
    ("trade-cancel-order", Report::of::<trade::Ack>),
    ("trade-close-position", Report::of::<trade::ClosedBy>),
    ("trade-easy-convert", Report::of::<convert::EasyConvert>),
    ("trade-easy-convert-currency-list", Report::of::<convert::EasyConvertCurrencies>),
    ("trade-easy-convert-history", Report::of::<convert::EasyConvert>),
    ("trade-mass-cancel", Report::of::<trade::CommandResult>),
    ("trade-one-click-repay", Report::of::<convert::Repay>),
    ("trade-one-click-repay-currency-list", Report::of::<convert::RepayCurrencies>),
    ("trade-one-click-repay-currency-list-v2", Report::of::<convert::RepayCurrencies>),
    ("trade-one-click-repay-history", Report::of::<convert::Repay>),
    ("trade-one-click-repay-history-v2", Report::of::<convert::Repay>),
    ("trade-one-click-repay-v2", Report::of::<convert::Repay>),
    ("trade-order-algo-post", Report::of::<algo::AlgoAck>),
    ("trade-order-post", Report::of::<trade::Ack>),
    ("trade-order-precheck", Report::of::<trade::Precheck>),
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
