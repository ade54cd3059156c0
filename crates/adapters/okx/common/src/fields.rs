//! Finding the fields of a payload that a type does not know.

use serde::Deserialize;

/// Decodes JSON and names the fields that `T` ignored, as sorted paths without list indices: `data.newField`.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Row { ts: String }
/// let (rows, unknown) = okx_common::fields::decode::<Vec<Row>>(br#"[{"ts":"1","b":{}},{"ts":"2","b":1,"a":[]}]"#)?;
/// assert_eq!((rows.len(), unknown), (2, vec!["a".to_owned(), "b".to_owned()]));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// Those of the decoding.
pub fn decode<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<(T, Vec<String>), serde_json::Error> {
    let mut unknown = std::collections::BTreeSet::new();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_ignored::deserialize(&mut deserializer, |path| {
        unknown.insert(without_indices(&path.to_string()));
    })?;
    deserializer.end()?;
    Ok((value, unknown.into_iter().collect()))
}

/// The fields of the JSON that `T` ignores.
///
/// # Errors
/// Those of the decoding.
pub fn unknown_fields<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<Vec<String>, serde_json::Error> {
    decode::<T>(json).map(|(_, unknown)| unknown)
}

/// `data.0.a.?.b` as `data.a.b`: neither list indices nor optional layers tell fields apart.
#[must_use]
pub fn without_indices(path: &str) -> String {
    let keep = |part: &&str| *part != "?" && !part.bytes().all(|b| b.is_ascii_digit());
    path.split('.').filter(keep).collect::<Vec<_>>().join(".")
}
