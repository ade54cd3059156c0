//! 51400-51999: cancelling, amending, querying.

use super::{CodeInfo, CodeKind::*, Outcome, Retry};

const WAIT: &str = "wait until the phase is over and try again";
const OPTION_PRICE: &str = "give one kind of price, as the order was placed; the message names the rule";

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(51400, Gone, "cancellation failed: the order is filled, cancelled or does not exist"),
    CodeInfo::new(51401, Gone, "cancellation failed: the order is cancelled already"),
    CodeInfo::new(51402, Gone, "cancellation failed: the order is completed already"),
    CodeInfo::new(51403, BadRequest, "orders of this type cannot be cancelled here"),
    CodeInfo::new(51404, Rejected, "no cancellation in this phase of the auction")
        .retry(Retry::BackOff)
        .advice(WAIT),
    CodeInfo::new(51405, Gone, "there are no pending orders"),
    CodeInfo::new(51406, BadRequest, "too many cancellations in one request").http(400),
    CodeInfo::new(51407, BadRequest, "ordId or clOrdId is required"),
    CodeInfo::new(51408, BadRequest, "the instrument does not match the order"),
    CodeInfo::new(51409, BadRequest, "the instrument is required"),
    CodeInfo::new(51410, Gone, "the order is being cancelled or settled already")
        .outcome(Outcome::Unknown)
        .advice("not a fault: a cancellation is in flight; wait for the order's update"),
    CodeInfo::new(51411, Permission, "no permission for mass cancellation"),
    CodeInfo::new(51412, OutcomeUnknown, "the cancellation timed out, or the order was triggered already"),
    CodeInfo::new(51413, BadRequest, "orders of this type are cancelled by another endpoint"),
    CodeInfo::new(51416, Gone, "the order was triggered and cannot be cancelled"),
    CodeInfo::new(51500, BadRequest, "an amendment needs a price, a size, a take profit or a stop loss"),
    CodeInfo::new(51501, BadRequest, "too many amendments in one request (20 at most)").http(400),
    CodeInfo::new(51502, Rejected, "amendment refused: insufficient balance or margin")
        .advice("the order stays as it was, unless cxlOnFail was set; the sub-code names the reason"),
    CodeInfo::new(51503, Gone, "amendment failed: the order is filled, cancelled or does not exist"),
    CodeInfo::new(51505, Rejected, "no amendment in the call auction").retry(Retry::BackOff).advice(WAIT),
    CodeInfo::new(51506, Rejected, "orders of this type cannot be amended")
        .advice("cancel it and place a new one"),
    CodeInfo::new(51507, Rejected, "only possible five minutes after the listing")
        .retry(Retry::BackOff)
        .advice(WAIT),
    CodeInfo::new(51508, Rejected, "no amendment in this phase of the auction")
        .retry(Retry::BackOff)
        .advice(WAIT),
    CodeInfo::new(51509, Gone, "amendment failed: the order is cancelled already"),
    CodeInfo::new(51510, Gone, "amendment failed: the order is completed already"),
    CodeInfo::new(51511, Rejected, "amendment refused: the price would take, the order is post-only")
        .advice("the order stays as it was; choose a price that does not cross"),
    CodeInfo::new(51512, BadRequest, "one order stands twice in the batch of amendments"),
    CodeInfo::new(51513, RateLimit, "more than three amendments of the order are in progress")
        .outcome(Outcome::NotExecuted)
        .advice("wait for the earlier amendments, then amend again"),
    CodeInfo::new(51514, BadRequest, "the text of the price is longer than 32 characters"),
    CodeInfo::range(51521, 51522, Rejected, "reduceOnly conflicts with the position")
        .advice("check direction and size against the position, or drop reduceOnly"),
    CodeInfo::range(51523, 51532, Rejected, "this stop, take profit or stop loss cannot be amended so"),
    CodeInfo::new(51527, Rejected, "an attached take profit or stop loss cannot be amended so"),
    CodeInfo::range(51536, 51537, Rejected, "rules of option prices (px, pxUsd, pxVol)").advice(OPTION_PRICE),
    CodeInfo::range(51538, 51539, Rejected, "attached take profits and stop losses do not fit together"),
    CodeInfo::new(51543, Rejected, "this stop order cannot be amended so"),
    CodeInfo::range(51600, 51602, BadRequest, "parameters of the order history do not fit together"),
    CodeInfo::new(51603, Gone, "the order does not exist").advice(
        "it was not accepted, or is too old; right after a submission ask again, it may still be on its way",
    ),
    CodeInfo::new(51621, Rejected, "affiliate programme"),
    CodeInfo::range(51763, 51774, Rejected, "OKUSD and activation of features"),
    CodeInfo::new(51773, Rejected, "the feature needs no activation here").advice("nothing to do"),
];
