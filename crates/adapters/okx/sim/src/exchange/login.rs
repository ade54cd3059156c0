//! WebSocket login (reference 2.4).

use okx_common::clock::Now;
use serde_json::Value;

use super::{Exchange, conn::User, deliver::Frame, inbound::Request};
use crate::{fault::Class, link::ConnNo, sign, wire};

impl Exchange {
    pub(super) fn login(&mut self, no: ConnNo, request: &Request<'_>, now: Now) {
        match self.check_login(no, request, now) {
            Ok(user) => {
                let Some(conn) = self.conns.get_mut(&no) else { return };
                conn.user = Some(user);
                let text = wire::login(&conn.conn_id);
                self.emit(no, Frame::new(Class::Login, text).answering("login", &request.id), now);
            }
            Err(code) => self.refuse(no, request, code, wire::words(code), now),
        }
    }

    fn check_login(&self, no: ConnNo, request: &Request<'_>, now: Now) -> Result<User, u32> {
        if self.conns.get(&no).is_some_and(|c| c.user.is_some()) {
            return Err(60031);
        }
        let [arg] = request.args.as_slice() else {
            return Err(if request.args.len() > 1 { 60031 } else { 60009 });
        };
        let get = |key: &str| arg.get(key).and_then(Value::as_str).filter(|s| !s.is_empty());
        let (Some(key), Some(passphrase), Some(signature)) = (get("apiKey"), get("passphrase"), get("sign"))
        else {
            return Err(60009);
        };
        // A number will do as well: OKX's own Python client sends one.
        let timestamp = match arg.get("timestamp") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(60004),
        };
        let seconds: u64 = timestamp.parse().map_err(|_| 60004u32)?;
        if timestamp.len() != 10 {
            return Err(60004);
        }
        if self.time(now).unix_ms().abs_diff(seconds * 1_000) > sign::MAX_SKEW_MS {
            return Err(60006);
        }
        let user = self.find_key(key).ok_or(if looks_like_key(key) { 60032u32 } else { 60005 })?;
        let api_key = &self.config.accounts[user.account].keys[user.key];
        if api_key.passphrase != passphrase {
            return Err(60024);
        }
        let prehash = [timestamp.as_bytes(), sign::LOGIN_PREHASH.as_bytes()];
        if !sign::verify(&api_key.secret, &prehash, signature) {
            return Err(60007);
        }
        Ok(user)
    }

    pub(super) fn find_key(&self, key: &str) -> Option<User> {
        let all = self.config.accounts.iter().enumerate();
        all.flat_map(|(account, a)| {
            a.keys.iter().enumerate().map(move |(at, k)| (User { account, key: at }, k))
        })
        .find(|(_, k)| k.key == key)
        .map(|(user, _)| user)
    }
}

/// OKX's keys are UUIDs. What is none is "invalid"; what is one but unknown "doesn't exist".
pub(super) fn looks_like_key(key: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    key.len() == 36
        && key
            .bytes()
            .enumerate()
            .all(|(i, b)| if dashes.contains(&i) { b == b'-' } else { b.is_ascii_hexdigit() })
}
