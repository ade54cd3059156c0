//! The commands of one instrument.

use std::collections::VecDeque;

use super::{Command, CommandKind};

#[derive(Debug)]
pub(super) struct Waiting<T> {
    pub seq: u64,
    pub since_ns: u64,
    pub command: Command<T>,
}

#[derive(Debug)]
pub(super) struct Lane<T> {
    waiting: VecDeque<Waiting<T>>,
}

impl<T> Default for Lane<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new() }
    }
}

impl<T> Lane<T> {
    pub fn push(&mut self, waiting: Waiting<T>) {
        self.waiting.push_back(waiting);
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn oldest_ns(&self) -> Option<u64> {
        self.waiting.front().map(|w| w.since_ns)
    }

    pub fn get(&self, place: usize) -> Option<&Command<T>> {
        self.waiting.get(place).map(|w| &w.command)
    }

    pub fn take(&mut self, place: usize) -> Option<Command<T>> {
        self.waiting.remove(place).map(|w| w.command)
    }

    /// The head, and the first cancellation behind it that concerns no order for which something waits before it.
    pub fn candidates(&self) -> impl Iterator<Item = (u64, usize)> {
        let head = self.waiting.front().map(|w| (w.seq, 0));
        let is_cancel = |w: &Waiting<T>| w.command.kind == CommandKind::Cancel;
        let passes = |place: usize| {
            let ids = &self.waiting[place].command.cl_ord_ids;
            let mut before = self.waiting.iter().take(place);
            !before.any(|w| w.command.cl_ord_ids.iter().any(|id| ids.contains(id)))
        };
        let head_waits_too = self.waiting.front().is_some_and(is_cancel);
        let passing = (1..self.waiting.len())
            .filter(|_| !head_waits_too)
            .find(|place| is_cancel(&self.waiting[*place]) && passes(*place))
            .map(|place| (self.waiting[place].seq, place));
        head.into_iter().chain(passing)
    }

    pub fn remove(&mut self, is_due: impl Fn(&Waiting<T>) -> bool) -> Vec<Waiting<T>> {
        let (gone, kept): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(|w| is_due(w));
        self.waiting = kept.into();
        gone
    }
}
