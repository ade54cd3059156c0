//! The outer object of a frame.

use okx_common::{enums::AccountEventType, text::with_quoted_fractions};

use super::{
    Buffers, Cursor, DecodeError, DecodeErrorKind, JsonError, Staged, control, json::Fault, refuse, rows,
    trade,
};
use crate::{
    channel::Channel,
    message::{BookAction, Data, FewRows, Message, Page, Payload, SkippedRow},
    text::Text,
    topic::Arg,
};

/// `prevSeqId` of a snapshot.
const NO_PREVIOUS: i64 = -1;

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
pub(super) fn decode<'a>(
    buffers: &'a mut Buffers,
    requoted: &'a mut String,
    text: &'a str,
) -> Result<Message<'a>, DecodeError> {
    if let Some(message) = usual_trades(text) {
        return Ok(message);
    }
    if let Some((arg, action, staged)) = usual_push(text, buffers) {
        let payload = staged.finish(action, buffers);
        return Ok(Message::Data(Data { arg, payload, skipped: Vec::new(), page: None }));
    }
    let mut cursor = Cursor::new(text);
    let mut envelope = Envelope::default();
    let mut skipped = Vec::new();
    let mut staged = match read(&mut cursor, &mut envelope, buffers, &mut skipped) {
        Ok(staged) => staged,
        Err((kind, error)) => {
            let kind = if text.trim_ascii().is_empty() { DecodeErrorKind::Empty } else { kind };
            return Err(refuse(kind, text.as_bytes(), name_of(&envelope), error));
        }
    };
    if !skipped.is_empty()
        && let Some(quoted) = with_quoted_fractions(text)
    {
        // Rows are not read through binary floats; in quotes, as OKX writes numbers, they keep their digits.
        *requoted = quoted;
        let again: &'a str = requoted;
        (envelope, skipped) = (Envelope::default(), Vec::new());
        staged = read(&mut Cursor::new(again), &mut envelope, buffers, &mut skipped)
            .map_err(|(kind, error)| refuse(kind, text.as_bytes(), name_of(&envelope), error))?;
    }
    if let Some(staged) = staged {
        let action = action(&envelope, &staged, buffers)
            .map_err(|error| refuse(DecodeErrorKind::Shape, text.as_bytes(), name_of(&envelope), error))?;
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

/// A push of trades as OKX writes it, made in its final place: a message is large, and moving it costs as much as reading it.
#[inline]
fn usual_trades(text: &str) -> Option<Message<'_>> {
    let mut cursor = Cursor::new(text);
    let name = cursor.string_after(r#"{"arg":{"channel":""#)?;
    let channel = match name.as_str() {
        "trades" => Channel::Trades,
        "trades-all" => Channel::TradesAll,
        _ => return None,
    };
    let inst_id = cursor.string_after(r#","instId":""#)?;
    if !cursor.take_text(r#"},"data":["#) {
        return None;
    }
    let mut rows = FewRows::new();
    loop {
        rows.push(trade::in_usual_order(&mut cursor)?);
        if !cursor.take_text(",") {
            break;
        }
    }
    let arg = Arg::of_inst(name, channel, inst_id);
    let data = Data { arg, payload: Payload::Trades(rows), skipped: Vec::new(), page: None };
    (cursor.take_text("]}") && cursor.is_at_end()).then_some(Message::Data(data))
}

/// A push as OKX writes nearly all of them: `{"arg":{"channel":"…","instId":"…"},"action":"…","data":[…]}`, `action` with books
/// only, no blanks, all rows sound. `None` for any other text, which is then read with all that can come.
#[inline]
fn usual_push<'a>(text: &'a str, buffers: &mut Buffers) -> Option<(Arg<'a>, BookAction, Staged<'a>)> {
    let mut cursor = Cursor::new(text);
    let name = cursor.string_after(r#"{"arg":{"channel":""#)?;
    let inst_id = cursor.string_after(r#","instId":""#)?;
    let (action, says_action) = if cursor.take_text(r#"},"data":"#) {
        (BookAction::Snapshot, false)
    } else if cursor.take_text(r#"},"action":"update","data":"#) {
        (BookAction::Update, true)
    } else if cursor.take_text(r#"},"action":"snapshot","data":"#) {
        (BookAction::Snapshot, true)
    } else {
        return None;
    };
    let channel = Channel::parse(&name)?;
    if channel.is_incremental_book() != says_action {
        return None;
    }
    let arg = Arg::of_inst(name, channel, inst_id);
    let mut skipped = Vec::new();
    let staged = rows::decode(&mut cursor, &arg, buffers, &mut skipped).ok()?;
    let is_whole = skipped.is_empty() && cursor.take_text("}") && cursor.is_at_end();
    is_whole.then_some((arg, action, staged))
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
            "instType" => &mut arg.rest_mut().inst_type,
            "instFamily" => &mut arg.rest_mut().inst_family,
            "uly" if arg.inst_family().is_empty() => &mut arg.rest_mut().inst_family,
            "ccy" => &mut arg.rest_mut().ccy,
            "sprdId" => &mut arg.rest_mut().sprd_id,
            "algoId" => &mut arg.rest_mut().algo_id,
            "uid" => &mut arg.rest_mut().uid,
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

/// What a push of an incremental book is, should it not say so: changes that are taken for a whole book would leave a book of a few
/// levels. Other books are whole.
fn action(envelope: &Envelope<'_>, staged: &Staged<'_>, buffers: &Buffers) -> Result<BookAction, JsonError> {
    let is_incremental =
        envelope.arg.as_ref().and_then(|arg| arg.channel).is_some_and(Channel::is_incremental_book);
    if !is_incremental || !matches!(staged, Staged::Books) {
        return Ok(BookAction::Snapshot);
    }
    match (envelope.action.as_str(), buffers.books.first().and_then(|row| row.prev_seq_id)) {
        ("update", _) => Ok(BookAction::Update),
        ("snapshot", _) | (_, Some(NO_PREVIOUS)) => Ok(BookAction::Snapshot),
        (_, Some(_)) => Ok(BookAction::Update),
        // None of its rows could be read.
        (_, None) if buffers.books.is_empty() => Ok(BookAction::Update),
        (_, None) => Err(JsonError { what: "neither a whole book nor changes", at: 0 }),
    }
}

fn page(envelope: &Envelope<'_>) -> Option<Page> {
    if envelope.event_type.is_empty() && envelope.cur_page.is_empty() && envelope.last_page.is_empty() {
        return None;
    }
    Some(Page {
        event_type: envelope.event_type.non_empty().map(AccountEventType::from),
        cur_page: envelope.cur_page.parse().ok(),
        // OKX sends both or none. With one of them missing there may be more pages, and what is not on one counts as gone.
        last_page: match envelope.last_page.as_str() {
            "" => envelope.cur_page.is_empty(),
            last => last != "false" && !envelope.cur_page.is_empty(),
        },
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
