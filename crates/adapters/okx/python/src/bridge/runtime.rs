//! The tokio runtime of this process.

use std::sync::Mutex;

use tokio::runtime::{Builder, Handle, Runtime};

/// Threads of the runtime: REST calls and connection attempts are few and wait mostly.
const WORKERS: usize = 2;

static RUNTIME: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);

/// The shared runtime, made at first use. A forked child, in which the parent's threads do not exist, gets its own.
///
/// # Panics
/// If the system refuses threads or file descriptors.
#[must_use]
pub fn runtime() -> Handle {
    let pid = std::process::id();
    let mut slot = RUNTIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((owner, runtime)) = *slot
        && owner == pid
    {
        return runtime.handle().clone();
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("okx-nt")
        .enable_all()
        .build()
        .expect("the system has threads and file descriptors left");
    // Never dropped: at exit its threads end with the process, without touching the interpreter.
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    *slot = Some((pid, runtime));
    runtime.handle().clone()
}
