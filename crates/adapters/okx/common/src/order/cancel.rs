//! Cancelling ordinary orders.

use super::{address::OnInstrument, target::OrderTarget};
use crate::{
    enums::InstType,
    ids::{InstFamily, InstId},
};

order_value! {
    /// `POST /trade/cancel-order`, operation `cancel-order`. Success means that OKX will try.
    ///
    /// `{"instIdCode":123456,"ordId":"2510789768709120"}`
    CancelOrder {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Order.
            #[serde(flatten)]
            target: OrderTarget,
        }
    }
}

impl OnInstrument for CancelOrder {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }
}

order_value! {
    /// `POST /trade/mass-cancel`, operation `mass-cancel`: all market-maker-protected orders of an option family.
    MassCancel {
        must {
            /// OPTION; OKX takes nothing else.
            inst_type: InstType,
            /// Family.
            inst_family: InstFamily,
        }
        may {
            /// Milliseconds, 0 to 10 000, for which new orders are refused.
            #[serde(serialize_with = "as_text")]
            lock_interval: u32,
        }
    }
}

impl MassCancel {
    /// All of the family.
    #[must_use]
    pub fn family(inst_family: impl Into<InstFamily>) -> Self {
        Self::new(InstType::Option, inst_family)
    }
}

/// OKX writes numbers as text.
#[expect(clippy::ref_option, reason = "the signature is serde's")]
fn as_text<S: serde::Serializer>(value: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
