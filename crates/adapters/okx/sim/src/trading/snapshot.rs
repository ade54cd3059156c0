//! What a new subscription gets at once, and what is pushed from time to time (reference 4.7, 5.8-5.10).

use super::{Cx, PrivatePush, Trading, algo::AlgoType, position::Position, rows};
use crate::topic::Topic;
use bytes::Bytes;

impl Trading {
    /// The first frames of a subscription of an account.
    pub fn snapshot(&mut self, who: usize, topic: &Topic, cx: Cx<'_>) -> Vec<Bytes> {
        let Some(holder) = self.holders.get(who) else { return Vec::new() };
        let uid = holder.profile.uid.clone();
        let pushes = match topic.channel.as_str() {
            "account" => self.account_pages(who, &topic.ccy, cx),
            "positions" => self.position_pages(who, topic, cx),
            "balance_and_position" => vec![self.both(who, cx)],
            "algo-advance" => {
                let all = holder.algos.values().filter(|a| a.kind == AlgoType::MoveOrderStop);
                all.map(|algo| rows::algo_push(who, algo, None, cx)).collect()
            }
            "account-greeks" => {
                self.greeks.insert(who);
                vec![rows::greeks_push(who, &self.holders[who], cx)]
            }
            _ => Vec::new(),
        };
        if matches!(topic.channel.as_str(), "account" | "positions" | "account-greeks") {
            self.start_regular(who, cx);
        }
        pushes.iter().filter_map(|push| push.frame(topic, &uid)).collect()
    }

    fn account_pages(&self, who: usize, only: &str, cx: Cx<'_>) -> Vec<PrivatePush> {
        let holder = &self.holders[who];
        let wanted = |ccy: &String| only.is_empty() || only.split(',').any(|c| c == ccy);
        let ccys: Vec<String> = holder.currencies().into_iter().filter(wanted).collect();
        rows::snapshot_pages(&ccys, self.page_rows, |part, page| PrivatePush {
            page: Some(page),
            ..rows::account_push(who, holder, part, "snapshot", cx)
        })
    }

    fn position_pages(&self, who: usize, topic: &Topic, cx: Cx<'_>) -> Vec<PrivatePush> {
        let holder = &self.holders[who];
        let wanted = |p: &&Position| {
            let any = matches!(topic.inst_type.as_str(), "" | "ANY");
            (any || topic.inst_type == p.inst.kind.word())
                && (topic.inst_id.is_empty() || topic.inst_id == p.inst.id)
        };
        let positions: Vec<Position> = holder.positions.values().filter(wanted).cloned().collect();
        rows::snapshot_pages(&positions, self.page_rows, |part, page| {
            rows::positions_push(who, holder, part, "snapshot", Some(page), cx)
        })
    }

    fn both(&self, who: usize, cx: Cx<'_>) -> PrivatePush {
        let holder = &self.holders[who];
        let keys: Vec<_> = holder.positions.keys().cloned().collect();
        let trades: Vec<_> = holder
            .positions
            .values()
            .filter(|p| p.trade_id != 0)
            .map(|p| (p.inst.id.clone(), p.trade_id))
            .collect();
        rows::changes(holder, who, "snapshot", &holder.currencies(), &keys, &trades, cx)
    }

    /// Pushes what changed since the last push.
    pub(super) fn flush(&mut self, who: usize, cx: Cx<'_>) {
        let holder = &mut self.holders[who];
        holder.flush_planned = false;
        let ccys: Vec<String> = std::mem::take(&mut holder.stale_ccys).into_iter().collect();
        let positions: Vec<Position> = std::mem::take(&mut holder.stale_positions).into_values().collect();
        let holder = &self.holders[who];
        let now = |p: Position| holder.positions.get(&p.key()).cloned().unwrap_or(p);
        let positions: Vec<Position> = positions.into_iter().map(now).collect();
        if !ccys.is_empty() {
            self.out.push_back(rows::account_push(who, holder, &ccys, "event_update", cx));
        }
        if self.greeks.contains(&who) {
            self.out.push_back(rows::greeks_push(who, holder, cx));
        }
        if !positions.is_empty() {
            self.out.push_back(rows::positions_push(who, holder, &positions, "event_update", None, cx));
        }
    }

    /// Pushes the account and its positions as they are.
    pub(super) fn push_regular(&mut self, who: usize, cx: Cx<'_>) {
        let any = Topic { inst_type: "ANY".to_owned(), ..Topic::default() };
        let pages = self.account_pages(who, "", cx).into_iter().chain(self.position_pages(who, &any, cx));
        let greeks = self.greeks.contains(&who).then(|| rows::greeks_push(who, &self.holders[who], cx));
        let pages: Vec<_> = pages.chain(greeks).map(|push| PrivatePush { regular: true, ..push }).collect();
        self.out.extend(pages);
    }
}
