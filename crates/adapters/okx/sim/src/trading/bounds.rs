//! How large a position may become: the tiers of a contract (reference 4.2, 51004), options under cross margin (51019).

use okx_common::decimal::Decimal;

use super::{
    Trading,
    holder::Holder,
    num::Num,
    order::Order,
    refusal::Refusal,
    words::{Kind, Side, TdMode},
};

/// Contracts in the first tier; each further one doubles the size and halves the leverage, as `/public/position-tiers` tells.
pub const FIRST_TIER: u64 = 5_000;
/// There are so many tiers.
pub const TIERS: u32 = 5;

/// Most contracts at a leverage; `None` where there is none set.
fn most(max_lever: Num, lever: Num) -> Option<Num> {
    if !lever.is_positive() || !max_lever.is_positive() {
        return None;
    }
    let fits = |tier: &u32| lever <= max_lever.over(Num::from(Decimal::from(1u64 << tier))).max(Num::ONE);
    let tier = (0..TIERS).rev().find(fits).unwrap_or(0);
    Some(Num::from(Decimal::from(FIRST_TIER << tier)))
}

impl Trading {
    /// Checks the position that would be there if all open orders of the order's side were filled, and it too.
    pub(super) fn check_bounds(&self, who: usize, order: &Order, sub: &'static str) -> Result<(), Refusal> {
        let holder = &self.holders[who];
        let key = Holder::key_of(order);
        let held = holder.held(&key);
        let sign = |n: Num| if order.side == Side::Buy { n } else { -n };
        if order.kind() == Kind::Option
            && holder.profile.acct_lv == 2
            && order.td == TdMode::Cross
            && order.side == Side::Buy
            && (held + order.left()).is_positive()
        {
            return Err(Refusal::of(51_019));
        }
        if !matches!(order.kind(), Kind::Swap | Kind::Futures) || !order.opens() {
            return Ok(());
        }
        let lever = order.lever.unwrap_or(Num::ONE);
        let Some(most) = most(order.inst.max_lever, lever) else { return Ok(()) };
        let same = |o: &&Order| {
            o.id != order.id && o.inst.id == order.inst.id && o.side == order.side && Holder::key_of(o) == key
        };
        let pending =
            holder.orders.values().filter(same).map(Order::left).fold(Num::ZERO, |sum, left| sum + left);
        if sign(held) + pending + order.left() > most {
            return Err(Refusal::of(51_004).sub(sub));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Num, most};

    #[test]
    fn less_leverage_allows_more() {
        let of = |lever: &str| most(Num::of("100"), Num::of(lever));
        assert_eq!(of("100"), Some(Num::of("5000")));
        assert_eq!(of("50"), Some(Num::of("10000")));
        assert_eq!(of("3"), Some(Num::of("80000")));
        assert_eq!(of("0"), None);
    }
}
