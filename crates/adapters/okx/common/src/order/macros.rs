//! How operations are declared.

/// Declares a value that is sent: `must` fields always, `may` fields if they are given. Names are OKX's, in snake case.
macro_rules! order_value {
    (
        $(#[$meta:meta])*
        $name:ident {
            $(must { $($(#[$must_meta:meta])* $must:ident: $must_type:ty,)* })?
            $(may { $($(#[$may_meta:meta])* $may:ident: $may_type:ty,)* })?
            $(list { $($(#[$list_meta:meta])* $list:ident: $list_type:ty,)* })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(
                $(#[$must_meta])*
                pub $must: $must_type,
            )*)?
            $($(
                $(#[$may_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $may: Option<$may_type>,
            )*)?
            $($(
                $(#[$list_meta])*
                #[serde(skip_serializing_if = "Vec::is_empty")]
                pub $list: Vec<$list_type>,
            )*)?
        }

        impl $name {
            /// The value with what it cannot do without.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "operations are built, not defaulted")]
            pub fn new($($($must: impl Into<$must_type>),*)?) -> Self {
                Self {
                    $($($must: $must.into(),)*)?
                    $($($may: None,)*)?
                    $($($list: Vec::new(),)*)?
                }
            }
        }
    };
}
