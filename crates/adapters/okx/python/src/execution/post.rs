//! What tasks of the runtime have finished, on its way to the desk.

use std::{
    net::TcpStream,
    sync::{Mutex, OnceLock, PoisonError},
};

use bytes::Bytes;
use okx_core::desk::CallId;
use okx_http::HttpError;
use okx_ws::{pipe::Pipe, session::LinkId};

/// Something finished.
pub enum Arrival {
    /// An attempt to connect a line.
    Dialled(usize, LinkId, Result<(TcpStream, Pipe), String>),
    /// A request over REST.
    Answered(CallId, Result<Bytes, HttpError>),
}

type Wake = Box<dyn Fn() + Send + Sync>;

/// See the module.
#[derive(Default)]
pub struct Post {
    arrivals: Mutex<Vec<Arrival>>,
    wake: OnceLock<Wake>,
}

impl Post {
    /// Whom to wake; said once, before anything is sent out.
    pub fn set_wake(&self, wake: impl Fn() + Send + Sync + 'static) {
        // The second to say it says the same.
        let _said = self.wake.set(Box::new(wake));
    }

    /// Leaves something; one wake-up until it is taken.
    pub fn put(&self, arrival: Arrival) {
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        arrivals.push(arrival);
        let is_first = arrivals.len() == 1;
        drop(arrivals);
        if is_first && let Some(wake) = self.wake.get() {
            wake();
        }
    }

    /// Takes all.
    pub fn take(&self) -> Vec<Arrival> {
        std::mem::take(&mut *self.arrivals.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
