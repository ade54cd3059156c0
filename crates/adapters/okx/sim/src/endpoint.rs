//! The REST endpoints the exchange knows: method, authentication, rate limit (reference 3.3, 4).

use crate::{account::Permission, output::RestRequest};

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The market.
    Market,
    /// `/account/config`.
    Config,
    /// `/account/instruments`.
    Instruments,
    /// Trading and accounts in motion.
    Trading,
}

/// What a rate limit is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The address, or the user where a signature is needed.
    Caller,
    /// The same, and this query parameter.
    CallerAnd(&'static str),
    /// The same, and these two query parameters.
    CallerAndTwo(&'static str, &'static str),
}

/// One endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The path without `/api/v5`.
    pub path: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The permission it needs; none for public ones.
    pub needs: Option<Permission>,
    /// So many requests (0: trading counts the orders itself) …
    pub limit: usize,
    /// … in so many milliseconds.
    pub window_ms: u64,
    /// Counted by this.
    pub scope: Scope,
    /// Who answers.
    pub source: Source,
}

const fn public(path: &'static str, limit: usize, scope: Scope) -> Endpoint {
    Endpoint { path, method: "GET", needs: None, limit, window_ms: 2_000, scope, source: Source::Market }
}

const fn read(path: &'static str, limit: usize, source: Source) -> Endpoint {
    let needs = Some(Permission::ReadOnly);
    Endpoint { path, method: "GET", needs, limit, window_ms: 2_000, scope: Scope::Caller, source }
}

const fn trade(path: &'static str, limit: usize) -> Endpoint {
    let needs = Some(Permission::Trade);
    Endpoint {
        path,
        method: "POST",
        needs,
        limit,
        window_ms: 2_000,
        scope: Scope::Caller,
        source: Source::Trading,
    }
}

use Scope::{Caller, CallerAnd, CallerAndTwo};

const fn per(mut endpoint: Endpoint, limit: usize, window_ms: u64) -> Endpoint {
    endpoint.limit = limit;
    endpoint.window_ms = window_ms;
    endpoint
}

/// All of them. Limits without a note are per 2 s.
const ENDPOINTS: &[Endpoint] = &[
    public("/public/instruments", 20, CallerAnd("instType")),
    public("/public/time", 10, Caller),
    public("/public/mark-price", 10, CallerAnd("instId")),
    public("/public/funding-rate", 10, CallerAnd("instId")),
    public("/public/funding-rate-history", 10, CallerAnd("instId")),
    public("/public/open-interest", 20, CallerAnd("instId")),
    public("/public/price-limit", 20, Caller),
    public("/public/opt-summary", 20, CallerAnd("instFamily")),
    public("/public/position-tiers", 10, Caller),
    public("/public/underlying", 20, Caller),
    public("/public/estimated-price", 10, CallerAnd("instId")),
    public("/public/estimated-settlement-info", 10, CallerAnd("instId")),
    public("/public/delivery-exercise-history", 40, CallerAndTwo("instType", "instFamily")),
    public("/public/settlement-history", 40, CallerAnd("instFamily")),
    public("/public/instrument-tick-bands", 5, Caller),
    public("/public/insurance-fund", 10, Caller),
    public("/public/liquidation-orders", 40, Caller),
    public("/public/convert-contract-coin", 10, Caller),
    public("/public/premium-history", 20, Caller),
    public("/public/interest-rate-loan-quota", 2, Caller),
    public("/public/discount-rate-interest-free-quota", 2, Caller),
    public("/public/delta-hedge-currencies", 20, Caller),
    public("/public/mm-instrument-types", 5, Caller),
    public("/public/event-contract/series", 10, Caller),
    public("/public/event-contract/events", 10, Caller),
    public("/public/event-contract/markets", 10, Caller),
    public("/public/market-data-history", 5, Caller),
    public("/public/option-trades", 20, Caller),
    public("/market/option/instrument-family-trades", 20, Caller),
    public("/market/tickers", 20, Caller),
    public("/market/ticker", 20, Caller),
    public("/market/index-tickers", 20, Caller),
    public("/market/index-components", 20, Caller),
    public("/market/books", 40, Caller),
    public("/market/books-full", 10, Caller),
    public("/market/books-rpi", 20, Caller),
    public("/market/candles", 40, Caller),
    public("/market/history-candles", 20, Caller),
    public("/market/mark-price-candles", 20, Caller),
    public("/market/history-mark-price-candles", 20, Caller),
    public("/market/index-candles", 20, Caller),
    public("/market/history-index-candles", 10, Caller),
    public("/market/trades", 100, Caller),
    public("/market/history-trades", 20, Caller),
    public("/market/platform-24-volume", 2, Caller),
    public("/market/call-auction-details", 20, Caller),
    public("/market/exchange-rate", 1, Caller),
    public("/market/block-ticker", 20, Caller),
    public("/market/block-tickers", 20, Caller),
    public("/market/sprd-ticker", 20, Caller),
    public("/market/sprd-candles", 40, Caller),
    public("/market/sprd-history-candles", 20, Caller),
    public("/sprd/spreads", 20, Caller),
    public("/sprd/books", 20, Caller),
    public("/sprd/public-trades", 20, Caller),
    per(public("/system/status", 1, Caller), 1, 5_000),
    read("/account/config", 5, Source::Config),
    Endpoint { scope: CallerAnd("instType"), ..read("/account/instruments", 20, Source::Instruments) },
    read("/account/trade-fee", 5, Source::Trading),
    read("/account/balance", 10, Source::Trading),
    read("/account/positions", 10, Source::Trading),
    read("/account/positions-history", 10, Source::Trading),
    read("/account/account-position-risk", 10, Source::Trading),
    read("/account/bills", 10, Source::Trading),
    read("/account/bills-archive", 5, Source::Trading),
    read("/account/leverage-info", 20, Source::Trading),
    read("/account/max-size", 20, Source::Trading),
    read("/account/max-avail-size", 20, Source::Trading),
    trade("/account/set-position-mode", 5),
    trade("/account/set-leverage", 20),
    trade("/account/set-account-level", 5),
    trade("/account/set-settle-currency", 20),
    trade("/account/set-fee-type", 5),
    trade("/account/set-auto-loan", 5),
    trade("/account/set-greeks", 5),
    trade("/account/position/margin-balance", 20),
    trade("/account/activate-feature", 5),
    read("/account/max-loan", 20, Source::Trading),
    read("/account/max-withdrawal", 20, Source::Trading),
    read("/account/risk-state", 10, Source::Trading),
    read("/account/greeks", 10, Source::Trading),
    read("/account/interest-rate", 5, Source::Trading),
    read("/account/interest-accrued", 5, Source::Trading),
    read("/account/subtypes", 20, Source::Trading),
    trade("/trade/order", 0),
    trade("/trade/batch-orders", 0),
    trade("/trade/cancel-order", 0),
    trade("/trade/cancel-batch-orders", 0),
    trade("/trade/amend-order", 0),
    trade("/trade/amend-batch-orders", 0),
    trade("/trade/close-position", 20),
    trade("/trade/mass-cancel", 5),
    per(trade("/trade/cancel-all-after", 1), 1, 1_000),
    trade("/trade/order-precheck", 5),
    trade("/trade/order-algo", 20),
    trade("/trade/cancel-algos", 20),
    // No longer documented since 2025-04-24; the answer of the old path is that of the new one.
    trade("/trade/cancel-advance-algos", 20),
    trade("/trade/amend-algos", 20),
    trade("/sprd/order", 20),
    trade("/sprd/cancel-order", 20),
    trade("/sprd/amend-order", 20),
    trade("/sprd/mass-cancel", 10),
    per(trade("/sprd/cancel-all-after", 1), 1, 1_000),
    read("/sprd/order", 20, Source::Trading),
    read("/sprd/orders-pending", 10, Source::Trading),
    read("/sprd/orders-history", 20, Source::Trading),
    read("/sprd/orders-history-archive", 20, Source::Trading),
    read("/sprd/trades", 20, Source::Trading),
    read("/trade/order", 60, Source::Trading),
    read("/trade/orders-pending", 60, Source::Trading),
    read("/trade/orders-history", 40, Source::Trading),
    read("/trade/orders-history-archive", 20, Source::Trading),
    read("/trade/fills", 60, Source::Trading),
    read("/trade/fills-history", 10, Source::Trading),
    read("/trade/order-algo", 20, Source::Trading),
    read("/trade/orders-algo-pending", 20, Source::Trading),
    read("/trade/orders-algo-history", 20, Source::Trading),
    per(read("/trade/account-rate-limit", 1, Source::Trading), 1, 1_000),
];

/// What a path and method lead to.
#[derive(Debug, Clone, Copy)]
pub enum Route {
    /// This endpoint.
    Found(&'static Endpoint),
    /// The path exists with the other method only.
    WrongMethod,
    /// Nothing.
    Unknown,
}

/// Finds the endpoint; `path` without `/api/v5`.
#[must_use]
pub fn route(path: &str, method: &str) -> Route {
    let mut here = ENDPOINTS.iter().filter(|e| e.path == path).peekable();
    if here.peek().is_none() {
        return Route::Unknown;
    }
    here.find(|e| e.method == method).map_or(Route::WrongMethod, Route::Found)
}

impl Endpoint {
    /// The key of the window the request counts in. `caller` is the address or user.
    #[must_use]
    pub fn rate_key(&self, request: &RestRequest, caller: &str) -> String {
        let param = |name: &str| request.param(name).unwrap_or_default();
        let rest = match self.scope {
            Caller => String::new(),
            CallerAnd(one) => param(one),
            CallerAndTwo(one, two) => format!("{}|{}", param(one), param(two)),
        };
        format!("{} {}|{caller}|{rest}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        assert!(
            matches!(route("/market/books", "GET"), Route::Found(e) if e.limit == 40 && e.needs.is_none())
        );
        assert!(
            matches!(route("/trade/order", "POST"), Route::Found(e) if e.needs == Some(Permission::Trade))
        );
        assert!(
            matches!(route("/trade/order", "GET"), Route::Found(e) if e.needs == Some(Permission::ReadOnly))
        );
        assert!(matches!(route("/market/books", "POST"), Route::WrongMethod));
        assert!(matches!(route("/market/nothing", "GET"), Route::Unknown));
    }

    #[test]
    fn no_endpoint_is_listed_twice() {
        for (at, one) in ENDPOINTS.iter().enumerate() {
            assert!(
                !ENDPOINTS[at + 1..].iter().any(|e| e.path == one.path && e.method == one.method),
                "{}",
                one.path
            );
        }
    }
}
