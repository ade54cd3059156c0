//! The way out: every frame passes the faults, the mute and the journal here.

use std::sync::Arc;

use bytes::Bytes;
use okx_common::clock::{NANOS_PER_MILLI, Now};
use smallvec::{SmallVec, smallvec};

use super::{
    Exchange,
    conn::{Conn, Mute},
    edit, sequence,
};
use crate::{
    fault::{Action, Class, CutAt, CutHow, FaultId, Fired, HoldHow, MuteScope, Subject},
    journal::Direction,
    link::ConnNo,
    market::{Push, PushKind},
    output::{Output, WireFrame},
    topic::Topic,
    wire,
};

/// A frame on its way to a client.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub class: Class,
    pub topic: Option<Arc<Topic>>,
    pub op: String,
    pub id: String,
    pub bytes: Bytes,
    pub binary: bool,
    pub fragments: usize,
    pub compressed: bool,
}

impl Frame {
    pub fn new(class: Class, bytes: impl Into<Bytes>) -> Self {
        Self {
            class,
            topic: None,
            op: String::new(),
            id: String::new(),
            bytes: bytes.into(),
            binary: false,
            fragments: 1,
            compressed: false,
        }
    }

    pub fn on(self, topic: &Arc<Topic>) -> Self {
        Self { topic: Some(topic.clone()), ..self }
    }

    pub fn answering(self, op: &str, id: &str) -> Self {
        Self { op: op.to_owned(), id: id.to_owned(), ..self }
    }

    const fn push_kind(&self) -> Option<PushKind> {
        match self.class {
            Class::Snapshot => Some(PushKind::Snapshot),
            Class::Update => Some(PushKind::Update),
            _ => None,
        }
    }
}

/// A frame that leaves later.
#[derive(Debug)]
pub(super) struct Held {
    pub conn: ConnNo,
    pub frame: Frame,
}

/// Answers that must not leave: those to a request that a fault answers, or that the connection does not survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swallow {
    Answers(ConnNo),
    Everything(ConnNo),
}

impl Swallow {
    fn drops(self, conn: ConnNo, class: Class) -> bool {
        match self {
            Self::Everything(no) => no == conn,
            Self::Answers(no) => {
                no == conn
                    && matches!(
                        class,
                        Class::Ack | Class::Error | Class::Login | Class::OpReply | Class::Pong
                    )
            }
        }
    }
}

/// What the faults made of one frame.
struct Plan {
    frames: SmallVec<[Frame; 2]>,
    hold: Option<(FaultId, HoldHow)>,
    cut: Option<(CutAt, CutHow)>,
    notice: Option<Option<u64>>,
    after: Vec<Frame>,
}

impl Exchange {
    /// Sends one frame to everybody who holds its topic.
    pub(super) fn publish(&mut self, push: &Push, now: Now) {
        let Some(holders) = self.subscribers.get(&push.topic) else { return };
        let holders: SmallVec<[ConnNo; 8]> = holders.iter().copied().collect();
        for no in holders {
            self.emit(no, data_frame(&push.topic, push.kind, push.frame.clone()), now);
        }
    }

    /// Sends one frame, unless a fault has other plans.
    pub(super) fn emit(&mut self, no: ConnNo, frame: Frame, now: Now) {
        let Some(conn) = self.conns.get_mut(&no) else { return };
        if self.swallow.is_some_and(|s| s.drops(no, frame.class)) {
            return;
        }
        conn.active_mono_ns = now.mono_ns;
        let frame = follow_sequence(conn, frame);
        let calm = conn.mute.is_none() && conn.behind.is_empty();
        if self.faults.is_empty() && calm {
            self.send(no, frame, now);
            return;
        }
        let fired = self.faults.on(&subject(&self.config, conn, no, &frame), now);
        let mut plan =
            Plan { frames: smallvec![frame], hold: None, cut: None, notice: None, after: Vec::new() };
        for fault in fired {
            self.apply_to_frame(no, &mut plan, fault, now);
        }
        self.drop_muted(no, &mut plan, now);
        self.carry_out(no, plan, now);
    }

    fn apply_to_frame(&mut self, no: ConnNo, plan: &mut Plan, fault: Fired, now: Now) {
        let Some(conn) = self.conns.get_mut(&no) else { return };
        match fault.what {
            Action::Cut { at, how } => plan.cut = Some((at, how)),
            Action::Hold { how } => plan.hold = Some((fault.id, how)),
            Action::Mute { scope: MuteScope::Matching, pongs, .. } => {
                plan.frames.retain(|f| pongs && f.class == Class::Pong)
            }
            Action::Mute { scope: MuteScope::Connection, pongs, stop_reading } => {
                conn.mute = Some(Mute { fault: fault.id, pongs, stopped_reading: stop_reading });
                if stop_reading {
                    self.out.push_back(Output::Reading { conn: no, on: false });
                }
            }
            Action::Edit { changes } => {
                let rng = self.faults.rng();
                plan.frames.iter_mut().for_each(|frame| edit::frame(frame, &changes, rng));
            }
            Action::Seq { how } => {
                let frames = std::mem::take(&mut plan.frames);
                for frame in frames {
                    let (Some(topic), Some(kind)) = (frame.topic.clone(), frame.push_kind()) else {
                        continue;
                    };
                    let bent = sequence::bend(conn, &topic, kind, &frame.bytes, how);
                    plan.frames.extend(bent.into_iter().map(|bytes| Frame { bytes, ..frame.clone() }));
                }
            }
            Action::Inject { payload, binary } => {
                plan.after.push(Frame { binary, ..Frame::new(Class::Push, payload.bytes()) });
            }
            Action::ConnCountError { count } => {
                if let Some(topic) = plan.frames.first().and_then(|f| f.topic.clone()) {
                    let text = wire::conn_count(true, &topic.channel, count as usize, &conn.conn_id);
                    plan.after.push(Frame::new(Class::ConnCount, text));
                    conn.topics.remove(&topic);
                    self.drop_subscriber(&topic, no);
                }
            }
            Action::Notice { close_after_ms } => plan.notice = Some(close_after_ms),
            Action::Time { offset_ms, jump_ms } => self.shift_time(offset_ms, jump_ms),
            Action::Reply { .. } | Action::Lim { .. } => {}
        }
        self.note_fault(no, fault.id, now);
    }

    /// A muted connection gets nothing; a mute whose fault is gone ends.
    fn drop_muted(&mut self, no: ConnNo, plan: &mut Plan, now: Now) {
        self.end_mute(no, now);
        if let Some(mute) = self.conns.get(&no).and_then(|c| c.mute) {
            plan.frames.retain(|f| mute.pongs && f.class == Class::Pong);
            plan.after.clear();
        }
    }

    /// Lets the connection speak again if the fault that muted it has ended.
    pub(super) fn end_mute(&mut self, no: ConnNo, now: Now) {
        let Some(conn) = self.conns.get_mut(&no) else { return };
        let Some(mute) = conn.mute.filter(|m| !self.faults.alive(m.fault, now)) else { return };
        conn.mute = None;
        conn.active_mono_ns = now.mono_ns;
        if mute.stopped_reading {
            self.out.push_back(Output::Reading { conn: no, on: true });
        }
    }

    fn carry_out(&mut self, no: ConnNo, plan: Plan, now: Now) {
        match (&plan.hold, &plan.cut) {
            (_, Some((CutAt::Before, how))) => return self.end(no, how.clone(), now),
            (Some((fault, how)), None) => self.hold(no, plan.frames, *fault, how, now),
            (_, cut) => {
                for frame in plan.frames {
                    self.send_until(no, frame, cut.as_ref().map(|c| c.0), now);
                }
            }
        }
        plan.after.into_iter().for_each(|frame| self.send(no, frame, now));
        if let Some((_, how)) = plan.cut {
            self.end(no, how, now);
        } else if let Some(close_after_ms) = plan.notice {
            self.notice(no, close_after_ms, now);
        }
    }

    fn hold(&mut self, no: ConnNo, frames: SmallVec<[Frame; 2]>, fault: FaultId, how: &HoldHow, now: Now) {
        for frame in frames {
            match how {
                HoldHow::Drop => {}
                HoldHow::Delay(ms) => {
                    let due = now.mono_ns.saturating_add(ms.saturating_mul(NANOS_PER_MILLI));
                    self.next_held += 1;
                    self.held.insert((due, self.next_held), Held { conn: no, frame });
                }
                HoldHow::Park => self.parked.push((fault, Held { conn: no, frame })),
                HoldHow::Repeat(times) => (0..=*times).for_each(|_| self.send(no, frame.clone(), now)),
                HoldHow::Reorder(others) => {
                    if let Some(conn) = self.conns.get_mut(&no) {
                        conn.behind.push(((*others).max(1), frame));
                    }
                }
            }
        }
    }

    /// Puts a frame on the wire past all faults, then those that waited for it to pass.
    pub(super) fn send(&mut self, no: ConnNo, frame: Frame, now: Now) {
        self.send_until(no, frame, None, now);
    }

    fn send_until(&mut self, no: ConnNo, frame: Frame, cut: Option<CutAt>, now: Now) {
        let (fragments, cut_at) = match cut {
            Some(CutAt::Byte(n)) => (frame.fragments, Some(n)),
            Some(CutAt::Fragment) => (2, Some(encoded_len(frame.bytes.len().div_ceil(2)))),
            _ => (frame.fragments, None),
        };
        let Some(conn) = self.conns.get_mut(&no) else { return };
        let link = conn.kind.into();
        let mut passed = Vec::new();
        conn.behind.iter_mut().for_each(|(left, _)| *left -= 1);
        while let Some(at) = conn.behind.iter().position(|(left, _)| *left == 0) {
            passed.push(conn.behind.remove(at).1);
        }
        if frame.push_kind().is_none() || self.journal.pushes() {
            let unix_ns = self.time(now).unix_ns;
            self.journal.write(unix_ns, link, Some(no), Direction::Out, frame.bytes.clone());
        }
        let wire = WireFrame {
            payload: frame.bytes,
            binary: frame.binary,
            fragments,
            compressed: frame.compressed,
            cut_at,
        };
        self.out.push_back(Output::Send { conn: no, frame: wire });
        passed.into_iter().for_each(|frame| self.send(no, frame, now));
    }

    /// Announces the end of a connection (64008) and plans it.
    pub(super) fn notice(&mut self, no: ConnNo, close_after_ms: Option<u64>, now: Now) {
        let Some(conn) = self.conns.get_mut(&no) else { return };
        let text = wire::notice(&conn.conn_id);
        if let Some(ms) = close_after_ms {
            let at = now.mono_ns.saturating_add(ms.saturating_mul(NANOS_PER_MILLI));
            conn.end_at = Some((at, CutHow::Close { code: 1001, reason: "Service upgrade".to_owned() }));
        }
        self.emit(no, Frame::new(Class::Notice, text), now);
        if close_after_ms == Some(0) {
            self.end_due(now);
        }
    }

    pub(super) fn note_fault(&mut self, no: ConnNo, fault: FaultId, now: Now) {
        if let Some(kind) = self.conns.get(&no).map(|c| c.kind) {
            self.note(kind.into(), Some(no), &format!("fault {}", fault.0), now);
        }
    }
}

/// A data frame of a topic.
pub(super) fn data_frame(topic: &Arc<Topic>, kind: PushKind, bytes: Bytes) -> Frame {
    let class = if kind == PushKind::Snapshot { Class::Snapshot } else { Class::Update };
    Frame::new(class, bytes).on(topic)
}

fn follow_sequence(conn: &mut Conn, frame: Frame) -> Frame {
    match (&frame.topic, frame.push_kind()) {
        (Some(topic), Some(kind)) if !conn.seq_shift.is_empty() => {
            let topic = topic.clone();
            Frame { bytes: sequence::follow(conn, &topic, kind, frame.bytes.clone()), ..frame }
        }
        _ => frame,
    }
}

fn subject<'a>(
    config: &'a crate::config::ExchangeConfig,
    conn: &Conn,
    no: ConnNo,
    frame: &'a Frame,
) -> Subject<'a> {
    let uid = conn.user.and_then(|u| config.accounts.get(u.account)).map_or("", |a| a.uid.as_str());
    let topic = frame.topic.as_deref();
    Subject {
        class: frame.class,
        uid,
        channel: topic.map_or("", |t| t.channel.as_str()),
        inst_id: topic.map_or("", |t| t.inst()),
        op: &frame.op,
        id: &frame.id,
        bytes: &frame.bytes,
        ..super::bare(conn.kind.into(), Some(no))
    }
}

/// Bytes of an unmasked WebSocket frame with a payload of this length.
const fn encoded_len(payload: usize) -> usize {
    payload
        + if payload < 126 {
            2
        } else if payload <= 0xffff {
            4
        } else {
            10
        }
}
