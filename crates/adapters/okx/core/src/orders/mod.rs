//! Orders: what is asked, what is sent, what became of it. No socket, no clock.
//!
//! * [`client_id`] maps client order ids;
//! * [`gate`] keeps their order and OKX's limits;
//! * [`account`] keeps balances and positions;
//! * [`tracker`] tells what became of orders;
//! * [`lookup`] answers its questions by REST requests;
//! * [`check`] and [`request`] turn a [`description::OrderDescription`] into what OKX is asked for, or a [`denial::Denial`].

pub mod account;
pub mod check;
pub mod client_id;
pub mod context;
pub mod denial;
pub mod description;
pub mod gate;
pub mod kinds;
pub mod lookup;
pub mod params;
pub mod request;
pub mod row;
pub mod tracker;
