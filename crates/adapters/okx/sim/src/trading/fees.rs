//! Fee rates by level, type and group of instrument (reference 4.2 `groupId`, 4.5.4).
//!
//! The rates of `Lv1` are those of OKX's documentation samples. Those of the VIP levels are the simulator's own: falling with the level,
//! with rebates for makers at the top. A client has to read them from `/account/trade-fee` and not from a table.

use super::{instrument::Instrument, num::Num, words::Kind};

/// Maker and taker by level, 0 being `Lv1`.
const SPOT: [(&str, &str); 10] = [
    ("-0.0008", "-0.001"),
    ("-0.00065", "-0.0008"),
    ("-0.0006", "-0.0007"),
    ("-0.00055", "-0.0006"),
    ("-0.0003", "-0.0004"),
    ("0", "-0.0003"),
    ("0", "-0.00028"),
    ("0.00002", "-0.00025"),
    ("0.00005", "-0.0002"),
    ("0.00005", "-0.00015"),
];
const FUTURES: [(&str, &str); 10] = [
    ("-0.0002", "-0.0005"),
    ("-0.00018", "-0.00045"),
    ("-0.00016", "-0.0004"),
    ("-0.00014", "-0.00036"),
    ("-0.00012", "-0.00032"),
    ("-0.0001", "-0.0003"),
    ("-0.00005", "-0.00028"),
    ("0", "-0.00026"),
    ("0.00002", "-0.00023"),
    ("0.00005", "-0.00015"),
];
const OPTION: (&str, &str) = ("-0.0002", "-0.0003");
const EVENTS: (&str, &str) = ("0", "-0.02");
/// Group of instruments traded without a fee.
const FREE_GROUP: &str = "11";
/// Group of pairs of stable currencies: makers pay nothing.
const STABLE_GROUP: &str = "17";
/// Groups of instruments run up to this number.
pub const LAST_GROUP: u32 = 22;

/// Maker and taker rate; negative is a commission, positive a rebate.
#[must_use]
pub fn rates(vip: u8, kind: Kind, group: &str) -> (Num, Num) {
    let level = usize::from(vip).min(SPOT.len() - 1);
    let (maker, taker) = match kind {
        Kind::Spot | Kind::Margin if group == FREE_GROUP => ("0", "0"),
        Kind::Spot | Kind::Margin if group == STABLE_GROUP => ("0", SPOT[level].1),
        Kind::Spot | Kind::Margin => SPOT[level],
        Kind::Swap | Kind::Futures => FUTURES[level],
        Kind::Option => OPTION,
        Kind::Events => EVENTS,
    };
    (Num::of(maker), Num::of(taker))
}

/// The fee of a fill and its rate; negative is paid.
#[must_use]
pub fn fee(vip: u8, inst: &Instrument, maker: bool, amount: Num, px: Num) -> (Num, Num) {
    let (as_maker, as_taker) = rates(vip, inst.kind, &inst.group);
    let rate = if maker { as_maker } else { as_taker };
    let base = match inst.kind {
        // K·C·P·(1−P): the value of a fill times what is left to certainty.
        Kind::Events => amount * (Num::ONE - px),
        _ => amount,
    };
    ((base * rate).places(16), rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_depend_on_level_type_and_group() {
        let text = |vip, kind, group| {
            let (maker, taker) = rates(vip, kind, group);
            format!("{maker} {taker}")
        };
        assert_eq!(text(0, Kind::Spot, "12"), "-0.0008 -0.001");
        assert_eq!(text(0, Kind::Swap, "4"), "-0.0002 -0.0005");
        assert_eq!(text(8, Kind::Swap, "4"), "0.00002 -0.00023");
        assert_eq!(text(0, Kind::Spot, "11"), "0 0");
        assert_eq!(text(0, Kind::Spot, "17"), "0 -0.001");
        assert_eq!(text(200, Kind::Spot, "12"), text(9, Kind::Spot, "12"));
    }
}
