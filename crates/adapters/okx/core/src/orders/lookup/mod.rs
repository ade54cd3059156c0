//! Answers the tracker's questions by REST requests, without I/O (OKX API v5, "Order details", "Order List", "Transaction details",
//! "Algo order list").
//!
//! A [`Lookup`] says what to request and takes the bodies. Lists are read to their end; one of which a page or a row is missing is
//! a failure, since what is not on a list counts as gone. Only OKX's own word (51603, or no row) makes an order absent.
//!
//! ```text
//! while let Some((part, request)) = lookup.next() { … send … }
//! if let Some(answer) = lookup.take(part, body) { … done … } else { … next() again … }
//! ```

mod convert;
mod everything;
mod fills;
mod find;
mod list;

#[cfg(test)]
mod tests;

pub use convert::NotAFill;
pub use everything::{Balances, Everything};
pub use list::{Part, is_spread};

use okx_http::{HttpError, Request};

use super::{
    row::FillRow,
    tracker::{Ask, Found},
};
use everything::EverythingTask;
use fills::FillsTask;
use find::FindTask;

/// What belongs to a look at everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LookupConfig {
    /// Balances and positions too.
    pub account: bool,
    /// Orders and trades of spreads too.
    pub spreads: bool,
    /// From when on fills are asked for if none was seen yet, Unix ms; none are if `None`.
    pub fills_from_ms: Option<u64>,
}

/// What a question came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Ask::Order`] and [`Ask::Algo`].
    Found(Found),
    /// To [`Ask::Fills`]; why not, else.
    Fills(Result<Vec<FillRow>, String>),
    /// To [`Ask::Reconcile`]; why not, else.
    All(Result<Box<Everything>, String>),
}

/// A question on its way to an answer.
#[derive(Debug)]
pub struct Lookup {
    task: Task,
    is_over: bool,
}

#[derive(Debug)]
enum Task {
    Find(Box<FindTask>),
    Fills(Box<FillsTask>),
    Everything(Box<EverythingTask>),
}

impl Lookup {
    /// The question, asked at this time of OKX's clock, Unix ms.
    #[must_use]
    pub fn new(ask: &Ask, config: LookupConfig, now_ms: u64) -> Self {
        let task = match ask {
            Ask::Order { inst_id, by } => Task::Find(Box::new(FindTask::order(inst_id, by))),
            Ask::Algo { by, .. } => Task::Find(Box::new(FindTask::algo(by))),
            Ask::Fills { inst_id, ord_id, at_least } => {
                Task::Fills(Box::new(FillsTask::new(inst_id, ord_id, *at_least)))
            }
            Ask::Reconcile { fills_since_ms } => {
                let since = fills_since_ms.or(config.fills_from_ms);
                Task::Everything(Box::new(EverythingTask::new(config, since, now_ms)))
            }
        };
        Self { task, is_over: false }
    }

    /// A request to send; several may be under way. `None` if there is none for now.
    #[expect(clippy::should_implement_trait, reason = "more may come after `None`")]
    pub fn next(&mut self) -> Option<(Part, Request)> {
        if self.is_over {
            return None;
        }
        match &mut self.task {
            Task::Find(task) => task.next(),
            Task::Fills(task) => task.lists.next(),
            Task::Everything(task) => task.lists.next(),
        }
    }

    /// The body that answers a request, or why there is none. The answer to the question, when it is complete or has failed;
    /// what comes after that is not minded.
    pub fn take(&mut self, part: Part, body: Result<&[u8], &HttpError>) -> Option<Answer> {
        if self.is_over {
            return None;
        }
        let answer = match &mut self.task {
            Task::Find(task) => Some(Answer::Found(task.take(body))),
            Task::Fills(task) => task.take(part, body).map(Answer::Fills),
            Task::Everything(task) => task.take(part, body).map(|all| Answer::All(all.map(Box::new))),
        };
        self.is_over = answer.is_some();
        answer
    }
}
