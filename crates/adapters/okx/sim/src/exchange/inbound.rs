//! The way in: messages of WebSocket clients.

use okx_common::clock::Now;
use serde_json::{Map, Value, json};

use super::{
    Exchange, bare,
    deliver::{Frame, Swallow},
};
use crate::{
    fault::{Action, Class, CutAt, CutHow, Fired, MuteScope, Subject},
    journal::Direction,
    link::ConnNo,
    topic::Topic,
    wire,
};

/// Operations that concern the connection rather than orders.
const CONNECTION_OPS: [&str; 3] = ["login", "subscribe", "unsubscribe"];
/// Longest `id` of a request (reference 5.1).
const MAX_ID_CHARS: usize = 32;

/// A message of a client, read as far as it could be.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub op: String,
    pub id: String,
    pub args: Vec<Map<String, Value>>,
    pub exp_time: Option<String>,
    pub text: &'a [u8],
    /// It is what a request has to be: JSON with an `op`, `args` and a proper `id`.
    pub sound: bool,
}

impl<'a> Request<'a> {
    fn read(text: &'a [u8]) -> Self {
        let value: Option<Map<String, Value>> = serde_json::from_slice(text).ok();
        let get = |key: &str| value.as_ref().and_then(|v| v.get(key));
        let string = |key: &str| get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let list = get("args").and_then(Value::as_array);
        let args: Vec<_> = list.into_iter().flatten().filter_map(|a| a.as_object().cloned()).collect();
        let whole = list.is_some_and(|l| l.len() == args.len() && !l.is_empty());
        let id = string("id");
        let id_is_proper = get("id").is_none_or(Value::is_string)
            && id.len() <= MAX_ID_CHARS
            && id.bytes().all(|b| b.is_ascii_alphanumeric());
        let op = string("op");
        let sound = whole && !op.is_empty() && id_is_proper;
        let exp_time = get("expTime").and_then(Value::as_str).map(str::to_owned);
        Self { op, id: if id_is_proper { id } else { String::new() }, args, exp_time, text, sound }
    }

    /// The same with its first so many arguments.
    fn first(&self, count: usize) -> Self {
        let args = self.args.iter().take(count).cloned().collect();
        let (op, id, exp_time) = (self.op.clone(), self.id.clone(), self.exp_time.clone());
        Self { op, id, args, exp_time, text: self.text, sound: self.sound && count > 0 }
    }

    const fn ping(text: &'a [u8]) -> Self {
        Self { op: String::new(), id: String::new(), args: Vec::new(), exp_time: None, text, sound: true }
    }
}

impl Exchange {
    /// A message from a client. Binary and broken ones are answered like any other request that makes no sense.
    pub fn receive(&mut self, no: ConnNo, text: &[u8], now: Now) {
        self.advance(now);
        let Some(conn) = self.conns.get(&no) else { return };
        let link = conn.kind.into();
        let unix_ns = self.time(now).unix_ns;
        self.journal.write(unix_ns, link, Some(no), Direction::In, bytes::Bytes::copy_from_slice(text));
        if text.len() > self.config.limits.message_bytes {
            self.end(no, CutHow::Close { code: 1009, reason: "Frame too long".to_owned() }, now);
            return;
        }
        let is_ping = text == b"ping";
        let request = if is_ping { Request::ping(text) } else { Request::read(text) };
        let fired = self.request_faults(no, &request, is_ping, now);
        self.carry_out_request(no, &request, is_ping, fired, now);
    }

    fn request_faults(&mut self, no: ConnNo, request: &Request<'_>, is_ping: bool, now: Now) -> Vec<Fired> {
        let Some(conn) = self.conns.get(&no).filter(|_| !self.faults.is_empty()) else { return Vec::new() };
        let topic = request.args.first().map(Topic::read).unwrap_or_default();
        let subject = Subject {
            class: Class::Request,
            uid: conn.user.and_then(|u| self.config.accounts.get(u.account)).map_or("", |a| a.uid.as_str()),
            channel: &topic.channel,
            inst_id: topic.inst(),
            op: if is_ping { "ping" } else { &request.op },
            id: &request.id,
            bytes: request.text,
            ..bare(conn.kind.into(), Some(no))
        };
        self.faults.on(&subject, now).into_vec()
    }

    fn carry_out_request(
        &mut self,
        no: ConnNo,
        request: &Request<'_>,
        is_ping: bool,
        fired: Vec<Fired>,
        now: Now,
    ) {
        let mut cut = None;
        let mut answer = None;
        for fault in fired {
            self.note_fault(no, fault.id, now);
            match fault.what {
                Action::Cut { at, how } => cut = Some((at, how)),
                reply @ (Action::Reply { .. } | Action::Lim { .. }) => answer = Some(reply),
                Action::Time { offset_ms, jump_ms } => self.shift_time(offset_ms, jump_ms),
                Action::Mute { scope: MuteScope::Connection, pongs, stop_reading } => {
                    if let Some(conn) = self.conns.get_mut(&no) {
                        conn.mute =
                            Some(super::conn::Mute { fault: fault.id, pongs, stopped_reading: stop_reading });
                    }
                    if stop_reading {
                        self.out.push_back(crate::output::Output::Reading { conn: no, on: false });
                    }
                }
                Action::Notice { close_after_ms } => self.notice(no, close_after_ms, now),
                _ => {}
            }
        }
        let applies = match (&cut, &answer) {
            (Some((CutAt::Before, _)), _) => false,
            (_, Some(Action::Reply { apply, .. })) => *apply,
            (_, Some(_)) => false,
            _ => true,
        };
        self.swallow = match (&cut, &answer) {
            (Some(_), _) => Some(Swallow::Everything(no)),
            (None, Some(_)) => Some(Swallow::Answers(no)),
            _ => None,
        };
        match (&cut, applies) {
            (Some((CutAt::Item(count), _)), true) => {
                self.dispatch(no, &request.first(*count), is_ping, now);
            }
            (_, true) => self.dispatch(no, request, is_ping, now),
            _ => {}
        }
        self.swallow = None;
        if let Some((_, how)) = cut {
            self.end(no, how, now);
        } else if let Some(answer) = answer {
            self.scripted_answer(no, request, answer, now);
        }
    }

    /// The answer a REPLY or LIM fault gives in place of the exchange's own.
    fn scripted_answer(&mut self, no: ConnNo, request: &Request<'_>, answer: Action, now: Now) {
        let Some(conn_id) = self.conns.get(&no).map(|c| c.conn_id.clone()) else { return };
        let Action::Reply { code, msg, data, body, .. } = answer else {
            let text = wire::error(&request.id, "60014", wire::words(60014), &conn_id);
            return self.emit(no, Frame::new(Class::Error, text).answering(&request.op, &request.id), now);
        };
        let is_order_op = !CONNECTION_OPS.contains(&request.op.as_str());
        let (class, text) = match body {
            Some(body) => (Class::OpReply, body.bytes()),
            None if is_order_op => {
                let data = data.unwrap_or_else(|| json!([]));
                let time_us = self.time(now).unix_ns / 1_000;
                (Class::OpReply, wire::op_reply(&request.id, &request.op, &code, &msg, &data, time_us).into())
            }
            None if request.op == "login" && matches!(code.as_str(), "" | "0") => {
                (Class::Login, wire::login(&conn_id).into())
            }
            None => (Class::Error, wire::error(&request.id, &code, &msg, &conn_id).into()),
        };
        let class = if class == Class::OpReply && !is_order_op { Class::Error } else { class };
        self.emit(no, Frame::new(class, text).answering(&request.op, &request.id), now);
    }

    fn dispatch(&mut self, no: ConnNo, request: &Request<'_>, is_ping: bool, now: Now) {
        if is_ping {
            self.emit(no, Frame::new(Class::Pong, "pong").answering("ping", ""), now);
            return;
        }
        match request.op.as_str() {
            "login" | "subscribe" | "unsubscribe" if !request.sound => {
                self.refuse_malformed(no, request, now)
            }
            "login" | "subscribe" | "unsubscribe" if !self.count_op(no, now) => {
                self.refuse(no, request, 60014, wire::words(60014), now);
            }
            "login" => self.login(no, request, now),
            "subscribe" => self.subscribe(no, request, now),
            "unsubscribe" => self.unsubscribe(no, request, now),
            "" => self.refuse_malformed(no, request, now),
            _ => self.order_op(no, request, now),
        }
    }

    /// Counts one of the 480 operations an hour.
    fn count_op(&mut self, no: ConnNo, now: Now) -> bool {
        let window = self.conns.get_mut(&no).and_then(|c| c.ops.as_mut());
        window.is_none_or(|w| w.take(1, now.mono_ns))
    }

    fn refuse_malformed(&mut self, no: ConnNo, request: &Request<'_>, now: Now) {
        self.refuse(no, request, 60012, &wire::invalid_request(request.text), now);
    }

    /// Sends `event:"error"`.
    pub(super) fn refuse(&mut self, no: ConnNo, request: &Request<'_>, code: u32, msg: &str, now: Now) {
        let Some(conn) = self.conns.get(&no) else { return };
        let text = wire::error(&request.id, &code.to_string(), msg, &conn.conn_id);
        self.emit(no, Frame::new(Class::Error, text).answering(&request.op, &request.id), now);
    }
}
