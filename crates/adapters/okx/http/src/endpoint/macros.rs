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

/// Declares a command that sends one value: its body, and what its limit is counted by.
macro_rules! command {
    (
        $(#[$meta:meta])*
        $name:ident($value:ty) = $key:literal: $path:literal -> $row:ty { |$it:ident| $body:expr, $scope:expr }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<'a>(pub &'a $value);

        impl $crate::endpoint::Endpoint for $name<'_> {
            type Row = $row;

            const SPEC: &'static $crate::endpoint::Spec = &$crate::endpoint::Spec {
                name: $key,
                method: $crate::endpoint::Method::Post,
                path: $path,
                auth: $crate::endpoint::Auth::Signed,
                params: &[],
            };

            fn to_request(&self) -> $crate::endpoint::Request {
                let $it = self.0;
                $crate::endpoint::Request::command(Self::SPEC, $body, $scope)
            }
        }
    };
}

/// Declares a command on several orders of the same or of different instruments, and the limit that one alone counts to.
macro_rules! batch {
    (
        $(#[$meta:meta])*
        $name:ident($value:ty) = $key:literal: $path:literal -> $row:ty, $single:expr
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<'a>(pub &'a [$value]);

        impl $crate::endpoint::Endpoint for $name<'_> {
            type Row = $row;

            const SPEC: &'static $crate::endpoint::Spec = &$crate::endpoint::Spec {
                name: $key,
                method: $crate::endpoint::Method::Post,
                path: $path,
                auth: $crate::endpoint::Auth::Signed,
                params: &[],
            };

            fn to_request(&self) -> $crate::endpoint::Request {
                use okx_common::order::{OnInstrument, rest};

                let body: Vec<_> = self.0.iter().map(rest).collect();
                let scopes = self.0.iter().map(|order| $crate::endpoint::command::scope_of(order.inst_id()));
                $crate::endpoint::Request::batch(Self::SPEC, $crate::endpoint::command::json(&body), $single, scopes)
            }
        }
    };
}

/// Declares a command that changes a setting: as [`endpoint!`], but the parameters are the body.
macro_rules! setting {
    (
        $(#[$meta:meta])*
        $name:ident = $key:literal: $path:literal -> $row:ty {
            $(required { $($(#[$r_meta:meta])* $r:ident: $r_type:ty = $r_wire:literal,)* })?
            $(optional { $($(#[$o_meta:meta])* $o:ident: $o_type:ty = $o_wire:literal,)* })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        pub struct $name {
            $($($(#[$r_meta])* #[serde(rename = $r_wire)] pub $r: $r_type,)*)?
            $($(
                $(#[$o_meta])*
                #[serde(rename = $o_wire, skip_serializing_if = "Option::is_none")]
                pub $o: Option<$o_type>,
            )*)?
        }

        impl $name {
            /// The command with what it cannot do without.
            #[must_use]
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
                method: $crate::endpoint::Method::Post,
                path: $path,
                auth: $crate::endpoint::Auth::Signed,
                params: &[
                    $($($crate::endpoint::Param { name: $r_wire, required: true },)*)?
                    $($($crate::endpoint::Param { name: $o_wire, required: false },)*)?
                ],
            };

            fn to_request(&self) -> $crate::endpoint::Request {
                $crate::endpoint::Request::command(Self::SPEC, $crate::endpoint::command::json(self), "")
            }
        }

        impl $crate::endpoint::FromParams for $name {
            fn from_params(params: &$crate::endpoint::Params) -> Result<Self, $crate::endpoint::ParamError> {
                Ok(Self {
                    $($($r: params.required($r_wire)?,)*)?
                    $($($o: params.optional($o_wire)?,)*)?
                })
            }
        }
    };
}
