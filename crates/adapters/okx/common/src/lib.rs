//! OKX vocabulary without I/O: decimals, identifiers, enumerations, instruments, errors, credentials, hosts, limits, clock.
//!
//! Names on this side are OKX's own, in snake case (`inst_id` for `instId`). Everything here is a value or a small state
//! machine; nothing opens a socket, starts a thread or waits.

#[macro_use]
pub mod enums;

pub mod civil;
pub mod clock;
pub mod credentials;
pub mod de;
pub mod decimal;
pub mod error_code;
pub mod fields;
pub mod hosts;
pub mod ids;
pub mod instrument;
pub mod limits;
pub mod order;
pub mod rng;
pub mod text;
