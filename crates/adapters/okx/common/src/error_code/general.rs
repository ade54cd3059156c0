//! 0-2 and 50xxx: general answers.

use super::{CodeInfo, CodeKind::*, Outcome, Retry};

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(0, Success, "success"),
    CodeInfo::new(1, PerItem, "operation failed, see the code of each item"),
    CodeInfo::new(2, PerItem, "some items of the batch succeeded, see the code of each item"),
    CodeInfo::new(50000, BadRequest, "the body of the POST is empty").http(400),
    CodeInfo::new(50001, Unavailable, "service temporarily unavailable").http(503),
    CodeInfo::new(50002, BadRequest, "JSON syntax error").http(400),
    CodeInfo::new(50004, OutcomeUnknown, "endpoint timed out; neither success nor failure is implied")
        .http(400),
    CodeInfo::new(50005, Permission, "the endpoint is retired or inactive")
        .http(410)
        .advice("use the endpoint that replaces it; this version of the software may be too old"),
    CodeInfo::new(50006, BadRequest, "wrong Content-Type; application/json is expected").http(400),
    CodeInfo::new(50007, Permission, "the user is blocked"),
    CodeInfo::new(50008, Permission, "the user does not exist"),
    CodeInfo::new(50009, Permission, "the account is frozen by a stop-out"),
    CodeInfo::new(50010, Permission, "the user id is empty"),
    CodeInfo::new(50011, RateLimit, "rate limit reached, too many requests").http(429),
    CodeInfo::new(50012, Permission, "the status of the account is invalid"),
    CodeInfo::new(50013, Unavailable, "systems are busy").http(429),
    CodeInfo::new(50014, BadRequest, "a required parameter is empty").http(400),
    CodeInfo::new(50015, BadRequest, "one of two parameters is required").http(400),
    CodeInfo::new(50016, BadRequest, "parameters do not match each other").http(400),
    CodeInfo::range(
        50017,
        50023,
        Rejected,
        "position, currency or account is frozen by ADL, liquidation or funding",
    )
    .retry(Retry::BackOff)
    .advice("wait until the freeze is over; OKX lifts it by itself"),
    CodeInfo::new(50024, BadRequest, "two parameters exclude each other"),
    CodeInfo::new(50025, BadRequest, "too many values of a parameter"),
    CodeInfo::new(50026, Unavailable, "system error").http(500),
    CodeInfo::new(50027, Permission, "the account is restricted from trading"),
    CodeInfo::new(50028, Permission, "the account cannot trade; contact OKX"),
    CodeInfo::new(50029, Permission, "refused by OKX's risk control"),
    CodeInfo::new(50030, Permission, "no permission for this endpoint"),
    CodeInfo::new(50032, Permission, "the account is set not to trade this currency"),
    CodeInfo::new(50033, Permission, "the account is set not to trade this instrument"),
    CodeInfo::new(50035, Permission, "the endpoint demands a key that is bound to an IP address")
        .http(403)
        .advice("bind the API key to the address of this machine at OKX"),
    CodeInfo::new(50036, Clock, "expTime lies before the time of the server")
        .advice("synchronise the clock of this machine, or give the request more time"),
    CodeInfo::new(50037, Rejected, "the request expired (expTime) before it was processed")
        .advice("nothing was placed; send again with a new expTime if the order is still wanted"),
    CodeInfo::new(50038, Permission, "not available in demo trading"),
    CodeInfo::new(50039, BadRequest, "`before` is not supported when paging by time"),
    CodeInfo::new(50040, RateLimit, "operating too frequently"),
    CodeInfo::new(50041, Permission, "the user is not on the list of those allowed"),
    CodeInfo::new(50042, OutcomeUnknown, "repeated request"),
    CodeInfo::new(50044, BadRequest, "one broker type must be given"),
    CodeInfo::new(50046, Unavailable, "the feature is temporarily unavailable").outcome(Outcome::NotExecuted),
    CodeInfo::new(50047, Rejected, "the instrument is settled already")
        .advice("ask for the candles of another instrument"),
    CodeInfo::new(50051, Permission, "refused for compliance with local laws"),
    CodeInfo::new(50052, Permission, "the account cannot trade this instrument for regulatory reasons"),
    CodeInfo::new(50053, Permission, "available in demo trading only"),
    CodeInfo::new(50059, Permission, "not available in this region"),
    CodeInfo::new(50060, Permission, "identity verification is required"),
    CodeInfo::new(
        50061,
        RateLimit,
        "order rate limit of the sub-account reached (1000 new and amended in 2 s, or its tier)",
    )
    .advice("wait two seconds; cancellations are not counted"),
    CodeInfo::new(50062, Unavailable, "the feature is temporarily unavailable").outcome(Outcome::NotExecuted),
    CodeInfo::new(50067, Permission, "the API key does not support trading on another site")
        .advice("use the site where the account was registered, or a key of this site"),
    CodeInfo::new(50071, Duplicate, "a parameter exists already, for example the client order id"),
    CodeInfo::new(50072, Rejected, "isolated margin is no longer supported in this account mode")
        .advice("use cross margin, or another account mode"),
    CodeInfo::new(50076, BadRequest, "the range of dates is too long (days)"),
    CodeInfo::new(50077, BadRequest, "the range of dates is too long (months)"),
];
