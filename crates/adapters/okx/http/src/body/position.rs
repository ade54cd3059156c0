//! Rows of the positions (reference: OKX API v5, "Trading Account").

use okx_common::enums::PosSide;

rows! {
    /// `GET /account/position-tiers`.
    AccountTier {
        text { inst_family, pos_type, uly }
        dec { max_sz }
    }
    /// `POST /account/position/margin-balance`.
    MarginBalance {
        text { ccy, inst_id, change = "type" }
        dec { amt, leverage }
        opt { pos_side: PosSide }
    }
}
