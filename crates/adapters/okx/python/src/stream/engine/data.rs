//! Frames.

use okx_common::clock::Now;
use okx_core::{book::Overdue, latency::add};
use okx_ws::{
    DecodeError, Topic,
    message::SkippedRow,
    session::{Incoming, Input, LinkId, TopicId},
};

use super::{
    Engine,
    convert::{Context, Outcome, clear_row, convert},
};
use crate::stream::{
    item::Sink,
    note::{Level, Note},
    route::{BookRoute, Route, Target},
    shared::LINES,
};

/// What a frame came to.
enum Step {
    /// Data, and nothing else to do.
    Data,
    /// No data.
    Control,
    /// Data with consequences.
    News(Box<News>),
    Unreadable(Box<DecodeError>),
}

/// What is rare after a push: rows that could not be used, gaps.
struct News {
    id: TopicId,
    name: String,
    skipped: Vec<SkippedRow>,
    outcome: Outcome,
}

impl Engine {
    /// Takes a text frame. Says whether it held data: only then does its latency count.
    #[inline]
    pub fn frame(&mut self, line: usize, link: LinkId, frame: &[u8], now: Now, sink: &mut impl Sink) -> bool {
        add(&self.shared.lines[line].frames, 1);
        let step = self.step(line, link, frame, now, sink);
        let has_data = matches!(step, Step::Data | Step::News(_));
        match step {
            Step::Data | Step::Control => {}
            Step::News(news) => self.aftermath(line, *news, now, sink),
            Step::Unreadable(error) => self.unreadable(line, &error, sink),
        }
        self.drain(line, now, sink);
        has_data
    }

    #[inline]
    fn step(&mut self, line: usize, link: LinkId, frame: &[u8], now: Now, sink: &mut impl Sink) -> Step {
        let Self { lines, decoder, instruments, options, shared, .. } = self;
        let here = &mut lines[line];
        // Looked at where it is: a push is some hundred bytes, and each move of it a copy.
        let mut result = here.session.handle_frame(decoder, link, frame, now);
        let Ok(Incoming::Data { id, generation, data }) = &mut result else {
            return match result {
                Ok(_) => Step::Control,
                Err(error) => Step::Unreadable(Box::new(error)),
            };
        };
        let (id, generation) = (*id, *generation);
        let Some(route) = here.routes.get_mut(id.0 as usize) else {
            add(&shared.unregistered, 1);
            return Step::Control;
        };
        if route.rows {
            sink.raw_rows(&data.arg.name, frame);
        }
        let context = Context { instruments, options, generation, now };
        let outcome = convert(route, data, &context, sink);
        if data.skipped.is_empty() && matches!(outcome, Outcome::Done) {
            return Step::Data;
        }
        let (name, skipped) = (data.arg.to_string(), std::mem::take(&mut data.skipped));
        Step::News(Box::new(News { id, name, skipped, outcome }))
    }

    /// What is rare after a push: rows that could not be used, gaps.
    #[cold]
    fn aftermath(&mut self, line: usize, news: News, now: Now, sink: &mut impl Sink) {
        let News { id, name, skipped, outcome } = news;
        let name = name.as_str();
        for row in &skipped {
            let text = format!("row {} of {name} left out: {}, {}", row.index, row.reason, row.excerpt);
            self.row_skipped(name, text, sink);
        }
        let mut outcome = outcome;
        if !skipped.is_empty()
            && matches!(outcome, Outcome::Done)
            && let Some(Route { to: Target::Book(book), .. }) = self.lines[line].routes.get_mut(id.0 as usize)
        {
            // A row of changes is lost.
            let last = book.sync.seq_id();
            if let Some(verdict) = book.sync.unreadable(now.mono_ns) {
                outcome = Outcome::of(verdict, last);
            }
        }
        match outcome {
            Outcome::Done => {}
            Outcome::Skipped(reasons) => {
                for reason in reasons {
                    self.row_skipped(name, format!("row of {name} left out: {reason}"), sink);
                }
            }
            Outcome::Recovered => {
                add(&self.shared.gaps_recovered, 1);
                self.is_timer_stale = true;
                let text = format!("{name} is whole again");
                sink.note(self.about(line, id, Note::new("recovered", Level::Info, text)));
            }
            Outcome::Whole => self.is_timer_stale = true,
            Outcome::NoRoom => {
                // What is missing now breaks the book as if the venue had left it out.
                let Some(Route { to: Target::Book(book), .. }) =
                    self.lines[line].routes.get_mut(id.0 as usize)
                else {
                    return;
                };
                let last = book.sync.seq_id();
                if let Some(verdict) = book.sync.unreadable(now.mono_ns) {
                    let outcome = Outcome::of(verdict, last);
                    let news = News { id, name: name.to_owned(), skipped: Vec::new(), outcome };
                    self.aftermath(line, news, now, sink);
                }
            }
            Outcome::Gap { reason, resubscribe, last_seq_id, is_checksum } => {
                add(&self.shared.gaps_detected, 1);
                if is_checksum {
                    add(&self.shared.checksum_failures, 1);
                }
                self.is_timer_stale = true;
                let text = format!("{name} is broken: {reason}; cleared until the next snapshot");
                sink.note(self.about(line, id, Note::new("gap", Level::Warning, text)));
                self.clear_book(line, id, last_seq_id, now, sink);
                if resubscribe {
                    self.resubscribe(line, id, now, sink);
                }
            }
        }
    }

    fn about(&self, line: usize, id: TopicId, note: Note) -> Note {
        let note = note.link(LINES[line]);
        match self.lines[line].session.topic(id) {
            Some(topic) => note.topic(topic),
            None => note,
        }
    }

    fn resubscribe(&mut self, line: usize, id: TopicId, now: Now, sink: &mut impl Sink) {
        if let Some(topic) = self.lines[line].session.topic(id).cloned() {
            self.tell(line, Input::Resubscribe(&[topic]), now, sink);
        }
    }

    fn row_skipped(&mut self, name: &str, text: String, sink: &mut impl Sink) {
        add(&self.shared.rows_skipped, 1);
        if let Some(count) = self.reports.note(name) {
            let text = if count > 1 { format!("{text} ({count} so far)") } else { text };
            sink.note(Note::new("decode_error", Level::Warning, text));
        }
    }

    #[cold]
    fn unreadable(&mut self, line: usize, error: &DecodeError, sink: &mut impl Sink) {
        add(&self.shared.decode_errors, 1);
        let kind = error.channel().map_or_else(|| format!("{:?}", error.kind()), str::to_owned);
        if let Some(count) = self.reports.note(&kind) {
            let text = if count > 1 { format!("{error} ({count} so far)") } else { error.to_string() };
            sink.note(Note::new("decode_error", Level::Warning, text).link(LINES[line]));
        }
    }

    /// Books that wait for something for too long.
    pub(super) fn books_overdue(&mut self, line: usize, now: Now, sink: &mut impl Sink) {
        for at in 0..self.lines[line].routes.len() {
            let Route { to: Target::Book(book), topic: Some(topic), .. } = &mut self.lines[line].routes[at]
            else {
                continue;
            };
            let last_seq_id = book.sync.seq_id();
            let Some(overdue) = book.sync.handle_timeout(now.mono_ns) else { continue };
            let topic = topic.clone();
            let (text, is_stale) = match overdue {
                Overdue::Retry { attempts, stale } => {
                    (format!("{topic} is subscribed anew, attempt {attempts}"), stale)
                }
                Overdue::NoSnapshot { attempts, stale } => {
                    (format!("{topic}: no snapshot came; subscribing anew, attempt {attempts}"), stale)
                }
                Overdue::Silent => (format!("{topic} is silent; subscribing anew"), false),
            };
            let (kind, level) = if is_stale { ("stale", Level::Error) } else { ("stale", Level::Warning) };
            sink.note(Note::new(kind, level, text).link(LINES[line]).topic(&topic));
            if overdue == Overdue::Silent {
                add(&self.shared.gaps_detected, 1);
                self.clear_book(line, TopicId(at as u32), last_seq_id, now, sink);
            }
            self.tell(line, Input::Resubscribe(&[topic]), now, sink);
        }
    }

    /// All books of a line are out of date.
    pub(super) fn clear_books(&mut self, line: usize, now: Now, sink: &mut impl Sink) {
        for at in 0..self.lines[line].routes.len() {
            if let Target::Book(book) = &self.lines[line].routes[at].to {
                let last_seq_id = book.sync.seq_id();
                self.clear_book(line, TopicId(at as u32), last_seq_id, now, sink);
            }
        }
    }

    /// Tells the users of a book that it is empty until further notice: nobody may trade on what is out of date.
    fn clear_book(
        &mut self,
        line: usize,
        id: TopicId,
        last_seq_id: Option<i64>,
        now: Now,
        sink: &mut impl Sink,
    ) {
        let Some(Route { to: Target::Book(book), .. }) = self.lines[line].routes.get_mut(id.0 as usize)
        else {
            return;
        };
        let BookRoute { deltas, is_cleared, .. } = &mut **book;
        if std::mem::replace(is_cleared, true) {
            return;
        }
        for slot in deltas.iter() {
            let Some(Some(spec)) = self.instruments.get(*slot as usize) else { continue };
            sink.rows().push(clear_row(spec, last_seq_id, now));
            sink.deltas(*slot, true);
        }
    }

    /// The route of a topic, wherever it stands.
    pub(super) fn route_of(&mut self, line: usize, topic: &Topic) -> Option<&mut Route> {
        self.lines[line].routes.iter_mut().find(|route| route.topic.as_ref() == Some(topic))
    }

    /// A message has been handed over, so long after the read that brought it.
    #[inline]
    pub fn note_latency(&self, ns: u64) {
        self.shared.latency.note(ns);
    }

    /// Bytes came in.
    #[inline]
    pub fn received(&self, line: usize, bytes: usize) {
        add(&self.shared.lines[line].bytes, bytes as u64);
    }
}
