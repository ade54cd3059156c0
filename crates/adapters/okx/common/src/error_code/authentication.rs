//! 501xx: authentication of REST requests.

use super::{CodeInfo, CodeKind::*};

const FIX_SIGNATURE: &str =
    "check the secret; the signed text is timestamp, method, path with query, and body, exactly as sent";

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(50100, Authentication, "the API is frozen for this key")
        .http(400)
        .advice("contact OKX's support"),
    CodeInfo::new(50101, Authentication, "the API key does not match the environment")
        .http(401)
        .advice("use a demo key with demo trading and a live key with live trading"),
    CodeInfo::new(50102, Clock, "the timestamp is more than 30 s off").http(401),
    CodeInfo::new(50103, BadRequest, "the header OK-ACCESS-KEY is missing").http(401),
    CodeInfo::new(50104, BadRequest, "the header OK-ACCESS-PASSPHRASE is missing").http(401),
    CodeInfo::new(50105, Authentication, "the passphrase is wrong")
        .http(401)
        .advice("use the passphrase that was chosen when the API key was made"),
    CodeInfo::new(50106, BadRequest, "the header OK-ACCESS-SIGN is missing").http(401),
    CodeInfo::new(50107, BadRequest, "the header OK-ACCESS-TIMESTAMP is missing").http(401),
    CodeInfo::new(50108, Authentication, "the exchange id does not exist").http(401),
    CodeInfo::new(50109, Authentication, "the exchange domain does not exist").http(401),
    CodeInfo::new(50110, Authentication, "the address of this machine is not on the list of the API key")
        .http(401)
        .advice("add the address to the API key at OKX"),
    CodeInfo::new(50111, Authentication, "invalid API key").http(401),
    CodeInfo::new(50112, BadRequest, "the timestamp is malformed").http(401),
    CodeInfo::new(50113, Authentication, "invalid signature").http(401).advice(FIX_SIGNATURE),
    CodeInfo::new(50114, Authentication, "invalid authorization").http(401),
    CodeInfo::new(50115, BadRequest, "wrong HTTP method").http(405),
    CodeInfo::new(50116, Permission, "limit of Fast API keys"),
    CodeInfo::new(50118, Permission, "the broker's keys must share their IP addresses"),
    CodeInfo::new(50119, Authentication, "the API key does not exist, at least not on this site")
        .advice("check the key, and that the region is the site where the account was registered"),
    CodeInfo::new(50120, Permission, "the API key lacks the permission")
        .advice("give the API key the permission (read, trade or withdraw) at OKX"),
    CodeInfo::new(50121, Permission, "the address of this machine cannot use the services"),
    CodeInfo::new(50122, Rejected, "the amount of the order must exceed the minimum"),
];
