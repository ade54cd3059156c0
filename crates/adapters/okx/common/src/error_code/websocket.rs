//! 60xxx-64xxx: the WebSocket.

use super::{CodeInfo, CodeKind::*, Outcome, Retry};

const ONE_SITE: &str = "check the key, and that region and environment are those of the key";
const WHICH_URL: &str = "subscribe on the address (public, private, business) that serves the channel; check its name and arguments";

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(60004, BadRequest, "the timestamp of the login is malformed"),
    CodeInfo::new(60005, Authentication, "invalid API key").advice(ONE_SITE),
    CodeInfo::new(60006, Clock, "the timestamp of the login is more than 30 s off"),
    CodeInfo::new(60007, Authentication, "invalid signature of the login").advice("check the secret"),
    CodeInfo::new(60008, BadRequest, "this address does not serve the channel").advice(WHICH_URL),
    CodeInfo::new(60009, Authentication, "login failed")
        .retry(Retry::BackOff)
        .advice("try again a few times; then check key, secret and passphrase"),
    CodeInfo::new(60011, Connection, "not logged in")
        .retry(Retry::AfterLogin)
        .advice("log in, then send again"),
    CodeInfo::new(60012, BadRequest, "invalid request (the message quotes it)"),
    CodeInfo::new(60013, BadRequest, "invalid arguments"),
    CodeInfo::new(60014, RateLimit, "requests too frequent on this connection"),
    CodeInfo::new(60018, BadRequest, "wrong address, or channel or arguments do not exist").advice(WHICH_URL),
    CodeInfo::new(60019, BadRequest, "invalid op"),
    CodeInfo::new(60023, RateLimit, "logins too frequent"),
    CodeInfo::new(60024, Authentication, "the passphrase is wrong")
        .advice("use the passphrase that was chosen when the API key was made"),
    CodeInfo::new(60026, BadRequest, "logins by API key and by token cannot be mixed"),
    CodeInfo::new(60027, BadRequest, "a parameter is empty"),
    CodeInfo::new(60028, BadRequest, "this address does not support the operation").advice(WHICH_URL),
    CodeInfo::new(60031, BadRequest, "a connection can log in once only")
        .advice("treat the connection as logged in"),
    CodeInfo::new(60032, Authentication, "the API key does not exist, at least not on this site")
        .advice(ONE_SITE),
    CodeInfo::new(60033, BadRequest, "a parameter is wrong"),
    CodeInfo::new(60034, Permission, "the fee tier is too low for this address").http(401),
    CodeInfo::new(63999, Unavailable, "login failed by an internal error").outcome(Outcome::NotExecuted),
    CodeInfo::new(64000, BadRequest, "the argument uly is no longer supported").advice("use instFamily"),
    CodeInfo::new(64001, BadRequest, "the channel has moved to the business address").advice(WHICH_URL),
    CodeInfo::new(64002, BadRequest, "the channel is not on the business address").advice(WHICH_URL),
    CodeInfo::new(64003, Permission, "the fee tier does not allow the channel")
        .advice("use `books` for a book and `orders` for fills; VIP4 opens the faster channels"),
    CodeInfo::new(
        64004,
        BadRequest,
        "the book channel cannot be held beside another one of the same instrument",
    )
    .advice("unsubscribe the other book channel first"),
    CodeInfo::new(64007, Unavailable, "operation failed by an internal error of the WebSocket"),
    CodeInfo::new(64008, Connection, "the connection will be closed in 60 s for an upgrade")
        .advice("open a new connection and subscribe there, then drop this one"),
];
