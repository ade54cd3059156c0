//! The parameters of a request: strings, which may also come as JSON numbers and booleans.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{num::Num, refusal::Refusal};

/// A request's parameters, looked at by name.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(pub &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The text of a parameter; empty if it is absent, `null`, a list or an object.
    #[must_use]
    pub fn text(self, name: &str) -> Cow<'a, str> {
        match self.0.get(name) {
            Some(Value::String(text)) => Cow::Borrowed(text),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Cow::Owned(value.to_string()),
            _ => Cow::Borrowed(""),
        }
    }

    /// Whether the parameter says something.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// The text of a parameter that has to be there.
    ///
    /// # Errors
    ///
    /// 50014 if it is not.
    pub fn need(self, name: &str) -> Result<Cow<'a, str>, Refusal> {
        let text = self.text(name);
        if text.is_empty() { Err(Refusal::missing(name)) } else { Ok(text) }
    }

    /// One of an enumeration's words.
    ///
    /// # Errors
    ///
    /// 51000 for any other word; `None` if there is none.
    pub fn word<T>(self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        read(&text).map(Some).ok_or_else(|| Refusal::parameter(name))
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// 51000 for anything else; `None` if there is none.
    pub fn number(self, name: &str) -> Result<Option<Num>, Refusal> {
        self.word(name, Num::parse)
    }

    /// A boolean; absent ones are false.
    ///
    /// # Errors
    ///
    /// 51000 for anything else.
    pub fn flag(self, name: &str) -> Result<bool, Refusal> {
        match &*self.text(name) {
            "" | "false" => Ok(false),
            "true" => Ok(true),
            _ => Err(Refusal::parameter(name)),
        }
    }

    /// A name the client chose: so many letters and digits at most.
    ///
    /// # Errors
    ///
    /// 51000 for anything else; empty if there is none.
    pub fn name(self, name: &str, most: usize) -> Result<String, Refusal> {
        let text = self.text(name);
        if text.len() > most || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Refusal::parameter(name));
        }
        Ok(text.into_owned())
    }

    /// The objects of a list; empty if there is none.
    ///
    /// # Errors
    ///
    /// 51000 if it is no list of objects.
    pub fn list(self, name: &str) -> Result<Vec<Fields<'a>>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(text)) if text.is_empty() => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_object().map(Fields).ok_or_else(|| Refusal::parameter(name)))
                .collect(),
            Some(_) => Err(Refusal::parameter(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_read_in_either_form() {
        let value = json!({"sz": 1.5, "px": "2", "reduceOnly": true, "clOrdId": "a-b", "n": null, "l": [{}], "m": [1], "e": ""});
        let fields = Fields(value.as_object().expect("object"));
        assert_eq!(fields.number("sz").ok().flatten(), Some(Num::of("1.5")));
        assert_eq!(fields.number("px").ok().flatten(), Some(Num::of("2")));
        assert_eq!(fields.flag("reduceOnly").ok(), Some(true));
        assert_eq!(fields.flag("other").ok(), Some(false));
        assert_eq!(fields.name("clOrdId", 32).expect_err("a hyphen").code, 51_000);
        assert_eq!(fields.need("n").expect_err("null").code, 50_014);
        assert_eq!(fields.list("l").expect("a list").len(), 1);
        assert_eq!(fields.list("e").expect("nothing").len(), 0);
        assert!(fields.list("m").is_err() && fields.list("px").is_err());
    }
}
