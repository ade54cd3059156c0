//! How the rows of the slower channels are declared.

/// Declares a row that is read by serde. The sections say how each field treats `""`, `null`, a missing key, and numbers for
/// strings and back: `text` gives empty text, all others `None` (lists: empty).
macro_rules! row {
    (
        $(#[$meta:meta])*
        pub struct $name:ident<'a> {
            $(text { $($(#[$text_meta:meta])* $text:ident,)* })?
            $(dec { $($(#[$dec_meta:meta])* $dec:ident,)* })?
            $(ms { $($(#[$ms_meta:meta])* $ms:ident,)* })?
            $(int { $($(#[$int_meta:meta])* $int:ident,)* })?
            $(flag { $($(#[$flag_meta:meta])* $flag:ident,)* })?
            $(opt { $($(#[$opt_meta:meta])* $opt:ident: $opt_type:ty,)* })?
            $(list { $($(#[$list_meta:meta])* $list:ident: $list_type:ty,)* })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Deserialize, serde::Serialize)]
        #[serde(rename_all(deserialize = "camelCase"), default)]
        pub struct $name<'a> {
            $($(
                $(#[$text_meta])*
                #[serde(borrow)]
                pub $text: $crate::text::Text<'a>,
            )*)?
            $($(
                $(#[$dec_meta])*
                #[serde(deserialize_with = "okx_common::de::opt_decimal")]
                pub $dec: Option<okx_common::decimal::Decimal>,
            )*)?
            $($(
                $(#[$ms_meta])*
                #[serde(deserialize_with = "okx_common::de::opt_u64")]
                pub $ms: Option<u64>,
            )*)?
            $($(
                $(#[$int_meta])*
                #[serde(deserialize_with = "okx_common::de::opt_i64")]
                pub $int: Option<i64>,
            )*)?
            $($(
                $(#[$flag_meta])*
                #[serde(deserialize_with = "okx_common::de::opt_bool")]
                pub $flag: Option<bool>,
            )*)?
            $($(
                $(#[$opt_meta])*
                #[serde(deserialize_with = "okx_common::de::opt")]
                pub $opt: Option<$opt_type>,
            )*)?
            $($(
                $(#[$list_meta])*
                #[serde(deserialize_with = "okx_common::de::list")]
                pub $list: Vec<$list_type>,
            )*)?
        }
    };
}
