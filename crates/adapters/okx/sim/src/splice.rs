//! Changes one value inside JSON text and leaves every other byte as it was.
//!
//! Faults edit frames with it: parsing and printing again would reorder keys and repair what is meant to be broken.

use std::ops::Range;

/// How deep a value may be nested before the scanner gives up; the simulator's own frames have about six levels.
const MAX_DEPTH: usize = 64;

/// Where the value at `path` lies in `text`, `None` if there is none or the text is not JSON up to there.
///
/// A path is keys and array indices joined by `/`, as in `data/0/seqId`; the empty path is the whole text.
///
/// ```
/// let text = br#"{"data":[{"seqId":12}]}"#;
/// let at = okx_sim::splice::find(text, "data/0/seqId").unwrap();
/// assert_eq!(&text[at], b"12");
/// ```
#[must_use]
pub fn find(text: &[u8], path: &str) -> Option<Range<usize>> {
    let mut at = skip_space(text, 0);
    for part in path.split('/').filter(|p| !p.is_empty()) {
        at = match text.get(at)? {
            b'{' => member(text, at, part)?.value.start,
            b'[' => element(text, at, part.parse().ok()?)?,
            _ => return None,
        };
    }
    let end = skip_value(text, at, 0)?;
    Some(at..end)
}

/// Puts `raw` in place of the value at `path`, or adds it as a member if only the last key is missing.
/// Nothing checks that `raw` is JSON. `None` if the path leads nowhere.
///
/// ```
/// let out = okx_sim::splice::set(br#"{"a":1}"#, "b", b"NaN").unwrap();
/// assert_eq!(out, br#"{"a":1,"b":NaN}"#);
/// ```
#[must_use]
pub fn set(text: &[u8], path: &str, raw: &[u8]) -> Option<Vec<u8>> {
    if let Some(at) = find(text, path) {
        return Some([&text[..at.start], raw, &text[at.end..]].concat());
    }
    let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
    let object = find(text, parent)?;
    if text.get(object.start) != Some(&b'{') {
        return None;
    }
    let close = object.end - 1;
    let empty = skip_space(text, object.start + 1) == close;
    let comma: &[u8] = if empty { b"" } else { b"," };
    let key = serde_json::to_vec(key).ok()?;
    Some([&text[..close], comma, &key, b":", raw, &text[close..]].concat())
}

/// Takes the member or element at `path` out, with its comma. `None` if the path leads nowhere.
///
/// ```
/// let out = okx_sim::splice::remove(br#"{"a":1,"b":2}"#, "b").unwrap();
/// assert_eq!(out, br#"{"a":1}"#);
/// ```
#[must_use]
pub fn remove(text: &[u8], path: &str) -> Option<Vec<u8>> {
    let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
    let holder = find(text, parent)?;
    let mut cut = match text.get(holder.start)? {
        b'{' => {
            let found = member(text, holder.start, last)?;
            found.key_start..skip_value(text, found.value.start, 0)?
        }
        b'[' => {
            let start = element(text, holder.start, last.parse().ok()?)?;
            start..skip_value(text, start, 0)?
        }
        _ => return None,
    };
    let after = skip_space(text, cut.end);
    if text.get(after) == Some(&b',') {
        cut.end = after + 1;
    } else if let Some(comma) =
        text[..cut.start].iter().rposition(|b| !b.is_ascii_whitespace()).filter(|i| text[*i] == b',')
    {
        cut.start = comma;
    }
    Some([&text[..cut.start], &text[cut.end..]].concat())
}

/// Reads the integer at `path`.
#[must_use]
pub fn integer(text: &[u8], path: &str) -> Option<i64> {
    std::str::from_utf8(&text[find(text, path)?]).ok()?.parse().ok()
}

/// Paths of all scalar values, for faults that go through a message field by field.
#[must_use]
pub fn scalar_paths(text: &[u8]) -> Vec<String> {
    let mut paths = Vec::new();
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(text) {
        collect(&value, String::new(), &mut paths);
    }
    paths
}

fn collect(value: &serde_json::Value, path: String, into: &mut Vec<String>) {
    let join = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
    match value {
        serde_json::Value::Object(map) => map.iter().for_each(|(key, v)| collect(v, join(key), into)),
        serde_json::Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| collect(v, join(&i.to_string()), into))
        }
        _ => into.push(path),
    }
}

struct Member {
    key_start: usize,
    value: Range<usize>,
}

fn member(text: &[u8], open: usize, key: &str) -> Option<Member> {
    let mut at = skip_space(text, open + 1);
    while text.get(at) == Some(&b'"') {
        let key_start = at;
        let key_end = skip_string(text, at)?;
        let colon = skip_space(text, key_end);
        if text.get(colon) != Some(&b':') {
            return None;
        }
        let start = skip_space(text, colon + 1);
        if &text[key_start + 1..key_end - 1] == key.as_bytes() {
            return Some(Member { key_start, value: start..start });
        }
        at = next_item(text, skip_value(text, start, 0)?)?;
    }
    None
}

fn element(text: &[u8], open: usize, index: usize) -> Option<usize> {
    let mut at = skip_space(text, open + 1);
    for _ in 0..index {
        at = next_item(text, skip_value(text, at, 0)?)?;
    }
    (text.get(at)? != &b']').then_some(at)
}

fn next_item(text: &[u8], end: usize) -> Option<usize> {
    let comma = skip_space(text, end);
    (text.get(comma) == Some(&b',')).then(|| skip_space(text, comma + 1))
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

fn skip_string(text: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn skip_value(text: &[u8], at: usize, depth: usize) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    match text.get(at)? {
        b'"' => skip_string(text, at),
        open @ (b'{' | b'[') => {
            let close = if *open == b'{' { b'}' } else { b']' };
            let mut at = skip_space(text, at + 1);
            if text.get(at) == Some(&close) {
                return Some(at + 1);
            }
            loop {
                if close == b'}' {
                    at = skip_space(text, skip_string(text, at)?);
                    if text.get(at) != Some(&b':') {
                        return None;
                    }
                    at = skip_space(text, at + 1);
                }
                at = skip_space(text, skip_value(text, at, depth + 1)?);
                match text.get(at)? {
                    b',' => at = skip_space(text, at + 1),
                    b if *b == close => return Some(at + 1),
                    _ => return None,
                }
            }
        }
        _ => {
            let len = text[at..]
                .iter()
                .take_while(|b| !matches!(b, b',' | b'}' | b']') && !b.is_ascii_whitespace())
                .count();
            (len > 0).then_some(at + len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = br#"{"arg":{"channel":"books"}, "data":[{"asks":[["1","2"]],"seqId":5},{"x":null}]}"#;

    fn text(bytes: &[u8], path: &str) -> String {
        String::from_utf8(bytes[find(bytes, path).expect("path")].to_vec()).expect("text")
    }

    #[test]
    fn finds_values_by_path() {
        assert_eq!(text(TEXT, "arg/channel"), r#""books""#);
        assert_eq!(text(TEXT, "data/0/asks/0/1"), r#""2""#);
        assert_eq!(text(TEXT, "data/1/x"), "null");
        assert_eq!(integer(TEXT, "data/0/seqId"), Some(5));
        assert_eq!(find(TEXT, "data/2"), None);
        assert_eq!(find(TEXT, "arg/none"), None);
    }

    #[test]
    fn sets_and_adds_without_touching_the_rest() {
        let out = set(TEXT, "data/0/seqId", b"-7").expect("set");
        assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8_lossy(TEXT).replace("5", "-7"));
        assert_eq!(set(b"{}", "k", b"[]").unwrap(), br#"{"k":[]}"#);
        assert_eq!(set(b"[1]", "k", b"2"), None);
    }

    #[test]
    fn removes_with_the_comma() {
        assert_eq!(remove(br#"{"a":1, "b":2}"#, "a").unwrap(), br#"{ "b":2}"#);
        assert_eq!(remove(br#"[1,2,3]"#, "2").unwrap(), b"[1,2]");
        assert_eq!(remove(br#"{"a":1}"#, "a").unwrap(), b"{}");
        assert_eq!(remove(TEXT, "data/9"), None);
    }

    #[test]
    fn broken_text_is_refused_and_never_panics() {
        for end in 0..TEXT.len() {
            let _ = find(&TEXT[..end], "data/1/x");
            let _ = set(&TEXT[..end], "data/0/asks", b"[]");
            let _ = remove(&TEXT[..end], "data/1");
        }
        assert_eq!(find(&b"[".repeat(100_000), "0"), None);
    }

    #[test]
    fn lists_scalars() {
        assert_eq!(
            scalar_paths(TEXT),
            ["arg/channel", "data/0/asks/0/0", "data/0/asks/0/1", "data/0/seqId", "data/1/x"]
        );
    }
}
