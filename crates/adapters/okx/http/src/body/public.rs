//! Rows of public endpoints that the client does not ask.

use std::collections::BTreeMap;

use okx_common::{decimal::Decimal, enums::Side};
use serde::{Deserialize, Serialize};

rows! {
    /// `GET /public/block-trades`.
    BlockTrade {
        text { inst_id, trade_id, group_id }
        dec { fill_vol, fwd_px, idx_px, mark_px, px, sz }
        ms { ts }
        opt { side: Side }
    }
    /// `GET /public/economic-calendar`. Values are texts: `4.7%`.
    CalendarEntry {
        text {
            actual, calendar_id, category, ccy, date_span, event, forecast, importance, prev_initial, previous, region,
            unit,
        }
        ms { date, ref_date, u_time }
    }
    /// `GET /public/vip-interest-rate-loan-quota`.
    VipQuota {
        text { ccy }
        dec { quota, rate }
        list { level_list: VipLevel }
    }
    /// A level of [`VipQuota`].
    VipLevel {
        text { level }
        dec { loan_quota }
    }
    /// `GET /market/open-oracle`.
    Oracle {
        text { timestamp }
        opt { prices: BTreeMap<String, Decimal> }
        list { messages: String, signatures: String }
    }
}

/// Trading statistics (`/rubik/stat/…`): a time in Unix ms and one to three numbers.
#[derive(Deserialize, Serialize)]
#[serde(try_from = "Vec<Decimal>")]
pub(super) struct Statistic {
    ts_ms: u64,
    values: Vec<Decimal>,
}

impl TryFrom<Vec<Decimal>> for Statistic {
    type Error = &'static str;

    fn try_from(mut cells: Vec<Decimal>) -> Result<Self, Self::Error> {
        if !(2..=4).contains(&cells.len()) {
            return Err("a row of statistics has 2 to 4 elements");
        }
        let time = cells.remove(0);
        let ts_ms = (time.precision() == 0).then(|| u64::try_from(time.mantissa()).ok()).flatten();
        Ok(Self { ts_ms: ts_ms.ok_or("the first element is a time in milliseconds")?, values: cells })
    }
}
