//! What happens at a time of its own.

use super::{Cx, Trading, ledger::Bill, num::Num, rows, words::TdMode};

/// How long changes of balances and positions are gathered for one push, milliseconds (reference 5.8, 5.9).
const GATHER_MS: u64 = 50;
/// Time between regular pushes of the account and its positions, milliseconds.
const REGULAR_MS: u64 = 5_000;

/// One thing that happens later.
#[derive(Debug, Clone)]
pub enum Due {
    /// A maker-only order reaches the book.
    Enter {
        /// The account.
        who: usize,
        /// The order.
        id: u64,
        /// Its size was cut on the way.
        cut: bool,
    },
    /// Changes of balances and positions are pushed.
    Flush(usize),
    /// The account and its positions are pushed whatever happened.
    Regular(usize),
    /// Cancel-all-after runs out.
    Timer {
        /// The account.
        who: usize,
        /// Only orders of this tag; all if empty.
        tag: String,
    },
    /// Cancel-all-after of spreads runs out.
    SpreadTimer(usize),
    /// An instrument comes to its end.
    Expiry(String),
    /// The positions in an instrument are settled for the day.
    Settlement(String),
    /// The rate of the next funding is read, just before it is due.
    FundingRate(String),
    /// Funding is paid.
    Funding {
        /// For positions in this.
        inst_id: String,
        /// At this rate.
        rate: Num,
    },
}

impl Trading {
    /// Plans something.
    pub(super) fn plan(&mut self, at_ms: u64, due: Due) {
        self.due_no += 1;
        self.due.insert((at_ms, self.due_no), due);
    }

    pub(super) fn happen(&mut self, due: Due, cx: Cx<'_>) {
        match due {
            Due::Enter { who, id, cut } => self.enter(who, id, cut, cx),
            Due::Flush(who) => self.flush(who, cx),
            Due::Regular(who) if self.regular.contains(&who) => {
                self.push_regular(who, cx);
                self.plan(cx.ms + REGULAR_MS, Due::Regular(who));
            }
            Due::Regular(_) => {}
            Due::Timer { who, tag } => self.run_out(who, &tag, cx),
            Due::SpreadTimer(who) => self.run_out_spreads(who, cx),
            Due::Expiry(inst_id) => self.expire(&inst_id, cx),
            Due::Settlement(inst_id) => {
                self.settlements.remove(&inst_id);
                self.settle(&inst_id, cx.mark(&inst_id), cx);
            }
            Due::FundingRate(inst_id) => {
                if let Some(next) = cx.quotes.funding(&inst_id) {
                    self.plan(cx.ms + 1, Due::Funding { inst_id, rate: Num::from(next.rate) });
                } else {
                    self.funding.remove(&inst_id);
                }
            }
            Due::Funding { inst_id, rate } => {
                self.pay_funding(&inst_id, rate, cx);
                self.funding.remove(&inst_id);
                self.plan_funding(&inst_id, cx);
            }
        }
    }

    /// Plans the push of what changed in an account.
    pub(super) fn plan_flush(&mut self, who: usize, cx: Cx<'_>) {
        let holder = &mut self.holders[who];
        let stale = !holder.stale_ccys.is_empty() || !holder.stale_positions.is_empty();
        if stale && !holder.flush_planned {
            holder.flush_planned = true;
            self.plan(cx.ms + GATHER_MS, Due::Flush(who));
        }
    }

    /// Starts regular pushes to an account.
    pub(super) fn start_regular(&mut self, who: usize, cx: Cx<'_>) {
        if self.regular.insert(who) {
            self.plan(cx.ms + REGULAR_MS, Due::Regular(who));
        }
    }

    /// Nobody listens to an account's regular pushes any more.
    pub fn stop_regular(&mut self, who: usize) {
        self.regular.remove(&who);
    }

    /// Plans the next funding of an instrument somebody holds.
    pub(super) fn plan_funding(&mut self, inst_id: &str, cx: Cx<'_>) {
        let held = self.holders.iter().any(|h| h.positions.keys().any(|k| k.inst_id == inst_id));
        if !held || self.funding.contains(inst_id) {
            return;
        }
        if let Some(next) = cx.quotes.funding(inst_id).filter(|f| f.due_ms > cx.ms) {
            self.funding.insert(inst_id.to_owned());
            self.plan(next.due_ms - 1, Due::FundingRate(inst_id.to_owned()));
        }
    }

    /// Pays funding: at a rate above 0 the longs pay the shorts (reference 4.2, bills type 8).
    pub(super) fn pay_funding(&mut self, inst_id: &str, rate: Num, cx: Cx<'_>) {
        let mark = cx.mark(inst_id);
        for who in 0..self.holders.len() {
            let holder = &mut self.holders[who];
            let keys: Vec<_> = holder.positions.keys().filter(|k| k.inst_id == inst_id).cloned().collect();
            let mut paid = Vec::new();
            for key in keys {
                let Some(position) = holder.positions.get_mut(&key) else { continue };
                let amount = (-(position.value(mark) * position.qty.sign() * rate)).places(16);
                position.funding += amount;
                let sub_type = if amount.is_negative() { 173 } else { 174 };
                let bill = Bill {
                    pnl: amount,
                    sz: position.qty.abs(),
                    px: Some(mark),
                    inst_kind: Some(key.kind),
                    inst_id: inst_id.to_owned(),
                    mode: Some(key.mode),
                    ..Bill::plain(8, sub_type, &position.ccy, amount, cx.ms)
                };
                // An isolated position pays from its own margin.
                if key.mode == TdMode::Isolated {
                    position.margin += amount;
                    holder.bills.push_back(Bill { id: self.ids.next(cx.ms), change: Num::ZERO, ..bill });
                } else {
                    let id = self.ids.next(cx.ms);
                    holder.pay(bill, id);
                }
                holder.touch(&key, cx.ms);
                paid.push(key);
            }
            if !paid.is_empty() {
                let push = rows::changes(&self.holders[who], who, "funding_fee", &[], &paid, &[], cx);
                self.out.push_back(push);
                self.plan_flush(who, cx);
            }
        }
    }
}
