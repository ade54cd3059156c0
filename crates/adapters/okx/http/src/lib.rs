//! OKX REST: endpoints as typed values and a reqwest/tokio client.
//!
//! A request is a value ([`endpoint`]) that knows its path, query, signature and rate limit; an answer is an [`envelope`] whose
//! rows are read one by one, so that a bad one costs only itself. [`body`] reads captured answers.

mod answer;
pub mod body;
pub mod call;
pub mod client;
pub mod endpoint;
pub mod envelope;
pub mod error;
pub mod history;

pub use answer::decode_rows;
pub use body::{DecodeReport, decode_body};
pub use call::RetryPolicy;
pub use client::{ClientConfig, OkxHttpClient};
pub use endpoint::{Endpoint, Request, endpoints};
pub use envelope::{Envelope, Rows, Skipped};
pub use error::{ErrorKind, HttpError};
