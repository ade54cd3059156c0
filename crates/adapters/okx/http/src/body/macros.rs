//! How rows that are only read from captures are declared.

/// Declares rows of which only the fields are known so far, by OKX's names in snake case (or as given by `=`). The sections are
/// those of `row!`, without requirements.
macro_rules! rows {
    ($(
        $(#[$meta:meta])*
        $name:ident {
            $(text { $($text:ident $(= $text_wire:literal)?),* $(,)? })?
            $(dec { $($dec:ident $(= $dec_wire:literal)?),* $(,)? })?
            $(ms { $($ms:ident $(= $ms_wire:literal)?),* $(,)? })?
            $(flag { $($flag:ident $(= $flag_wire:literal)?),* $(,)? })?
            $(opt { $($opt:ident: $opt_type:ty),* $(,)? })?
            $(list { $($list:ident: $list_type:ty),* $(,)? })?
        }
    )*) => {
        $(
            $(#[$meta])*
            #[derive(serde::Deserialize, serde::Serialize)]
            #[serde(rename_all(deserialize = "camelCase"))]
            pub(super) struct $name {
                $($(
                    #[serde(default, $(rename(deserialize = $text_wire),)? deserialize_with = "okx_common::de::opt_string")]
                    $text: Option<String>,
                )*)?
                $($(
                    #[serde(default, $(rename(deserialize = $dec_wire),)? deserialize_with = "okx_common::de::opt_decimal")]
                    $dec: Option<okx_common::decimal::Decimal>,
                )*)?
                $($(
                    #[serde(default, $(rename(deserialize = $ms_wire),)? deserialize_with = "okx_common::de::opt_u64")]
                    $ms: Option<u64>,
                )*)?
                $($(
                    #[serde(default, $(rename(deserialize = $flag_wire),)? deserialize_with = "okx_common::de::opt_bool")]
                    $flag: Option<bool>,
                )*)?
                $($(
                    #[serde(default, deserialize_with = "okx_common::de::opt")]
                    $opt: Option<$opt_type>,
                )*)?
                $($(
                    #[serde(default, deserialize_with = "okx_common::de::list")]
                    $list: Vec<$list_type>,
                )*)?
            }
        )*
    };
}
