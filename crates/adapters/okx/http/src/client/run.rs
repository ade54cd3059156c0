//! Carries a [`Call`](crate::call::Call) through: waits, sends, reads, repeats.

use std::{sync::atomic::Ordering, time::Duration};

use okx_common::{
    clock::{NANOS_PER_MILLI, Now},
    error_code::CodeKind,
};

use super::Inner;
use crate::{
    call::{Call, Step, Verdict},
    endpoint::Request,
    envelope::{BodyError, Head},
    error::{ErrorKind, HttpError},
};

/// Reads a body and keeps its rows. Called through a pointer, so that the machinery below is compiled once.
pub(super) type Take<'a> = dyn FnMut(&[u8]) -> Result<Head, BodyError> + Send + 'a;

impl Inner {
    /// Carries the request through, unless the client is closed meanwhile.
    pub(super) async fn run(&self, request: &Request, take: &mut Take<'_>) -> Result<(), HttpError> {
        let mut closed = self.closed.subscribe();
        closed.mark_unchanged();
        let result = tokio::select! {
            result = self.repeat(request, take) => result,
            // The sender lives as long as this.
            _ = closed.changed() => Err(HttpError::sent(ErrorKind::Closed, "the client was closed")),
        };
        result.map_err(|error| error.at(request.spec()))
    }

    async fn repeat(&self, request: &Request, take: &mut Take<'_>) -> Result<(), HttpError> {
        let mut call = Call::new(request, self.config.retry);
        let mut last_error = None;
        loop {
            if let Err(throttled) = self.wait(&mut call).await {
                return Err(last_error.unwrap_or(throttled));
            }
            let synced = self.syncs.load(Ordering::Acquire);
            let (error, retry_after_ms) = match self.attempt(request, take).await {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            match self.judge(&mut call, &error, retry_after_ms) {
                Verdict::GiveUp => return Err(error),
                Verdict::Again => {
                    tracing::debug!(endpoint = request.spec().path, retry = call.retries(), %error, "asking again");
                }
                // Without OKX's time the same answer would come again.
                Verdict::SyncClock => self.sync_clock(synced).await.map_err(|_| error.clone())?,
            }
            last_error = Some(error);
        }
    }

    /// A request that needs no key, even while others wait for the clock: the clock's own.
    pub(super) async fn run_unsigned(&self, request: &Request, take: &mut Take<'_>) -> Result<(), HttpError> {
        let mut call = Call::new(request, self.config.retry);
        let result = loop {
            if let Err(error) = self.wait(&mut call).await {
                break Err(error);
            }
            match self.attempt(request, take).await {
                Ok(()) => break Ok(()),
                Err((error, retry_after_ms)) => {
                    if self.judge(&mut call, &error, retry_after_ms) != Verdict::Again {
                        break Err(error);
                    }
                }
            }
        };
        result.map_err(|error: HttpError| error.at(request.spec()))
    }

    fn judge(&self, call: &mut Call, error: &HttpError, retry_after_ms: Option<u64>) -> Verdict {
        let now_ns = self.clock.now().mono_ns;
        let mut gate = self.gate();
        let gate = &mut *gate;
        call.failed(error, retry_after_ms, &mut gate.limiter, &mut *gate.rng, now_ns)
    }

    /// Waits until the call may be sent.
    async fn wait(&self, call: &mut Call) -> Result<(), HttpError> {
        loop {
            let now_ns = self.clock.now().mono_ns;
            let step = call.step(&mut self.gate().limiter, now_ns);
            match step {
                Ok(Step::Send) => return Ok(()),
                Ok(Step::Wait(until_ns)) => tokio::time::sleep(Duration::from_nanos(until_ns - now_ns)).await,
                Err(wait) => {
                    let seconds = wait.0 / 1_000_000_000;
                    return Err(HttpError::local(
                        ErrorKind::Throttled,
                        format_args!("OKX's limits would make this request wait for {seconds} s"),
                    ));
                }
            }
        }
    }

    /// Sends once and reads the answer.
    async fn attempt(&self, request: &Request, take: &mut Take<'_>) -> Result<(), (HttpError, Option<u64>)> {
        let answer =
            self.transport.attempt(request, self.venue_now()).await.map_err(|error| (error, None))?;
        let is_ok = (200..300).contains(&answer.status);
        let error = match take(&answer.body) {
            // Of orders: each has a code of its own.
            Ok(head) if is_ok && matches!(head.code.kind(), CodeKind::Success | CodeKind::PerItem) => {
                return Ok(());
            }
            Ok(head) if head.code.is_success() => HttpError::gateway(answer.status, &answer.body),
            Ok(head) => HttpError::venue(head.code, &head.msg, answer.status),
            Err(error) if is_ok => HttpError::decode(answer.status, &error),
            Err(_) => HttpError::gateway(answer.status, &answer.body),
        };
        Err((error, answer.retry_after_ms))
    }

    /// Our clocks, the wall clock corrected by what is known of OKX's.
    fn venue_now(&self) -> Now {
        let now = self.clock.now();
        let offset_ms = self.offset_ms.load(Ordering::Relaxed);
        let offset_ns = offset_ms.saturating_mul(NANOS_PER_MILLI as i64);
        Now { unix_ns: now.unix_ns.saturating_add_signed(offset_ns), ..now }
    }

    /// Measures OKX's clock, unless somebody did so since `seen` was read.
    pub(super) async fn sync_clock(&self, seen: u64) -> Result<(), HttpError> {
        let _alone = self.sync.lock().await;
        if self.syncs.load(Ordering::Acquire) != seen {
            return Ok(());
        }
        let before = self.clock.now();
        let venue_ms = self.server_time().await?;
        let after = self.clock.now();
        // OKX read its clock somewhere between: the middle is wrong by half the time taken at most.
        let middle_ns = before.unix_ns / 2 + after.unix_ns / 2;
        let offset_ms = venue_ms as i64 - (middle_ns / NANOS_PER_MILLI) as i64;
        self.offset_ms.store(offset_ms, Ordering::Relaxed);
        tracing::info!(offset_ms, "clock synchronised with OKX");
        self.syncs.fetch_add(1, Ordering::Release);
        Ok(())
    }
}
