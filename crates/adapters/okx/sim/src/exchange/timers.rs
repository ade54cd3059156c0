//! Everything that happens because time passes.

use okx_common::clock::{NANOS_PER_MILLI, Now};

use super::{Exchange, deliver::Frame};
use crate::{
    fault::{Action, Class, CutHow, Fired, MuteScope, Target},
    link::ConnNo,
    output::Output,
};

impl Exchange {
    /// Brings the exchange to this time. Inputs do it by themselves; call it when [`next_deadline`](Self::next_deadline) has come.
    pub fn advance(&mut self, now: Now) {
        for (fault, target) in self.faults.due(now) {
            self.act_now(&fault, &target, now);
        }
        self.advance_to(self.time(now).unix_ms(), now);
        self.release_held(now);
        self.end_due(now);
        self.end_idle(now);
    }

    /// When [`advance`](Self::advance) has to be called next, on the driver's monotonic clock.
    #[must_use]
    pub fn next_deadline(&self, now: Now) -> Option<u64> {
        let market = self.market.next_ms().map(|ms| {
            let wait_ns = (ms.saturating_mul(NANOS_PER_MILLI)).saturating_sub(self.time(now).unix_ns);
            now.mono_ns.saturating_add(wait_ns)
        });
        let trading = self.trading_deadline(now);
        let held = self.held.keys().next().map(|(due, _)| *due);
        let ends = self.conns.values().filter_map(|c| c.end_at.as_ref().map(|(at, _)| *at)).min();
        let idle_ns = self.config.limits.idle_ms * NANOS_PER_MILLI;
        let quiet = self.conns.values().filter(|c| idle_ns > 0 && c.mute.is_none());
        let idle = quiet.map(|c| c.active_mono_ns.saturating_add(idle_ns)).min();
        [market, trading, held, ends, idle, self.faults.next_deadline(now)].into_iter().flatten().min()
    }

    /// Delayed frames whose time has come, and parked ones whose fault is gone.
    pub(super) fn release_held(&mut self, now: Now) {
        while let Some(entry) = self.held.first_entry().filter(|e| e.key().0 <= now.mono_ns) {
            let held = entry.remove();
            self.send(held.conn, held.frame, now);
        }
        if !self.parked.is_empty() {
            let (keep, free) =
                std::mem::take(&mut self.parked).into_iter().partition(|(id, _)| self.faults.alive(*id, now));
            self.parked = keep;
            let free: Vec<_> = free;
            free.into_iter().for_each(|(_, held)| self.send(held.conn, held.frame, now));
        }
        let muted: Vec<_> = self.conns.iter().filter(|(_, c)| c.mute.is_some()).map(|(no, _)| *no).collect();
        muted.into_iter().for_each(|no| self.end_mute(no, now));
    }

    /// Connections whose announced end has come.
    pub(super) fn end_due(&mut self, now: Now) {
        let due = |at: &Option<(u64, CutHow)>| {
            at.as_ref().filter(|(at, _)| *at <= now.mono_ns).map(|(_, how)| how.clone())
        };
        let ending: Vec<_> = self.conns.iter().filter_map(|(no, c)| Some((*no, due(&c.end_at)?))).collect();
        ending.into_iter().for_each(|(no, how)| self.end(no, how, now));
    }

    /// Connections that got nothing for 30 s (reference 3.4). A ping keeps one alive, for its pong is something.
    fn end_idle(&mut self, now: Now) {
        let idle_ns = self.config.limits.idle_ms * NANOS_PER_MILLI;
        if idle_ns == 0 {
            return;
        }
        let silent = self
            .conns
            .iter()
            .filter(|(_, c)| c.mute.is_none() && now.mono_ns.saturating_sub(c.active_mono_ns) >= idle_ns);
        let silent: Vec<ConnNo> = silent.map(|(no, _)| *no).collect();
        for no in silent {
            self.end(no, CutHow::Close { code: 4004, reason: "No data received in 30s.".to_owned() }, now);
        }
    }

    /// A fault that waits for no frame.
    fn act_now(&mut self, fault: &Fired, target: &Target, now: Now) {
        if let Action::Time { offset_ms, jump_ms } = fault.what {
            self.shift_time(offset_ms, jump_ms);
            return;
        }
        let fits = |no: &ConnNo, conn: &super::Conn| {
            let uid =
                conn.user.and_then(|u| self.config.accounts.get(u.account)).map_or("", |a| a.uid.as_str());
            target.connection(conn.kind.into(), Some(*no), uid)
        };
        let hit: Vec<_> = self.conns.iter().filter(|(no, conn)| fits(no, conn)).map(|(no, _)| *no).collect();
        for no in hit {
            self.note_fault(no, fault.id, now);
            match &fault.what {
                Action::Cut { how, .. } => self.end(no, how.clone(), now),
                Action::Notice { close_after_ms } => self.notice(no, *close_after_ms, now),
                Action::Inject { payload, binary } => {
                    let frame = Frame { binary: *binary, ..Frame::new(Class::Push, payload.bytes()) };
                    self.send(no, frame, now);
                }
                Action::Mute { scope: MuteScope::Connection, pongs, stop_reading } => {
                    if let Some(conn) = self.conns.get_mut(&no) {
                        conn.mute = Some(super::conn::Mute {
                            fault: fault.id,
                            pongs: *pongs,
                            stopped_reading: *stop_reading,
                        });
                    }
                    if *stop_reading {
                        self.out.push_back(Output::Reading { conn: no, on: false });
                    }
                }
                _ => {}
            }
        }
    }
}
