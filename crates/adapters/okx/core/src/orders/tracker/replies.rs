//! Answers to requests.

use okx_common::{
    clock::Now,
    error_code::ErrorCode,
    ids::{AlgoId, OrdId},
};
use okx_ws::{message::OpResponse, op::RequestId};

use super::{
    EventKind, Level, OrderTracker,
    order::{Command, Order, Sent, Stage},
    outcome::{Scope, Verdict, verdict},
};

/// One item of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReplyItem {
    /// Order id; of strategy orders `algoId`.
    pub ord_id: String,
    /// Client's id; of strategy orders `algoClOrdId`.
    pub cl_ord_id: String,
    /// Request id of an amendment.
    pub req_id: String,
    /// `sCode`; `None` if OKX sent none.
    pub code: Option<ErrorCode>,
    /// `sMsg`.
    pub msg: String,
    /// `subCode`.
    pub sub_code: String,
}

/// An answer of OKX to a request with order commands, over the WebSocket or REST.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// `code` of the whole.
    pub code: ErrorCode,
    /// `msg` of the whole.
    pub msg: String,
    /// The items.
    pub items: Vec<ReplyItem>,
    /// When OKX answered, Unix ms (`outTime`).
    pub ts_ms: Option<u64>,
}

impl From<&OpResponse<'_>> for Reply {
    fn from(response: &OpResponse<'_>) -> Self {
        let items = response.items.iter().map(|item| ReplyItem {
            ord_id: item.ord_id.to_string(),
            cl_ord_id: item.cl_ord_id.to_string(),
            req_id: item.req_id.to_string(),
            code: ErrorCode::parse(&item.s_code),
            msg: item.s_msg.to_string(),
            sub_code: item.sub_code.to_string(),
        });
        Self {
            code: response.code,
            msg: response.msg.to_string(),
            items: items.collect(),
            ts_ms: response.out_time_us.map(|us| us / 1_000),
        }
    }
}

/// Why there is no answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAnswered {
    /// It surely was not sent: no byte left.
    NotSent(String),
    /// It may have been sent: transport error, time-out, 5xx, unreadable body.
    Unknown(String),
}

impl OrderTracker {
    /// An answer came.
    pub fn reply(&mut self, request: RequestId, reply: &Reply, now: Now) {
        let Some(sent) = self.requests.remove(&request) else {
            let text = format!(
                "OKX answered request {request}, which is not known or was answered already; ignored"
            );
            return self.log(Level::Warning, text);
        };
        let is_single = sent.commands.len() == 1;
        let scope = if is_single { Scope::Single } else { Scope::Batch };
        let mut claimed = vec![false; reply.items.len()];
        for (no, command) in sent.commands {
            let found = self.orders.get(&no).and_then(|order| {
                reply.items.iter().enumerate().position(|(index, item)| {
                    !claimed[index]
                        && (answers(item, order, &command) || (is_single && reply.items.len() == 1))
                })
            });
            match found {
                Some(index) => {
                    claimed[index] = true;
                    self.answered(no, &command, &reply.items[index], reply.ts_ms, now);
                }
                None => {
                    let verdict = verdict(reply.code, &reply.msg, &command, scope);
                    self.judge(no, &command, verdict, None, reply.ts_ms, now);
                }
            }
        }
        for (item, _) in reply.items.iter().zip(&claimed).filter(|(_, claimed)| !**claimed) {
            let text = format!(
                "OKX's answer to request {request} has an item for order {} ({}) that was not asked about; ignored",
                item.cl_ord_id, item.ord_id
            );
            self.log(Level::Warning, text);
        }
    }

    /// OKX refused something by `event:error`. Without an id it may have been any request under way.
    pub fn venue_error(&mut self, request: Option<RequestId>, code: ErrorCode, msg: &str, now: Now) {
        match request {
            Some(id) => self.reply(id, &Reply { code, msg: msg.to_owned(), ..Reply::default() }, now),
            None => {
                let text = format!(
                    "OKX refused a request without saying which ({}); looking up what is under way",
                    super::outcome::reason(code, msg)
                );
                self.log(Level::Warning, text);
                self.doubt_all(|_| true, &super::outcome::reason(code, msg), now);
            }
        }
    }

    /// There will be no answer.
    pub fn not_answered(&mut self, request: RequestId, why: &NotAnswered, now: Now) {
        let Some(Sent { commands, .. }) = self.requests.remove(&request) else { return };
        for (no, command) in commands {
            let verdict = match why {
                NotAnswered::NotSent(words) => Verdict::Refused(format!("not sent: {words}")),
                NotAnswered::Unknown(words) => Verdict::Unknown(words.clone()),
            };
            self.judge(no, &command, verdict, None, None, now);
        }
    }

    fn answered(&mut self, no: u64, command: &Command, item: &ReplyItem, ts_ms: Option<u64>, now: Now) {
        let verdict = match item.code {
            None => Verdict::Unknown("OKX answered without a code".to_owned()),
            Some(code) => {
                let words = if item.sub_code.is_empty() {
                    item.msg.clone()
                } else {
                    format!("{} (subCode {})", item.msg, item.sub_code)
                };
                verdict(code, &words, command, Scope::Item)
            }
        };
        self.judge(no, command, verdict, Some(item.ord_id.as_str()), ts_ms, now);
    }

    /// Draws the consequence for one command.
    fn judge(
        &mut self,
        no: u64,
        command: &Command,
        verdict: Verdict,
        id: Option<&str>,
        ts_ms: Option<u64>,
        now: Now,
    ) {
        self.with(no, now, |tracker, order| {
            if verdict == Verdict::Acked
                && *command == Command::Submit
                && let Some(id) = id.filter(|id| !id.is_empty())
            {
                tracker.learn_id(no, order, id);
            }
            if order.is_closed() {
                // A refusal of an order that OKX has shown to be accepted, or the like: what was shown counts.
                return;
            }
            match command {
                Command::Submit => tracker.judge_submit(no, order, verdict, ts_ms, now),
                Command::Cancel => tracker.judge_cancel(order, verdict, ts_ms, now),
                Command::Amend { req_id } => tracker.judge_amend(order, req_id, verdict, ts_ms, now),
            }
        });
    }

    fn judge_submit(&mut self, no: u64, order: &mut Order, verdict: Verdict, ts_ms: Option<u64>, now: Now) {
        let now_ns = now.mono_ns;
        let push_wait = self.config.push_wait_ns;
        match verdict {
            Verdict::Acked => {
                let Some(submit) = &mut order.submit else { return };
                if order.new.post_only {
                    // OKX accepts it before it knows whether it rests.
                    submit.ack(now_ns, push_wait);
                } else {
                    if order.new.immediate {
                        order.final_due_ns = Some(now_ns.saturating_add(push_wait));
                    }
                    self.accept(order, ts_ms);
                }
            }
            Verdict::Refused(reason) | Verdict::Gone(reason) => {
                if order.accepted || !order.acc.is_empty() {
                    let text = format!(
                        "OKX refused order {} ({reason}) that it has shown as accepted; looking it up",
                        order.new.cl_ord_id
                    );
                    self.log(Level::Error, text);
                    order.doubt_due_ns = Some(now_ns);
                    return;
                }
                self.reject(no, order, reason, false, ts_ms, now);
            }
            Verdict::Duplicate(reason) => {
                if let Some(submit) = &mut order.submit {
                    submit.duplicate = true;
                    submit.doubt(reason, now_ns);
                }
            }
            Verdict::Unknown(reason) => {
                if let Some(submit) = &mut order.submit {
                    self.outputs.push_back(unresolved("submission", order.new.cl_ord_id.as_str(), &reason));
                    submit.doubt(reason, now_ns);
                }
            }
        }
    }

    fn judge_cancel(&mut self, order: &mut Order, verdict: Verdict, ts_ms: Option<u64>, now: Now) {
        let push_wait = self.config.push_wait_ns;
        let Some(cancel) = &mut order.cancel else { return };
        match verdict {
            Verdict::Acked => cancel.ack(now.mono_ns, push_wait),
            Verdict::Refused(reason) => {
                order.cancel = None;
                self.emit(order, ts_ms, EventKind::CancelRejected { reason });
            }
            Verdict::Gone(reason) | Verdict::Duplicate(reason) => cancel.doubt(reason, now.mono_ns),
            Verdict::Unknown(reason) => {
                self.outputs.push_back(unresolved("cancellation", order.new.cl_ord_id.as_str(), &reason));
                cancel.doubt(reason, now.mono_ns);
            }
        }
    }

    fn judge_amend(
        &mut self,
        order: &mut Order,
        req_id: &str,
        verdict: Verdict,
        ts_ms: Option<u64>,
        now: Now,
    ) {
        let push_wait = self.config.push_wait_ns;
        let Some(index) = order.amends.iter().position(|a| a.req_id == req_id) else { return };
        let pending = &mut order.amends[index].pending;
        match verdict {
            Verdict::Acked => pending.ack(now.mono_ns, push_wait),
            Verdict::Refused(reason) => {
                order.amends.remove(index);
                self.emit(order, ts_ms, EventKind::ModifyRejected { reason });
            }
            Verdict::Gone(reason) | Verdict::Duplicate(reason) => pending.doubt(reason, now.mono_ns),
            Verdict::Unknown(reason) => {
                self.outputs.push_back(unresolved("amendment", order.new.cl_ord_id.as_str(), &reason));
                pending.doubt(reason, now.mono_ns);
            }
        }
    }

    /// OKX has told its id of the order.
    fn learn_id(&mut self, no: u64, order: &mut Order, id: &str) {
        if order.is_algo() {
            if order.algo_id.is_none() {
                order.algo_id = Some(AlgoId::new(id));
                self.by_algo.insert(AlgoId::new(id), no);
            }
        } else if order.ord_id.is_none() {
            order.ord_id = Some(OrdId::new(id));
            self.by_ord.insert(OrdId::new(id), no);
        }
    }

    /// OKX has the order: once.
    pub(super) fn accept(&mut self, order: &mut Order, ts_ms: Option<u64>) {
        order.submit = None;
        if !std::mem::replace(&mut order.accepted, true) {
            // What did not show the order was asked before it was there.
            order.absent = 0;
            self.emit(order, ts_ms, EventKind::Accepted);
        }
    }

    /// The order was refused: for good.
    pub(super) fn reject(
        &mut self,
        no: u64,
        order: &mut Order,
        reason: String,
        due_post_only: bool,
        ts_ms: Option<u64>,
        now: Now,
    ) {
        debug_assert!(!matches!(order.stage, Stage::Closed { .. }), "an order ends once");
        self.emit(order, ts_ms, EventKind::Rejected { reason, due_post_only });
        self.close(no, order, true, now);
    }
}

/// Whether the item is about this command.
fn answers(item: &ReplyItem, order: &Order, command: &Command) -> bool {
    if let Command::Amend { req_id } = command
        && !item.req_id.is_empty()
    {
        return item.req_id == *req_id;
    }
    if !item.cl_ord_id.is_empty() {
        return order.new.cl_ord_id == item.cl_ord_id.as_str();
    }
    let is = |id: Option<&str>| id.is_some_and(|id| id == item.ord_id);
    !item.ord_id.is_empty() && (is(order.ord_id.as_deref()) || is(order.algo_id.as_deref()))
}

fn unresolved(what: &str, cl_ord_id: &str, reason: &str) -> super::Output {
    let text =
        format!("the outcome of the {what} of order {cl_ord_id} is not known ({reason}); looking it up");
    super::Output::Log(Level::Warning, text)
}
