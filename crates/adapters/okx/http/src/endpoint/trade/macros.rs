//! How commands are declared.

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
                let scopes = self.0.iter().map(|order| $crate::endpoint::trade::scope_of(order.inst_id()));
                $crate::endpoint::Request::batch(Self::SPEC, $crate::endpoint::trade::json(&body), $single, scopes)
            }
        }
    };
}
