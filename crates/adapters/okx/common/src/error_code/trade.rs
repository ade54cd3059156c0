//! 52xxx-58xxx: newer trading codes.

use super::{CodeInfo, CodeKind::*, Outcome, Retry};

const RPI: &str = "check the symbol's RPI rules and the account's permission, or use an ordinary order";
const COLLATERAL: &str = "only orders that reduce the position are accepted until the cap is free";

pub(super) const CODES: &[CodeInfo] = &[
    CodeInfo::new(52000, Rejected, "no market data")
        .advice("the answer is empty; ask for another range or instrument"),
    CodeInfo::new(54000, Rejected, "margin trading is not supported"),
    CodeInfo::new(54001, Rejected, "only multi-currency margin can borrow automatically"),
    CodeInfo::new(54004, Rejected, "another order of the batch failed (all or nothing)")
        .advice("look at the other items of the batch"),
    CodeInfo::new(54005, Rejected, "pre-market futures need isolated margin"),
    CodeInfo::new(54006, Rejected, "position limit of pre-market futures"),
    CodeInfo::new(54007, Rejected, "the instrument is not supported"),
    CodeInfo::new(54008, Rejected, "blocked by a mass cancellation (lockInterval)")
        .retry(Retry::BackOff)
        .advice("wait until the lock interval is over"),
    CodeInfo::new(54009, BadRequest, "a parameter is out of its range"),
    CodeInfo::new(54011, Rejected, "only reduce-only in the last hour before delivery"),
    CodeInfo::new(
        54012,
        Rejected,
        "protection of a thin book: only cancellations and adding margin are allowed",
    ),
    CodeInfo::range(54018, 54019, Rejected, "buy limits of the call auction"),
    CodeInfo::range(54024, 54028, Rejected, "collateral is not enabled or its platform cap is reached")
        .advice(COLLATERAL),
    CodeInfo::new(54029, Rejected, "the value is not supported"),
    CodeInfo::new(54030, Rejected, "the open interest cap of the user is reached").advice(COLLATERAL),
    CodeInfo::new(54031, Rejected, "the open interest cap of the platform is reached").advice(COLLATERAL),
    CodeInfo::new(54035, Rejected, "the collateral cap of the platform is reached").advice(COLLATERAL),
    CodeInfo::new(54036, BadRequest, "fill-or-kill does not go with the self-trade prevention cancel_both"),
    CodeInfo::range(54039, 54044, Rejected, "rules of RPI orders").advice(RPI),
    CodeInfo::new(54045, Rejected, "ELP takers must be immediate-or-cancel (retired 2026-07-28)"),
    CodeInfo::new(54046, Rejected, "RPI liquidity cannot be taken here").advice(RPI),
    CodeInfo::range(54047, 54048, Rejected, "refused while the same order is in the speed bump")
        .retry(Retry::BackOff)
        .advice("send again in a moment"),
    CodeInfo::new(54049, Unavailable, "taking RPI liquidity is disabled while the system is busy")
        .outcome(Outcome::NotExecuted)
        .advice("send again with rpiTakerAccess false"),
    CodeInfo::new(54051, Rejected, "below the smallest notional of RPI orders").advice(RPI),
    CodeInfo::new(54070, Rejected, "use attachAlgoOrds for take profit and stop loss"),
    CodeInfo::new(54071, Rejected, "the order cannot be amended any more")
        .advice("cancel it and place a new one"),
    CodeInfo::new(54072, Rejected, "the contract can be viewed only"),
    CodeInfo::new(54073, Rejected, "refused by the depeg guard"),
    CodeInfo::new(54074, Rejected, "the settlement currency cannot be changed now"),
    CodeInfo::new(54075, Rejected, "cross-crypto contracts are not available in this account mode"),
    CodeInfo::range(54078, 54079, Rejected, "rules of take-profit and stop-loss ratios"),
    CodeInfo::new(54084, BadRequest, "slippagePct is outside 0 to 5 %"),
    CodeInfo::new(54085, BadRequest, "slippagePct has more than two digits of a percent"),
    CodeInfo::new(54086, Rejected, "orders on event contracts needed speedBump (retired 2026-07-24)"),
    CodeInfo::new(54092, Permission, "the disclaimer of TradFi perpetuals is not accepted")
        .advice("accept it on OKX's web site or app, for each sub-account"),
    CodeInfo::new(54094, Rejected, "a cool-off period is on; only reduce-only orders are accepted"),
    CodeInfo::new(54109, Permission, "the USDC book is not activated")
        .advice("activate it once: POST /api/v5/account/activate-feature {\"feature\":\"1\"}"),
    CodeInfo::new(55116, Rejected, "only one chase order a pair"),
];
