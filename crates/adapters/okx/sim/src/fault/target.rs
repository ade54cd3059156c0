//! Which frames and requests a fault applies to.

use serde::{Deserialize, Serialize};

use crate::link::{ConnNo, Link};

/// What kind of thing passes the fault layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A WebSocket connection being opened (its HTTP upgrade).
    Open,
    /// A message or REST request of the client, before it is carried out.
    Request,
    /// The acknowledgement of a subscribe or unsubscribe.
    Ack,
    /// An `event:"error"` frame.
    Error,
    /// The acknowledgement of a login.
    Login,
    /// `event:"notice"`.
    Notice,
    /// `channel-conn-count` and `channel-conn-count-error`.
    ConnCount,
    /// The answer to an order operation.
    OpReply,
    /// The text `pong`.
    Pong,
    /// Any data frame.
    Push,
    /// A data frame with `action:"snapshot"`, or the first one after a subscribe.
    Snapshot,
    /// Any other data frame.
    Update,
    /// The answer to a REST request.
    Body,
}

/// One frame or request on its way, as the fault layer sees it. Absent properties are empty.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its kind.
    pub class: Class,
    /// Where it travels.
    pub link: Link,
    /// Its connection; none for REST.
    pub conn: Option<ConnNo>,
    /// The user it belongs to, if logged in or signed.
    pub uid: &'a str,
    /// `arg.channel`.
    pub channel: &'a str,
    /// `arg.instId`, else `arg.instFamily`, `arg.instType` or `arg.sprdId`; for REST the query's `instId`.
    pub inst_id: &'a str,
    /// `op` of the request it is or answers.
    pub op: &'a str,
    /// `id` of the request it is or answers.
    pub id: &'a str,
    /// REST path without `/api/v5`.
    pub path: &'a str,
    /// REST method.
    pub method: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// Conditions on a [`Subject`]; absent ones hold always.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// The kind; `push` holds for snapshots and updates.
    pub class: Option<Class>,
    /// The URL.
    pub link: Option<Link>,
    /// The connection, by its number in the order of opening.
    pub conn: Option<ConnNo>,
    /// The user.
    pub uid: Option<String>,
    /// The channel; a trailing `*` stands for any rest.
    pub channel: Option<String>,
    /// The instrument (or family, type, spread) of the topic.
    pub inst_id: Option<String>,
    /// The operation.
    pub op: Option<String>,
    /// The request id.
    pub id: Option<String>,
    /// The REST path without `/api/v5`; a trailing `*` stands for any rest.
    pub path: Option<String>,
    /// The REST method.
    pub method: Option<String>,
    /// Text that must occur in the bytes.
    pub contains: Option<String>,
}

impl Target {
    /// Whether all conditions hold.
    #[must_use]
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        let same = |want: &Option<String>, have: &str| want.as_deref().is_none_or(|w| pattern(w, have));
        self.class.is_none_or(|class| class_holds(class, subject.class))
            && self.connection(subject.link, subject.conn, subject.uid)
            && same(&self.channel, subject.channel)
            && same(&self.inst_id, subject.inst_id)
            && same(&self.op, subject.op)
            && same(&self.id, subject.id)
            && same(&self.path, subject.path)
            && same(&self.method, subject.method)
            && self.contains.as_deref().is_none_or(|text| contains(subject.bytes, text.as_bytes()))
    }

    /// Whether the conditions on the connection hold, leaving those on the frame aside.
    #[must_use]
    pub fn connection(&self, link: Link, conn: Option<ConnNo>, uid: &str) -> bool {
        self.link.is_none_or(|l| l == link)
            && self.conn.is_none_or(|c| Some(c) == conn)
            && self.uid.as_deref().is_none_or(|u| u == uid)
    }
}

fn class_holds(want: Class, have: Class) -> bool {
    want == have || (want == Class::Push && matches!(have, Class::Snapshot | Class::Update))
}

fn pattern(want: &str, have: &str) -> bool {
    want.strip_suffix('*').map_or(want == have, |start| have.starts_with(start))
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    text.is_empty() || bytes.windows(text.len()).any(|w| w == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_joined() {
        let subject = Subject {
            class: Class::Update,
            link: Link::Public,
            conn: Some(ConnNo(2)),
            uid: "",
            channel: "candle1m",
            inst_id: "BTC-USDT",
            op: "",
            id: "",
            path: "",
            method: "",
            bytes: b"{\"seqId\":7}",
        };
        let holds = |json: &str| serde_json::from_str::<Target>(json).expect(json).matches(&subject);
        assert!(holds("{}"));
        assert!(holds(
            r#"{"class":"push","channel":"candle*","instId":"BTC-USDT","conn":2,"link":"public"}"#
        ));
        assert!(holds(r#"{"contains":"seqId"}"#));
        for other in [
            r#"{"class":"snapshot"}"#,
            r#"{"channel":"candle"}"#,
            r#"{"conn":1}"#,
            r#"{"link":"rest"}"#,
            r#"{"contains":"x"}"#,
        ] {
            assert!(!holds(other), "{other}");
        }
    }
}
