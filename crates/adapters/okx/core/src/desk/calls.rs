//! REST requests under way: order commands, and the tracker's questions.

use okx_common::clock::Now;
use okx_http::HttpError;
use okx_ws::op::RequestId;

use super::{CallId, Desk, wire};
use crate::orders::{
    row::FillRow,
    tracker::{Ask, AskId, Found, Lists, Reply},
};

/// What a request is for.
#[derive(Debug)]
pub(super) enum Purpose {
    /// An order command.
    Command(RequestId),
}

impl Desk {
    /// The answer to [`Act::Rest`](super::Act::Rest): the body as it came, or why there is none.
    pub fn answered(&mut self, call: CallId, answer: Result<&[u8], HttpError>, now: Now) {
        match self.calls.remove(&call) {
            Some(Purpose::Command(request)) => self.command_answered(request, answer, now),
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
    pub(super) fn ask(&mut self, id: AskId, ask: Ask, now: Now) {
        let why = || "lookups are not connected yet".to_owned();
        let reply = match ask {
            Ask::Order { .. } | Ask::Algo { .. } => Told::Found(Found::Failed(why())),
            Ask::Fills { .. } => Told::Fills(Err(why())),
            Ask::Reconcile { .. } => {
                self.readiness.ask = Some(id);
                Told::Lists(Err(why()))
            }
        };
        self.told(id, &reply, now);
    }

    /// A question is answered.
    fn told(&mut self, id: AskId, reply: &Told, now: Now) {
        match reply {
            Told::Found(found) => self.tracker.looked_up(id, found, now),
            Told::Fills(fills) => self.tracker.fills_fetched(id, fills.as_deref().map_err(Clone::clone), now),
            Told::Lists(lists) => {
                self.tracker.reconciled(id, lists.as_ref().map_err(Clone::clone), now);
                if lists.is_ok() && self.readiness.ask == Some(id) {
                    self.reconciled(now);
                }
            }
        }
    }
}

/// What a question came to.
enum Told {
    Found(Found),
    Fills(Result<Vec<FillRow>, String>),
    Lists(Result<Lists, String>),
}
