//! REST: faults, routing, authentication, rate limits, answers (reference 2, 3.3, 4, 8).

use bytes::Bytes;
use okx_common::clock::{NANOS_PER_MILLI, Now};
use serde_json::{Value, json};

use super::{Exchange, bare, conn::User, edit};
use crate::{
    endpoint::{self, Endpoint, Route, Source},
    fault::{Action, Class, CutAt, HoldHow, Subject},
    journal::Direction,
    link::Link,
    output::{Fate, RestAnswer, RestRequest, RestResponse},
};

/// What every path starts with.
const PREFIX: &str = "/api/v5";

impl Exchange {
    /// Answers a REST request.
    pub fn rest(&mut self, request: &RestRequest, now: Now) -> RestAnswer {
        self.advance(now);
        self.write_request(request, now);
        let (mut fate, mut scripted, mut apply, mut items) = (Fate::Whole, None, true, None);
        for fault in self.rest_faults(Class::Request, request, &request.body.clone(), now) {
            match fault {
                Action::Cut { at, how } => {
                    apply = at != CutAt::Before;
                    if let CutAt::Item(count) = at {
                        items = Some(count);
                    }
                    fate = Fate::Cut(None, how);
                }
                Action::Mute { .. } => fate = Fate::Silence,
                Action::Time { offset_ms, jump_ms } => self.shift_time(offset_ms, jump_ms),
                Action::Lim { status, retry_after_s } => {
                    apply = false;
                    let mut limited = too_many(status);
                    limited.headers.extend(retry_after_s.map(|s| ("retry-after".to_owned(), s.to_string())));
                    scripted = Some(limited);
                }
                Action::Reply { apply: wanted, status, code, msg, data, body, headers } => {
                    apply = wanted;
                    let envelope = || {
                        json!({"code": code, "msg": msg, "data": data.unwrap_or_else(|| json!([]))})
                            .to_string()
                            .into()
                    };
                    let mut answer = RestResponse::json(status, body.map_or_else(envelope, |b| b.bytes()));
                    answer.headers.extend(headers);
                    scripted = Some(answer);
                }
                _ => {}
            }
        }
        let own = apply.then(|| self.answer(request, items, now));
        let response = scripted.or(own).unwrap_or_else(|| RestResponse::json(200, ""));
        let mut answer = RestAnswer { response, delay_ms: 0, fate };
        self.bend_answer(request, &mut answer, now);
        self.write_answer(&answer, now);
        answer
    }

    fn rest_faults(&mut self, class: Class, request: &RestRequest, bytes: &Bytes, now: Now) -> Vec<Action> {
        if self.faults.is_empty() {
            return Vec::new();
        }
        let inst_id = request.param("instId").unwrap_or_default();
        let key = request.header("ok-access-key").and_then(|k| self.find_key(k));
        let subject = Subject {
            class,
            uid: key.map_or("", |u| self.config.accounts[u.account].uid.as_str()),
            inst_id: &inst_id,
            path: request.path.strip_prefix(PREFIX).unwrap_or(&request.path),
            method: &request.method,
            bytes,
            ..bare(Link::Rest, None)
        };
        let fired = self.faults.on(&subject, now);
        for fault in &fired {
            self.note(Link::Rest, None, &format!("fault {}", fault.id.0), now);
        }
        fired.into_iter().map(|f| f.what).collect()
    }

    fn bend_answer(&mut self, request: &RestRequest, answer: &mut RestAnswer, now: Now) {
        for fault in self.rest_faults(Class::Body, request, &answer.response.body.clone(), now) {
            match fault {
                Action::Edit { changes } => edit::response(&mut answer.response, &changes, self.faults.rng()),
                Action::Hold { how: HoldHow::Delay(ms) } => answer.delay_ms = ms,
                // There is one answer to one request: what cannot be repeated or overtaken is lost or comes once.
                Action::Hold { how: HoldHow::Drop | HoldHow::Park } | Action::Mute { .. } => {
                    answer.fate = Fate::Silence
                }
                Action::Cut { at: CutAt::Byte(n), how } => answer.fate = Fate::Cut(Some(n), how),
                Action::Cut { at: CutAt::Fragment, how } => {
                    answer.fate = Fate::Cut(Some(answer.response.body.len().div_ceil(2)), how);
                }
                Action::Cut { at: CutAt::After, how } => {
                    answer.fate = Fate::Cut(Some(answer.response.body.len()), how)
                }
                Action::Cut { at: CutAt::Before | CutAt::Item(_), how } => answer.fate = Fate::Cut(None, how),
                Action::Time { offset_ms, jump_ms } => self.shift_time(offset_ms, jump_ms),
                _ => {}
            }
        }
    }

    /// The answer without any fault.
    fn answer(&mut self, request: &RestRequest, items: Option<usize>, now: Now) -> RestResponse {
        let path = request.path.strip_prefix(PREFIX).unwrap_or_default().to_owned();
        let found = match endpoint::route(&path, &request.method) {
            Route::Found(found) => found,
            Route::WrongMethod => return RestResponse::error(405, "50115", "Invalid request method."),
            // The gateway in front of OKX answers in its own shape, without `code`.
            Route::Unknown => {
                return RestResponse::json(404, r#"{"message":"no Route matched with those values"}"#);
            }
        };
        let user = match found.needs.map(|needs| self.authenticate(request, needs, now)).transpose() {
            Ok(user) => user,
            Err(refused) => return refused,
        };
        if !self.within_rate(found, request, user, now) {
            return too_many(429);
        }
        if let Err(refused) = check_body(request) {
            return refused;
        }
        // The signature covers the whole body; what is carried out may be less of it.
        let part = items.map(|count| first_items(request, count));
        self.serve(found, part.as_ref().unwrap_or(request), user, now)
    }

    fn serve(
        &mut self,
        found: &Endpoint,
        request: &RestRequest,
        user: Option<User>,
        now: Now,
    ) -> RestResponse {
        match (found.source, user) {
            (Source::Config, Some(user)) => {
                let account =
                    self.trading.profile(user.account).unwrap_or(&self.config.accounts[user.account]);
                rows(&json!([account.config_row(&account.keys[user.key])]))
            }
            (Source::Trading, Some(user)) => self.trading_rest(found, request, user, now),
            (Source::Instruments, _) => {
                let path = found.path;
                self.market_body(path, request)
                    .or_else(|| self.market_body("/public/instruments", request))
                    .unwrap_or_else(no_data)
            }
            _ => self.market_body(found.path, request).unwrap_or_else(no_data),
        }
    }

    fn market_body(&mut self, path: &str, request: &RestRequest) -> Option<RestResponse> {
        Some(match self.market.rest(path, &request.params())? {
            Ok(body) => RestResponse::json(200, body),
            Err(refused) => RestResponse::error(refused.http, &refused.code, &refused.msg),
        })
    }

    fn within_rate(&mut self, found: &Endpoint, request: &RestRequest, user: Option<User>, now: Now) -> bool {
        if !self.config.limits.rest || found.limit == 0 {
            return true;
        }
        let uid = user.map(|u| self.config.accounts[u.account].uid.clone());
        let key = found.rate_key(request, &uid.unwrap_or_else(|| request.peer.to_string()));
        let span_ns = found.window_ms * NANOS_PER_MILLI;
        let window =
            self.rates.entry(key).or_insert_with(|| crate::window::Window::new(found.limit, span_ns));
        window.take(1, now.mono_ns)
    }

    fn write_request(&mut self, request: &RestRequest, now: Now) {
        let head = format!("{} {}", request.method, request.target());
        let line = if request.body.is_empty() {
            Bytes::from(head)
        } else {
            Bytes::from([head.as_bytes(), b" ", &request.body].concat())
        };
        let unix_ns = self.time(now).unix_ns;
        self.journal.write(unix_ns, Link::Rest, None, Direction::In, line);
    }

    fn write_answer(&mut self, answer: &RestAnswer, now: Now) {
        let line = [answer.response.status.to_string().as_bytes(), b" ", &answer.response.body].concat();
        let unix_ns = self.time(now).unix_ns;
        self.journal.write(unix_ns, Link::Rest, None, Direction::Out, Bytes::from(line));
        if answer.fate != Fate::Whole {
            self.note(Link::Rest, None, &format!("not answered as written: {:?}", answer.fate), now);
        }
    }
}

/// The request with the first so many elements of its list.
fn first_items(request: &RestRequest, count: usize) -> RestRequest {
    let mut items: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    if let Some(list) = items.as_array_mut() {
        list.truncate(count);
    }
    RestRequest { body: items.to_string().into(), ..request.clone() }
}

fn rows(data: &Value) -> RestResponse {
    RestResponse::json(200, format!(r#"{{"code":"0","msg":"","data":{data}}}"#))
}

/// An endpoint OKX has and the market does not feed: it exists and is empty.
fn no_data() -> RestResponse {
    rows(&json!([]))
}

fn too_many(status: u16) -> RestResponse {
    RestResponse::error(status, "50011", "Too Many Requests")
}

fn check_body(request: &RestRequest) -> Result<(), RestResponse> {
    if request.method != "POST" {
        return Ok(());
    }
    if request.body.is_empty() {
        return Err(RestResponse::error(400, "50000", "Body for POST request cannot be empty."));
    }
    let is_json = request.header("content-type").is_some_and(|t| t.starts_with("application/json"));
    if !is_json {
        return Err(RestResponse::error(
            400,
            "50006",
            "Invalid Content-Type, please use \"application/json\".",
        ));
    }
    if serde_json::from_slice::<Value>(&request.body).is_err() {
        return Err(RestResponse::error(400, "50002", "JSON syntax error"));
    }
    Ok(())
}
