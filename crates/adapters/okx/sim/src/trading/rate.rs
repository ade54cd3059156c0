//! Rate limits of orders (reference 3.1): counted by account and instrument, the same over REST and WebSocket.

use std::collections::HashMap;

use okx_common::clock::NANOS_PER_SECOND;

use super::refusal::Refusal;
use crate::window::Window;

const SPAN_NS: u64 = 2 * NANOS_PER_SECOND;
/// Single orders of one instrument.
const SINGLE: usize = 60;
/// Orders in batches of one instrument.
const BATCH: usize = 300;
/// New and amended orders of an account.
const ACCOUNT: usize = 1_000;

/// What a request does, each of which is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Places.
    Place,
    /// Amends.
    Amend,
    /// Cancels.
    Cancel,
}

/// The windows.
#[derive(Debug, Default)]
pub struct Rates {
    of_one: HashMap<(usize, Act, bool, String), Window>,
    of_account: HashMap<usize, Window>,
}

impl Rates {
    /// Counts a request with so many orders of each scope (instrument, or family of options). `capped` of them count towards the cap of
    /// the account.
    ///
    /// # Errors
    ///
    /// 50011 or 50061 for the whole request, none of which is counted then.
    pub fn take(
        &mut self,
        who: usize,
        act: Act,
        scopes: &[(String, usize)],
        capped: usize,
        mono_ns: u64,
    ) -> Result<(), Refusal> {
        let total: usize = scopes.iter().map(|(_, n)| n).sum();
        // A batch of one counts as a single order.
        let batch = total > 1;
        let limit = if batch { BATCH } else { SINGLE };
        for (scope, n) in scopes {
            let window = self.window(who, act, batch, scope, limit);
            if window.used(mono_ns) + n > limit {
                return Err(Refusal::of(50_011).whole());
            }
        }
        let account = self.of_account.entry(who).or_insert_with(|| Window::new(ACCOUNT, SPAN_NS));
        if act != Act::Cancel && !account.take(capped, mono_ns) {
            return Err(Refusal::of(50_061).whole());
        }
        for (scope, n) in scopes {
            self.window(who, act, batch, scope, limit).take(*n, mono_ns);
        }
        Ok(())
    }

    fn window(&mut self, who: usize, act: Act, batch: bool, scope: &str, limit: usize) -> &mut Window {
        let key = (who, act, batch, scope.to_owned());
        self.of_one.entry(key).or_insert_with(|| Window::new(limit, SPAN_NS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(n: usize) -> Vec<(String, usize)> {
        vec![("BTC-USDT".to_owned(), n)]
    }

    #[test]
    fn single_orders_and_batches_are_counted_apart() {
        let mut rates = Rates::default();
        for n in 0..60 {
            assert!(rates.take(0, Act::Place, &one(1), 0, n).is_ok());
        }
        assert_eq!(rates.take(0, Act::Place, &one(1), 0, 60).expect_err("the 61st").code, 50_011);
        assert!(rates.take(0, Act::Cancel, &one(1), 0, 60).is_ok(), "cancels are another bucket");
        assert!(
            rates.take(0, Act::Place, &[("ETH-USDT".into(), 1)], 0, 60).is_ok(),
            "so are other instruments"
        );
        assert!(rates.take(1, Act::Place, &one(1), 0, 60).is_ok(), "and accounts");
        for n in 0..15 {
            assert!(rates.take(0, Act::Place, &one(20), 0, 61 + n).is_ok());
        }
        assert_eq!(rates.take(0, Act::Place, &one(2), 0, 80).expect_err("301").code, 50_011);
        assert!(rates.take(0, Act::Place, &one(1), 0, SPAN_NS).is_ok(), "the first left the window");
    }

    #[test]
    fn an_account_has_a_cap_on_new_and_amended_orders() {
        let mut rates = Rates::default();
        let scopes = |n: usize| vec![(format!("I{n}"), 20)];
        for n in 0..50 {
            assert!(
                rates.take(0, if n % 2 == 0 { Act::Place } else { Act::Amend }, &scopes(n), 20, 0).is_ok()
            );
        }
        assert_eq!(rates.take(0, Act::Place, &scopes(99), 20, 1).expect_err("over 1000").code, 50_061);
        assert!(rates.take(0, Act::Cancel, &scopes(99), 20, 1).is_ok());
        assert!(rates.take(0, Act::Place, &scopes(99), 0, 1).is_ok(), "spot orders are exempt");
    }
}
