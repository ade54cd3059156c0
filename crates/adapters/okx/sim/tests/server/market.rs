//! A market that does what a test says.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use okx_sim::{Market, MarketError, Push, PushKind, Topic};
use serde_json::{Value, json};

/// The only instrument.
pub(crate) const INST_ID: &str = "BTC-USDT";
/// `seqId` of the snapshot.
pub(crate) const FIRST_SEQ: i64 = 10;

/// Publishes an update of each started topic when the script says `{"updates":n}`, and one at the time set by `{"at_ms":t}`.
#[derive(Default)]
pub(crate) struct Scripted {
    topics: Vec<Arc<Topic>>,
    seq: BTreeMap<Arc<Topic>, i64>,
    queue: VecDeque<Push>,
    now_ms: u64,
    at_ms: Vec<u64>,
    padding: usize,
}

impl Scripted {
    pub(crate) fn boxed() -> Box<dyn Market> {
        Box::new(Self::default())
    }

    fn update(&mut self) {
        for topic in &self.topics {
            let seq = self.seq.entry(topic.clone()).or_insert(FIRST_SEQ);
            let (prev, next) = (*seq, *seq + 1);
            *seq = next;
            let row = json!({"asks": [["2", "1", "0", "1"]], "bids": [], "ts": self.now_ms.to_string(), "prevSeqId": prev,
                "seqId": next, "padding": "x".repeat(self.padding)});
            let frame = format!(r#"{{"arg":{},"action":"update","data":[{row}]}}"#, topic.json());
            self.queue.push_back(Push { topic: topic.clone(), kind: PushKind::Update, frame: frame.into() });
        }
    }
}

impl Market for Scripted {
    fn advance(&mut self, unix_ms: u64) {
        self.now_ms = unix_ms;
        while let Some(at) = self.at_ms.iter().position(|t| *t <= unix_ms) {
            self.at_ms.remove(at);
            self.update();
        }
    }

    fn next_ms(&self) -> Option<u64> {
        self.at_ms.iter().min().copied()
    }

    fn knows(&self, topic: &Topic) -> bool {
        topic.inst_id == INST_ID
    }

    fn start(&mut self, topic: &Arc<Topic>) {
        self.topics.push(topic.clone());
    }

    fn stop(&mut self, topic: &Topic) {
        self.topics.retain(|t| **t != *topic);
    }

    fn snapshot(&mut self, topic: &Arc<Topic>) -> Vec<Bytes> {
        let seq = self.seq.get(topic).copied().unwrap_or(FIRST_SEQ);
        let row = json!({"asks": [["2", "1", "0", "1"]], "bids": [["1", "1", "0", "1"]], "ts": "1", "prevSeqId": -1, "seqId": seq});
        vec![Bytes::from(format!(r#"{{"arg":{},"action":"snapshot","data":[{row}]}}"#, topic.json()))]
    }

    fn poll(&mut self) -> Option<Push> {
        self.queue.pop_front()
    }

    fn rest(&mut self, path: &str, params: &[(String, String)]) -> Option<Result<Bytes, MarketError>> {
        let time = self.now_ms.to_string();
        let known = params.iter().any(|(name, value)| name == "instId" && value == INST_ID);
        Some(match path {
            "/public/time" => Ok(json!({"code": "0", "msg": "", "data": [{"ts": time}]}).to_string().into()),
            "/market/ticker" if known => {
                Ok(json!({"code": "0", "msg": "", "data": [{"instId": INST_ID, "last": "1.5"}]})
                    .to_string()
                    .into())
            }
            "/market/ticker" => Err(MarketError {
                http: 200,
                code: "51001".to_owned(),
                msg: "Instrument ID or Spread ID doesn't exist".to_owned(),
            }),
            _ => return None,
        })
    }

    fn script(&mut self, command: &Value) -> Result<Value, String> {
        if let Some(padding) = command["padding"].as_u64() {
            self.padding = usize::try_from(padding).map_err(|e| e.to_string())?;
        }
        if let Some(at) = command["at_ms"].as_u64() {
            self.at_ms.push(at);
        }
        let updates = command["updates"].as_u64().unwrap_or(0);
        (0..updates).for_each(|_| self.update());
        if command["padding"].is_null() && command["at_ms"].is_null() && updates == 0 {
            return Err("give updates, padding or at_ms".to_owned());
        }
        Ok(json!({"updates": updates}))
    }

    fn book(&self, inst_id: &str) -> Option<Value> {
        let topic = Arc::new(Topic::of("books", INST_ID));
        let seq = self.seq.get(&topic).copied().unwrap_or(FIRST_SEQ);
        (inst_id == INST_ID).then(|| json!({"asks": [["2", "1"]], "bids": [["1", "1"]], "seqId": seq}))
    }

    fn state_hash(&self) -> u64 {
        self.now_ms
    }
}
