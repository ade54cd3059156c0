//! The limits that OKX publishes.

/// What a limit is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The address of the client.
    Ip,
    /// Address and instrument type.
    IpInstType,
    /// Address and instrument.
    IpInstId,
    /// Address and instrument family.
    IpInstFamily,
    /// Address, instrument type and family.
    IpInstTypeFamily,
    /// Address and numeric instrument code.
    IpInstIdCode,
    /// User: the account or sub-account.
    Uid,
    /// User and instrument type.
    UidInstType,
    /// User and instrument; options: user and instrument family.
    UidInst,
    /// User and order tag.
    UidTag,
    /// The user of the main account.
    MasterUid,
    /// WebSocket connection.
    Connection,
}

/// So many requests (or orders, or connections) in any window of so long.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The name: the path after `/api/v5`, or what is counted.
    pub name: &'static str,
    /// How many.
    pub limit: u32,
    /// In how many milliseconds.
    pub window_ms: u32,
    /// Counted by what.
    pub scope: Scope,
}

impl Rule {
    const fn new(name: &'static str, limit: u32, window_ms: u32, scope: Scope) -> Self {
        Self { name, limit, window_ms, scope }
    }

    /// The window in nanoseconds.
    #[must_use]
    pub const fn window_ns(&self) -> u64 {
        self.window_ms as u64 * crate::clock::NANOS_PER_MILLI
    }

    /// The cost, but no more than the whole limit.
    pub(super) const fn clamp(&self, cost: u32) -> u32 {
        if cost > self.limit { self.limit } else { cost }
    }
}

/// Limits of the WebSocket.
pub mod ws {
    use super::{Rule, Scope};

    /// New connections.
    pub static CONNECT: Rule = Rule::new("ws connect", 3, 1_000, Scope::Ip);
    /// `subscribe`, `unsubscribe` and `login` requests. Order requests do not count.
    pub static OPS: Rule = Rule::new("ws operations", 480, 3_600_000, Scope::Connection);
    /// The text of one request's arguments.
    pub const MAX_REQUEST_BYTES: usize = 64 * 1024;
    /// A connection is closed after so long without data or subscription.
    pub const IDLE_CLOSE_MS: u64 = 30_000;
    /// Connections of one sub-account that may hold the same private channel.
    pub const MAX_CONNECTIONS_PER_PRIVATE_CHANNEL: u32 = 30;
    /// 50- and 400-level book channels that OKX recommends to stay below on one connection.
    pub const RECOMMENDED_BOOKS_PER_CONNECTION: usize = 30;
}

/// Limits of orders, shared by REST and WebSocket.
pub mod order {
    use super::{Rule, Scope};

    /// Placing one order, also as a batch of one.
    pub static PLACE: Rule = Rule::new("/trade/order", 60, 2_000, Scope::UidInst);
    /// Amending one order.
    pub static AMEND: Rule = Rule::new("/trade/amend-order", 60, 2_000, Scope::UidInst);
    /// Cancelling one order.
    pub static CANCEL: Rule = Rule::new("/trade/cancel-order", 60, 2_000, Scope::UidInst);
    /// Placing in batches, counted in orders.
    pub static BATCH_PLACE: Rule = Rule::new("/trade/batch-orders", 300, 2_000, Scope::UidInst);
    /// Amending in batches, counted in orders.
    pub static BATCH_AMEND: Rule = Rule::new("/trade/amend-batch-orders", 300, 2_000, Scope::UidInst);
    /// Cancelling in batches, counted in orders.
    pub static BATCH_CANCEL: Rule = Rule::new("/trade/cancel-batch-orders", 300, 2_000, Scope::UidInst);
    /// New and amended orders of a sub-account; cancellations, spread, block, MMP, spot and margin orders do not count.
    pub static SUB_ACCOUNT: Rule = Rule::new("sub-account orders", 1_000, 2_000, Scope::Uid);
    pub(super) static RULES: [&Rule; 6] =
        [&PLACE, &AMEND, &CANCEL, &BATCH_PLACE, &BATCH_AMEND, &BATCH_CANCEL];
    /// Orders in one batch request.
    pub const MAX_BATCH: usize = 20;
}

/// The tiers of the sub-account limit (VIP5 and up, by fill ratio), lowest first.
static SUB_ACCOUNT_TIERS: [Rule; 8] = {
    const fn tier(limit: u32) -> Rule {
        Rule::new("sub-account orders", limit, 2_000, Scope::Uid)
    }
    [tier(1_000), tier(1_250), tier(1_500), tier(1_750), tier(2_000), tier(2_500), tier(3_000), tier(10_000)]
};

/// The rule of a sub-account whose limit `GET /trade/account-rate-limit` told: the highest published tier that it covers.
#[must_use]
pub fn sub_account_rule(limit: u32) -> &'static Rule {
    SUB_ACCOUNT_TIERS.iter().rev().find(|tier| tier.limit <= limit).unwrap_or(&SUB_ACCOUNT_TIERS[0])
}

/// The limit of a REST endpoint. `method` in upper case, `path` from `/api/v5/` on or without that, without a query.
#[must_use]
pub fn rule_of_path(method: &str, path: &str) -> Option<&'static Rule> {
    let path = path.strip_prefix("/api/v5").unwrap_or(path);
    // Where GET and POST share a path, the name of the GET rule says so.
    let of_get = |rule: &&Rule| method == "GET" && rule.name.strip_prefix("GET ") == Some(path);
    RULES
        .iter()
        .find(of_get)
        .or_else(|| order::RULES.into_iter().find(|rule| rule.name == path))
        .or_else(|| RULES.iter().find(|rule| rule.name == path))
}

/// All limits of REST endpoints besides those in [`order`].
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter()
}

/// What REST endpoints without a published limit are kept to, each by itself.
pub static UNLISTED: Rule = Rule::new("unlisted", 2, 2_000, Scope::Ip);

/// The limits as in OKX's documentation, not sorted: a hundred comparisons are nothing beside a request.
static RULES: &[Rule] = {
    use Scope::*;
    const fn two_s(name: &'static str, limit: u32, scope: Scope) -> Rule {
        Rule::new(name, limit, 2_000, scope)
    }
    &[
        two_s("/public/instruments", 20, IpInstType),
        two_s("/account/instruments", 20, UidInstType),
        two_s("/public/time", 10, Ip),
        two_s("/public/mark-price", 10, IpInstId),
        two_s("/public/funding-rate", 10, IpInstId),
        two_s("/public/funding-rate-history", 10, IpInstId),
        two_s("/public/open-interest", 20, IpInstId),
        two_s("/public/price-limit", 20, Ip),
        two_s("/public/opt-summary", 20, IpInstFamily),
        two_s("/public/position-tiers", 10, Ip),
        two_s("/public/underlying", 20, Ip),
        two_s("/public/estimated-price", 10, IpInstId),
        two_s("/public/estimated-settlement-info", 10, IpInstId),
        two_s("/public/delivery-exercise-history", 40, IpInstTypeFamily),
        two_s("/public/settlement-history", 40, IpInstFamily),
        two_s("/public/instrument-tick-bands", 5, Ip),
        two_s("/public/insurance-fund", 10, Ip),
        two_s("/public/convert-contract-coin", 10, Ip),
        two_s("/public/premium-history", 20, Ip),
        two_s("/public/interest-rate-loan-quota", 2, Ip),
        two_s("/public/delta-hedge-currencies", 20, Ip),
        two_s("/public/mm-instrument-types", 5, Ip),
        two_s("/public/event-contract/series", 10, Ip),
        two_s("/public/event-contract/events", 10, Ip),
        two_s("/public/event-contract/markets", 10, Ip),
        two_s("/public/option-trades", 20, Ip),
        two_s("/market/option/instrument-family-trades", 20, Ip),
        two_s("/market/tickers", 20, Ip),
        two_s("/market/ticker", 20, Ip),
        two_s("/market/index-tickers", 20, Ip),
        two_s("/market/books", 40, Ip),
        two_s("/market/books-full", 10, Ip),
        two_s("/market/books-rpi", 20, Ip),
        Rule::new("/market/books-sbe", 10, 10_000, IpInstIdCode),
        two_s("/market/candles", 40, Ip),
        two_s("/market/history-candles", 20, Ip),
        two_s("/market/mark-price-candles", 20, Ip),
        two_s("/market/history-mark-price-candles", 20, Ip),
        two_s("/market/index-candles", 20, Ip),
        two_s("/market/history-index-candles", 10, Ip),
        two_s("/market/trades", 100, Ip),
        two_s("/market/history-trades", 20, Ip),
        two_s("/market/platform-24-volume", 2, Ip),
        two_s("/market/call-auction-details", 20, Ip),
        two_s("/market/exchange-rate", 1, Ip),
        Rule::new("/system/status", 1, 5_000, Ip),
        two_s("GET /trade/order", 60, UidInst),
        two_s("/trade/close-position", 20, UidInst),
        two_s("/trade/orders-pending", 60, Uid),
        two_s("/trade/orders-history", 40, Uid),
        two_s("/trade/orders-history-archive", 20, Uid),
        two_s("/trade/fills", 60, Uid),
        two_s("/trade/fills-history", 10, Uid),
        two_s("/trade/mass-cancel", 5, Uid),
        Rule::new("/trade/cancel-all-after", 1, 1_000, UidTag),
        two_s("/trade/order-precheck", 5, Uid),
        Rule::new("/trade/account-rate-limit", 1, 1_000, Uid),
        two_s("/account/activate-feature", 5, Uid),
        two_s("/account/balance", 10, Uid),
        two_s("/account/positions", 10, Uid),
        two_s("/account/positions-history", 10, Uid),
        two_s("/account/account-position-risk", 10, Uid),
        Rule::new("/account/bills", 5, 1_000, Uid),
        two_s("/account/bills-archive", 5, Uid),
        two_s("/account/subtypes", 20, Uid),
        two_s("/account/position-tiers", 10, Uid),
        two_s("/account/config", 5, Uid),
        two_s("/account/set-position-mode", 5, Uid),
        two_s("/account/set-leverage", 20, Uid),
        two_s("/account/leverage-info", 20, Uid),
        two_s("/account/adjust-leverage-info", 5, Uid),
        two_s("/account/max-size", 20, Uid),
        two_s("/account/max-avail-size", 20, Uid),
        two_s("/account/max-loan", 20, Uid),
        two_s("/account/trade-fee", 5, Uid),
        two_s("/account/interest-rate", 5, Uid),
        two_s("/account/interest-accrued", 5, Uid),
        two_s("/account/interest-limits", 5, Uid),
        two_s("/account/risk-state", 10, Uid),
        two_s("/account/greeks", 10, Uid),
        two_s("/account/set-greeks", 5, Uid),
        two_s("/account/set-isolated-mode", 5, Uid),
        two_s("/account/position/margin-balance", 20, Uid),
        two_s("/account/set-account-level", 5, Uid),
        two_s("/account/set-settle-currency", 20, Uid),
        two_s("/account/set-fee-type", 5, Uid),
        two_s("/account/set-auto-loan", 5, Uid),
        Rule::new("/account/spot-manual-borrow-repay", 1, 3_000, MasterUid),
        two_s("/account/max-withdrawal", 20, Uid),
        Rule::new("/account/mmp-config", 2, 10_000, Uid),
        two_s("GET /account/mmp-config", 5, Uid),
        two_s("/account/mmp-reset", 5, Uid),
        two_s("/account/activate-option", 5, Uid),
        two_s("/trade/order-algo", 20, UidInst),
        two_s("/trade/cancel-algos", 20, UidInst),
        two_s("GET /trade/order-algo", 20, Uid),
        two_s("/trade/amend-algos", 20, UidInst),
        two_s("/trade/orders-algo-pending", 20, Uid),
        two_s("/trade/orders-algo-history", 20, Uid),
        two_s("/sprd/order", 20, Uid),
        two_s("GET /sprd/order", 20, Uid),
        two_s("/sprd/cancel-order", 20, Uid),
        two_s("/sprd/mass-cancel", 10, Uid),
        two_s("/sprd/amend-order", 20, Uid),
        two_s("/sprd/orders-pending", 10, Uid),
        two_s("/sprd/orders-history", 20, Uid),
        two_s("/sprd/orders-history-archive", 20, Uid),
        two_s("/sprd/trades", 20, Uid),
        Rule::new("/sprd/cancel-all-after", 1, 1_000, Uid),
        two_s("/sprd/spreads", 20, Ip),
        two_s("/sprd/books", 20, Ip),
        two_s("/market/sprd-ticker", 20, Ip),
        two_s("/sprd/public-trades", 20, Ip),
        two_s("/market/sprd-candles", 40, Ip),
        two_s("/market/sprd-history-candles", 20, Ip),
    ]
};
