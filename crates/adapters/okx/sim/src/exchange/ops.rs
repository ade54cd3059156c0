//! Order operations over WebSocket (reference 6): checked as far as they concern the connection and the form of the request.
//!
//! What they do is for [trading](crate::trading) to say. A market without quotes has no trading: there a well-formed
//! operation is refused with 60028, "operation not supported by this URL", which is definitive.

use okx_common::clock::Now;
use serde_json::json;

use super::{Exchange, deliver::Frame, inbound::Request};
use crate::{
    account::Permission,
    fault::Class,
    link::{ConnNo, UrlKind},
    wire,
};

/// Most orders in one batch.
const MAX_BATCH: usize = 20;

/// An order operation and where it belongs.
struct Op {
    url: UrlKind,
    most_args: usize,
}

fn lookup(name: &str) -> Option<Op> {
    Some(match name {
        "order" | "cancel-order" | "amend-order" | "mass-cancel" => {
            Op { url: UrlKind::Private, most_args: 1 }
        }
        "batch-orders" | "batch-cancel-orders" | "batch-amend-orders" => {
            Op { url: UrlKind::Private, most_args: MAX_BATCH }
        }
        "sprd-order" | "sprd-amend-order" | "sprd-cancel-order" | "sprd-mass-cancel" => {
            Op { url: UrlKind::Business, most_args: 1 }
        }
        _ => return None,
    })
}

impl Exchange {
    pub(super) fn order_op(&mut self, no: ConnNo, request: &Request<'_>, now: Now) {
        let Some(conn) = self.conns.get(&no) else { return };
        let Some(op) = lookup(&request.op) else {
            return self.refuse(no, request, 60019, &format!("Invalid op: {}", request.op), now);
        };
        if op.url != conn.kind {
            return self.refuse(no, request, 60028, wire::words(60028), now);
        }
        let Some(user) = conn.user else {
            return self.refuse(no, request, 60011, wire::words(60011), now);
        };
        if !request.sound || request.id.is_empty() || request.args.len() > op.most_args {
            return self.answer_op(no, request, 60013, wire::words(60013), now);
        }
        let may_trade =
            self.config.accounts[user.account].keys[user.key].permissions.contains(&Permission::Trade);
        if !may_trade {
            return self.answer_op(
                no,
                request,
                50120,
                "This API key doesn't have permission to use this function",
                now,
            );
        }
        let expired = request
            .exp_time
            .as_deref()
            .is_some_and(|t| t.parse::<u64>().is_ok_and(|t| t < self.time(now).unix_ms()));
        if expired {
            return self.answer_op(
                no,
                request,
                50036,
                "The expTime can't be earlier than the current system time",
                now,
            );
        }
        match self.trading_op(user, request, now) {
            Some(answer) => {
                let time_us = self.time(now).unix_ns / 1_000;
                let code = answer.code.to_string();
                let untimed = request.op.starts_with("sprd-") || request.op == "mass-cancel";
                let text = if untimed {
                    wire::untimed_reply(&request.id, &request.op, &code, &answer.msg, &answer.data)
                } else {
                    wire::op_reply(&request.id, &request.op, &code, &answer.msg, &answer.data, time_us)
                };
                self.emit(no, Frame::new(Class::OpReply, text).answering(&request.op, &request.id), now);
                self.publish_private(now);
            }
            None => self.answer_op(no, request, 60028, wire::words(60028), now),
        }
    }

    fn answer_op(&mut self, no: ConnNo, request: &Request<'_>, code: u32, msg: &str, now: Now) {
        let time_us = self.time(now).unix_ns / 1_000;
        let text = wire::op_reply(&request.id, &request.op, &code.to_string(), msg, &json!([]), time_us);
        self.emit(no, Frame::new(Class::OpReply, text).answering(&request.op, &request.id), now);
    }
}
