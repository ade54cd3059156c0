//! Events of a session as `StreamEvent` dicts.

use okx_common::error_code::ErrorCode;
use okx_ws::{
    Topic,
    session::{DisconnectReason, Event},
};
use serde::Serialize;

/// One `StreamEvent`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct StreamEvent {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub level: &'static str,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inst_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

impl StreamEvent {
    pub fn new(kind: &'static str, level: &'static str, message: impl Into<String>) -> Self {
        Self { kind, level, message: message.into(), topic: None, inst_id: None, code: None, advice: None }
    }

    fn topic(self, topic: Topic) -> Self {
        let inst_id = topic.inst_id.as_ref().map(ToString::to_string);
        Self { inst_id, topic: Some(topic), ..self }
    }

    fn code(self, code: ErrorCode) -> Self {
        if code.is_success() {
            return self;
        }
        let advice = Some(code.advice()).filter(|a| !a.is_empty());
        Self { code: Some(code.0), advice, ..self }
    }
}

impl From<Event> for StreamEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Connected { .. } => Self::new("connected", "info", "connected"),
            Event::ConnectFailed { reason } => Self::new("disconnected", "warning", reason),
            Event::LoggedIn { .. } => Self::new("logged_in", "info", "logged in"),
            Event::LoginFailed { code, msg, .. } => {
                Self::new("login_failed", "error", format!("the login failed: {msg}")).code(code)
            }
            Event::Subscribed { topic, .. } => {
                Self::new("subscribed", "debug", format!("subscribed to {topic}")).topic(topic)
            }
            Event::SubscribeFailed { topic, code, msg, .. } => {
                let message = format!("cannot subscribe to {topic}: {msg}");
                Self::new("subscription_failed", "error", message).topic(topic).code(code)
            }
            Event::Unsubscribed { topic } => {
                Self::new("unsubscribed", "debug", format!("unsubscribed from {topic}")).topic(topic)
            }
            Event::Disconnected { reason, .. } => ended(reason),
            Event::Reconnecting { attempt, delay_ms } => {
                let message = format!("attempt {attempt} to reconnect in {delay_ms} ms");
                Self::new("reconnecting", "info", message)
            }
            Event::Degraded { reason } => Self::new("warning", "error", reason),
            Event::Notice { code, msg } => Self::new("notice", "info", msg).code(code),
            Event::ConnCount { channel, count } => {
                let message = format!("{} connections hold {channel}", shown(count));
                Self::new("connection_count", "debug", message)
            }
            Event::ConnCountError { channel, count } => {
                let message = format!(
                    "{} connections hold {channel}, too many: OKX ended this subscription",
                    shown(count)
                );
                Self::new("subscription_failed", "error", message)
            }
            Event::Stale { topic, silent_ms } => {
                let message = format!("{topic} was silent for {silent_ms} ms and is subscribed anew");
                Self::new("stale", "warning", message).topic(topic)
            }
            Event::VenueError { code, msg, .. } => Self::new("warning", "error", msg).code(code),
            Event::Warning(message) => Self::new("warning", "warning", message),
            other => Self::new("warning", "debug", format!("{other:?}")),
        }
    }
}

fn shown(count: Option<u32>) -> String {
    count.map_or_else(|| "too many".to_owned(), |n| n.to_string())
}

fn ended(reason: DisconnectReason) -> StreamEvent {
    let (level, message) = match reason {
        DisconnectReason::Lost { code: Some(code), words } => {
            ("warning", format!("OKX closed the connection with {code}: {words}"))
        }
        DisconnectReason::Lost { code: None, words } => {
            ("warning", format!("the connection was lost: {words}"))
        }
        DisconnectReason::NoPong => {
            ("warning", "the connection was silent and did not answer a ping".to_owned())
        }
        DisconnectReason::NoLoginReply => ("warning", "the login was not answered".to_owned()),
        DisconnectReason::LoginRefused(code) => ("error", format!("the login was refused with {code}")),
        DisconnectReason::Replaced => ("info", "the new connection has taken over".to_owned()),
        DisconnectReason::Closed => ("info", "closed".to_owned()),
        DisconnectReason::Idle => ("info", "closed, nothing is subscribed".to_owned()),
    };
    StreamEvent::new("disconnected", level, message)
}
