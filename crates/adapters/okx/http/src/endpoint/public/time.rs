//! OKX's clock.

endpoint! {
    /// `GET /public/time`: OKX's clock.
    GetTime = "public-time": Public "/public/time" -> ServerTime {}
}

row! {
    /// OKX's clock: `{"ts":"1712250348676"}`.
    pub struct ServerTime {
        ms {
            /// Now, Unix ms.
            ts_ms = "ts",
        }
    }
}
