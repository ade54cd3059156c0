//! Rows of the positions (reference: OKX API v5, "Trading Account").

rows! {
    /// `GET /account/position-tiers`.
    AccountTier {
        text { inst_family, pos_type, uly }
        dec { max_sz }
    }
}
