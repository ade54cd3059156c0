//! What may stand in source files.

use crate::tree::{File, files};

/// No file is longer, tests included.
const MAX_LINES: usize = 800;

/// Reads of the machine's clock and random generator.
const CLOCK_AND_CHANCE: &[&str] =
    &["SystemTime::now", "Instant::now", "rand::rng(", "thread_rng", "rand::random", "OsRng", "getrandom::"];

/// The only files that may contain them, or one of them, and why.
const CLOCK_AND_CHANCE_ALLOWED: &[(&str, &str)] = &[
    ("crates/adapters/okx/common/src/clock.rs", "the clock itself"),
    ("crates/adapters/okx/common/src/rng.rs", "the generator itself"),
];

/// The only folder that may contain `unsafe`: where Nautilus objects are handed over to Python as borrowed structs.
const UNSAFE_ALLOWED: &str = "crates/adapters/okx/python/src/handover";

fn rust() -> impl Iterator<Item = File> {
    files().into_iter().filter(|f| f.has_ending(&["rs"]))
}

fn rust_product() -> impl Iterator<Item = File> {
    rust().filter(|f| !f.is_test())
}

/// Every line of the product's Rust code that the rule complains about.
fn complaints(rule: impl Fn(&File, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_product() {
        let lines = file.code_lines().filter(|(_, line)| rule(&file, line));
        found.extend(lines.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    found
}

/// Whether the word stands in the line by itself.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
}

#[test]
fn files_are_not_too_long() {
    let sources = files().into_iter().filter(|f| f.has_ending(&["rs", "py", "pyi"]));
    let too_long: Vec<_> =
        sources.map(|f| (f.text.lines().count(), f.path)).filter(|(lines, _)| *lines > MAX_LINES).collect();
    assert_eq!(too_long, [], "split these files");
}

#[test]
fn clock_and_chance_are_injected() {
    let found = complaints(|file, line| {
        !CLOCK_AND_CHANCE_ALLOWED.iter().any(|(path, _)| file.path == *path)
            && CLOCK_AND_CHANCE.iter().any(|call| line.contains(call))
    });
    assert_eq!(found, [""; 0], "take okx_common::clock::Clock or okx_common::rng::Rng as an argument");
    for (path, reason) in CLOCK_AND_CHANCE_ALLOWED {
        assert!(rust().any(|f| f.path == *path), "{path} ({reason}) is gone: take it off the list");
    }
}

#[test]
fn unsafe_code_stands_in_one_place() {
    let found = complaints(|file, line| !file.path.starts_with(UNSAFE_ALLOWED) && has_word(line, "unsafe"));
    assert_eq!(found, [""; 0], "only {UNSAFE_ALLOWED} may");
}

#[test]
fn no_panics_by_unwrap() {
    let found = complaints(|_, line| line.contains(".unwrap()") || line.contains(".unwrap_err()"));
    assert_eq!(found, [""; 0], "answer an error, or prove in expect(\"…\") that it cannot happen");
}

#[test]
fn nothing_is_left_to_do() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let macros = [concat!("todo", "!("), concat!("unimplemented", "!(")];
    let sources =
        files().into_iter().filter(|f| f.has_ending(&["rs", "py", "pyi", "toml", "sh", "md", "yml", "yaml"]));
    let mut found = Vec::new();
    for file in sources {
        for (number, line) in file.text.lines().enumerate() {
            if marks.iter().any(|m| has_word(line, m)) || macros.iter().any(|m| line.contains(m)) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn no_paths_of_somebodys_machine() {
    let prefixes =
        [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/ho", "me/")];
    let is_path_start =
        |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || "_.-~*/".contains(c));
    let mut found = Vec::new();
    for file in files() {
        for (number, line) in file.text.lines().enumerate() {
            let named =
                prefixes.iter().any(|p| line.match_indices(p).any(|(at, _)| is_path_start(&line[..at])));
            if named {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert_eq!(found, [""; 0]);
}

/// OKX announced that its WebSocket would stop listening there on 2026-10-31.
#[test]
fn the_old_websocket_port_is_not_used() {
    let port = concat!(":84", "43");
    let mut found = complaints(|_, line| line.contains(port));
    for file in files().into_iter().filter(|f| f.has_ending(&["py", "pyi", "toml"]) && !f.is_test()) {
        let code = |line: &&str| !line.trim_start().starts_with('#') && line.contains(port);
        found.extend(file.text.lines().filter(code).map(|line| format!("{}: {}", file.path, line.trim())));
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn the_rules_see_what_they_look_for() {
    let text =
        "let a = 1; // Instant::now()\nlet u = \"https://x\"; b.unwrap();\n\nmod tests {\n c.unwrap();\n}";
    let file = File { path: "a/src/b.rs".to_owned(), text: text.to_owned() };
    let lines: Vec<_> = file.code_lines().collect();
    assert_eq!(lines, [(1, "let a = 1; "), (2, "let u = \"https://x\"; b.unwrap();")]);
    assert!(has_word("unsafe { }", "unsafe") && !has_word("deny(unsafe_code)", "unsafe"));
    assert!(!file.is_test() && File { path: "a/tests/b.rs".into(), text: String::new() }.is_test());
}
