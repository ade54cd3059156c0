//! Events of a session as notes for Python.

use okx_common::{error_code::lookup_close, hosts::UrlKind};
use okx_ws::session::{DisconnectReason, Event};

use super::note::{Level, Note};

/// What `on_event` is told.
#[must_use]
pub fn note_of(kind: UrlKind, event: &Event) -> Note {
    match event {
        Event::Connected { .. } => Note::new("connected", Level::Info, format!("connected to OKX ({kind})")),
        Event::ConnectFailed { reason } => {
            Note::new("disconnected", Level::Warning, format!("no connection to OKX ({kind}): {reason}"))
        }
        Event::LoggedIn { .. } => Note::new("logged_in", Level::Info, format!("logged in at OKX ({kind})")),
        Event::LoginFailed { code, msg, is_final } => {
            let level = if *is_final { Level::Error } else { Level::Warning };
            Note::new("login_failed", level, format!("OKX refused the login ({kind}): {code} {msg}"))
                .code(*code)
        }
        Event::Subscribed { topic, .. } => {
            Note::new("subscribed", Level::Debug, format!("subscribed {topic}")).topic(topic)
        }
        Event::SubscribeFailed { topic, code, msg, .. } => {
            let text = format!("OKX refused {topic}: {code} {msg}");
            Note::new("subscription_failed", Level::Error, text).topic(topic).code(*code)
        }
        Event::Unsubscribed { topic } => {
            Note::new("unsubscribed", Level::Debug, format!("unsubscribed {topic}")).topic(topic)
        }
        Event::Disconnected { reason, .. } => {
            let (level, why) = why(reason);
            Note::new("disconnected", level, format!("connection to OKX ({kind}) ended: {why}"))
        }
        Event::Reconnecting { attempt, delay_ms } => {
            let text = format!("connecting to OKX ({kind}) again in {delay_ms} ms, attempt {attempt}");
            Note::new("reconnecting", Level::Info, text)
        }
        Event::Degraded { reason } => Note::new("warning", Level::Error, reason.as_str()),
        Event::Notice { code, msg } => {
            Note::new("notice", Level::Warning, format!("OKX announces: {code} {msg}")).code(*code)
        }
        Event::ConnCount { channel, count } => Note::new(
            "connection_count",
            Level::Debug,
            format!("{} connections hold {channel}", shown(*count)),
        ),
        Event::ConnCountError { channel, count } => {
            let text = format!("too many connections hold {channel}: {}", shown(*count));
            Note::new("connection_count", Level::Error, text)
                .advice("close other connections of this account, then subscribe again")
        }
        Event::Stale { topic, silent_ms } => {
            let text = format!("{topic} is silent for {silent_ms} ms; subscribing anew");
            Note::new("stale", Level::Warning, text).topic(topic)
        }
        Event::VenueError { code, msg, .. } => {
            Note::new("warning", Level::Warning, format!("OKX says: {code} {msg}")).code(*code)
        }
        Event::Warning(text) => Note::new("warning", Level::Warning, text.as_str()),
        // The events may grow.
        other => Note::new("warning", Level::Debug, format!("{other:?}")),
    }
}

fn shown(count: Option<u32>) -> String {
    count.map_or_else(|| "?".to_owned(), |n| n.to_string())
}

/// Why a link ended, and how bad that is.
fn why(reason: &DisconnectReason) -> (Level, String) {
    match reason {
        DisconnectReason::Lost { code: Some(code), words } => {
            let meaning = lookup_close(*code).map_or("", |info| info.meaning);
            (Level::Warning, format!("close code {code} {words} {meaning}").trim_end().to_owned())
        }
        DisconnectReason::Lost { code: None, words } => (Level::Warning, words.clone()),
        DisconnectReason::NoPong => (Level::Warning, "no answer to the heartbeat".to_owned()),
        DisconnectReason::NoLoginReply => (Level::Warning, "no answer to the login".to_owned()),
        DisconnectReason::LoginRefused(code) => {
            (Level::Error, format!("the login was refused with code {code}"))
        }
        DisconnectReason::Replaced => (Level::Info, "the replacement has taken over".to_owned()),
        DisconnectReason::Closed => (Level::Info, "closed".to_owned()),
        DisconnectReason::Idle => (Level::Info, "nothing is subscribed any more".to_owned()),
    }
}
