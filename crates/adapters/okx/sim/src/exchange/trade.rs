//! Trading as the exchange sees it: requests in, pushes out, time in between.

use okx_common::clock::{NANOS_PER_MILLI, Now};
use serde_json::{Map, Value};
use smallvec::SmallVec;
use std::sync::Arc;

use super::{Exchange, conn::User, deliver::data_frame, inbound::Request};
use crate::{
    endpoint::Endpoint,
    link::ConnNo,
    market::PushKind,
    output::{RestRequest, RestResponse},
    topic::Topic,
    trading::{Answer, Ask, Cx, Fields, Op, Way, dump},
};

/// If time jumps by more than this, trading looks at the market once, where the jump ends.
const JUMP_MS: u64 = 10_000;

/// Whether a scripted move is trading's.
pub(super) fn is_trading(command: &Value) -> bool {
    command.get("op").and_then(Value::as_str).is_some_and(|op| op.starts_with(dump::PREFIX))
}

/// Calls trading with the market and the time, if there is a trading.
macro_rules! with_trading {
    ($exchange:expr, $ms:expr, |$trading:ident, $cx:ident| $body:expr) => {{
        let Exchange { market, trading: $trading, .. } = &mut *$exchange;
        market.quotes().map(|quotes| {
            let $cx = Cx { quotes, ms: $ms };
            $body
        })
    }};
}

impl Exchange {
    /// Brings market and trading to this time together, trading's own times first.
    pub(super) fn advance_to(&mut self, end_ms: u64, now: Now) {
        while let Some(at) = self.trading.next_ms().filter(|at| *at < end_ms && end_ms - at <= JUMP_MS) {
            if !self.step(at, now) {
                break;
            }
        }
        self.step(end_ms, now);
    }

    /// One step; false if there is no trading.
    fn step(&mut self, ms: u64, now: Now) -> bool {
        self.market.advance(ms);
        while let Some(push) = self.market.poll() {
            self.publish(&push, now);
        }
        let there = with_trading!(self, ms, |trading, cx| trading.advance(cx)).is_some();
        self.publish_private(now);
        there
    }

    /// When trading has to be called next, on the driver's monotonic clock.
    pub(super) fn trading_deadline(&self, now: Now) -> Option<u64> {
        self.market.quotes()?;
        let wait_ns =
            self.trading.next_ms()?.saturating_mul(NANOS_PER_MILLI).saturating_sub(self.time(now).unix_ns);
        Some(now.mono_ns.saturating_add(wait_ns))
    }

    /// Sends what trading has to say to the connections of the accounts concerned.
    pub(super) fn publish_private(&mut self, now: Now) {
        while let Some(push) = self.trading.poll() {
            let uid = self.trading.profile(push.who).map(|p| p.uid.clone()).unwrap_or_default();
            let holds = |topic: &&Arc<Topic>| topic.channel == push.channel;
            let mine = self.conns.iter().filter(|(_, c)| c.user.is_some_and(|u| u.account == push.who));
            let regular = |c: &super::Conn| {
                c.topics
                    .iter()
                    .any(|t| matches!(t.channel.as_str(), "account" | "positions" | "account-greeks"))
            };
            if push.regular && !mine.clone().any(|(_, c)| regular(c)) {
                self.trading.stop_regular(push.who);
                continue;
            }
            let held: SmallVec<[(ConnNo, Arc<Topic>); 8]> =
                mine.flat_map(|(no, c)| c.topics.iter().filter(holds).map(|t| (*no, t.clone()))).collect();
            for (no, topic) in held {
                if let Some(frame) = push.frame(&topic, &uid) {
                    self.emit(no, data_frame(&topic, PushKind::Update, frame), now);
                }
            }
        }
    }

    /// Gives a new subscriber of an account's channel what it gets at once.
    pub(super) fn greet(&mut self, no: ConnNo, user: Option<User>, topic: &Arc<Topic>, now: Now) {
        let ms = self.time(now).unix_ms();
        let Some(user) = user else { return };
        let frames = with_trading!(self, ms, |trading, cx| trading.snapshot(user.account, topic, cx));
        for frame in frames.unwrap_or_default() {
            self.emit(no, data_frame(topic, PushKind::Snapshot, frame), now);
        }
    }

    /// Carries out an order operation; `None` without trading.
    pub(super) fn trading_op(&mut self, user: User, request: &Request<'_>, now: Now) -> Option<Answer> {
        let ms = self.time(now).unix_ms();
        if let (Some(op), Some(arg)) = (request.op.strip_prefix("sprd-"), request.args.first()) {
            return with_trading!(self, ms, |trading, cx| trading.spread_op(
                user.account,
                op,
                Fields(arg),
                cx
            ));
        }
        let (op, batch) = match request.op.as_str() {
            "order" => (Op::Place, false),
            "batch-orders" => (Op::Place, true),
            "amend-order" => (Op::Amend, false),
            "batch-amend-orders" => (Op::Amend, true),
            "cancel-order" => (Op::Cancel, false),
            "batch-cancel-orders" => (Op::Cancel, true),
            "mass-cancel" => (Op::MassCancel, false),
            _ => return None,
        };
        let mono_ns = self.config.limits.orders.then_some(now.mono_ns);
        let way = Way { ws: true, batch, mono_ns };
        let args: Vec<&Map<String, Value>> = request.args.iter().collect();
        let named = args.iter().filter_map(|arg| arg.get("instIdCode")?.as_i64());
        let named: Vec<String> = named.filter_map(|code| self.market.quotes()?.id_of(code)).collect();
        named.iter().for_each(|id| self.market.attend(id));
        with_trading!(self, ms, |trading, cx| trading.request(user.account, op, &args, way, cx))
    }

    /// Answers a REST request of trading.
    pub(super) fn trading_rest(
        &mut self,
        found: &Endpoint,
        request: &RestRequest,
        user: User,
        now: Now,
    ) -> RestResponse {
        let time = self.time(now);
        let expired =
            request.header("exptime").and_then(|t| t.parse::<u64>().ok()).is_some_and(|t| t < time.unix_ms());
        let places = matches!(
            found.path,
            "/trade/order" | "/trade/batch-orders" | "/trade/amend-order" | "/trade/amend-batch-orders"
        );
        if expired && places && found.method == "POST" {
            return RestResponse::error(
                200,
                "50036",
                "The expTime can't be earlier than the current system time",
            );
        }
        let body = if found.method == "GET" {
            let params = request.params().into_iter().map(|(name, value)| (name, Value::String(value)));
            Value::Object(params.collect())
        } else {
            serde_json::from_slice(&request.body).unwrap_or(Value::Null)
        };
        let items = body.as_array().map_or(std::slice::from_ref(&body), Vec::as_slice);
        for id in items.iter().filter_map(|item| item.get("instId")?.as_str()) {
            self.market.attend(id);
        }
        let mono_ns = self.config.limits.orders.then_some(now.mono_ns);
        let ask = Ask { method: found.method, path: found.path, body: &body, mono_ns };
        let answer =
            with_trading!(self, time.unix_ms(), |trading, cx| trading.rest(user.account, ask, cx)).flatten();
        let Some(answer) = answer else {
            return RestResponse::error(
                410,
                "50005",
                "API is inactive or unavailable: the simulated exchange does not serve it",
            );
        };
        self.publish_private(now);
        RestResponse::json(answer.status, answer.body(time.unix_ns / 1_000))
    }

    /// Everything there is of an account, by its `uid`; of the first one for an empty uid.
    pub fn account(&mut self, uid: &str, now: Now) -> Option<Value> {
        self.advance(now);
        let ms = self.time(now).unix_ms();
        with_trading!(self, ms, |trading, cx| trading.find(uid).map(|who| trading.dump(who, cx))).flatten()
    }

    pub(super) fn script_trading(&mut self, command: &Value, now: Now) -> Result<Value, String> {
        let ms = self.time(now).unix_ms();
        let done = with_trading!(self, ms, |trading, cx| trading.script(command, cx));
        self.publish_private(now);
        done.unwrap_or_else(|| Err("this market has no trading".to_owned()))
    }
}
