//! The server under clients this project did not write: reqwest, tokio-tungstenite, bare TCP.

mod control;
mod docs;
mod faults;
mod market;
mod rest;
mod slow;
mod support;
mod tls;
mod ws;
