//! The answer to a trading request: code, words and items (reference 0.1, 4.4, 6).

use serde_json::{Value, json};

use super::{
    refusal::{Refusal, words},
    row::Row,
};

/// What a trading request is answered with.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status over REST.
    pub status: u16,
    /// `code`.
    pub code: u32,
    /// `msg`.
    pub msg: String,
    /// `data`.
    pub data: Value,
    /// It carries `inTime` and `outTime`.
    pub timed: bool,
}

impl Answer {
    /// Rows.
    #[must_use]
    pub const fn rows(data: Value) -> Self {
        Self { status: 200, code: 0, msg: String::new(), data, timed: false }
    }

    /// A refusal of the whole request.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> Self {
        Self {
            status: refusal.http(),
            code: refusal.code,
            msg: refusal.msg.clone(),
            data: json!([]),
            timed: false,
        }
    }

    /// Items with codes of their own: 0 if all went well, 1 if none did, 2 otherwise.
    #[must_use]
    pub fn items(items: Vec<(bool, Value)>, batch: bool) -> Self {
        let (good, all) = (items.iter().filter(|(ok, _)| *ok).count(), items.len());
        let code = match good {
            n if n == all => 0,
            0 => 1,
            _ if batch => 2,
            _ => 1,
        };
        let data = Value::Array(items.into_iter().map(|(_, row)| row).collect());
        Self { status: 200, code, msg: words(code).to_owned(), data, timed: true }
    }

    /// The body of a REST answer. Times are microseconds.
    #[must_use]
    pub fn body(&self, time_us: u64) -> String {
        let (msg, data) = (Value::from(self.msg.as_str()), &self.data);
        if self.timed {
            return format!(
                r#"{{"code":"{}","data":{data},"inTime":"{time_us}","msg":{msg},"outTime":"{time_us}"}}"#,
                self.code
            );
        }
        format!(r#"{{"code":"{}","data":{data},"msg":{msg}}}"#, self.code)
    }
}

/// Adds the outcome of an item to its row.
#[must_use]
pub fn outcome(row: Row, done: Result<&str, &Refusal>) -> (bool, Row) {
    match done {
        Ok(words) => (true, row.put("sCode", "0").put("sMsg", words)),
        Err(refusal) => (false, row.put("sCode", refusal.code).put("sMsg", &refusal.msg)),
    }
}
