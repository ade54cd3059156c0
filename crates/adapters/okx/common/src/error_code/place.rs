//! 51000-51399: placing orders.

use super::{CodeInfo, CodeKind::*, Retry};

const BALANCE: &str =
    "fund the account, reduce the size, or close other orders and positions; the sub-code names the reason";
const PRICE: &str = "use a price within the limits; the message or the price-limit endpoint tells them";
const WAIT: &str = "wait until the phase is over and try again";
const SIZE: &str = "use a size that is a multiple of lotSz, at least minSz and below the maximum";
const REDUCE_ONLY: &str = "check direction and size against the position, or drop reduceOnly";
const EXPIRED: &str = "load the instruments again; this one cannot be traded now";

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(51000, BadRequest, "a parameter is wrong (the message names it)").http(400),
    CodeInfo::new(51001, Rejected, "the instrument (instId, instIdCode or sprdId) does not exist")
        .advice("load the instruments again; codes differ between live and demo"),
    CodeInfo::new(51002, BadRequest, "the instrument does not match the underlying"),
    CodeInfo::new(51003, BadRequest, "ordId or clOrdId is required"),
    CodeInfo::new(51004, Rejected, "size, position and pending orders exceed the tier of this leverage")
        .advice("reduce size or leverage; the sub-code names what counts"),
    CodeInfo::new(51005, Rejected, "the size exceeds the largest order (maxLmtSz, maxMktSz)").advice(SIZE),
    CodeInfo::new(51006, Rejected, "the price is outside the price limits").advice(PRICE),
    CodeInfo::new(51007, Rejected, "less than one contract").advice(SIZE),
    CodeInfo::new(51008, Rejected, "insufficient balance or margin").advice(BALANCE),
    CodeInfo::new(51009, Permission, "placing orders is blocked; contact OKX"),
    CodeInfo::new(51010, Rejected, "not supported in the current account mode")
        .advice("change the account mode at OKX, or the order's trade mode"),
    CodeInfo::new(51011, Duplicate, "the order id exists already"),
    CodeInfo::new(51012, Rejected, "the token does not exist"),
    CodeInfo::new(51014, BadRequest, "the index does not exist"),
    CodeInfo::new(51015, BadRequest, "the instrument does not match the instrument type"),
    CodeInfo::new(51016, Duplicate, "the client order id exists already"),
    CodeInfo::new(51017, Rejected, "the borrowing limit is exceeded").advice(BALANCE),
    CodeInfo::new(51018, Rejected, "this options account cannot be net short"),
    CodeInfo::new(51019, Rejected, "options cannot be net long under cross margin"),
    CodeInfo::new(51020, Rejected, "below the smallest order").advice(SIZE),
    CodeInfo::new(51021, Rejected, "the instrument is not listed yet").advice(EXPIRED),
    CodeInfo::new(51022, Rejected, "the instrument is suspended").advice(EXPIRED),
    CodeInfo::new(51023, Rejected, "the position does not exist"),
    CodeInfo::new(51024, Permission, "the trading account is blocked (the message says why)"),
    CodeInfo::new(51025, RateLimit, "too many orders").advice("cancel some of the open orders"),
    CodeInfo::new(51026, BadRequest, "the instrument type does not match the underlying"),
    CodeInfo::new(51027, Rejected, "the contract has expired").advice(EXPIRED),
    CodeInfo::new(51028, Rejected, "the contract is being delivered").retry(Retry::BackOff).advice(WAIT),
    CodeInfo::new(51029, Rejected, "the contract is being settled").retry(Retry::BackOff).advice(WAIT),
    CodeInfo::new(51030, Rejected, "the funding fee is being settled").retry(Retry::BackOff).advice(WAIT),
    CodeInfo::new(51031, Rejected, "the price is outside the range for closing").advice(PRICE),
    CodeInfo::new(51032, Rejected, "the position is being closed at the market"),
    CodeInfo::new(51033, Rejected, "the total amount per order of this pair has reached its limit"),
    CodeInfo::new(51034, Rejected, "market-maker protection was triggered")
        .advice("reset the protection (mmp-reset)"),
    CodeInfo::new(51035, Rejected, "no market-maker permission"),
    CodeInfo::new(51036, Rejected, "only options in portfolio margin support market-maker protection"),
    CodeInfo::new(51037, Rejected, "only immediate-or-cancel orders that reduce the risk are allowed"),
    CodeInfo::new(51038, Rejected, "there is an immediate-or-cancel order in this risk module already"),
    CodeInfo::new(51039, Rejected, "the leverage cannot be adjusted in portfolio margin"),
    CodeInfo::new(51040, Rejected, "the margin of a long isolated option cannot be adjusted"),
    CodeInfo::new(51041, Rejected, "portfolio margin has net positions only"),
    CodeInfo::new(51042, Rejected, "market-maker protection needs cross margin"),
    CodeInfo::range(
        51044,
        51053,
        Rejected,
        "a take-profit or stop-loss trigger lies on the wrong side of the price",
    )
    .advice(PRICE),
    CodeInfo::new(51054, OutcomeUnknown, "the request timed out").http(500),
    CodeInfo::new(51056, Rejected, "the action is not allowed"),
    CodeInfo::new(51059, Rejected, "the state of the strategy does not allow this"),
    CodeInfo::new(51063, Gone, "the order id does not exist"),
    CodeInfo::new(51065, Duplicate, "algoClOrdId exists already"),
    CodeInfo::new(51066, Rejected, "there are no market orders for options").advice("use a limit order"),
    CodeInfo::new(51068, Duplicate, "the id exists among algoClOrdId and attachAlgoClOrdId already"),
    CodeInfo::new(51069, Rejected, "the option family is missing"),
    CodeInfo::new(51070, Rejected, "the account mode cannot be switched"),
    CodeInfo::new(51071, Rejected, "more than 20 cancel-all-after timers with a tag are running"),
    CodeInfo::range(51072, 51075, Rejected, "rules of spot lead traders"),
    CodeInfo::range(51076, 51099, Rejected, "attached take profits and stop losses do not fit together")
        .advice("correct the attached orders; the message names the rule"),
    CodeInfo::new(51100, Rejected, "no take profit or stop loss on a reduce-only order"),
    CodeInfo::range(
        51101,
        51107,
        Rejected,
        "a limit of contracts or orders per order, instrument or family is reached",
    ),
    CodeInfo::new(51108, Rejected, "a limit of closing is reached"),
    CodeInfo::new(51109, Rejected, "there are no offers on the book"),
    CodeInfo::new(51110, Rejected, "not in the call auction or pre-quote phase")
        .retry(Retry::BackOff)
        .advice(WAIT),
    CodeInfo::new(51111, BadRequest, "too many orders in one request (20 at most)"),
    CodeInfo::new(51112, Rejected, "the size exceeds what can be closed").advice(REDUCE_ONLY),
    CodeInfo::new(51113, RateLimit, "closing at the market too frequently").http(429),
    CodeInfo::new(51115, RateLimit, "cancel the pending closing orders first")
        .http(429)
        .advice("cancel the pending closing orders first"),
    CodeInfo::new(51116, Rejected, "price or trigger is out of bounds").advice(PRICE),
    CodeInfo::new(51117, Rejected, "too many pending closing orders")
        .advice("cancel pending closing orders first"),
    CodeInfo::new(51120, Rejected, "the size is below the minimum").advice(SIZE),
    CodeInfo::new(51121, Rejected, "the size is not a multiple of lotSz").advice(SIZE),
    CodeInfo::new(51122, Rejected, "the price is below the minimum").advice(PRICE),
    CodeInfo::new(51123, Rejected, "there is no price increment").advice(EXPIRED),
    CodeInfo::new(51124, Rejected, "only limit orders in the call auction phase")
        .retry(Retry::BackOff)
        .advice(WAIT),
    CodeInfo::new(51127, Rejected, "the available balance is 0").advice(BALANCE),
    CodeInfo::new(51129, Rejected, "the value of the position is capped"),
    CodeInfo::new(51130, Rejected, "the fixed margin currency is wrong"),
    CodeInfo::new(51131, Rejected, "insufficient balance").advice(BALANCE),
    CodeInfo::new(51132, Rejected, "the position is too small to be closed by this order"),
    CodeInfo::new(51133, Rejected, "reduceOnly is not available for spot in multi-currency mode")
        .advice(REDUCE_ONLY),
    CodeInfo::new(51134, Rejected, "closing the position failed"),
    CodeInfo::range(51135, 51138, Rejected, "the closing or order price is beyond the limits").advice(PRICE),
    CodeInfo::new(51139, Rejected, "reduceOnly is not available in spot mode").advice(REDUCE_ONLY),
    CodeInfo::new(51147, Permission, "options are not activated (more than 10 000 USD are needed)")
        .advice("activate options at OKX first"),
    CodeInfo::new(51148, Rejected, "reduceOnly cannot increase the position").advice(REDUCE_ONLY),
    CodeInfo::new(51149, OutcomeUnknown, "the order timed out; neither success nor failure is implied")
        .http(500),
    CodeInfo::new(51150, Rejected, "too many digits after the point in price or size").advice(SIZE),
    CodeInfo::new(51155, Permission, "refused for compliance with local laws"),
    CodeInfo::range(51169, 51171, Rejected, "reduceOnly conflicts with the position or its direction")
        .advice(REDUCE_ONLY),
    CodeInfo::new(51174, Rejected, "too many pending orders of this instrument")
        .advice("cancel some of the open orders"),
    CodeInfo::range(51175, 51182, Rejected, "rules of option prices (px, pxUsd, pxVol)"),
    CodeInfo::new(51178, Rejected, "attached take profits and stop losses do not fit together"),
    CodeInfo::new(51185, Rejected, "the value exceeds the largest of one order").advice(SIZE),
    CodeInfo::range(51186, 51187, Rejected, "leverage or tier limit").advice("reduce leverage or size"),
    CodeInfo::range(51192, 51195, Rejected, "rules of option prices (px, pxUsd, pxVol)"),
    CodeInfo::new(51196, Rejected, "not possible in the call auction phase")
        .retry(Retry::BackOff)
        .advice(WAIT),
    CodeInfo::new(51197, Rejected, "not possible in the pre-quote phase").retry(Retry::BackOff).advice(WAIT),
    CodeInfo::range(51201, 51203, Rejected, "value or amount of the order exceeds its limit").advice(SIZE),
    CodeInfo::new(51204, BadRequest, "a limit order needs a price"),
    CodeInfo::new(51205, Rejected, "reduceOnly is not available").advice(REDUCE_ONLY),
    CodeInfo::new(51206, Rejected, "reduceOnly conflicts with pending orders").advice(REDUCE_ONLY),
    CodeInfo::range(51209, 51214, Rejected, "the account may only reduce its delta now")
        .advice("send orders that reduce the delta, one by one"),
    CodeInfo::range(51250, 51285, Rejected, "a parameter or count of strategy orders is out of bounds"),
    CodeInfo::range(51298, 51317, Rejected, "a parameter of a strategy order is out of bounds"),
    CodeInfo::range(51327, 51333, Rejected, "a rule of closeFraction")
        .advice("closeFraction needs FUTURES or SWAP, reduceOnly, net mode and a market stop"),
    CodeInfo::range(51340, 51399, Rejected, "trading bots"),
];
