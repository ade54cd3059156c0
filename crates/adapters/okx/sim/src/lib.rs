//! A simulated OKX exchange: a state machine, a server around it, faults as data, and markets from tape or seed.
//!
//! Written from OKX's documentation and captured payloads, with wire structs of its own, so that a misunderstanding of the client
//! cannot hide in its test server.

pub mod account;
pub mod channel;
pub mod config;
pub mod endpoint;
pub mod exchange;
pub mod fault;
pub mod hash;
pub mod journal;
pub mod link;
pub mod market;
pub mod output;
pub mod quotes;
pub mod server;
pub mod sign;
pub mod splice;
pub mod topic;
pub mod trading;
pub mod venue;
pub mod window;
pub mod wire;

pub use account::{Account, ApiKey, KeyEnvironment, Permission};
pub use config::{ExchangeConfig, Limits};
pub use exchange::{ConnState, Exchange, ExchangeState};
pub use fault::{Action, Class, Fault, FaultId, Target, When};
pub use journal::{Direction, Entry, JournalConfig};
pub use link::{ConnNo, Link, Peer, UrlKind};
pub use market::{Market, MarketError, Push, PushKind};
pub use output::{Fate, Output, Refusal, RestAnswer, RestRequest, RestResponse, WireFrame};
pub use quotes::{Funding, Level, Print, Quotes, Spread};
pub use server::{ServerConfig, ServerError, SimServer};
pub use topic::Topic;
pub use venue::{Tape, Venue, VenueConfig, VenueError};
