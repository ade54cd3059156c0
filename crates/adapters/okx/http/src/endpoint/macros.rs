//! How rows and requests are declared.

/// Declares a row of an answer. The sections say how each field treats `""`, `null`, a missing key, and numbers for strings and
/// back: `req` fields must be there, the others are `None` (lists: empty) where they are not. Fields of `ms` end in `_ms`, which
/// OKX's names do not.
macro_rules! row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(req { $($(#[$req_meta:meta])* $req:ident: $req_type:ty,)* })?
            $(text { $($(#[$text_meta:meta])* $text:ident $(= $text_wire:literal)?,)* })?
            $(dec { $($(#[$dec_meta:meta])* $dec:ident $(= $dec_wire:literal)?,)* })?
            $(ms { $($(#[$ms_meta:meta])* $ms:ident = $ms_wire:literal,)* })?
            $(int { $($(#[$int_meta:meta])* $int:ident $(= $int_wire:literal)?,)* })?
            $(flag { $($(#[$flag_meta:meta])* $flag:ident $(= $flag_wire:literal)?,)* })?
            $(opt { $($(#[$opt_meta:meta])* $opt:ident: $opt_type:ty,)* })?
            $(list { $($(#[$list_meta:meta])* $list:ident: $list_type:ty,)* })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
        #[serde(rename_all(deserialize = "camelCase"))]
        $vis struct $name {
            $($(
                $(#[$req_meta])*
                pub $req: $req_type,
            )*)?
            $($(
                $(#[$text_meta])*
                #[serde(default, $(rename(deserialize = $text_wire),)? deserialize_with = "okx_common::de::opt_string")]
                pub $text: Option<String>,
            )*)?
            $($(
                $(#[$dec_meta])*
                #[serde(default, $(rename(deserialize = $dec_wire),)? deserialize_with = "okx_common::de::opt_decimal")]
                pub $dec: Option<okx_common::decimal::Decimal>,
            )*)?
            $($(
                $(#[$ms_meta])*
                #[serde(default, rename(deserialize = $ms_wire), deserialize_with = "okx_common::de::opt_u64")]
                pub $ms: Option<u64>,
            )*)?
            $($(
                $(#[$int_meta])*
                #[serde(default, $(rename(deserialize = $int_wire),)? deserialize_with = "okx_common::de::opt_i64")]
                pub $int: Option<i64>,
            )*)?
            $($(
                $(#[$flag_meta])*
                #[serde(default, $(rename(deserialize = $flag_wire),)? deserialize_with = "okx_common::de::opt_bool")]
                pub $flag: Option<bool>,
            )*)?
            $($(
                $(#[$opt_meta])*
                #[serde(default, deserialize_with = "okx_common::de::opt")]
                pub $opt: Option<$opt_type>,
            )*)?
            $($(
                $(#[$list_meta])*
                #[serde(default, deserialize_with = "okx_common::de::list")]
                pub $list: Vec<$list_type>,
            )*)?
        }
    };
}

/// Declares a request: its name, path, authentication, row and parameters.
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        $name:ident = $key:literal: $auth:ident $path:literal -> $row:ty {
            $(required { $($(#[$r_meta:meta])* $r:ident: $r_type:ty = $r_wire:literal,)* })?
            $(optional { $($(#[$o_meta:meta])* $o:ident: $o_type:ty = $o_wire:literal,)* })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($($(#[$r_meta])* pub $r: $r_type,)*)?
            $($($(#[$o_meta])* pub $o: Option<$o_type>,)*)?
        }

        impl $name {
            /// The request with what it cannot do without.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "requests are built, not defaulted")]
            pub fn new($($($r: impl Into<$r_type>),*)?) -> Self {
                Self {
                    $($($r: $r.into(),)*)?
                    $($($o: None,)*)?
                }
            }
        }

        impl $crate::endpoint::Endpoint for $name {
            type Row = $row;

            const SPEC: &'static $crate::endpoint::Spec = &$crate::endpoint::Spec {
                name: $key,
                method: $crate::endpoint::Method::Get,
                path: $path,
                auth: $crate::endpoint::Auth::$auth,
                params: &[
                    $($($crate::endpoint::Param { name: $r_wire, required: true },)*)?
                    $($($crate::endpoint::Param { name: $o_wire, required: false },)*)?
                ],
            };

            fn query(&self) -> $crate::endpoint::Query {
                #[allow(unused_mut, reason = "not all requests have parameters")]
                let mut query = $crate::endpoint::Query::default();
                $($(query.push($r_wire, &self.$r);)*)?
                $($(query.push_some($o_wire, self.$o.as_ref());)*)?
                query
            }
        }

        impl $crate::endpoint::FromParams for $name {
            #[allow(unused_variables, reason = "not all requests have parameters")]
            fn from_params(params: &$crate::endpoint::Params) -> Result<Self, $crate::endpoint::ParamError> {
                Ok(Self {
                    $($($r: params.required($r_wire)?,)*)?
                    $($($o: params.optional($o_wire)?,)*)?
                })
            }
        }
    };
}
