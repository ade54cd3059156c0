//! Why a request is not carried out: OKX's code and words (reference 8).

/// A refused request or item of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// OKX's code.
    pub code: u32,
    /// `subCode`; empty for most.
    pub sub: &'static str,
    /// The words that go with it.
    pub msg: String,
    /// It refuses the whole request rather than an item of it.
    pub whole: bool,
}

impl Refusal {
    /// A code whose words do not depend on the request.
    #[must_use]
    pub fn of(code: u32) -> Self {
        Self { code, sub: "", msg: words(code).to_owned(), whole: false }
    }

    /// A code with its own words.
    #[must_use]
    pub fn saying(code: u32, msg: impl Into<String>) -> Self {
        Self { code, sub: "", msg: msg.into(), whole: false }
    }

    /// The same with a sub-code.
    #[must_use]
    pub fn sub(self, sub: &'static str) -> Self {
        Self { sub, ..self }
    }

    /// The same, for the whole request.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// 51000: a parameter with a value that makes no sense.
    #[must_use]
    pub fn parameter(name: &str) -> Self {
        Self::saying(51_000, format!("Parameter {name} error"))
    }

    /// 50014: a parameter that has to be there.
    #[must_use]
    pub fn missing(name: &str) -> Self {
        Self::saying(50_014, format!("Parameter {name} can not be empty")).whole()
    }

    /// 51008: not enough of a currency.
    #[must_use]
    pub fn funds(ccy: &str, what: &str) -> Self {
        let sub = if what == "margin" { "1001" } else { "1000" };
        Self::saying(51_008, format!("Order failed. Insufficient {ccy} {what} in account")).sub(sub)
    }

    /// The HTTP status of a REST answer that carries it as its own code.
    #[must_use]
    pub const fn http(&self) -> u16 {
        match self.code {
            50_011 | 50_013 | 50_040 => 429,
            50_002 | 50_014 | 50_015 | 50_024 | 50_025 | 51_000 | 51_111 | 51_406 | 51_501 => 400,
            _ => 200,
        }
    }
}

/// The words of a code, in the sense of OKX's error table.
#[must_use]
pub const fn words(code: u32) -> &'static str {
    match code {
        0 => "",
        1 => "All operations failed",
        2 => "Bulk operation partially succeeded.",
        50_011 => "Too Many Requests",
        50_015 => "Either parameter ordId or clOrdId is required",
        50_036 => "The expTime can't be earlier than the current system time",
        50_061 => "Order rate limit of the sub-account is reached",
        50_072 => "Isolated margin trading is no longer supported in this account mode",
        51_001 => "Instrument ID, Instrument ID code, or Spread ID doesn't exist.",
        51_003 => "Either client order ID or order ID is required.",
        51_004 => "The size with the position and the pending orders exceeds the limit of your leverage.",
        51_005 => "Your order amount exceeds the max order amount.",
        51_007 => "Order failed. Please place orders of at least 1 contract or more.",
        51_010 => "You can't complete this request under your current account mode.",
        51_015 => "Instrument ID doesn't match instrument type.",
        51_016 => "Client order ID already exists.",
        51_018 => "Option accounts can't hold net short positions",
        51_019 => "Options can't be held net long under cross margin.",
        51_020 => "Your order should meet or exceed the minimum order amount.",
        51_021 => "The instrument is not listed yet.",
        51_022 => "The instrument is suspended.",
        51_023 => "Position does not exist.",
        51_025 => "Order count exceeds the limit.",
        51_027 => "The instrument has expired.",
        51_029 => "The instrument is being settled.",
        51_035 => "You don't have permission to place market maker protection orders.",
        51_036 => "Only options in portfolio margin mode support market maker protection orders.",
        51_039 => "Leverage can't be changed for cross positions in portfolio margin mode",
        51_041 => "Portfolio margin accounts only support net mode",
        51_065 => "algoClOrdId already exists.",
        51_066 => "Market orders are not available for options. Place a limit order instead.",
        51_068 => "The algoClOrdId already exists as attachAlgoClOrdId or algoClOrdId.",
        51_070 => "You do not meet the requirements for switching to this account mode.",
        51_071 => "You've reached the limit of live cancel-all-after timers by tag.",
        51_076 => "A take-profit and stop-loss order of an attached order may be set in one direction only.",
        51_077 => "Several take-profits are not available for spot and margin orders.",
        51_089 => "The size of the take-profit is required when several are placed.",
        51_083 => "The sizes of the take-profits must add up to the size of the order.",
        51_094 => "Limit take-profits are not available for spot, margin and options orders.",
        51_111 => "Maximum 20 orders can be placed in bulk.",
        51_112 => "The size of your close order exceeds your available size.",
        51_115 => "Cancel all pending close orders before closing the position.",
        51_121 => "Order quantity must be a multiple of the lot size.",
        51_122 => "The order price can't be lower than the smallest price step.",
        51_127 => "Available balance is 0.",
        51_133 => "Reduce Only is not available for spot orders in this account mode.",
        51_139 => "Reduce Only is not available for spot orders in spot mode.",
        51_148 => "A reduce-only order can't increase or turn the position.",
        51_150 => "The precision of the size or the price exceeds the limit.",
        51_169 => "Order failed because you don't have any positions in this direction to reduce or close.",
        51_174 => "The number of pending orders of this instrument is at its limit.",
        51_176 => "Only one of px, pxUsd and pxVol can be filled in.",
        51_185 => "The value of one order exceeds the limit.",
        51_201 => "The value of one market order exceeds the limit.",
        51_204 => "The price of the limit order can't be empty.",
        51_205 => "Reduce Only is not available.",
        51_206 => "A reduce-only order must not be larger than the position.",
        51_260 => "The number of pending conditional orders is at its limit.",
        51_261 => "The number of pending trailing stop orders is at its limit.",
        51_279 => "TP trigger and order price can't be empty one by one.",
        51_280 => "SL trigger price is on the wrong side of the last price.",
        51_277 => "TP trigger price is on the wrong side of the last price.",
        51_302 => "Activation price is on the wrong side of the last price.",
        51_317 => "Trigger orders are not available for margin trading.",
        51_327 => "closeFraction is only available for futures and perpetual swaps.",
        51_328 => "closeFraction is only available for reduce-only orders.",
        51_330 => "closeFraction is only available for market orders.",
        51_331 => "closeFraction is not available in portfolio margin mode.",
        51_400 => "Cancellation failed as the order has been filled, canceled or does not exist.",
        51_406 => "The number of orders to cancel exceeds the limit.",
        51_411 => "You don't have permission for mass cancellation.",
        51_500 => "You must enter a price, quantity, or TP/SL.",
        51_501 => "Maximum 20 orders can be modified in bulk.",
        51_503 => "Order modification failed as the order has been filled, canceled or does not exist.",
        51_506 => "Order modification is not available for this type of order.",
        51_511 => "Order modification failed: the new price would violate post-only.",
        51_512 => "The same order can't be modified twice in one request.",
        51_514 => "The price can't be longer than 32 characters.",
        51_603 => "Order does not exist",
        54_000 => "Margin trading is not supported for this pair.",
        54_004 => "Order placement or modification failed because one of the orders in the batch failed.",
        54_008 => "This operation is blocked by the lock of a mass cancellation. Please try again later.",
        54_036 => "You can't place fill-or-kill orders with the self-trade prevention mode cancel_both.",
        54_042 => "You don't have permission to place RPI orders for this instrument.",
        54_070 => "Attach take-profit and stop-loss orders with attachAlgoOrds.",
        54_084 => "slippagePct must be between 0 and 0.05.",
        54_085 => "slippagePct can have at most 4 decimals.",
        59_000 => "Settings can't be changed: cancel your open orders and close your positions first.",
        59_101 => "Leverage can't be changed: cancel the pending orders first.",
        59_102 => "Leverage exceeds the maximum of the instrument.",
        59_105 => "Leverage can't be lower than 0.01.",
        59_110 => "tgtCcy is not available for this type of instrument.",
        59_111 => "Leverage can't be queried for cross positions in portfolio margin mode.",
        _ => "Operation failed.",
    }
}
