//! Amending and cancelling strategy orders. REST only.

use super::{address::OnInstrument, algo_kind::AlgoPx, attach::AmendAttached, target::AlgoTarget};
use crate::{decimal::Decimal, enums::TriggerPxType, ids::InstId};

order_value! {
    /// `POST /trade/amend-algos`: `conditional`, `oco` and `trigger` orders; the others are cancelled and placed anew.
    AmendAlgoOrder {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Order.
            #[serde(flatten)]
            target: AlgoTarget,
        }
        may {
            /// Id of this amendment.
            req_id: String,
            /// Cancel the order if the amendment fails.
            cxl_on_fail: bool,
            /// New size.
            new_sz: Decimal,
            /// Take-profit trigger price; 0 deletes the leg.
            new_tp_trigger_px: Decimal,
            /// What triggers the take profit.
            new_tp_trigger_px_type: TriggerPxType,
            /// Take-profit order price.
            new_tp_ord_px: AlgoPx,
            /// Stop-loss trigger price; 0 deletes the leg.
            new_sl_trigger_px: Decimal,
            /// What triggers the stop loss.
            new_sl_trigger_px_type: TriggerPxType,
            /// Stop-loss order price.
            new_sl_ord_px: AlgoPx,
            /// Trigger price of a `trigger` order.
            new_trigger_px: Decimal,
            /// Order price of a `trigger` order.
            new_ord_px: AlgoPx,
            /// What triggers a `trigger` order.
            new_trigger_px_type: TriggerPxType,
        }
        list {
            /// Changes of attached orders.
            attach_algo_ords: AmendAttached,
            /// Changes of the chase.
            adv_chase_params: AmendChase,
        }
    }
}

order_value! {
    /// An element of `advChaseParams` of an amendment.
    AmendChase {
        may {
            /// How far from the best price.
            new_chase_val: Decimal,
            /// How far it follows.
            new_max_chase_val: Decimal,
        }
    }
}

order_value! {
    /// An element of `POST /trade/cancel-algos`; at most 10 a request.
    CancelAlgoOrder {
        must {
            /// Instrument.
            #[serde(skip)]
            inst_id: InstId,
            /// Order.
            #[serde(flatten)]
            target: AlgoTarget,
        }
    }
}

impl OnInstrument for AmendAlgoOrder {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }

    fn rest_only(&self) -> Option<&'static str> {
        Some("strategy orders")
    }
}

impl OnInstrument for CancelAlgoOrder {
    fn inst_id(&self) -> &InstId {
        &self.inst_id
    }

    fn rest_only(&self) -> Option<&'static str> {
        Some("strategy orders")
    }
}
