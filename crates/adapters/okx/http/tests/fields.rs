//! Every field of every captured answer, one after the other, in all the forms in which a field may come: `""`, `null`, not at all,
//! a number for a string and back, a word that nobody knows.

use std::{collections::BTreeSet, fs, path::Path};

use okx_http::decode_body;
use okx_sim::splice;
use serde_json::Value;

/// Fields whose absence may be read as a zero, and why.
const MAY_BE_ZERO: &[(&str, &str)] = &[];

/// A field of a captured answer.
struct Field<'a> {
    folder: &'a str,
    body: &'a [u8],
    /// `data/0/px`.
    path: String,
    /// The value, as it is written.
    raw: &'a str,
}

impl Field<'_> {
    fn set(&self, raw: &str) -> Vec<u8> {
        splice::set(self.body, &self.path, raw.as_bytes()).unwrap()
    }

    fn about(&self) -> String {
        format!("{} of {}, here {}", self.path, self.folder, self.raw)
    }

    /// Whether it has no key of its own: an item of a list, or of a map by numbers or by currencies.
    fn is_in_list(&self) -> bool {
        self.path.starts_with("data/0/prices/")
            || self.path.rsplit('/').next().is_some_and(|last| last.parse::<f64>().is_ok())
    }

    /// What is made of the answer with another value in place of the field's: whether it was read, how much of it, and the row.
    fn told(&self, body: &[u8]) -> (bool, usize, Option<Value>) {
        let report = decode_body(None, Some(self.folder), body);
        (report.ok, report.items, report.first_row)
    }
}

fn kind(path: &str) -> String {
    let parts: Vec<_> =
        path.split('/').map(|part| if part.parse::<usize>().is_ok() { "*" } else { part }).collect();
    // The columns of rows that are lists have a meaning each.
    match (path.rsplit('/').next(), parts.len()) {
        (Some(last), 3..) if last.parse::<usize>().is_ok() => {
            format!("{}/{last}", parts[..parts.len() - 1].join("/"))
        }
        _ => parts.join("/"),
    }
}

/// Calls the judge with every field of every captured answer; of an answer's rows with those of the first one.
fn each_field(mut judge: impl FnMut(&Field<'_>)) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/rest");
    let mut count = 0;
    for folder in fs::read_dir(corpus).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if name == "_errors" {
            continue;
        }
        for file in fs::read_dir(&folder).unwrap() {
            let body = first_row_only(fs::read(file.unwrap().path()).unwrap());
            let mut kinds = BTreeSet::new();
            for path in splice::scalar_paths(&body).into_iter().filter(|path| path.starts_with("data/")) {
                if kinds.insert(kind(&path)) {
                    let raw = std::str::from_utf8(&body[splice::find(&body, &path).unwrap()]).unwrap();
                    judge(&Field { folder: &name, body: &body, path, raw });
                    count += 1;
                }
            }
        }
    }
    assert!(count > 3_500, "the corpus is missing: {count}");
}

/// The answer with its first row alone: the others are of the same form.
fn first_row_only(body: Vec<u8>) -> Vec<u8> {
    match splice::find(&body, "data/0") {
        Some(row) => splice::set(&body, "data", &[b"[", &body[row], b"]"].concat()).unwrap(),
        None => body,
    }
}

/// F83, F84: `""`, `null` and a missing key are one and the same, and not a zero.
#[test]
fn absent_is_absent_in_all_forms_and_is_no_zero() {
    let mut wrong = Vec::new();
    each_field(|field| {
        let absent = field.told(&field.set("\"\""));
        if absent != field.told(&field.set("null")) {
            wrong.push(format!("null: {}", field.about()));
        }
        if !field.is_in_list() && absent != field.told(&splice::remove(field.body, &field.path).unwrap()) {
            wrong.push(format!("missing: {}", field.about()));
        }
        let is_number = field.raw.trim_matches('"').parse::<f64>().is_ok();
        let is_read = || field.told(&field.set("\"7\"")) != field.told(&field.set("\"8\""));
        let may_be_zero = MAY_BE_ZERO.iter().any(|(path, _)| *path == kind(&field.path));
        if is_number && !may_be_zero && is_read() && absent == field.told(&field.set("\"0\"")) {
            wrong.push(format!("zero: {}", field.about()));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// F84: a number may come as a string, and what is a string elsewhere as a number, with all of its digits.
#[test]
fn numbers_for_strings_and_back_change_nothing() {
    let (mut swapped, mut wrong) = (0, Vec::new());
    each_field(|field| {
        let inner = field.raw.trim_matches('"');
        let other = match field.raw.starts_with('"') {
            true if serde_json::from_str::<serde_json::Number>(inner).is_ok() => inner.to_owned(),
            true => return,
            false if field.raw == "null" => return,
            false => format!("\"{inner}\""),
        };
        if field.told(field.body) != field.told(&field.set(&other)) {
            wrong.push(field.about());
        }
        swapped += 1;
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(swapped > 1_500, "{swapped}");
}

/// F85, F86: a word that nobody knows costs its row at most, and what is left out is named.
#[test]
fn an_unknown_word_costs_its_row_at_most() {
    let mut wrong = Vec::new();
    each_field(|field| {
        if !field.path.starts_with("data/0/") {
            return;
        }
        let row =
            |body: &[u8]| String::from_utf8(body[splice::find(body, "data/0").unwrap()].to_vec()).unwrap();
        let (good, odd) = (row(field.body), row(&field.set("\"sideways\"")));
        let body = splice::set(field.body, "data", format!("[{good},{odd},{good}]").as_bytes()).unwrap();
        let report = decode_body(None, Some(field.folder), &body);
        let is_in_place = report.error.as_ref().is_none_or(|error| error.starts_with("data[1]"));
        if report.items != if report.ok { 3 } else { 2 } || !is_in_place {
            wrong.push(format!("{}: {} kept, {:?}", field.about(), report.items, report.error));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
