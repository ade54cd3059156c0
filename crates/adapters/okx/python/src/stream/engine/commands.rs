//! What the user wants.

use okx_common::{clock::Now, hosts::UrlKind, ids::InstId};
use okx_core::choice::book_channel;
use okx_ws::{Channel, Topic, session::Input};

use super::{Act, Engine, Wait, Waiting};
use crate::{
    errors::{Class, Failure},
    stream::{
        item::{Sink, Ticket},
        route::{Conventions, Route, User},
        shared::{LINES, line_of},
        spec::{Slot, Spec},
    },
};

/// Instrument of dict subscriptions, which have none.
const NO_INSTRUMENT: &str = "";

/// What the user wants.
#[derive(Debug)]
pub enum Command {
    /// Open the public socket; answered when it is open.
    Connect {
        /// Who waits.
        ticket: Ticket,
        /// How long, ns.
        wait_ns: u64,
    },
    /// Close everything.
    Close,
    /// Drop and rebuild a socket.
    Reconnect(UrlKind),
    /// An instrument, or its new precisions.
    Register(Box<Spec>),
    /// Subscribe a topic.
    Subscribe {
        /// Who waits.
        ticket: Ticket,
        /// The wish.
        user: User,
        /// The topic.
        topic: Topic,
        /// For greeks.
        conventions: Conventions,
    },
    /// Subscribe a book, on the channel that suits the account.
    SubscribeBook {
        /// Who waits.
        ticket: Ticket,
        /// The instrument.
        slot: Slot,
        /// The top only.
        is_depth10: bool,
        /// Levels a side, 0 for all.
        depth: u32,
        /// The channel, instead of the one that suits.
        channel: Option<Channel>,
    },
    /// Unsubscribe a wish; for dicts with the topic.
    Unsubscribe {
        /// Who waits.
        ticket: Ticket,
        /// The wish.
        user: User,
        /// The topic, for dicts.
        topic: Option<Topic>,
    },
}

impl Engine {
    /// Does what the user wants.
    pub fn command(&mut self, command: Command, now: Now, sink: &mut impl Sink) {
        self.is_timer_stale = true;
        match command {
            Command::Connect { ticket, wait_ns } => {
                if self.lines[0].session.link().is_some() {
                    sink.answer(ticket, Ok(None));
                    return;
                }
                let deadline_ns = now.mono_ns.saturating_add(wait_ns);
                self.waiting.push(Waiting { ticket, deadline_ns, what: Wait::Open });
                self.lines[0].is_asked = true;
                self.tell(0, Input::Open, now, sink);
            }
            Command::Close => {
                for line in 0..LINES.len() {
                    self.lines[line].is_asked = false;
                    self.tell(line, Input::Close, now, sink);
                }
                let closed = || Err(Failure::new(Class::Connection, "closed", "the stream was closed"));
                self.answer_all(sink, |_| true, closed);
            }
            Command::Reconnect(kind) => {
                if let Some(line) = line_of(kind) {
                    self.acts.push_back(Act::Drop(line));
                }
            }
            Command::Register(spec) => {
                let slot = spec.slot as usize;
                if self.instruments.len() <= slot {
                    self.instruments.resize(slot + 1, None);
                }
                self.instruments[slot] = Some(*spec);
            }
            Command::Subscribe { ticket, user, topic, conventions } => {
                self.subscribe(ticket, user, topic, conventions, now, sink);
            }
            Command::SubscribeBook { ticket, slot, is_depth10, depth, channel } => {
                self.subscribe_book(ticket, slot, is_depth10, depth, channel, now, sink);
            }
            Command::Unsubscribe { ticket, user, topic } => {
                self.unsubscribe(ticket, user, topic, now, sink);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one command")]
    fn subscribe_book(
        &mut self,
        ticket: Ticket,
        slot: Slot,
        is_depth10: bool,
        depth: u32,
        channel: Option<Channel>,
        now: Now,
        sink: &mut impl Sink,
    ) {
        let Some(Some(spec)) = self.instruments.get(slot as usize) else { return };
        let inst_id = spec.inst_id.clone();
        let user = if is_depth10 { User::Depth10(slot) } else { User::Deltas(slot) };
        let other = if is_depth10 { User::Deltas(slot) } else { User::Depth10(slot) };
        let channel = channel.unwrap_or_else(|| {
            // Both views of a book share a topic where that is possible: OKX forbids some pairs of channels.
            match self.uses.get(&other) {
                Some(topic) => topic.channel,
                None if is_depth10 => Channel::Books,
                None => book_channel(depth, self.options.vip_level, self.has_login),
            }
        });
        let topic = Topic::inst(channel, inst_id);
        self.subscribe(ticket, user, topic, Conventions::BOTH, now, sink);
    }

    pub(super) fn subscribe(
        &mut self,
        ticket: Ticket,
        user: User,
        topic: Topic,
        conventions: Conventions,
        now: Now,
        sink: &mut impl Sink,
    ) {
        let Some(line) = line_of(topic.url_kind()) else {
            let text = "private channels are not market data";
            sink.answer(ticket, Err(Failure::new(Class::Subscription, "config", text).topic(&topic)));
            return;
        };
        if user == User::Rows {
            *self.row_uses.entry(topic.clone()).or_default() += 1;
        } else if let Some(have) = self.uses.get(&user)
            && *have != topic
        {
            let text = format!("already subscribed from channel {}", have.channel);
            let failure = Failure::new(Class::Subscription, "config", text)
                .topic(&topic)
                .advice("unsubscribe first, to take another channel");
            sink.answer(ticket, Err(failure));
            return;
        } else {
            self.uses.insert(user, topic.clone());
        }
        self.wanted.add(topic.clone(), user);
        self.publish_topics();
        let deadline_ns = now.mono_ns.saturating_add(self.options.ack_wait_ns);
        let what = Wait::Subscribed(topic.clone(), user);
        self.waiting.push(Waiting { ticket, deadline_ns, what });

        // Wanted again before it was gone.
        self.answer_all(sink, |wait| *wait == Wait::Unsubscribed(topic.clone()), || Ok(None));
        let one = std::slice::from_ref(&topic);
        self.lines[line].session.handle(Input::Subscribe(one), now);
        if let Some(id) = self.lines[line].session.topic_id(&topic) {
            let inst_id = self.inst_id_of(user);
            let routes = &mut self.lines[line].routes;
            let at = id.0 as usize;
            if routes.len() <= at {
                routes.resize_with(at + 1, Route::default);
            }
            if routes[at].topic.as_ref() != Some(&topic) {
                routes[at] = Route::new(&topic);
            }
            let is_live = routes[at].is_live;
            if routes[at].add(user, &inst_id, conventions) {
                routes[at].resubscribing();
                self.lines[line].session.handle(Input::Resubscribe(one), now);
            }
            if is_live {
                let channel = topic.channel.to_string();
                let answer = || Ok(Some(channel.clone()));
                self.answer_all(sink, |wait| *wait == Wait::Subscribed(topic.clone(), user), answer);
            }
        }
        self.drain(line, now, sink);
    }

    fn inst_id_of(&self, user: User) -> InstId {
        let slot = match user {
            User::Deltas(slot)
            | User::Depth10(slot)
            | User::Quotes(slot)
            | User::Trades(slot)
            | User::Bars { slot, .. }
            | User::Mark(slot)
            | User::Index(slot)
            | User::Funding(slot)
            | User::Status(slot)
            | User::Greeks(slot) => slot,
            User::Rows => return InstId::new(NO_INSTRUMENT),
        };
        let spec = self.instruments.get(slot as usize).and_then(Option::as_ref);
        spec.map_or_else(|| InstId::new(NO_INSTRUMENT), |spec| spec.inst_id.clone())
    }

    fn unsubscribe(
        &mut self,
        ticket: Ticket,
        user: User,
        topic: Option<Topic>,
        now: Now,
        sink: &mut impl Sink,
    ) {
        let topic = if user == User::Rows { topic } else { self.uses.get(&user).cloned() };
        let Some(topic) = topic else {
            sink.answer(ticket, Ok(None));
            return;
        };
        let deadline_ns = now.mono_ns.saturating_add(self.options.ack_wait_ns);
        let what = Wait::Unsubscribed(topic.clone());
        self.waiting.push(Waiting { ticket, deadline_ns, what });
        if !self.release(&topic, user, now, sink) {
            // Others use it still, or nobody did.
            self.waiting.retain(|w| w.ticket != ticket);
            sink.answer(ticket, Ok(None));
        }
    }

    /// A user does not want a topic any more. True if it was the last one.
    pub(super) fn release(&mut self, topic: &Topic, user: User, now: Now, sink: &mut impl Sink) -> bool {
        if user == User::Rows {
            let Some(count) = self.row_uses.get_mut(topic) else { return false };
            *count -= 1;
            if *count > 0 {
                return false;
            }
            self.row_uses.remove(topic);
        } else {
            self.uses.remove(&user);
        }
        let gone = || Err(Failure::new(Class::Subscription, "closed", "unsubscribed meanwhile").topic(topic));
        self.answer_all(sink, |wait| *wait == Wait::Subscribed(topic.clone(), user), gone);
        let is_last = self.wanted.remove(topic, &user);
        let line = line_of(topic.url_kind()).unwrap_or(0);
        if let Some(id) = self.lines[line].session.topic_id(topic)
            && let Some(route) = self.lines[line].routes.get_mut(id.0 as usize)
        {
            route.remove(user);
            if is_last {
                *route = Route::default();
            }
        }
        if is_last {
            self.tell(line, Input::Unsubscribe(std::slice::from_ref(topic)), now, sink);
        }
        self.publish_topics();
        is_last
    }
}
