//! Closing positions, and the dead-man switch.

use serde::Serialize;

use super::address::OnInstrument;
use crate::{
    enums::{MgnMode, PosSide},
    ids::{Ccy, ClOrdId, InstId},
};

order_value! {
    /// `POST /trade/close-position`: at the market.
    ClosePosition {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Cross or isolated.
            mgn_mode: MgnMode,
        }
        may {
            /// Side of the position, in long/short mode.
            pos_side: PosSide,
            /// Margin currency: cross MARGIN in futures mode.
            ccy: Ccy,
            /// Cancel the open orders that close it first.
            auto_cxl: bool,
            /// Client order id.
            cl_ord_id: ClOrdId,
            /// Tag.
            tag: String,
        }
    }
}

impl OnInstrument for ClosePosition {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }
}

/// `POST /trade/cancel-all-after`: OKX cancels all orders (of the tag) unless this is sent again in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CancelAllAfter {
    /// Seconds, 10 to 120; 0 switches it off.
    #[serde(rename = "timeOut", serialize_with = "seconds")]
    pub time_out_secs: u8,
    /// Only orders of this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

impl CancelAllAfter {
    /// Armed for so long.
    ///
    /// # Errors
    /// If OKX does not take the time: it takes 10 to 120 seconds.
    pub fn arm(secs: u32) -> Result<Self, String> {
        match u8::try_from(secs) {
            Ok(time_out_secs @ 10..=120) => Ok(Self { time_out_secs, tag: None }),
            _ => Err(format!("cancel-all-after takes 10 to 120 seconds, not {secs}")),
        }
    }

    /// Switched off.
    #[must_use]
    pub const fn disarm() -> Self {
        Self { time_out_secs: 0, tag: None }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn seconds<S: serde::Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
