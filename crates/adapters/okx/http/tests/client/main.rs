//! The client against the simulated exchange, over real sockets.

mod answers;
mod commands;
mod every_command;
mod failures;
mod history;
mod proxy;
mod signing;
mod support;
