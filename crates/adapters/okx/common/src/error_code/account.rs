//! 59xxx: the account; 70xxx and 75xxx: block and spread trading.

use super::{CodeInfo, CodeKind::*};

const CLOSE_FIRST: &str = "close or cancel what the message names, then change the setting";
const LEVERAGE: &str = "choose a leverage within the bounds of instrument and tier";

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(59000, Rejected, "the setting cannot be changed with open orders or positions")
        .advice(CLOSE_FIRST),
    CodeInfo::new(59002, Rejected, "the setting cannot be changed with open orders or positions")
        .advice(CLOSE_FIRST),
    CodeInfo::new(59101, Rejected, "no change of leverage with pending isolated orders").advice(CLOSE_FIRST),
    CodeInfo::new(59102, Rejected, "the leverage is too high").advice(LEVERAGE),
    CodeInfo::new(59103, Rejected, "the leverage is too low for the margin").advice(LEVERAGE),
    CodeInfo::new(59104, Rejected, "the leverage is too high for the borrowed position").advice(LEVERAGE),
    CodeInfo::new(59105, Rejected, "the leverage is too low").advice(LEVERAGE),
    CodeInfo::new(59106, Rejected, "leverage and tier do not fit").advice(LEVERAGE),
    CodeInfo::new(59107, Rejected, "no change of leverage with pending cross orders").advice(CLOSE_FIRST),
    CodeInfo::new(59108, Rejected, "the leverage is too low for the margin").advice(LEVERAGE),
    CodeInfo::new(59109, Rejected, "the leverage would leave too little margin").advice(LEVERAGE),
    CodeInfo::new(59110, BadRequest, "tgtCcy is not supported for this instrument"),
    CodeInfo::new(59111, Rejected, "leverage cannot be queried or changed in portfolio margin"),
    CodeInfo::new(59112, Rejected, "no change of leverage with pending isolated and cross orders")
        .advice(CLOSE_FIRST),
    CodeInfo::new(
        59113,
        Permission,
        "identity verification level 2 is required, or margin is not available in the region",
    )
    .advice("complete the identity verification at OKX"),
    CodeInfo::range(59128, 59142, Rejected, "the account mode cannot be switched yet").advice(CLOSE_FIRST),
    CodeInfo::new(59200, Rejected, "insufficient balance"),
    CodeInfo::new(59201, Rejected, "negative balance"),
    CodeInfo::range(59300, 59303, Rejected, "the margin cannot be adjusted so"),
    CodeInfo::new(59401, Rejected, "the limit of holdings is reached"),
    CodeInfo::new(59402, Rejected, "none of the instruments is live"),
    CodeInfo::new(59506, Permission, "the API key does not exist"),
    CodeInfo::new(59509, Permission, "no permission to reset market-maker protection"),
    CodeInfo::new(59510, Permission, "the sub-account does not exist"),
    CodeInfo::range(59668, 59669, Rejected, "no change of leverage with pending strategy orders")
        .advice(CLOSE_FIRST),
    CodeInfo::range(59691, 59693, Rejected, "the demo balance cannot be adjusted so"),
    CodeInfo::range(70000, 70518, Rejected, "block trading (RFQ)"),
    CodeInfo::new(75001, BadRequest, "the trade id of the spread is missing"),
    CodeInfo::new(75002, Rejected, "the spread accepts no new or amended orders now"),
    CodeInfo::new(75003, Rejected, "the price of the spread is invalid"),
];
