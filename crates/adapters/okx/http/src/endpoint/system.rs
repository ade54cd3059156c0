//! The state of the venue (reference: OKX API v5, "Status").

use okx_common::enums::{MaintenanceEnv, MaintenanceState, MaintenanceType, ServiceType};

endpoint! {
    /// `GET /system/status`: maintenance; what is scheduled and ongoing unless a state is asked for.
    GetStatus = "system-status": Public "/system/status" -> Status {
        optional {
            /// State.
            state: MaintenanceState = "state",
        }
    }
}

row! {
    /// A maintenance.
    ///
    /// `{"begin":"1672823400000","end":"1672823520000","href":"","preOpenBegin":"","scheDesc":"","serviceType":"8","state":`
    /// `"completed","maintType":"1","env":"1","system":"unified","title":"Trading account system upgrade"}`
    pub struct Status {
        text {
            /// Headline.
            title,
            /// Link to the announcement.
            href,
            /// `unified`.
            system,
            /// Why it was moved.
            sche_desc,
        }
        ms {
            /// When it begins, Unix ms.
            begin_ms = "begin",
            /// When it ends, Unix ms.
            end_ms = "end",
            /// When post-only orders become possible, Unix ms.
            pre_open_begin_ms = "preOpenBegin",
            /// When it was announced or changed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// State.
            state: MaintenanceState,
            /// What is maintained.
            service_type: ServiceType,
            /// Planned or not.
            maint_type: MaintenanceType,
            /// Production or demo.
            env: MaintenanceEnv,
        }
    }
}
