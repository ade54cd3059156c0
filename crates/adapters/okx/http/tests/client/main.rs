//! The client against the simulated exchange, over real sockets.

mod answers;
mod commands;
mod failures;
mod history;
mod proxy;
mod signing;
mod support;
