//! The REST endpoints of conditional orders (reference 4.6).

use serde_json::{Map, Value, json};

use super::{Algo, AlgoType};
use crate::trading::{
    Cx, Trading,
    answer::{Answer, outcome},
    fields::Fields,
    history::{Page, wanted},
    refusal::Refusal,
    rest::Ask,
    row::Row,
    rows,
};

/// Most orders in one request to cancel.
const MAX_CANCELS: usize = 10;
/// How far the history goes back, milliseconds.
const REACH_MS: u64 = 90 * 24 * 3_600_000;
/// Types a query may name that the simulator has none of.
const OTHER_TYPES: [&str; 4] = ["twap", "iceberg", "chase", "smart_iceberg"];

impl Trading {
    /// Answers a request about conditional orders; `None` for other paths.
    pub(in crate::trading) fn algo_rest(&mut self, who: usize, ask: Ask<'_>, cx: Cx<'_>) -> Option<Answer> {
        let empty = Map::new();
        let fields = Fields(ask.body.as_object().unwrap_or(&empty));
        let found = match (ask.method, ask.path) {
            ("POST", "/trade/order-algo") => {
                let done = self.place_algo(who, fields, cx);
                return Some(one(self.algo_item(who, fields, done, "place")));
            }
            ("POST", "/trade/amend-algos") => {
                let done = self.amend_algo(who, fields, cx);
                return Some(one(self.algo_item(who, fields, done, "amend")));
            }
            ("POST", "/trade/cancel-algos" | "/trade/cancel-advance-algos") => {
                return Some(self.cancel_algos(who, ask.body, cx));
            }
            ("GET", "/trade/order-algo") => self.algo_details(who, fields),
            ("GET", "/trade/orders-algo-pending") => self.algo_list(who, fields, true, cx),
            ("GET", "/trade/orders-algo-history") => self.algo_list(who, fields, false, cx),
            _ => return None,
        };
        Some(found.map_or_else(|refusal| Answer::refused(&refusal), Answer::rows))
    }

    fn cancel_algos(&mut self, who: usize, body: &Value, cx: Cx<'_>) -> Answer {
        let items: Option<Vec<&Map<String, Value>>> =
            body.as_array().and_then(|items| items.iter().map(Value::as_object).collect());
        let Some(items) = items else {
            return Answer::refused(&Refusal::saying(50_002, "JSON syntax error"));
        };
        if items.len() > MAX_CANCELS {
            return Answer::refused(&Refusal::of(51_406));
        }
        let done = items.into_iter().map(|item| {
            let fields = Fields(item);
            let done = self.cancel_algo(who, fields, cx);
            self.algo_item(who, fields, done, "cancel")
        });
        let items = done.collect();
        Answer { timed: false, ..Answer::items(items, true) }
    }

    fn algo_item(
        &self,
        who: usize,
        fields: Fields<'_>,
        done: Result<u64, Refusal>,
        act: &str,
    ) -> (bool, Value) {
        let algo = done.as_ref().ok().and_then(|id| self.holders[who].find_algo(&id.to_string(), ""));
        let id = match (algo, act) {
            (Some(algo), _) => algo.id.to_string(),
            (None, "place") => String::new(),
            _ => fields.text("algoId").into_owned(),
        };
        let cl_id = algo.map_or_else(|| fields.text("algoClOrdId").into_owned(), |a| a.cl_id.clone());
        let row = Row::new().put("algoId", id).put("algoClOrdId", &cl_id);
        let row = match act {
            "place" => row.put("clOrdId", cl_id).put("tag", fields.text("tag")),
            "amend" => row.put("reqId", fields.text("reqId")),
            _ => row.put("clOrdId", "").put("tag", ""),
        };
        let (ok, row) = outcome(row, done.as_ref().map(|_| ""));
        (ok, row.done())
    }

    fn algo_details(&self, who: usize, fields: Fields<'_>) -> Result<Value, Refusal> {
        let (id, cl_id) = (fields.text("algoId"), fields.text("algoClOrdId"));
        if id.is_empty() && cl_id.is_empty() {
            return Err(Refusal::saying(50_015, "Either parameter algoId or algoClOrdId is required").whole());
        }
        let found = self.holders[who].find_algo(&id, &cl_id).map(rows::algo_row);
        found.map(|row| json!([row])).ok_or_else(|| Refusal::of(51_603).whole())
    }

    fn algo_list(&self, who: usize, fields: Fields<'_>, pending: bool, cx: Cx<'_>) -> Result<Value, Refusal> {
        let types = fields.need("ordType")?;
        let known = |t: &str| AlgoType::read(t).is_some() || OTHER_TYPES.contains(&t);
        let types: Vec<&str> = types.split(',').collect();
        // Only take-profit and stop-loss orders may be asked for together.
        let together = types.iter().all(|t| matches!(*t, "conditional" | "oco"));
        if !types.iter().all(|t| known(t)) || (types.len() > 1 && !together) {
            return Err(Refusal::parameter("ordType").whole());
        }
        if !pending && !fields.has("state") && !fields.has("algoId") {
            return Err(Refusal::saying(50_015, "Either parameter state or algoId is required").whole());
        }
        let page = Page::read(fields)?;
        let fits = |a: &&Algo| {
            types.contains(&a.kind.word())
                && wanted(fields, "instType", a.inst.kind.word())
                && wanted(fields, "instId", &a.inst.id)
                && wanted(fields, "algoId", &a.id.to_string())
                && (pending || wanted(fields, "state", a.state))
                && a.u_ms + REACH_MS > cx.ms
        };
        let holder = &self.holders[who];
        let all = if pending { &holder.algos } else { &holder.past_algos };
        Ok(page.of(all.values().rev().filter(fits), |a| (a.id, a.c_ms), rows::algo_row))
    }
}

/// The answer about one conditional order. OKX's envelope says 0 even if the item was refused.
fn one((_, row): (bool, Value)) -> Answer {
    Answer::rows(json!([row]))
}
