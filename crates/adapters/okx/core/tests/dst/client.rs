//! The client: session, decoder, book synchronisation, and a consumer that knows only the changes handed on.

use std::collections::{BTreeMap, BTreeSet};

use okx_common::{clock::Now, decimal::Decimal, hosts::UrlKind, rng::SeededRng};
use okx_core::book::{BookSide, BookSync, Change, ChangeAction, F_LAST, Verdict, changes};
use okx_ws::{
    Channel, Decoder, Payload, Topic,
    message::BookMsg,
    session::{DisconnectReason, Event, Generation, Incoming, Input, LinkId, Output, Session, SessionConfig},
};

use crate::{
    market::Levels,
    run::{Broken, Outcome},
};

/// A mistake built in on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// Hands updates on whatever their sequence says.
    IgnoresGaps,
    /// Takes late updates of an old subscription for new ones.
    IgnoresGenerations,
    /// Reports a gap and leaves it at that.
    NeverAsksAgain,
}

pub struct Client {
    pub session: Session,
    decoder: Decoder,
    books: BTreeMap<String, BookSync>,
    /// What a consumer has built from the changes alone; `None` before the first snapshot.
    pub views: BTreeMap<String, Option<Levels>>,
    /// What the user wants, refusals taken out.
    pub wanted: BTreeSet<String>,
    /// Wanted, worked once, and refused since: asked for again on the next link only.
    pub refused: BTreeSet<String>,
    pub outputs: Vec<Output>,
    pub outcome: Outcome,
    bug: Option<Bug>,
    pub log: Option<Vec<String>>,
}

pub fn topic(inst_id: &str) -> Topic {
    Topic::inst(Channel::Books, inst_id)
}

impl Client {
    pub fn new(rng: SeededRng, bug: Option<Bug>) -> Self {
        Self {
            session: Session::new(SessionConfig::new(UrlKind::Public), Box::new(rng)),
            decoder: Decoder::new(),
            books: BTreeMap::new(),
            views: BTreeMap::new(),
            wanted: BTreeSet::new(),
            refused: BTreeSet::new(),
            outputs: Vec::new(),
            outcome: Outcome::default(),
            bug,
            log: None,
        }
    }

    pub fn note(&mut self, now: Now, what: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            log.push(format!("{:>9.3} {}", now.mono_ns as f64 / 1e9, what()));
        }
    }

    pub fn input(&mut self, input: Input<'_>, now: Now) {
        self.session.handle(input, now);
        self.drain(now);
    }

    pub fn want(&mut self, inst_id: &str, now: Now) {
        if self.wanted.insert(inst_id.to_owned()) {
            self.books.insert(inst_id.to_owned(), BookSync::incremental());
            self.views.insert(inst_id.to_owned(), None);
            self.input(Input::Subscribe(&[topic(inst_id)]), now);
        }
    }

    pub fn unwant(&mut self, inst_id: &str, now: Now) {
        if self.wanted.remove(inst_id) {
            self.forget(inst_id);
            self.input(Input::Unsubscribe(&[topic(inst_id)]), now);
        }
    }

    fn forget(&mut self, inst_id: &str) {
        self.wanted.remove(inst_id);
        self.refused.remove(inst_id);
        self.books.remove(inst_id);
        self.views.remove(inst_id);
    }

    pub fn next_ns(&self) -> Option<u64> {
        let books = self.books.values().filter_map(BookSync::next_timeout);
        books.chain(self.session.next_timeout()).min()
    }

    pub fn timeout(&mut self, now: Now) {
        let mut again = Vec::new();
        for (inst_id, book) in &mut self.books {
            if let Some(overdue) = book.handle_timeout(now.mono_ns) {
                again.push((inst_id.clone(), overdue));
            }
        }
        for (inst_id, overdue) in again {
            self.note(now, || format!("{inst_id} {overdue:?}"));
            self.ask_again(&inst_id, now);
        }
        self.input(Input::Timeout, now);
    }

    fn ask_again(&mut self, inst_id: &str, now: Now) {
        self.outcome.asked += 1;
        if self.bug != Some(Bug::NeverAsksAgain) {
            self.input(Input::Resubscribe(&[topic(inst_id)]), now);
        }
    }

    pub fn frame(&mut self, link: LinkId, frame: &[u8], now: Now) -> Result<(), Broken> {
        let mut gaps = Vec::new();
        match self.session.handle_frame(&mut self.decoder, link, frame, now) {
            Ok(Incoming::Data { generation, data, .. }) => {
                let inst_id = data.arg.inst_id.to_string();
                let Some(book) = self.books.get_mut(&inst_id) else {
                    return Err(Broken(format!("a push of {inst_id}, which nobody wants")));
                };
                let view = self.views.entry(inst_id.clone()).or_default();
                if !data.skipped.is_empty() {
                    self.outcome.unreadable += 1;
                    if let Some(Verdict::Gap { resubscribe: true, .. }) = book.unreadable(now.mono_ns) {
                        gaps.push(inst_id.clone());
                    }
                }
                let Payload::Books(rows) = &data.payload else { return Err(Broken("not a book".to_owned())) };
                for msg in rows.iter() {
                    if take(book, view, generation, &msg, now, self.bug, &mut self.outcome)? {
                        gaps.push(inst_id.clone());
                    }
                }
            }
            Ok(Incoming::Nothing | Incoming::Stray) => {}
            Ok(Incoming::Op(op)) => return Err(Broken(format!("an answer to no request: {op:?}"))),
            Err(_) => self.outcome.unreadable += 1,
        }
        self.drain(now);
        for inst_id in gaps {
            self.note(now, || format!("{inst_id} gap"));
            self.ask_again(&inst_id, now);
        }
        Ok(())
    }

    fn drain(&mut self, now: Now) {
        while let Some(output) = self.session.poll() {
            if let Output::Event(event) = &output {
                self.note(now, || format!("{event:?}"));
                self.event(event, now);
            }
            self.outputs.push(output);
        }
    }

    fn event(&mut self, event: &Event, now: Now) {
        match event {
            Event::Subscribed { topic, generation, .. } => {
                let inst_id = topic.inst_id.as_ref().map(ToString::to_string).unwrap_or_default();
                self.refused.remove(&inst_id);
                if let Some(book) = self.books.get_mut(&inst_id) {
                    book.subscribed(*generation, now.mono_ns);
                }
            }
            Event::SubscribeFailed { topic, forgotten, .. } => {
                self.outcome.refused += 1;
                let inst_id = topic.inst_id.as_ref().map(ToString::to_string).unwrap_or_default();
                if *forgotten {
                    self.forget(&inst_id);
                } else {
                    self.refused.insert(inst_id);
                }
            }
            Event::Disconnected { reason: DisconnectReason::Replaced, .. } => self.outcome.replacements += 1,
            Event::Disconnected { .. } => self.outcome.reconnects += 1,
            _ => {}
        }
    }
}

/// Hands a push on to the consumer; true if the topic must be subscribed anew.
fn take(
    book: &mut BookSync,
    view: &mut Option<Levels>,
    generation: Generation,
    msg: &BookMsg<'_>,
    now: Now,
    bug: Option<Bug>,
    outcome: &mut Outcome,
) -> Result<bool, Broken> {
    let generation = if bug == Some(Bug::IgnoresGenerations) { Generation(1) } else { generation };
    let verdict = book.handle(generation, msg, now.mono_ns);
    let is_snapshot = match verdict {
        Verdict::Snapshot { .. } => true,
        Verdict::Update { .. } => false,
        Verdict::Gap { resubscribe, .. } => {
            outcome.gaps += 1;
            if bug != Some(Bug::IgnoresGaps) {
                return Ok(resubscribe);
            }
            false
        }
        Verdict::Ignore(_) => return Ok(false),
    };
    outcome.handed_on += 1;
    let mut is_whole = false;
    for change in changes(msg, is_snapshot) {
        is_whole = change.flags & F_LAST != 0;
        apply(view, &change)?;
    }
    if !is_whole {
        return Err(Broken("an event that does not end".to_owned()));
    }
    Ok(false)
}

fn apply(view: &mut Option<Levels>, change: &Change) -> Result<(), Broken> {
    if change.action == ChangeAction::Clear {
        *view = Some(Levels::default());
        return Ok(());
    }
    let Some((bids, asks)) = view else { return Err(Broken("a change before any snapshot".to_owned())) };
    let side = if change.side == BookSide::Buy { bids } else { asks };
    let whole = |d: Decimal| d.rescaled(0).map(|d| d.mantissa() as i64).map_err(|e| Broken(e.to_string()));
    let (px, sz) = (whole(change.px)?, whole(change.sz)?);
    if change.action == ChangeAction::Delete {
        side.remove(&px)
    } else {
        side.insert(px, sz)
    };
    Ok(())
}
