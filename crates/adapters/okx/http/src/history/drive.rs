//! Carries plans through with the client.

use std::sync::atomic::Ordering;

use okx_common::ids::InstId;

use super::{
    CandleKind, CandleQuery, Page, PageError, Pages, PagesConfig, Progress, Range, Source, TradePage,
    TradePages,
};
use crate::{
    client::OkxHttpClient,
    endpoint::{
        market::{
            Candle, GetCandles, GetHistoryCandles, GetHistoryIndexCandles, GetHistoryMarkPriceCandles,
            GetHistoryTrades, GetIndexCandles, GetMarkPriceCandles, GetTrades, PageBy, Trade,
        },
        public::{FundingRateRecord, GetFundingRateHistory},
    },
    envelope::{Rows, Skipped},
    error::{ErrorKind, HttpError},
};

/// The most rows of a page of funding rates.
const FUNDING_PAGE_LIMIT: u32 = 400;
/// The shortest funding period.
const HOUR_MS: u64 = 3_600_000;

/// Which trades are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeQuery {
    /// The instrument.
    pub inst_id: InstId,
    /// When. Without a start and a limit: the latest 500.
    pub range: Range,
}

/// Which settled funding rates are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingQuery {
    /// The instrument.
    pub inst_id: InstId,
    /// When.
    pub range: Range,
}

impl FundingQuery {
    /// The plan at this time of OKX's clock.
    #[must_use]
    pub fn plan(&self, now_ms: u64) -> Pages<FundingRateRecord> {
        let config = PagesConfig {
            key: |record: &FundingRateRecord| record.funding_time_ms.unwrap_or_default(),
            is_final: |record| record.funding_time_ms.is_some(),
            keep_open: false,
            page_limit: FUNDING_PAGE_LIMIT,
            step_ms: HOUR_MS,
            recent_from_ms: None,
            now_ms,
        };
        Pages::new(config, self.range)
    }
}

/// What is told how far it is, after each page.
pub type OnProgress<'a> = dyn FnMut(Progress) + Send + 'a;

impl OkxHttpClient {
    /// Past candles, oldest first: the recent ones and the archive as one list, without doubles.
    ///
    /// # Errors
    /// What went wrong with a page; bad rows are in [`Rows::skipped`].
    pub async fn candles(
        &self,
        query: &CandleQuery,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Rows<Candle>, HttpError> {
        if query.bar.as_rest().is_none() {
            return Err(HttpError::local(
                ErrorKind::Params,
                format_args!("bars of {} exist on the WebSocket only", query.bar),
            ));
        }
        let mut plan = query.plan(self.venue_ms());
        let mut skipped = Vec::new();
        while let Some(page) = plan.next_page() {
            let rows = self.candle_page(query, page).await?;
            let rows = usable(rows, &mut skipped)?;
            on_progress(plan.take(rows).map_err(stuck)?);
        }
        Ok(Rows { items: plan.finish(), skipped })
    }

    async fn candle_page(&self, query: &CandleQuery, page: Page) -> Result<Rows<Candle>, HttpError> {
        macro_rules! ask {
            ($request:ident $(, $field:ident: $value:expr)?) => {
                self.get(&$request {
                    bar: Some(query.bar),
                    after: page.after,
                    before: page.before,
                    limit: Some(page.limit),
                    $($field: $value,)?
                    ..$request::new(query.inst_id.clone())
                })
                .await
            };
        }
        let adjust = || query.is_adjusted.then(|| "forward".to_owned());
        match (query.kind, page.source) {
            (CandleKind::Last, Source::Recent) => ask!(GetCandles, adjust: adjust()),
            (CandleKind::Last, Source::Archive) => ask!(GetHistoryCandles, adjust: adjust()),
            (CandleKind::Mark, Source::Recent) => ask!(GetMarkPriceCandles),
            (CandleKind::Mark, Source::Archive) => ask!(GetHistoryMarkPriceCandles),
            (CandleKind::Index, Source::Recent) => ask!(GetIndexCandles),
            (CandleKind::Index, Source::Archive) => ask!(GetHistoryIndexCandles),
        }
    }

    /// Past trades, oldest first; three months back.
    ///
    /// # Errors
    /// What went wrong with a page; bad rows are in [`Rows::skipped`].
    pub async fn trades(
        &self,
        query: &TradeQuery,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Rows<Trade>, HttpError> {
        let mut plan = TradePages::new(query.range);
        let mut skipped = Vec::new();
        while let Some(page) = plan.next_page() {
            let history = GetHistoryTrades::new(query.inst_id.clone());
            let rows = match page.clone() {
                TradePage::Recent { limit } => {
                    self.get(&GetTrades { limit: Some(limit), ..GetTrades::new(query.inst_id.clone()) })
                        .await?
                }
                TradePage::BeforeTime { ts_ms, limit } => {
                    let (page_by, after) = (Some(PageBy::Time), Some(ts_ms.to_string()));
                    self.get(&GetHistoryTrades { page_by, after, limit: Some(limit), ..history }).await?
                }
                TradePage::BeforeId { trade_id, limit } => {
                    let (page_by, after) = (Some(PageBy::TradeId), Some(trade_id));
                    self.get(&GetHistoryTrades { page_by, after, limit: Some(limit), ..history }).await?
                }
            };
            let rows = usable(rows, &mut skipped)?;
            on_progress(plan.take(rows).map_err(stuck)?);
        }
        Ok(Rows { items: plan.finish(), skipped })
    }

    /// Settled funding rates, oldest first; three months back.
    ///
    /// # Errors
    /// What went wrong with a page; bad rows are in [`Rows::skipped`].
    pub async fn funding_rates(
        &self,
        query: &FundingQuery,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Rows<FundingRateRecord>, HttpError> {
        let mut plan = query.plan(self.venue_ms());
        let mut skipped = Vec::new();
        while let Some(page) = plan.next_page() {
            let request = GetFundingRateHistory {
                after: page.after,
                before: page.before,
                limit: Some(page.limit),
                ..GetFundingRateHistory::new(query.inst_id.clone())
            };
            let rows = usable(self.get(&request).await?, &mut skipped)?;
            on_progress(plan.take(rows).map_err(stuck)?);
        }
        Ok(Rows { items: plan.finish(), skipped })
    }

    /// OKX's clock as far as known, Unix ms.
    #[must_use]
    pub fn venue_ms(&self) -> u64 {
        let offset_ms = self.inner.offset_ms.load(Ordering::Relaxed);
        self.inner.clock.now().unix_ms().saturating_add_signed(offset_ms)
    }
}

/// The rows of a page. If none of them could be read, the next page cannot be told.
fn usable<T>(rows: Rows<T>, skipped: &mut Vec<Skipped>) -> Result<Vec<T>, HttpError> {
    if let (true, Some(first)) = (rows.items.is_empty(), rows.skipped.first()) {
        return Err(HttpError::sent(ErrorKind::Decode, first));
    }
    skipped.extend(rows.skipped);
    Ok(rows.items)
}

fn stuck(error: PageError) -> HttpError {
    let kind = if matches!(error, PageError::Stuck(_)) { ErrorKind::Decode } else { ErrorKind::Params };
    HttpError::sent(kind, error)
}
