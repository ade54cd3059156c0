//! A [`Cursor`] as what serde reads from: the forms in which OKX writes values. Whatever else comes is no fault; it makes this give up,
//! and the row is read by `serde_json`, whose word on it counts.

use std::borrow::Cow;

use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
    value::BorrowedStrDeserializer,
};

use super::json::{Cursor, JsonError};

/// The deepest nesting that is read here; no row of OKX has as much.
const DEPTH_MAX: u8 = 16;

/// Another form than the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GiveUp;

impl std::fmt::Display for GiveUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("another form than the usual one")
    }
}

impl std::error::Error for GiveUp {}

impl de::Error for GiveUp {
    // Nobody reads the words: they are not made.
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

impl From<JsonError> for GiveUp {
    fn from(_: JsonError) -> Self {
        Self
    }
}

/// The value that is next.
pub(super) struct Source<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    depth: u8,
}

impl<'c, 'a> Source<'c, 'a> {
    pub(super) const fn new(cursor: &'c mut Cursor<'a>) -> Self {
        Self { cursor, depth: 0 }
    }

    #[inline]
    fn plain_string(&mut self) -> Result<&'a str, GiveUp> {
        match self.cursor.string()? {
            Cow::Borrowed(text) => Ok(text),
            Cow::Owned(_) => Err(GiveUp),
        }
    }

    fn open<V: Visitor<'a>>(
        self,
        visit: impl FnOnce(Parts<'c, 'a>) -> Result<V::Value, GiveUp>,
    ) -> Result<V::Value, GiveUp> {
        if self.depth == DEPTH_MAX {
            return Err(GiveUp);
        }
        self.cursor.set_pos(self.cursor.pos() + 1);
        visit(Parts { cursor: self.cursor, depth: self.depth + 1, is_first: true })
    }

    /// `true`, `false`, `null` or an integer.
    fn scalar<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, GiveUp> {
        let start = self.cursor.pos();
        self.cursor.skip_value()?;
        match self.cursor.slice(start, self.cursor.pos()) {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "null" => visitor.visit_unit(),
            number if number.starts_with('-') => visitor.visit_i64(number.parse().map_err(|_| GiveUp)?),
            number => visitor.visit_u64(number.parse().map_err(|_| GiveUp)?),
        }
    }
}

impl<'a> Deserializer<'a> for Source<'_, 'a> {
    type Error = GiveUp;

    #[inline]
    fn deserialize_any<V: Visitor<'a>>(mut self, visitor: V) -> Result<V::Value, GiveUp> {
        match self.cursor.peek() {
            b'"' => visitor.visit_borrowed_str(self.plain_string()?),
            b'{' => self.open::<V>(|parts| visitor.visit_map(parts)),
            b'[' => self.open::<V>(|parts| visitor.visit_seq(parts)),
            _ => self.scalar(visitor),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, GiveUp> {
        if self.cursor.peek() == b'n' {
            self.cursor.skip_value()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, GiveUp> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, GiveUp> {
        if self.cursor.peek() != b'"' {
            return Err(GiveUp);
        }
        visitor.visit_enum(self.plain_string()?.into_deserializer())
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, GiveUp> {
        self.cursor.skip_value()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

/// What is in an object or an array.
struct Parts<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    depth: u8,
    is_first: bool,
}

impl<'a> MapAccess<'a> for Parts<'_, 'a> {
    type Error = GiveUp;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, GiveUp> {
        match self.cursor.next_key(&mut self.is_first)? {
            None => Ok(None),
            Some(Cow::Borrowed(key)) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
            Some(Cow::Owned(_)) => Err(GiveUp),
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, GiveUp> {
        seed.deserialize(Source { cursor: self.cursor, depth: self.depth })
    }
}

impl<'a> SeqAccess<'a> for Parts<'_, 'a> {
    type Error = GiveUp;

    fn next_element_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, GiveUp> {
        if !self.cursor.next_element(&mut self.is_first)? {
            return Ok(None);
        }
        seed.deserialize(Source { cursor: self.cursor, depth: self.depth }).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use okx_common::rng::{Rng, SeededRng};
    use serde::Deserialize;

    use super::*;
    use crate::message::{AccountBalance, AlgoOrder, OrderUpdate, Position};

    /// Reads a value both ways: what is read here must be what `serde_json` reads. Whether it was read here.
    fn agree<'a, T: Deserialize<'a> + std::fmt::Debug>(text: &'a str) -> bool {
        let mut cursor = Cursor::new(text);
        let Ok(here) = T::deserialize(Source::new(&mut cursor)) else { return false };
        let mut rows = serde_json::Deserializer::from_str(text).into_iter::<T>();
        let there = rows.next().expect("a value").unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!(format!("{here:?}"), format!("{there:?}"), "{text}");
        assert_eq!(cursor.pos(), rows.byte_offset(), "{text}");
        true
    }

    /// The rows of captured pushes.
    fn rows(channel: &str) -> Vec<String> {
        #[derive(Deserialize)]
        struct Push<'a> {
            #[serde(borrow)]
            data: Vec<&'a serde_json::value::RawValue>,
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/ws").join(channel);
        let mut rows = Vec::new();
        for file in fs::read_dir(folder).expect("the corpus") {
            let text = fs::read_to_string(file.expect("a file").path()).expect("a text");
            let push: Push<'_> = serde_json::from_str(&text).expect("a push");
            rows.extend(push.data.iter().map(|row| row.get().to_owned()));
        }
        rows.sort();
        assert!(rows.len() > 3, "{channel}");
        rows
    }

    #[test]
    fn captured_rows_are_read_here_and_alike() {
        assert!(rows("orders").iter().all(|row| agree::<OrderUpdate<'_>>(row)));
        assert!(rows("orders-algo").iter().all(|row| agree::<AlgoOrder<'_>>(row)));
        assert!(rows("positions").iter().all(|row| agree::<Position<'_>>(row)));
        assert!(rows("account").iter().all(|row| agree::<AccountBalance<'_>>(row)));
    }

    #[test]
    fn changed_rows_are_read_alike_or_not_here() {
        let rows = rows("orders");
        let mut rng = SeededRng::new(5);
        let mut read = 0;
        for _ in 0..20_000 {
            let mut text = rows[rng.below(rows.len() as u64) as usize].clone().into_bytes();
            let at = rng.below(text.len() as u64) as usize;
            match rng.below(3) {
                0 => text[at] = b"\"{}[],:0-.e\\n "[rng.below(14) as usize],
                1 => drop(text.remove(at)),
                _ => text.insert(at, b"\"{}[],:0-.e\\n "[rng.below(14) as usize]),
            }
            let Ok(text) = String::from_utf8(text) else { continue };
            read += u32::from(agree::<OrderUpdate<'_>>(&text));
        }
        assert!(read > 5_000, "{read}");
    }

    #[test]
    fn other_forms_are_left_to_serde_json() {
        type Map = BTreeMap<String, serde_json::Value>;
        for usual in [r#"{}"#, r#"{"a":"b","c":[1,-2,true,null,{"d":[]}]} tail"#, r#" { "a" : "" } "#] {
            assert!(agree::<Map>(usual), "{usual}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(20), "]".repeat(20));
        for other in [
            r#"{"a":"\n"}"#,
            r#"{"a":1.5}"#,
            r#"{"a":99999999999999999999}"#,
            r#"{"a":1,}"#,
            r#"{"a":[1,]}"#,
            &deep,
        ] {
            assert!(!agree::<Map>(other), "{other}");
        }
    }
}
