//! One request with its waits and repetitions, as a state machine: no socket, no clock, no randomness of its own.
//!
//! ```text
//! Queued -> (reserved a place in the limit) Waiting -> Sent -> done
//!    ^                                                  |
//!    +---- Pausing <---- failed, and may be repeated ---+
//! ```

use okx_common::{
    clock::NANOS_PER_MILLI,
    error_code::{CodeKind, Retry},
    limits::{LimitKey, RateLimiter, WaitNs},
    rng::Rng,
};

use crate::{
    endpoint::Request,
    error::{ErrorKind, HttpError},
};

/// The longest pause that an answer's `Retry-After` can impose; a larger one is a fault of the sender.
const MAX_RETRY_AFTER_MS: u64 = 60_000;

/// How often a request is repeated, and how long it may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a read is repeated at most.
    pub max_retries: u32,
    /// The pause before the first repetition, in milliseconds; it doubles each time.
    pub delay_initial_ms: u64,
    /// The longest pause, in milliseconds.
    pub delay_max_ms: u64,
    /// The longest wait for OKX's limits, in milliseconds; a request that would wait longer fails at once.
    pub max_wait_ms: u64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 3, delay_initial_ms: 200, delay_max_ms: 5_000, max_wait_ms: 60_000 }
    }
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing before this time (monotonic nanoseconds).
    Wait(u64),
    /// Send the request, then say how it went.
    Send,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on: the next step says when to send again.
    Again,
    /// Correct the clock, then go on.
    SyncClock,
    /// It has failed.
    GiveUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Queued,
    Waiting { until_ns: u64 },
    Pausing { until_ns: u64 },
    Sent,
}

/// One request.
#[derive(Debug)]
pub struct Call {
    limits: Vec<(LimitKey, u32)>,
    is_idempotent: bool,
    policy: RetryPolicy,
    retries: u32,
    is_synced: bool,
    state: State,
}

impl Call {
    /// A request that has not been sent.
    #[must_use]
    pub fn new(request: &Request, policy: RetryPolicy) -> Self {
        Self {
            limits: request.limits().to_vec(),
            is_idempotent: request.is_idempotent(),
            policy,
            retries: 0,
            is_synced: !request.is_signed(),
            state: State::Queued,
        }
    }

    /// How often it was repeated.
    #[must_use]
    pub const fn retries(&self) -> u32 {
        self.retries
    }

    /// What to do now. Asked again after each wait, since others may have been told to slow down meanwhile.
    ///
    /// # Errors
    /// How long the limits would make it wait, if that is longer than allowed.
    pub fn step(&mut self, limiter: &mut RateLimiter, now_ns: u64) -> Result<Step, WaitNs> {
        loop {
            match self.state {
                State::Pausing { until_ns } if now_ns < until_ns => return Ok(Step::Wait(until_ns)),
                State::Pausing { .. } => self.state = State::Queued,
                State::Queued => {
                    let max_wait_ns = self.policy.max_wait_ms.saturating_mul(NANOS_PER_MILLI);
                    let until_ns = match &self.limits[..] {
                        [(key, cost)] => limiter.reserve(key, *cost, now_ns, max_wait_ns)?,
                        // Places at different times would be of no use: all at once, or later.
                        several => {
                            let wanted: Vec<_> = several.iter().map(|(key, cost)| (key, *cost)).collect();
                            match limiter.try_acquire_all(&wanted, now_ns) {
                                Ok(()) => now_ns,
                                Err(wait) if wait.0 > max_wait_ns => return Err(wait),
                                Err(wait) => return Ok(Step::Wait(now_ns.saturating_add(wait.0))),
                            }
                        }
                    };
                    self.state = State::Waiting { until_ns };
                }
                State::Waiting { until_ns } if now_ns < until_ns => return Ok(Step::Wait(until_ns)),
                // The place was reserved before OKX asked for a pause: queue again behind it.
                State::Waiting { .. } if self.limits.iter().any(|(key, _)| limiter.is_held(key, now_ns)) => {
                    self.state = State::Queued;
                }
                State::Waiting { .. } => {
                    self.state = State::Sent;
                    return Ok(Step::Send);
                }
                State::Sent => return Ok(Step::Send),
            }
        }
    }

    /// How sending failed, and what now. `retry_after_ms` is what the answer's header says.
    pub fn failed(
        &mut self,
        error: &HttpError,
        retry_after_ms: Option<u64>,
        limiter: &mut RateLimiter,
        rng: &mut dyn Rng,
        now_ns: u64,
    ) -> Verdict {
        if error.kind() == ErrorKind::Venue && error.code().retry() == Retry::AfterClockSync {
            // OKX has not executed it, so that commands may be repeated too; but once only.
            if std::mem::replace(&mut self.is_synced, true) {
                return Verdict::GiveUp;
            }
            self.state = State::Queued;
            return Verdict::SyncClock;
        }
        let may_repeat = self.is_idempotent && self.retries < self.policy.max_retries;
        let asked_ms = retry_after_ms.map(|ms| ms.min(MAX_RETRY_AFTER_MS));
        let pause_ns = self.pause_ms(rng).saturating_mul(NANOS_PER_MILLI);
        if error.is_throttled() {
            // OKX counts what was refused as well: the window must pass.
            for (key, _) in &self.limits {
                let hold_ns = asked_ms.map_or(key.rule.window_ns(), |ms| ms * NANOS_PER_MILLI);
                limiter.hold(key, hold_ns.saturating_add(pause_ns), now_ns);
            }
        } else if is_transient(error) {
            let busy = error.http_status().is_some();
            let hold_ns = asked_ms.map_or(if busy { pause_ns } else { 0 }, |ms| ms * NANOS_PER_MILLI);
            if hold_ns > 0 {
                // Whatever is broken behind this endpoint is not helped by the other requests that wait for it.
                for (key, _) in &self.limits {
                    limiter.hold(key, hold_ns, now_ns);
                }
            }
        } else {
            return Verdict::GiveUp;
        }
        if !may_repeat {
            return Verdict::GiveUp;
        }
        self.retries += 1;
        self.state = State::Pausing { until_ns: now_ns.saturating_add(pause_ns) };
        Verdict::Again
    }

    /// The pause before the next repetition: doubled each time, and between a half and the whole of that by chance, so that
    /// clients that failed together do not come back together.
    fn pause_ms(&self, rng: &mut dyn Rng) -> u64 {
        let doubled = self.policy.delay_initial_ms.saturating_mul(1 << self.retries.min(32));
        let full = doubled.min(self.policy.delay_max_ms.max(self.policy.delay_initial_ms));
        rng.between(full / 2, full)
    }
}

/// Whether the same request may succeed in a moment.
fn is_transient(error: &HttpError) -> bool {
    match error.kind() {
        // A body that was cut short or is not JSON: the next answer may be whole.
        ErrorKind::Timeout | ErrorKind::Network | ErrorKind::Decode => true,
        ErrorKind::Gateway => error.http_status().is_some_and(|status| status >= 500 || status == 408),
        ErrorKind::Venue => {
            error.code().retry() == Retry::BackOff
                || error.code().kind() == CodeKind::OutcomeUnknown
                || error.http_status().is_some_and(|status| status >= 500)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
