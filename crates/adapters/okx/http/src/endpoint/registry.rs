//! All endpoints by name: reads and settings.

use super::{
    Endpoint, FromParams, ParamError, Params, Request, Spec, account as a, algo, market as m, public as p,
    spread as s, system, trade as t,
};
use crate::{
    body::{ReadReport, Report},
    envelope::{BodyError, Envelope, Rows, read},
};

/// A row of some type that can be written.
pub type AnyRow = Box<dyn erased_serde::Serialize + Send>;

/// An endpoint whose types are not known to the caller.
pub struct Entry {
    spec: &'static Spec,
    build: fn(&Params) -> Result<Request, ParamError>,
    read: fn(&[u8]) -> Result<Envelope<AnyRow>, BodyError>,
    report: ReadReport,
}

impl Entry {
    const fn of<E: Endpoint + FromParams>() -> Self {
        Self {
            spec: E::SPEC,
            build: |params| E::from_params(params).map(|request| request.to_request()),
            read: |body| {
                let Envelope { code, msg, rows, in_time_us, out_time_us } = read::<E::Row>(body)?;
                let items = rows.items.into_iter().map(|row| Box::new(row) as AnyRow).collect();
                let rows = Rows { items, skipped: rows.skipped };
                Ok(Envelope { code, msg, rows, in_time_us, out_time_us })
            },
            report: Report::of::<E::Row>,
        }
    }

    /// What is fixed of the endpoint.
    #[must_use]
    pub const fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// Builds the request from texts by OKX's names.
    ///
    /// # Errors
    /// Parameters that are unknown, missing or malformed.
    pub fn build(&self, params: &Params) -> Result<Request, ParamError> {
        params.check(self.spec)?;
        (self.build)(params)
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(&self, body: &[u8]) -> Result<Envelope<AnyRow>, BodyError> {
        (self.read)(body)
    }

    /// Reads an answer and notes what is unknown in it.
    pub(crate) fn report(&self) -> ReadReport {
        self.report
    }
}

/// All endpoints.
static ENTRIES: &[Entry] = &[
    Entry::of::<m::GetTickers>(),
    Entry::of::<m::GetTicker>(),
    Entry::of::<m::GetIndexTickers>(),
    Entry::of::<m::GetIndexComponents>(),
    Entry::of::<m::GetBooks>(),
    Entry::of::<m::GetBooksFull>(),
    Entry::of::<m::GetBooksRpi>(),
    Entry::of::<m::GetCandles>(),
    Entry::of::<m::GetHistoryCandles>(),
    Entry::of::<m::GetMarkPriceCandles>(),
    Entry::of::<m::GetHistoryMarkPriceCandles>(),
    Entry::of::<m::GetIndexCandles>(),
    Entry::of::<m::GetHistoryIndexCandles>(),
    Entry::of::<m::GetTrades>(),
    Entry::of::<m::GetHistoryTrades>(),
    Entry::of::<m::GetFamilyTrades>(),
    Entry::of::<m::GetPlatformVolume>(),
    Entry::of::<m::GetCallAuction>(),
    Entry::of::<m::GetExchangeRate>(),
    Entry::of::<m::GetBlockTickers>(),
    Entry::of::<m::GetBlockTicker>(),
    Entry::of::<p::GetTime>(),
    Entry::of::<p::GetInstruments>(),
    Entry::of::<p::GetUnderlyings>(),
    Entry::of::<p::GetTickBands>(),
    Entry::of::<p::GetMarketMakerTypes>(),
    Entry::of::<p::GetMarkPrice>(),
    Entry::of::<p::GetPriceLimit>(),
    Entry::of::<p::GetOpenInterest>(),
    Entry::of::<p::GetFundingRate>(),
    Entry::of::<p::GetFundingRateHistory>(),
    Entry::of::<p::GetPremiumHistory>(),
    Entry::of::<p::GetOptSummary>(),
    Entry::of::<p::GetOptionTrades>(),
    Entry::of::<p::GetPositionTiers>(),
    Entry::of::<p::ConvertContract>(),
    Entry::of::<p::GetEstimatedPrice>(),
    Entry::of::<p::GetEstimatedSettlement>(),
    Entry::of::<p::GetDeliveryHistory>(),
    Entry::of::<p::GetSettlementHistory>(),
    Entry::of::<p::GetInsuranceFund>(),
    Entry::of::<p::GetLiquidations>(),
    Entry::of::<p::GetLoanQuotas>(),
    Entry::of::<p::GetDiscountRates>(),
    Entry::of::<p::GetDeltaHedgeCurrencies>(),
    Entry::of::<p::GetEventSeries>(),
    Entry::of::<p::GetEvents>(),
    Entry::of::<p::GetEventMarkets>(),
    Entry::of::<p::GetDataHistory>(),
    Entry::of::<system::GetStatus>(),
    Entry::of::<s::GetSpreads>(),
    Entry::of::<s::GetSpreadBook>(),
    Entry::of::<s::GetSpreadTicker>(),
    Entry::of::<s::GetSpreadTrades>(),
    Entry::of::<s::GetSpreadCandles>(),
    Entry::of::<s::GetSpreadHistoryCandles>(),
    Entry::of::<a::GetAccountConfig>(),
    Entry::of::<a::GetAccountInstruments>(),
    Entry::of::<a::GetTradeFee>(),
    Entry::of::<a::GetBalance>(),
    Entry::of::<a::GetPositions>(),
    Entry::of::<a::GetPositionsHistory>(),
    Entry::of::<a::GetPositionRisk>(),
    Entry::of::<a::GetBills>(),
    Entry::of::<a::GetBillsArchive>(),
    Entry::of::<a::GetBillTypes>(),
    Entry::of::<a::GetLeverage>(),
    Entry::of::<a::SetLeverage>(),
    Entry::of::<a::SetPositionMode>(),
    Entry::of::<a::GetMaxSize>(),
    Entry::of::<a::GetMaxAvailSize>(),
    Entry::of::<a::GetInterestRate>(),
    Entry::of::<a::GetInterestAccrued>(),
    Entry::of::<a::GetMaxLoan>(),
    Entry::of::<a::GetRiskState>(),
    Entry::of::<a::GetGreeks>(),
    Entry::of::<a::GetMaxWithdrawal>(),
    Entry::of::<a::ChangeMargin>(),
    Entry::of::<a::SetGreeks>(),
    Entry::of::<a::SetAccountLevel>(),
    Entry::of::<a::SetSettleCurrency>(),
    Entry::of::<a::SetFeeType>(),
    Entry::of::<a::SetAutoLoan>(),
    Entry::of::<t::GetOrder>(),
    Entry::of::<t::GetOrdersPending>(),
    Entry::of::<t::GetOrdersHistory>(),
    Entry::of::<t::GetOrdersHistoryArchive>(),
    Entry::of::<t::GetFills>(),
    Entry::of::<t::GetFillsHistory>(),
    Entry::of::<t::GetAccountRateLimit>(),
    Entry::of::<algo::GetAlgoOrder>(),
    Entry::of::<algo::GetAlgosPending>(),
    Entry::of::<algo::GetAlgosHistory>(),
    Entry::of::<s::GetSpreadOrder>(),
    Entry::of::<s::GetSpreadOrdersPending>(),
    Entry::of::<s::GetSpreadOrdersHistory>(),
    Entry::of::<s::GetSpreadOrdersHistoryArchive>(),
    Entry::of::<s::GetSpreadFills>(),
];

/// All endpoints, market data first.
pub fn endpoints() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter()
}

/// The endpoint of a name: `market-tickers`.
///
/// # Errors
/// If there is none.
pub fn entry(name: &str) -> Result<&'static Entry, ParamError> {
    let found = ENTRIES.iter().find(|entry| entry.spec.name == name);
    found.ok_or_else(|| ParamError::UnknownEndpoint(name.chars().take(80).collect()))
}

/// Builds a request by name: the entry reads its answer.
///
/// # Errors
/// An unknown name; parameters that are unknown, missing or malformed.
pub fn build(name: &str, params: &Params) -> Result<(&'static Entry, Request), ParamError> {
    let entry = entry(name)?;
    Ok((entry, entry.build(params)?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use okx_common::limits::rule_of_path;

    use super::*;

    #[test]
    fn names_are_paths_with_dashes_and_stand_once() {
        let names: BTreeSet<_> = endpoints().map(|e| e.spec().name).collect();
        assert_eq!(names.len(), ENTRIES.len());
        for entry in endpoints() {
            // Where a command has the same path, the name says which is meant.
            let name = entry.spec().name.trim_end_matches("-get");
            assert_eq!(name, entry.spec().path[1..].replace('/', "-"));
            let required = entry.spec().params.iter().skip_while(|p| p.required);
            assert!(required.into_iter().all(|p| !p.required), "{}", entry.spec().name);
        }
    }

    #[test]
    fn all_but_a_few_have_a_published_limit() {
        let without =
            endpoints().map(Entry::spec).filter(|s| rule_of_path(s.method.as_str(), s.path).is_none());
        let without: Vec<_> = without.map(|s| s.name).collect();
        assert_eq!(
            without,
            [
                "market-index-components",
                "market-block-tickers",
                "market-block-ticker",
                "public-liquidation-orders",
                "public-discount-rate-interest-free-quota",
                "public-market-data-history"
            ]
        );
    }

    #[test]
    fn requests_can_be_built_from_texts() {
        let params = [("instId", "BTC-USDT"), ("bar", "1Dutc"), ("limit", "300"), ("after", "")];
        let (entry, request) = build("market-candles", &params.into_iter().collect()).unwrap();
        assert_eq!(request.target(), "/api/v5/market/candles?instId=BTC-USDT&bar=1Dutc&limit=300");
        let answer =
            br#"{"code":"0","msg":"","data":[["1597026383085","3.7","3.8","3.6","3.7","1","2","3","1"]]}"#;
        let rows = entry.read(answer).unwrap().rows.items;
        let text = serde_json::to_string(&rows[0]).unwrap();
        assert!(text.starts_with(r#"{"open_ms":1597026383085,"open":"3.7","#), "{text}");
    }

    #[test]
    fn wrong_parameters_are_named() {
        let error = |name: &str, params: &[(&str, &str)]| {
            build(name, &params.iter().copied().collect()).map(|_| ()).unwrap_err().to_string()
        };
        assert_eq!(error("market-tickers", &[]), r#"the parameter "instType" is missing"#);
        assert_eq!(
            error("market-ticker", &[("instId", "A"), ("uly", "B")]),
            r#"market-ticker has no parameter "uly"; it has instId"#
        );
        assert_eq!(error("public-time", &[("x", "")]), r#"public-time has no parameter "x"; it has none"#);
        let bar = error("market-candles", &[("instId", "A"), ("bar", "7m")]);
        assert!(bar.starts_with(r#"the parameter "bar" cannot be "7m": "#), "{bar}");
        assert!(error("market-nothing", &[]).contains("endpoints()"));
    }
}
