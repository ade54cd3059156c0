//! OKX WebSocket: channels, frame decoder, sans-I/O session, tokio driver.
pub mod channel;
pub mod client;
pub mod connect;
pub mod decode;
pub mod message;
pub mod op;
pub mod pipe;
pub mod report;
pub mod session;
pub mod text;
pub mod topic;

pub use channel::{Channel, LoginNeed};
pub use client::{Handler, OkxWebSocketClient};
pub use decode::{DecodeError, DecodeErrorKind, Decoder};
pub use message::{Data, Message, Payload};
pub use report::{DecodeReport, decode_frame_report};
pub use text::Text;
pub use topic::{Arg, Topic, TopicError};
