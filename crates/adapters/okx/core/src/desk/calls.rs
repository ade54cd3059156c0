//! REST requests under way: order commands, and the tracker's questions.

use okx_common::clock::Now;
use okx_http::{HttpError, endpoint::account::Balance};
use okx_ws::op::RequestId;

use super::{AccountNews, Act, CallId, Desk, DeskEvent, Totals, wire};
use crate::orders::{
    lookup::{Answer, Everything, Lookup, LookupConfig, Part},
    tracker::{Ask, AskId, Reply},
};

/// What a request is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// An order command.
    Command(RequestId),
    /// A part of a question.
    Lookup(AskId, Part),
}

impl Desk {
    /// The answer to [`Act::Rest`]: the body as it came, or why there is none.
    pub fn answered(&mut self, call: CallId, answer: Result<&[u8], HttpError>, now: Now) {
        match self.calls.remove(&call) {
            Some(Purpose::Command(request)) => self.command_answered(request, answer, now),
            Some(Purpose::Lookup(ask, part)) => self.part_answered(ask, part, answer, now),
            None => {}
        }
        self.release(now);
        self.drain(now);
    }

    fn command_answered(&mut self, request: RequestId, answer: Result<&[u8], HttpError>, now: Now) {
        let reply = wire::reply(answer);
        let sent = self.mind_throttling(request, reply.as_ref().unwrap_or(&Reply::default()), now);
        match reply {
            Ok(reply) => self.tracker.reply(request, &reply, now),
            Err(why) => self.tracker.not_answered(request, &why, now),
        }
        if let Some(sent) = sent {
            self.let_go(sent.holds, now);
        }
    }

    /// The tracker asks.
    pub(super) fn ask(&mut self, id: AskId, ask: &Ask, now: Now) {
        if matches!(ask, Ask::Reconcile { .. }) {
            self.readiness.ask = Some(id);
        }
        let venue_ms = now.unix_ms().saturating_add_signed(self.clock_offset_ms);
        let config = LookupConfig {
            account: true,
            spreads: self.config.extras.spreads,
            fills_from_ms: self.fills_from_ms,
        };
        self.lookups.insert(id, Lookup::new(ask, config, venue_ms));
        self.go_on(id);
    }

    /// Asks what a question has to ask.
    fn go_on(&mut self, id: AskId) {
        while let Some((part, request)) = self.lookups.get_mut(&id).and_then(Lookup::next) {
            let call = self.new_call(Purpose::Lookup(id, part));
            self.acts.push_back(Act::Rest(call, request));
        }
    }

    fn part_answered(&mut self, id: AskId, part: Part, body: Result<&[u8], HttpError>, now: Now) {
        // The rest of a question that has failed already.
        let Some(lookup) = self.lookups.get_mut(&id) else { return };
        let Some(answer) = lookup.take(part, body.as_ref().copied()) else { return self.go_on(id) };
        self.lookups.remove(&id);
        match answer {
            Answer::Found(found) => self.tracker.looked_up(id, &found, now),
            Answer::Fills(fills) => {
                let fills = fills.as_deref().map_err(Clone::clone);
                self.tracker.fills_fetched(id, fills, now);
            }
            Answer::All(Err(why)) => self.tracker.reconciled(id, Err(why), now),
            Answer::All(Ok(all)) => {
                let Everything { lists, balances, positions } = *all;
                self.tracker.reconciled(id, Ok(&lists), now);
                if self.readiness.ask != Some(id) {
                    return;
                }
                let mut news = AccountNews::default();
                if let Some(balances) = balances {
                    news.changes = self.account.all_balances(&balances.rows);
                    news.ts_ms = balances.totals.u_time_ms;
                    news.totals = Some(totals(&balances.totals));
                }
                if let Some(positions) = positions {
                    news.changes.positions = self.account.all_positions(&positions).positions;
                }
                if news != AccountNews::default() {
                    self.event(DeskEvent::Account(news));
                }
                self.reconciled(now);
            }
        }
    }
}

fn totals(row: &Balance) -> Totals {
    Totals {
        total_eq: row.total_eq,
        iso_eq: row.iso_eq,
        adj_eq: row.adj_eq,
        avail_eq: row.avail_eq,
        ord_froz: row.ord_froz,
        imr: row.imr,
        mmr: row.mmr,
        mgn_ratio: row.mgn_ratio,
        notional_usd: row.notional_usd,
        upl: row.upl,
    }
}
