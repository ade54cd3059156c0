//! Messages that are not pushes.

use okx_common::error_code::ErrorCode;

use super::{Cursor, JsonError, envelope::Envelope, rows};
use crate::{
    message::{Ack, AckKind, ConnCount, ErrorEvent, Login, Message, Notice, OpResponse},
    text::Text,
};

/// The kind of a message that does not tell its kind.
pub(crate) const NAMELESS: &str = "a message without event, op or arg";

/// What the outer object says, if it is no push.
pub(super) fn message<'a>(envelope: Envelope<'a>, cursor: &mut Cursor<'a>) -> Result<Message<'a>, JsonError> {
    let told = ErrorCode::parse(&envelope.code);
    let (code, is_codeless) = (told.unwrap_or_default(), told.is_none());
    if envelope.event.is_empty() {
        return op_response(envelope, cursor, code);
    }
    let Envelope { event, id, msg, conn_id, channel, conn_count, .. } = envelope;
    match event.as_str() {
        kind @ ("subscribe" | "unsubscribe") => {
            let Some(arg) = envelope.arg else {
                return Err(JsonError { what: "an acknowledgement without `arg`", at: 0 });
            };
            let kind = if kind == "subscribe" { AckKind::Subscribe } else { AckKind::Unsubscribe };
            Ok(Message::Ack(Ack { kind, id, arg, conn_id }))
        }
        "error" => Ok(Message::Error(ErrorEvent { id, code, msg, conn_id })),
        // Not even a success goes without a code.
        "login" if is_codeless => Err(JsonError { what: "an answer to the login without `code`", at: 0 }),
        "login" => Ok(Message::Login(Login { code, msg, conn_id })),
        "notice" => Ok(Message::Notice(Notice { code, msg, conn_id })),
        kind @ ("channel-conn-count" | "channel-conn-count-error") => {
            let exceeded = kind == "channel-conn-count-error";
            Ok(Message::ConnCount(ConnCount { channel, count: conn_count.parse().ok(), exceeded, conn_id }))
        }
        _ => Ok(Message::Unknown { kind: event }),
    }
}

fn op_response<'a>(
    envelope: Envelope<'a>,
    cursor: &mut Cursor<'a>,
    code: ErrorCode,
) -> Result<Message<'a>, JsonError> {
    if envelope.op.is_empty() {
        return Ok(Message::Unknown { kind: Text::borrowed(NAMELESS) });
    }
    let mut skipped = Vec::new();
    let items = match envelope.data_at {
        None => Vec::new(),
        Some(at) => {
            cursor.set_pos(at);
            rows::typed(cursor, &mut skipped).map_err(|(_, e)| e)?
        }
    };
    if !skipped.is_empty() {
        // An unreadable item leaves the outcome of one command open; who waits for it must not take the rest for all.
        return Err(JsonError {
            what: "an item of an order response cannot be read",
            at: envelope.data_at.unwrap_or(0),
        });
    }
    Ok(Message::OpResponse(OpResponse {
        id: envelope.id,
        op: envelope.op,
        code,
        msg: envelope.msg,
        items,
        in_time_us: envelope.in_time.parse().ok(),
        out_time_us: envelope.out_time.parse().ok(),
    }))
}
