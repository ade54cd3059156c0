//! A market that publishes what a test tells it to, behind a real server.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use okx_sim::{
    ExchangeConfig, Fault, Limits, Market, MarketError, Push, PushKind, ServerConfig, SimServer, Topic,
    UrlKind,
};
use okx_ws::{connect::Endpoint, pipe::tls_config};
use serde_json::{Value, json};

/// Knows every instrument but `NO-SUCH`; a trade is published when a script says so.
#[derive(Default)]
struct Scripted {
    pushes: VecDeque<Push>,
    trades: u64,
}

fn trade(inst_id: &str, number: u64) -> Bytes {
    let push = json!({
        "arg": {"channel": "trades", "instId": inst_id},
        "data": [{"instId": inst_id, "tradeId": number.to_string(), "px": "42219.9", "sz": "0.12060306", "side": "buy",
                  "ts": "1630048897897", "count": "1", "source": "0", "seqId": number}],
    });
    push.to_string().into()
}

impl Market for Scripted {
    fn advance(&mut self, _: u64) {}

    fn next_ms(&self) -> Option<u64> {
        None
    }

    fn knows(&self, topic: &Topic) -> bool {
        topic.inst_id != "NO-SUCH"
    }

    fn start(&mut self, _: &Arc<Topic>) {}

    fn stop(&mut self, _: &Topic) {}

    fn snapshot(&mut self, _: &Arc<Topic>) -> Vec<Bytes> {
        Vec::new()
    }

    fn poll(&mut self) -> Option<Push> {
        self.pushes.pop_front()
    }

    fn rest(&mut self, _: &str, _: &[(String, String)]) -> Option<Result<Bytes, MarketError>> {
        None
    }

    fn script(&mut self, command: &Value) -> Result<Value, String> {
        let inst_id = command["instId"].as_str().ok_or("no instId")?;
        for _ in 0..command["trades"].as_u64().unwrap_or(1) {
            self.trades += 1;
            let topic = Arc::new(Topic::of("trades", inst_id));
            self.pushes.push_back(Push { topic, kind: PushKind::Update, frame: trade(inst_id, self.trades) });
        }
        Ok(Value::Null)
    }

    fn book(&self, _: &str) -> Option<Value> {
        None
    }

    fn state_hash(&self) -> u64 {
        self.trades
    }
}

/// A running exchange.
pub(crate) struct Venue(pub SimServer);

impl Venue {
    pub(crate) fn start(tls: bool) -> Self {
        let exchange = ExchangeConfig { limits: Limits::off(), ..ExchangeConfig::default() };
        let config = ServerConfig { tls, exchange, ..ServerConfig::default() };
        Self(SimServer::start(config, Box::new(Scripted::default())).expect("loopback can be listened on"))
    }

    pub(crate) fn endpoint(&self, kind: UrlKind) -> Endpoint {
        let tls = self.0.ca_pem().map(|pem| tls_config(Some(pem.as_bytes())).expect("a certificate"));
        Endpoint::new(self.0.ws_url(kind).parse().expect("an address"), tls)
    }

    pub(crate) fn publish(&self, inst_id: &str, trades: u64) {
        let command = json!({"instId": inst_id, "trades": trades});
        self.0.with(|exchange, now| exchange.script(&command, now)).expect("a good command");
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.0.with(|exchange, now| exchange.add_fault(fault, now)).expect("room for a fault");
    }

    pub(crate) fn clear_faults(&self) {
        self.0.with(okx_sim::Exchange::clear_faults);
    }

    /// Topics of each open connection, in the order of opening.
    pub(crate) fn topics(&self) -> Vec<Vec<String>> {
        let state = self.0.with(okx_sim::Exchange::state);
        state.connections.into_iter().map(|c| c.topics).collect()
    }
}
