//! The outer object of a frame.

use okx_common::enums::AccountEventType;

use super::{
    Buffers, Cursor, DecodeError, DecodeErrorKind, JsonError, Staged, control, json::Fault, refuse, rows,
};
use crate::{
    channel::Channel,
    message::{BookAction, Data, Message, Page, SkippedRow},
    text::Text,
    topic::Arg,
};

/// What the outer object holds beside the rows.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    pub arg: Option<Arg<'a>>,
    pub event: Text<'a>,
    pub op: Text<'a>,
    pub id: Text<'a>,
    pub code: Text<'a>,
    pub msg: Text<'a>,
    pub conn_id: Text<'a>,
    pub channel: Text<'a>,
    pub conn_count: Text<'a>,
    pub in_time: Text<'a>,
    pub out_time: Text<'a>,
    action: Text<'a>,
    event_type: Text<'a>,
    cur_page: Text<'a>,
    last_page: Text<'a>,
    /// Where the rows start.
    pub data_at: Option<usize>,
}

/// Decodes the text of a frame.
pub(super) fn decode<'a>(buffers: &'a mut Buffers, text: &'a str) -> Result<Message<'a>, DecodeError> {
    let mut cursor = Cursor::new(text);
    let mut envelope = Envelope::default();
    let mut skipped = Vec::new();
    let staged = match read(&mut cursor, &mut envelope, buffers, &mut skipped) {
        Ok(staged) => staged,
        Err((kind, error)) => {
            let kind = if text.trim_ascii().is_empty() { DecodeErrorKind::Empty } else { kind };
            return Err(refuse(kind, text.as_bytes(), name_of(&envelope), error));
        }
    };
    if let Some(staged) = staged {
        let action = if envelope.action == "update" { BookAction::Update } else { BookAction::Snapshot };
        let page = page(&envelope);
        let Envelope { arg, .. } = envelope;
        return Ok(Message::Data(Data {
            arg: arg.unwrap_or_default(),
            payload: staged.finish(action, buffers),
            skipped,
            page,
        }));
    }
    let channel = name_of(&envelope);
    control::message(envelope, &mut cursor)
        .map_err(|error| refuse(DecodeErrorKind::Shape, text.as_bytes(), channel, error))
}

/// The channel of a frame of which only the beginning can be read.
pub(super) fn channel_of(buffers: &mut Buffers, beginning: &str) -> Option<String> {
    let mut envelope = Envelope::default();
    // That the text ends in the middle is known; what matters is how far it came.
    let _ = read(&mut Cursor::new(beginning), &mut envelope, buffers, &mut Vec::new());
    name_of(&envelope)
}

fn name_of(envelope: &Envelope<'_>) -> Option<String> {
    match &envelope.arg {
        Some(arg) => Some(arg.to_string()),
        None => envelope.event.non_empty().or(envelope.op.non_empty()).map(str::to_owned),
    }
}

type ReadError = (DecodeErrorKind, JsonError);

/// Reads the outer object; the rows as soon as it is known what they are. `None` for messages that are not pushes.
fn read<'a>(
    cursor: &mut Cursor<'a>,
    envelope: &mut Envelope<'a>,
    buffers: &mut Buffers,
    skipped: &mut Vec<SkippedRow>,
) -> Result<Option<Staged<'a>>, ReadError> {
    let no_json = |e: JsonError| (DecodeErrorKind::NotJson, e);
    cursor.expect(b'{', "expected an object").map_err(no_json)?;
    let mut staged = None;
    let mut first = true;
    if let Some(arg) = usual_arg(cursor) {
        envelope.arg = Some(arg);
        first = false;
    }
    while let Some(key) = cursor.next_key(&mut first).map_err(no_json)? {
        if key == "data" {
            envelope.data_at = Some({
                cursor.peek();
                cursor.pos()
            });
            match &envelope.arg {
                Some(arg) if envelope.event.is_empty() => {
                    staged = Some(rows::decode(cursor, arg, buffers, skipped)?)
                }
                _ => cursor.skip_value().map_err(no_json)?,
            }
        } else {
            read_field(cursor, envelope, &key).map_err(no_json)?;
        }
    }
    let end = cursor.pos();
    if !cursor.is_at_end() {
        return Err((DecodeErrorKind::NotJson, JsonError { what: "more text after the message", at: end }));
    }
    if !envelope.event.is_empty() || envelope.arg.is_none() {
        return Ok(None);
    }
    match (staged, envelope.data_at, &envelope.arg) {
        (Some(staged), ..) => Ok(Some(staged)),
        // The rows came before `arg`.
        (None, Some(at), Some(arg)) => {
            cursor.set_pos(at);
            rows::decode(cursor, arg, buffers, skipped).map(Some)
        }
        _ => Err((DecodeErrorKind::Shape, JsonError { what: "neither rows nor an event", at: 0 })),
    }
}

/// Reads one field that is not `data`.
fn read_field<'a>(cursor: &mut Cursor<'a>, envelope: &mut Envelope<'a>, key: &str) -> Result<(), JsonError> {
    let field = match key {
        "arg" => {
            envelope.arg = read_arg(cursor)?;
            return Ok(());
        }
        "action" => &mut envelope.action,
        "event" => &mut envelope.event,
        "op" => &mut envelope.op,
        "id" => &mut envelope.id,
        "code" => &mut envelope.code,
        "msg" => &mut envelope.msg,
        "connId" => &mut envelope.conn_id,
        "channel" => &mut envelope.channel,
        "connCount" => &mut envelope.conn_count,
        "inTime" => &mut envelope.in_time,
        "outTime" => &mut envelope.out_time,
        "eventType" => &mut envelope.event_type,
        "curPage" => &mut envelope.cur_page,
        "lastPage" => &mut envelope.last_page,
        _ => return cursor.skip_value(),
    };
    match cursor.peek() {
        // Of the wrong kind, hence as good as absent.
        b'{' | b'[' => cursor.skip_value(),
        _ => {
            *field = cursor.text()?;
            Ok(())
        }
    }
}

/// `"arg":{"channel":"…","instId":"…"}` at the beginning, as OKX writes most pushes. `None` (and no move) for any other form.
#[inline]
fn usual_arg<'a>(cursor: &mut Cursor<'a>) -> Option<Arg<'a>> {
    let start = cursor.pos();
    let mut read = || {
        let name = cursor.string_after(r#""arg":{"channel":""#)?;
        let inst_id = cursor.string_after(r#","instId":""#)?;
        let channel = Channel::parse(&name);
        cursor.take_text("}").then(|| Arg { name, channel, inst_id, ..Arg::default() })
    };
    let arg = read();
    if arg.is_none() {
        cursor.set_pos(start);
    }
    arg
}

fn read_arg<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Arg<'a>>, JsonError> {
    if cursor.peek() != b'{' {
        cursor.skip_value()?;
        return Ok(None);
    }
    cursor.take(b'{');
    let mut arg = Arg::default();
    let mut first = true;
    while let Some(key) = cursor.next_key(&mut first)? {
        let field = match key.as_ref() {
            "channel" => &mut arg.name,
            "instId" => &mut arg.inst_id,
            "instType" => &mut arg.inst_type,
            "instFamily" => &mut arg.inst_family,
            "uly" if arg.inst_family.is_empty() => &mut arg.inst_family,
            "ccy" => &mut arg.ccy,
            "sprdId" => &mut arg.sprd_id,
            "algoId" => &mut arg.algo_id,
            "uid" => &mut arg.uid,
            _ => {
                cursor.skip_value()?;
                continue;
            }
        };
        match cursor.peek() {
            b'{' | b'[' => cursor.skip_value()?,
            _ => *field = cursor.text()?,
        }
    }
    arg.channel = Channel::parse(&arg.name);
    Ok(Some(arg))
}

fn page(envelope: &Envelope<'_>) -> Option<Page> {
    if envelope.event_type.is_empty() && envelope.cur_page.is_empty() && envelope.last_page.is_empty() {
        return None;
    }
    Some(Page {
        event_type: envelope.event_type.non_empty().map(AccountEventType::from),
        cur_page: envelope.cur_page.parse().ok(),
        last_page: envelope.last_page != "false",
    })
}

/// Reads an array of rows. A row that fails is left out, noted, and passed over.
#[inline]
pub(super) fn each_row<'a>(
    cursor: &mut Cursor<'a>,
    skipped: &mut Vec<SkippedRow>,
    mut row: impl FnMut(&mut Cursor<'a>) -> Result<(), Fault>,
) -> Result<(), ReadError> {
    let no_json = |e: JsonError| (DecodeErrorKind::NotJson, e);
    match cursor.peek() {
        b'[' => cursor.set_pos(cursor.pos() + 1),
        // `""` and `null` mean absent everywhere.
        b'"' | b'n' => {
            let at = cursor.pos();
            return match cursor.text() {
                Ok(text) if text.is_empty() => Ok(()),
                Ok(_) => Err((DecodeErrorKind::Shape, JsonError { what: "`data` is no list", at })),
                Err(e) => Err((DecodeErrorKind::NotJson, e)),
            };
        }
        _ => return Err((DecodeErrorKind::Shape, JsonError { what: "`data` is no list", at: cursor.pos() })),
    }
    let mut first = true;
    let mut index = 0;
    while cursor.next_element(&mut first).map_err(no_json)? {
        cursor.peek();
        let start = cursor.pos();
        if let Err(fault) = row(cursor) {
            cursor.set_pos(start);
            cursor.skip_value().map_err(no_json)?;
            note_skipped(skipped, index, &fault, cursor.slice(start, cursor.pos()));
        }
        index += 1;
    }
    Ok(())
}

#[cold]
fn note_skipped(skipped: &mut Vec<SkippedRow>, index: usize, fault: &Fault, text: &str) {
    skipped.push(SkippedRow { index, reason: fault.to_string(), excerpt: okx_common::text::excerpt(text) });
}
