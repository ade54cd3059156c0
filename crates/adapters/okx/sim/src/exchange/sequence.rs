//! SEQ: bends the sequence numbers of a book on their way to one connection.

use std::sync::Arc;

use bytes::Bytes;

use super::conn::Conn;
use crate::{fault::SeqHow, market::PushKind, splice, topic::Topic};

/// Where a book frame keeps its numbers.
const SEQ_ID: &str = "data/0/seqId";
const PREV_SEQ_ID: &str = "data/0/prevSeqId";

/// Frames to send in place of one.
pub(super) type Bent = smallvec::SmallVec<[Bytes; 2]>;

/// Moves the numbers of a frame as earlier faults on this topic demand, so that the chain stays whole.
pub(super) fn follow(conn: &mut Conn, topic: &Arc<Topic>, kind: PushKind, frame: Bytes) -> Bytes {
    if kind == PushKind::Snapshot {
        conn.seq_shift.remove(topic);
        return frame;
    }
    conn.seq_shift.get(topic).map_or_else(|| frame.clone(), |shift| shifted(&frame, *shift, *shift))
}

/// Applies a fault to a frame that [`follow`] has seen.
pub(super) fn bend(conn: &mut Conn, topic: &Arc<Topic>, kind: PushKind, frame: &Bytes, how: SeqHow) -> Bent {
    let mut bent = Bent::new();
    match how {
        SeqHow::WithholdSnapshot if kind == PushKind::Snapshot => {}
        SeqHow::Drop if kind == PushKind::Update => {}
        SeqHow::Repeat => bent.extend([frame.clone(), frame.clone()]),
        SeqHow::Lower(by) => {
            let (seq, prev) = numbers(frame);
            let extra = (prev - by.abs()).max(0) - seq;
            add_shift(conn, topic, extra);
            bent.push(shifted(frame, extra, 0));
        }
        SeqHow::Gap(by) => {
            add_shift(conn, topic, by);
            bent.push(shifted(frame, by, by));
        }
        SeqHow::Freeze => bent.extend([frame.clone(), heartbeat(frame)]),
        SeqHow::WithholdSnapshot | SeqHow::Drop => bent.push(frame.clone()),
    }
    bent
}

fn add_shift(conn: &mut Conn, topic: &Arc<Topic>, by: i64) {
    *conn.seq_shift.entry(topic.clone()).or_default() += by;
}

fn numbers(frame: &[u8]) -> (i64, i64) {
    (splice::integer(frame, SEQ_ID).unwrap_or(0), splice::integer(frame, PREV_SEQ_ID).unwrap_or(-1))
}

/// Adds to the two numbers; a `prevSeqId` of -1 starts a chain and stays.
fn shifted(frame: &Bytes, seq_by: i64, prev_by: i64) -> Bytes {
    let (seq, prev) = numbers(frame);
    let moved = splice::set(frame, SEQ_ID, (seq + seq_by).to_string().as_bytes());
    let Some(moved) = moved else { return frame.clone() };
    let prev = if prev == -1 {
        None
    } else {
        splice::set(&moved, PREV_SEQ_ID, (prev + prev_by).to_string().as_bytes())
    };
    Bytes::from(prev.unwrap_or(moved))
}

/// What OKX sends when a book did not change for a minute (reference 5.4).
fn heartbeat(frame: &Bytes) -> Bytes {
    let seq = numbers(frame).0.to_string();
    let edits: [(&str, &[u8]); 4] = [
        ("data/0/asks", b"[]"),
        ("data/0/bids", b"[]"),
        (PREV_SEQ_ID, seq.as_bytes()),
        ("action", br#""update""#),
    ];
    let mut text = frame.to_vec();
    for (path, raw) in edits {
        text = splice::set(&text, path, raw).unwrap_or(text);
    }
    Bytes::from(text)
}

#[cfg(test)]
mod tests {
    use okx_common::clock::Now;

    use super::*;
    use crate::link::UrlKind;

    fn frame(prev: i64, seq: i64) -> Bytes {
        Bytes::from(format!(
            r#"{{"action":"update","data":[{{"asks":[["1","2"]],"bids":[],"prevSeqId":{prev},"seqId":{seq}}}]}}"#
        ))
    }

    /// Sends updates 10->11->12… with one fault on the second, and returns the pairs that come out.
    fn chain(how: SeqHow) -> Vec<(i64, i64)> {
        let mut conn = Conn::new(UrlKind::Public, String::new(), Now::default(), 0);
        let topic = Arc::new(Topic::of("books", "BTC-USDT"));
        let mut out = Vec::new();
        for n in 0..4 {
            let bytes = follow(&mut conn, &topic, PushKind::Update, frame(10 + n, 11 + n));
            let bent = if n == 1 {
                bend(&mut conn, &topic, PushKind::Update, &bytes, how)
            } else {
                Bent::from_iter([bytes])
            };
            out.extend(bent.iter().map(|b| (numbers(b).1, numbers(b).0)));
        }
        out
    }

    #[test]
    fn each_way_bends_the_chain_as_it_says() {
        assert_eq!(chain(SeqHow::Drop), [(10, 11), (12, 13), (13, 14)]);
        assert_eq!(chain(SeqHow::Repeat), [(10, 11), (11, 12), (11, 12), (12, 13), (13, 14)]);
        assert_eq!(chain(SeqHow::Lower(6)), [(10, 11), (11, 5), (5, 6), (6, 7)]);
        assert_eq!(chain(SeqHow::Freeze), [(10, 11), (11, 12), (12, 12), (12, 13), (13, 14)]);
        assert_eq!(chain(SeqHow::Gap(100)), [(10, 11), (111, 112), (112, 113), (113, 114)]);
    }
}
