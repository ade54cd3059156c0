//! An exchange on virtual time and a client that signs.

use okx_common::{
    civil,
    clock::{NANOS_PER_MILLI, Now},
};
use okx_sim::{
    Account, ApiKey, ConnNo, Exchange, ExchangeConfig, Fault, Limits, Output, RestAnswer, RestRequest,
    UrlKind, Venue, VenueConfig, sign,
};
use serde_json::{Value, json};

/// When the tests begin: 2026-11-25.
const START_MS: u64 = 1_795_600_000_000;
/// The instruments of the venue.
const INSTRUMENTS: [&str; 3] = ["BTC-USDT", "BTC-USDT-SWAP", "BTC-USD-SWAP"];

/// An exchange, its clock, and what it sent.
pub struct Bench {
    pub exchange: Exchange,
    pub now: Now,
    /// Connection and frame, oldest first.
    pub frames: Vec<(ConnNo, Value)>,
    pub ended: Vec<ConnNo>,
    requests: u64,
}

pub fn config(accounts: Vec<Account>) -> ExchangeConfig {
    ExchangeConfig { accounts, limits: Limits::off(), ..ExchangeConfig::default() }
}

fn iso(ms: u64) -> String {
    let (year, month, day) = civil::date_of_days((ms / 86_400_000) as i64);
    let (s, rest) = (ms / 1_000 % 86_400, ms % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{rest:03}Z", s / 3_600, s / 60 % 60, s % 60)
}

impl Bench {
    pub fn new() -> Self {
        Self::with(config(vec![Account::default()]))
    }

    /// With all instruments OKX has.
    pub fn whole() -> Self {
        Self::on(config(vec![Account::default()]), Vec::new())
    }

    pub fn with(config: ExchangeConfig) -> Self {
        Self::on(config, INSTRUMENTS.map(str::to_owned).to_vec())
    }

    fn on(config: ExchangeConfig, instruments: Vec<String>) -> Self {
        let venue = Venue::new(VenueConfig { instruments, ..VenueConfig::default() }).expect("a venue");
        let now = Now::new(1_000_000_000, START_MS * NANOS_PER_MILLI);
        let exchange = Exchange::new(config, Box::new(venue), now);
        Self { exchange, now, frames: Vec::new(), ended: Vec::new(), requests: 0 }
    }

    /// Takes what the exchange sent.
    pub fn settle(&mut self) {
        while let Some(output) = self.exchange.poll() {
            match output {
                Output::Send { conn, frame } => {
                    if let Ok(value) = serde_json::from_slice(&frame.payload) {
                        self.frames.push((conn, value));
                    }
                }
                Output::End { conn, .. } => self.ended.push(conn),
                Output::Reading { .. } => {}
            }
        }
    }

    /// Time passes, from deadline to deadline.
    pub fn wait(&mut self, ms: u64) {
        let end = self.now.plus_ns(ms * NANOS_PER_MILLI);
        while let Some(due) = self.exchange.next_deadline(self.now).filter(|due| *due < end.mono_ns) {
            let step = due.saturating_sub(self.now.mono_ns).max(NANOS_PER_MILLI);
            self.now = self.now.plus_ns(step.min(end.mono_ns - self.now.mono_ns));
            self.exchange.advance(self.now);
            self.settle();
            if self.now.mono_ns >= end.mono_ns {
                break;
            }
        }
        self.now = end;
        self.exchange.advance(self.now);
        self.settle();
    }

    /// A connection that is logged in.
    pub fn login(&mut self, kind: UrlKind, key: &ApiKey) -> ConnNo {
        let conn = self.exchange.open(kind, [127, 0, 0, 1].into(), self.now).expect("accepted");
        let time = self.now.unix_secs().to_string();
        let sign = sign::sign(&key.secret, &[time.as_bytes(), b"GET/users/self/verify"]);
        let args =
            json!([{"apiKey": key.key, "passphrase": key.passphrase, "timestamp": time, "sign": sign}]);
        self.send(conn, &json!({"op": "login", "args": args}));
        assert_eq!(self.last(conn)["event"], "login", "{:?}", self.frames);
        conn
    }

    pub fn private(&mut self) -> ConnNo {
        self.login(UrlKind::Private, &ApiKey::default())
    }

    /// A private connection that holds these channels.
    pub fn holding(&mut self, channels: &[&str]) -> ConnNo {
        let conn = self.private();
        for channel in channels {
            let mut arg = json!({"channel": channel});
            if matches!(*channel, "orders" | "positions") {
                arg["instType"] = json!("ANY");
            }
            self.send(conn, &json!({"op": "subscribe", "args": [arg]}));
        }
        self.frames.clear();
        conn
    }

    pub fn send(&mut self, conn: ConnNo, request: &Value) {
        self.exchange.receive(conn, request.to_string().as_bytes(), self.now);
        self.settle();
    }

    /// Sends an order operation: its reply, if there is one.
    pub fn op(&mut self, conn: ConnNo, op: &str, args: Value) -> Option<Value> {
        self.requests += 1;
        let id = format!("r{}", self.requests);
        self.send(conn, &json!({"id": id, "op": op, "args": args}));
        self.frames.iter().find(|(no, f)| *no == conn && f["id"] == id.as_str()).map(|(_, f)| f.clone())
    }

    pub fn last(&self, conn: ConnNo) -> Value {
        self.frames.iter().rev().find(|(no, _)| *no == conn).map(|(_, f)| f.clone()).unwrap_or_default()
    }

    /// The rows a connection got on a channel.
    pub fn rows(&self, conn: ConnNo, channel: &str) -> Vec<Value> {
        let mine = self
            .frames
            .iter()
            .filter(|(no, f)| *no == conn && f["arg"]["channel"] == channel && f.get("data").is_some());
        mine.flat_map(|(_, f)| f["data"].as_array().cloned().unwrap_or_default()).collect()
    }

    pub fn states(&self, conn: ConnNo) -> Vec<String> {
        self.rows(conn, "orders").iter().map(|r| r["state"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub fn rest(&mut self, method: &str, target: &str, body: &Value) -> Value {
        self.rest_as(&ApiKey::default(), method, target, body).1
    }

    /// A signed request: status and body.
    pub fn rest_as(&mut self, key: &ApiKey, method: &str, target: &str, body: &Value) -> (u16, Value) {
        let answer = self.raw(key, method, target, body, &[]);
        let body = serde_json::from_slice(&answer.response.body).unwrap_or_default();
        (answer.response.status, body)
    }

    pub fn raw(
        &mut self,
        key: &ApiKey,
        method: &str,
        target: &str,
        body: &Value,
        more: &[(&str, &str)],
    ) -> RestAnswer {
        let target = format!("/api/v5{target}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let time = iso(self.now.unix_ms());
        let signed = sign::sign(
            &key.secret,
            &[time.as_bytes(), method.as_bytes(), target.as_bytes(), body.as_bytes()],
        );
        let mut headers = vec![
            ("ok-access-key", key.key.as_str()),
            ("ok-access-passphrase", key.passphrase.as_str()),
            ("ok-access-timestamp", &time),
            ("ok-access-sign", &signed),
            ("content-type", "application/json"),
        ];
        headers.extend(more);
        let headers = headers.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        let request = RestRequest {
            method: method.to_owned(),
            headers,
            body: body.into(),
            ..RestRequest::get(&target)
        };
        let answer = self.exchange.rest(&request, self.now);
        self.settle();
        answer
    }

    /// Best bid and ask of an instrument as the client could know them.
    pub fn touch(&self, inst_id: &str) -> (String, String) {
        let book = self.exchange.book(inst_id).expect("a book");
        let best = |side: &str| book[side][0][0].as_str().unwrap_or_default().to_owned();
        (best("bids"), best("asks"))
    }

    pub fn code(&mut self, inst_id: &str, inst_type: &str) -> i64 {
        let body = self.rest(
            "GET",
            &format!("/account/instruments?instType={inst_type}&instId={inst_id}"),
            &Value::Null,
        );
        body["data"][0]["instIdCode"].as_i64().expect("a code")
    }

    pub fn fault(&mut self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).expect("sound");
        self.exchange.add_fault(fault, self.now).expect("room");
        self.settle();
    }

    /// The account as the exchange has it.
    pub fn account(&mut self) -> Value {
        self.exchange.account("", self.now).expect("trading")
    }
}
