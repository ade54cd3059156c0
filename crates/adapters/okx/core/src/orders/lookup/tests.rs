//! Lookups without a venue: what is asked, and what becomes of the answers.

mod corpus;
mod hostile;
mod walks;

use okx_http::HttpError;
use serde_json::{Value, json};

use super::{Answer, Lookup, LookupConfig, Part};
use crate::orders::tracker::Ask;

/// A question whose requests are answered by the test.
struct Bench {
    lookup: Lookup,
    open: Vec<(Part, String)>,
}

impl Bench {
    fn new(ask: &Ask, config: LookupConfig) -> Self {
        let mut bench = Self { lookup: Lookup::new(ask, config, NOW_MS), open: Vec::new() };
        bench.pull();
        bench
    }

    fn pull(&mut self) {
        while let Some((part, request)) = self.lookup.next() {
            assert!(request.is_signed() && request.is_idempotent(), "{}", request.target());
            self.open.push((part, request.target().trim_start_matches("/api/v5").to_owned()));
        }
    }

    fn targets(&self) -> Vec<&str> {
        self.open.iter().map(|(_, target)| target.as_str()).collect()
    }

    /// Answers the request whose target begins so.
    fn give(&mut self, target: &str, rows: Value) -> Option<Answer> {
        self.give_body(target, &json!({"code": "0", "msg": "", "data": rows}).to_string())
    }

    fn give_body(&mut self, target: &str, body: &str) -> Option<Answer> {
        let part = self.open_part(target);
        let answer = self.lookup.take(part, Ok(body.as_bytes()));
        self.pull();
        answer
    }

    fn fail(&mut self, target: &str, error: &HttpError) -> Option<Answer> {
        let part = self.open_part(target);
        let answer = self.lookup.take(part, Err(error));
        self.pull();
        answer
    }

    fn open_part(&mut self, target: &str) -> Part {
        let at = self.open.iter().position(|(_, open)| open.starts_with(target));
        self.open.remove(at.unwrap_or_else(|| panic!("{target} is not among {:?}", self.targets()))).0
    }

    /// Answers all requests with an empty list, as long as there are any.
    fn give_nothing(&mut self) -> Option<Answer> {
        while let Some((_, target)) = self.open.first().cloned() {
            let answer = self.give(&target, json!([]));
            if answer.is_some() {
                return answer;
            }
        }
        None
    }
}

const NOW_MS: u64 = 1_795_000_000_000;
