//! Logging in: once for each link, before what needs it.

use bytes::Bytes;
use okx_common::{
    clock::{NANOS_PER_SECOND, Now},
    error_code::ErrorCode,
};

use super::{
    Session,
    config::LoginPolicy,
    event::{DisconnectReason, Event, LinkId, Output},
    link::{Link, Login},
};
use crate::decode::redacted;

/// How long the answer to a login is awaited. OKX answers within a second.
pub(super) const LOGIN_WAIT_NS: u64 = 10 * NANOS_PER_SECOND;

/// Attempts after failures that may pass (no answer, 63999, clock), before giving up.
const LOGIN_ATTEMPTS_MAX: u32 = 5;

/// Logins of a link beyond the first one, after OKX said "please log in" (60011).
const RELOGINS_MAX: u32 = 1;

/// "Multiple or repeated logins are not allowed": the link is logged in.
const ALREADY_LOGGED_IN: u32 = 60031;

/// Codes of a refused login; other errors while one is pending belong to other requests.
const LOGIN_CODES: [u32; 10] = [60004, 60005, 60006, 60007, 60009, 60023, 60024, 60026, 60032, 63999];

/// Codes after which another attempt may do: timestamps (with the clock corrected), too frequent, internal error, no answer.
const PASSING_CODES: [u32; 5] = [60004, 60006, 60023, 63999, 0];

impl Session {
    /// Whether topics may be subscribed on the link as far as the login goes.
    pub(super) fn login_is_settled(&self, link: &Link) -> bool {
        match (&self.config.credentials, self.config.login) {
            (Some(_), LoginPolicy::Always) => link.login == Login::Done,
            _ => !matches!(link.login, Login::Sent { .. }),
        }
    }

    fn needs_login(&self) -> bool {
        self.config.credentials.is_some()
            && (self.config.login == LoginPolicy::Always
                || self.topics.iter().any(|(_, slot)| slot.wanted && slot.topic.needs_login()))
    }

    pub(super) fn login_where_needed(&mut self, now: Now) {
        let is_new = |l: &Link| l.is_open() && l.login == Login::No;
        if !self.links.iter().any(is_new) || !self.needs_login() {
            return;
        }
        let ids: Vec<_> = self.links.iter().filter(|l| is_new(l)).map(|l| l.id).collect();
        for id in ids {
            self.send_login(id, now);
        }
    }

    fn send_login(&mut self, id: LinkId, now: Now) {
        let Some(credentials) = &self.config.credentials else { return };
        let unix_ms = now.unix_ms().saturating_add_signed(self.clock_offset_ms);
        let request = credentials.ws_login_args(unix_ms / 1_000).to_request();
        let Some(link) = self.link_mut(id) else { return };
        link.login = Login::Sent { deadline_ns: now.mono_ns + LOGIN_WAIT_NS };
        link.note_op(now.mono_ns);
        self.outputs.push_back(Output::Transmit(id, Bytes::from(request)));
    }

    /// The answer to a login, good or bad.
    pub(super) fn login_answered(&mut self, id: LinkId, code: ErrorCode, msg: &str, now: Now) {
        if !code.is_success() && code.0 != ALREADY_LOGGED_IN {
            self.login_failed(id, code, msg, now);
            return;
        }
        let Some(link) = self.link_mut(id) else { return };
        if link.login == Login::Done {
            return;
        }
        link.login = Login::Done;
        link.mark_dirty();
        link.flush_at_ns = now.mono_ns;
        self.was_logged_in = true;
        self.login_failures = 0;
        self.emit(Event::LoggedIn { link: id });
    }

    /// Whether an error belongs to the login that is pending on the link.
    pub(super) fn is_login_error(&self, id: LinkId, code: ErrorCode) -> bool {
        let is_pending = self.link_of(id).is_some_and(|l| matches!(l.login, Login::Sent { .. }));
        code.0 == ALREADY_LOGGED_IN || (is_pending && LOGIN_CODES.contains(&code.0))
    }

    pub(super) fn login_timed_out(&mut self, id: LinkId, now: Now) {
        self.login_failed(id, ErrorCode(0), "OKX did not answer the login", now);
    }

    fn login_failed(&mut self, id: LinkId, code: ErrorCode, msg: &str, now: Now) {
        self.login_failures += 1;
        let may_pass = PASSING_CODES.contains(&code.0) && self.login_failures < LOGIN_ATTEMPTS_MAX;
        let reason =
            if code.0 == 0 { DisconnectReason::NoLoginReply } else { DisconnectReason::LoginRefused(code) };
        let msg = redacted(msg);
        if may_pass {
            self.emit(Event::LoginFailed { code, msg, is_final: false });
            // A second login on this link might meet the first one (60031).
            self.abandon(id, reason, now);
            return;
        }
        if self.config.login == LoginPolicy::WhenNeeded {
            // What needs no login goes on.
            self.emit(Event::LoginFailed { code, msg: msg.clone(), is_final: true });
            if let Some(link) = self.link_mut(id) {
                link.login = Login::Refused;
                link.mark_dirty();
            }
            self.login_failures = 0;
            self.refuse_topics_that_need_login(id, code, &msg);
            return;
        }
        let is_final = !self.was_logged_in;
        self.emit(Event::LoginFailed { code, msg: msg.clone(), is_final });
        if is_final {
            self.refuse_topics_that_need_login(id, code, &msg);
            self.is_open = false;
            self.is_halted = true;
            self.drop_link(id, reason, Some("login refused"));
            return;
        }
        let advice = code.info().map_or("", |info| info.advice);
        self.emit(Event::Degraded { reason: format!("OKX refuses the login now, {code:?} {msg}: {advice}") });
        self.backoff.be_slow();
        self.abandon(id, reason, now);
    }

    /// One more login after "please log in" (60011); false if that was tried before.
    pub(super) fn relogin(&mut self, id: LinkId) -> bool {
        let has_credentials = self.config.credentials.is_some();
        let Some(link) = self.link_mut(id) else { return false };
        match link.login {
            Login::Sent { .. } => true,
            Login::No if has_credentials => true,
            Login::Done if link.relogins < RELOGINS_MAX => {
                link.relogins += 1;
                link.login = Login::No;
                true
            }
            _ => false,
        }
    }
}
