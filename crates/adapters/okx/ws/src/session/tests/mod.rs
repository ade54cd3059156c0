//! The session in virtual time, against a peer that the tests play.

mod connecting;
mod faults;
mod handover;
mod subscriptions;

use okx_common::{
    clock::{NANOS_PER_MILLI, Now},
    credentials::Credentials,
    hosts::UrlKind,
    rng::SeededRng,
};

use super::*;
use crate::{channel::Channel, decode::Decoder, topic::Topic};

/// A session, its clock, and what it has put out.
pub(super) struct Bench {
    pub session: Session,
    pub decoder: Decoder,
    pub now: Now,
    pub connects: Vec<(u64, LinkId)>,
    pub sent: Vec<(LinkId, String)>,
    pub closed: Vec<LinkId>,
    pub events: Vec<Event>,
}

impl Bench {
    pub fn new(config: SessionConfig) -> Self {
        Self {
            session: Session::new(config, Box::new(SeededRng::new(1))),
            decoder: Decoder::new(),
            now: Now::new(1_000 * NANOS_PER_MILLI, 1_700_000_000_000 * NANOS_PER_MILLI),
            connects: Vec::new(),
            sent: Vec::new(),
            closed: Vec::new(),
            events: Vec::new(),
        }
    }

    pub fn public() -> Self {
        Self::new(SessionConfig::new(UrlKind::Public))
    }

    pub fn private() -> Self {
        Self::new(SessionConfig::new(UrlKind::Private).with_credentials(keys()))
    }

    pub fn input(&mut self, input: Input<'_>) {
        self.session.handle(input, self.now);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Connect(link) => self.connects.push((self.now.mono_ns / NANOS_PER_MILLI, link)),
                Output::Transmit(link, text) => {
                    self.sent.push((link, String::from_utf8(text.to_vec()).unwrap()))
                }
                Output::Close(link, _) => self.closed.push(link),
                Output::Event(event) => self.events.push(event),
            }
        }
    }

    /// Lets time pass, delivering each timeout when it is due.
    pub fn pass_ms(&mut self, ms: u64) {
        let end = self.now.plus_ns(ms * NANOS_PER_MILLI);
        for _ in 0..100_000 {
            match self.session.next_timeout() {
                Some(at) if at <= end.mono_ns => {
                    self.now = self.now.plus_ns(at.saturating_sub(self.now.mono_ns));
                    self.input(Input::Timeout);
                }
                _ => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("the session asks for one timeout after the other");
    }

    /// Lets time pass until the next connection is asked for; at most this long.
    pub fn pass_until_connect(&mut self, seconds_max: u64) -> Option<LinkId> {
        let before = self.connects.len();
        for _ in 0..seconds_max * 10 {
            if self.connects.len() > before {
                return self.connects.last().map(|c| c.1);
            }
            self.pass_ms(100);
        }
        None
    }

    /// A frame; says whether it came through as data, and of which generation.
    pub fn frame(&mut self, link: LinkId, text: &str) -> Option<u64> {
        let generation = match self.session.handle_frame(&mut self.decoder, link, text.as_bytes(), self.now) {
            Ok(Incoming::Data { generation, .. }) => Some(generation.0),
            Ok(_) => None,
            Err(error) => panic!("{error}"),
        };
        self.drain();
        generation
    }

    pub fn wants(&mut self, topics: &[Topic]) {
        self.input(Input::Subscribe(topics));
    }

    /// Opens the link that was asked for last.
    pub fn accept(&mut self) -> LinkId {
        let link = self.connects.last().expect("no connection was asked for").1;
        self.input(Input::Connected(link));
        link
    }

    /// Answers all requests of a link that are not answered yet.
    pub fn ack_all(&mut self, link: LinkId) {
        for (to, text) in std::mem::take(&mut self.sent) {
            if to == link && text != "ping" {
                self.ack(link, &text);
            }
        }
    }

    pub fn ack(&mut self, link: LinkId, request: &str) {
        let request: Request = serde_json::from_str(request).unwrap();
        if request.op == "login" {
            self.frame(link, r#"{"event":"login","code":"0","msg":"","connId":"a"}"#);
            return;
        }
        for arg in &request.args {
            let text = format!(
                r#"{{"id":"{}","event":"{}","arg":{},"connId":"a"}}"#,
                request.id,
                request.op,
                arg.get()
            );
            self.frame(link, &text);
        }
    }

    /// Connects, logs in where asked to, subscribes.
    pub fn up(&mut self, topics: &[Topic]) -> LinkId {
        self.wants(topics);
        self.input(Input::Open);
        let link = self.accept();
        for _ in 0..3 {
            self.ack_all(link);
            self.pass_ms(100);
        }
        link
    }

    pub fn requests(&self) -> Vec<Request> {
        self.sent.iter().filter_map(|(_, text)| serde_json::from_str(text).ok()).collect()
    }

    pub fn has_event(&self, is_it: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(is_it)
    }
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Request {
    #[serde(default)]
    pub id: String,
    pub op: String,
    pub args: Vec<Box<serde_json::value::RawValue>>,
}

pub(super) fn keys() -> Credentials {
    Credentials::new("key", "secret", "phrase").unwrap()
}

pub(super) fn books(inst_id: &str) -> Topic {
    Topic::inst(Channel::Books, inst_id)
}

pub(super) fn trades(inst_id: &str) -> Topic {
    Topic::inst(Channel::Trades, inst_id)
}

pub(super) fn book_push(inst_id: &str) -> String {
    format!(
        r#"{{"arg":{{"channel":"books","instId":"{inst_id}"}},"action":"snapshot","data":[{{"asks":[],"bids":[],"ts":"1","seqId":1,"prevSeqId":-1}}]}}"#
    )
}

pub(super) fn trade_push(inst_id: &str) -> String {
    format!(
        r#"{{"arg":{{"channel":"trades","instId":"{inst_id}"}},"data":[{{"instId":"{inst_id}","tradeId":"1","px":"1","sz":"1","side":"buy","ts":"1"}}]}}"#
    )
}

pub(super) fn error(id: &str, code: u32, msg: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(r#"{{{id}"event":"error","code":"{code}","msg":"{msg}","connId":"a"}}"#)
}
