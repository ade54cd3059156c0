//! Subscribing and unsubscribing (reference 1.3, 3.4, 5.1, 5.3).

use std::{collections::BTreeSet, sync::Arc};

use okx_common::clock::Now;
use serde_json::{Map, Value};

use super::{
    Exchange,
    deliver::{Frame, data_frame},
    inbound::Request,
};
use crate::{
    channel::{self, Channel},
    fault::Class,
    link::ConnNo,
    market::PushKind,
    topic::Topic,
    wire,
};

impl Exchange {
    /// One ack or error per argument, in their order.
    pub(super) fn subscribe(&mut self, no: ConnNo, request: &Request<'_>, now: Now) {
        for arg in &request.args {
            let topic = Topic::read(arg);
            match self.check_topic(no, arg, &topic) {
                Ok(channel) => self.accept(no, request, Arc::new(topic), channel, now),
                Err(code) => self.refuse_topic(no, request, &topic, code, now),
            }
        }
    }

    pub(super) fn unsubscribe(&mut self, no: ConnNo, request: &Request<'_>, now: Now) {
        for arg in &request.args {
            let topic = Topic::read(arg);
            let Some(conn) = self.conns.get_mut(&no) else { return };
            if channel::lookup(&topic.channel).is_none_or(|c| c.url != conn.kind) {
                self.refuse_topic(no, request, &topic, 60018, now);
                continue;
            }
            let topic = Arc::new(topic);
            if conn.topics.remove(&topic) {
                conn.seq_shift.remove(&topic);
                self.drop_subscriber(&topic, no);
            }
            self.ack(no, request, &topic, now);
        }
    }

    fn refuse_topic(&mut self, no: ConnNo, request: &Request<'_>, topic: &Topic, code: u32, now: Now) {
        match code {
            60018 => self.refuse(no, request, code, &wire::wrong_channel(topic), now),
            60012 => self.refuse(no, request, code, &wire::invalid_request(request.text), now),
            _ => self.refuse(no, request, code, wire::words(code), now),
        }
    }

    fn check_topic(&self, no: ConnNo, arg: &Map<String, Value>, topic: &Topic) -> Result<Channel, u32> {
        let conn = self.conns.get(&no).ok_or(60012u32)?;
        if topic.channel.is_empty() {
            return Err(60012);
        }
        if arg.contains_key("uly") {
            return Err(64000);
        }
        let channel = channel::lookup(&topic.channel).ok_or(60018u32)?;
        // Reference 1.3. The codes 64001 and 64002 stand in the list of codes only.
        if channel.url != conn.kind {
            return Err(60018);
        }
        let account = conn.user.and_then(|u| self.config.accounts.get(u.account));
        if channel.login && account.is_none() {
            return Err(60011);
        }
        if account.is_some_and(|a| a.vip < channel.vip) {
            return Err(64003);
        }
        if !channel.accepts(topic) || (channel.market && !self.market.knows(topic)) {
            return Err(60018);
        }
        let held = conn.topics.iter().filter(|t| t.inst_id == topic.inst_id);
        if held.into_iter().any(|t| channel::conflict(&t.channel, &topic.channel)) {
            return Err(64004);
        }
        Ok(channel)
    }

    fn accept(&mut self, no: ConnNo, request: &Request<'_>, topic: Arc<Topic>, channel: Channel, now: Now) {
        let over =
            channel.counted && self.holders(no, &topic.channel) > self.config.limits.channel_connections;
        self.ack(no, request, &topic, now);
        if channel.counted {
            let count = self.holders(no, &topic.channel);
            let Some(conn) = self.conns.get(&no) else { return };
            let shown = if over { self.config.limits.channel_connections } else { count };
            let text = wire::conn_count(over, &topic.channel, shown, &conn.conn_id);
            self.emit(no, Frame::new(Class::ConnCount, text).on(&topic), now);
        }
        let Some(conn) = self.conns.get_mut(&no).filter(|_| !over) else { return };
        let user = conn.user;
        if !conn.topics.insert(topic.clone()) {
            return;
        }
        if !channel.market {
            return self.greet(no, user, &topic, now);
        }
        let holders: &mut BTreeSet<ConnNo> = self.subscribers.entry(topic.clone()).or_default();
        if holders.is_empty() {
            self.market.start(&topic);
        }
        holders.insert(no);
        for frame in self.market.snapshot(&topic) {
            self.emit(no, data_frame(&topic, PushKind::Snapshot, frame), now);
        }
    }

    fn ack(&mut self, no: ConnNo, request: &Request<'_>, topic: &Arc<Topic>, now: Now) {
        let Some(conn) = self.conns.get(&no) else { return };
        let text = wire::ack(&request.id, &request.op, topic, &conn.conn_id);
        self.emit(no, Frame::new(Class::Ack, text).on(topic).answering(&request.op, &request.id), now);
    }

    /// Connections of the same account that hold the channel, this one counted in.
    fn holders(&self, no: ConnNo, name: &str) -> usize {
        let Some(user) = self.conns.get(&no).and_then(|c| c.user) else { return 0 };
        let same = |c: &super::Conn| c.user.is_some_and(|u| u.account == user.account);
        let holds = |c: &super::Conn| c.topics.iter().any(|t| t.channel == name);
        self.conns.iter().filter(|(other, c)| **other == no || (same(c) && holds(c))).count()
    }
}
