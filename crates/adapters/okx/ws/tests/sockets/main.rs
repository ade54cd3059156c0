//! Connecting and the tokio client, over real sockets against the simulated exchange.

mod client;
mod connecting;
mod feed;
mod proxy;
mod watcher;
