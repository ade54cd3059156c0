//! Trading through the exchange: signed requests, order operations, private channels, faults, against the seeded venue in virtual time.

mod exchange;
mod faults;
mod market;
mod support;
