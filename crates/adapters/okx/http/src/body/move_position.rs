//! Rows of moved positions (reference: OKX API v5, "Trading Account / Move positions").

use okx_common::enums::{PosSide, Side, TdMode};

rows! {
    /// `POST /account/move-positions`, `GET /account/move-positions-history`.
    Moved {
        text { client_id, block_td_id, state, from_acct, to_acct }
        ms { ts }
        list { legs: MovedLeg }
    }
    /// A position of [`Moved`].
    MovedLeg {
        opt { from: MovedSide, to: MovedSide }
    }
    /// Where a position came from or went to.
    MovedSide {
        text { pos_id, inst_id, ccy, s_code, s_msg }
        dec { px, sz }
        opt { side: Side, td_mode: TdMode, pos_side: PosSide }
    }
}
