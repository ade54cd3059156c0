//! What the tests share.

use std::{collections::BTreeMap, sync::Arc};

use okx_sim::{Market, PushKind, Topic, Venue, VenueConfig};
use serde_json::Value;

/// 2026-11-25 14:00:00.123 UTC.
pub(crate) const NOW: u64 = 1_795_615_200_123;

/// A market at [`NOW`].
pub(crate) fn venue(seed: u64) -> Venue {
    let mut venue = Venue::new(VenueConfig { seed, ..VenueConfig::default() }).expect("market");
    venue.advance(NOW);
    venue
}

/// Subscribes and returns the topic with its first frames.
pub(crate) fn start(venue: &mut Venue, channel: &str, inst_id: &str) -> (Arc<Topic>, Vec<Value>) {
    start_topic(venue, Topic::of(channel, inst_id))
}

/// The same for any topic.
pub(crate) fn start_topic(venue: &mut Venue, topic: Topic) -> (Arc<Topic>, Vec<Value>) {
    assert!(venue.knows(&topic), "{}", topic.json());
    let topic = Arc::new(topic);
    venue.start(&topic);
    let frames = venue.snapshot(&topic);
    (topic, frames.iter().map(|f| json(f)).collect())
}

pub(crate) fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(bytes)))
}

/// Moves the clock in steps and collects everything that is published.
pub(crate) fn run(venue: &mut Venue, from: u64, to: u64, step: u64) -> Vec<(Arc<Topic>, PushKind, Value)> {
    let mut out = Vec::new();
    for ms in (from..=to).step_by(step as usize) {
        venue.advance(ms);
        while let Some(push) = venue.poll() {
            out.push((push.topic, push.kind, json(&push.frame)));
        }
    }
    out
}

/// `data` of a REST answer.
pub(crate) fn get(venue: &mut Venue, path: &str, params: &[(&str, &str)]) -> Value {
    let params: Vec<_> = params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let body = venue.rest(path, &params).unwrap_or_else(|| panic!("{path} is not served"));
    let body = body.unwrap_or_else(|e| panic!("{path} {params:?}: {e:?}"));
    let body = json(&body);
    assert_eq!((&body["code"], &body["msg"]), (&"0".into(), &"".into()));
    body["data"].clone()
}

/// Code of a refused request.
pub(crate) fn refused(venue: &mut Venue, path: &str, params: &[(&str, &str)]) -> String {
    let params: Vec<_> = params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    match venue.rest(path, &params).expect("served") {
        Err(refused) => refused.code,
        Ok(body) => panic!("answered {}", String::from_utf8_lossy(&body)),
    }
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_str().and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("no number: {value}"))
}

pub(crate) fn whole(value: &Value) -> u64 {
    value.as_str().and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("no whole number: {value}"))
}

/// A book put together from frames as a client does it.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Rebuilt {
    pub(crate) asks: BTreeMap<u64, (String, String)>,
    pub(crate) bids: BTreeMap<u64, (String, String)>,
    pub(crate) seq: i64,
    /// Levels that were deleted though nobody knew them.
    pub(crate) strange: usize,
}

impl Rebuilt {
    /// Applies a frame; fails on a gap.
    pub(crate) fn apply(&mut self, frame: &Value) {
        let row = &frame["data"][0];
        let (seq, prev) =
            (row["seqId"].as_i64().expect("seqId"), row["prevSeqId"].as_i64().expect("prevSeqId"));
        if frame["action"] == "snapshot" {
            assert_eq!(prev, -1);
            *self = Self::default();
        } else {
            assert_eq!(prev, self.seq, "a gap");
        }
        self.seq = seq;
        for (name, side) in [("asks", &mut self.asks), ("bids", &mut self.bids)] {
            for level in row[name].as_array().expect("levels") {
                let level: Vec<&str> =
                    level.as_array().expect("level").iter().map(|v| v.as_str().expect("text")).collect();
                let [px, size, ..] = level[..] else { panic!("short level") };
                assert_eq!(level.len(), 4);
                let key = (px.parse::<f64>().expect("price") * 1e9).round() as u64;
                if size == "0" {
                    self.strange += usize::from(side.remove(&key).is_none());
                } else {
                    side.insert(key, (px.to_owned(), size.to_owned()));
                }
            }
        }
    }

    pub(crate) fn crossed(&self) -> bool {
        match (self.asks.first_key_value(), self.bids.last_key_value()) {
            (Some((ask, _)), Some((bid, _))) => ask <= bid,
            _ => false,
        }
    }

    /// As [`Market::book`] shows it.
    pub(crate) fn assert_is(&self, book: &Value) {
        let own = |levels: Vec<&(String, String)>| {
            Value::from_iter(levels.into_iter().map(|(p, s)| Value::from(vec![p.clone(), s.clone()])))
        };
        assert_eq!(own(self.asks.values().collect()), book["asks"]);
        assert_eq!(own(self.bids.values().rev().collect()), book["bids"]);
        assert_eq!(self.seq, book["seqId"].as_i64().expect("seqId"));
    }
}
