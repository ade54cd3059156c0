//! Order requests, single and in batches, over WebSocket and REST alike (reference 4.4, 6).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Cx, Trading,
    answer::{Answer, outcome},
    draft::Draft,
    fields::Fields,
    rate::Act,
    refusal::Refusal,
    row::Row,
    words::{Kind, TdMode},
};

/// Most orders in one request.
const MAX_BATCH: usize = 20;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Place orders.
    Place,
    /// Amend orders.
    Amend,
    /// Cancel orders.
    Cancel,
    /// Cancel an option family's orders with market maker protection.
    MassCancel,
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Over WebSocket: instruments are named by `instIdCode`.
    pub ws: bool,
    /// As a batch.
    pub batch: bool,
    /// Monotonic time for rate limits; none where they are off.
    pub mono_ns: Option<u64>,
}

impl Trading {
    /// Carries out an order request of an account.
    pub fn request(
        &mut self,
        who: usize,
        op: Op,
        args: &[&Map<String, Value>],
        way: Way,
        cx: Cx<'_>,
    ) -> Answer {
        if op == Op::MassCancel {
            let done = args.first().map_or_else(
                || Err(Refusal::missing("instType")),
                |arg| self.mass_cancel(who, Fields(arg), cx),
            );
            return done.map_or_else(|refusal| Answer::refused(&refusal), Answer::rows);
        }
        if args.len() > MAX_BATCH || args.is_empty() {
            let code = match (args.is_empty(), op) {
                (true, _) => return Answer::refused(&Refusal::missing("args")),
                (_, Op::Cancel) => 51_406,
                (_, Op::Amend) => 51_501,
                _ => 51_111,
            };
            return Answer::refused(&Refusal::of(code));
        }
        let named: Result<Vec<Option<String>>, Refusal> =
            args.iter().map(|arg| instrument(arg, way.ws, cx)).collect();
        let named = match named {
            Ok(named) => named,
            Err(refusal) => return Answer::refused(&refusal),
        };
        if let Err(refusal) = self.count(who, op, args, &named, way, cx) {
            return Answer::refused(&refusal);
        }
        let together = op == Op::Place && way.batch && self.holders[who].profile.acct_lv == 4;
        if let Some(refused) = together.then(|| self.all_or_nothing(who, args, &named, cx)).flatten() {
            return refused;
        }
        let mut seen = Vec::new();
        let mut items = Vec::new();
        for (arg, inst_id) in args.iter().zip(&named) {
            let fields = Fields(arg);
            let done = match inst_id {
                None => Err(Refusal::of(51_001)),
                Some(id) => match op {
                    Op::Place => self.place(who, fields, id, cx),
                    Op::Amend => self.amend_once(who, fields, id, &mut seen, cx),
                    _ => self.cancel(who, fields, id, cx),
                },
            };
            if let Some(refusal) = done.as_ref().err().filter(|r| r.whole && !way.batch) {
                return Answer::refused(refusal);
            }
            items.push(self.item(who, op, fields, done, way, cx));
        }
        let mut answer = Answer::items(items, way.batch);
        if way.ws && answer.code != 0 {
            answer.msg.clear();
        }
        answer
    }

    fn amend_once(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        inst_id: &str,
        seen: &mut Vec<u64>,
        cx: Cx<'_>,
    ) -> Result<u64, Refusal> {
        let named = self.holders[who].find(&fields.text("ordId"), &fields.text("clOrdId")).map(|o| o.id);
        if named.is_some_and(|id| seen.contains(&id)) {
            return Err(Refusal::of(51_512));
        }
        seen.extend(named);
        self.amend(who, fields, inst_id, cx)
    }

    /// Counts the request against the limits of its instruments and of the account.
    fn count(
        &mut self,
        who: usize,
        op: Op,
        args: &[&Map<String, Value>],
        named: &[Option<String>],
        way: Way,
        cx: Cx<'_>,
    ) -> Result<(), Refusal> {
        let Some(mono_ns) = way.mono_ns else { return Ok(()) };
        let mut scopes: BTreeMap<String, usize> = BTreeMap::new();
        let mut capped = 0;
        for (arg, inst_id) in args.iter().zip(named) {
            let Some(id) = inst_id else { continue };
            let option = cx.quotes.row(id, "OPTION");
            let family = option.and_then(|row| row.get("instFamily")).and_then(Value::as_str);
            *scopes.entry(family.unwrap_or(id).to_owned()).or_default() += 1;
            let pair = cx.quotes.row(id, "SPOT").is_some();
            let protected = Fields(arg).text("ordType").starts_with("mmp");
            capped += usize::from(!pair && !protected);
        }
        let act = match op {
            Op::Place => Act::Place,
            Op::Amend => Act::Amend,
            _ => Act::Cancel,
        };
        let scopes: Vec<_> = scopes.into_iter().collect();
        self.rates.take(who, act, &scopes, capped, mono_ns)
    }

    /// In portfolio margin mode one bad order of a batch spoils the others.
    fn all_or_nothing(
        &self,
        who: usize,
        args: &[&Map<String, Value>],
        named: &[Option<String>],
        cx: Cx<'_>,
    ) -> Option<Answer> {
        let holder = &self.holders[who];
        let check = |arg: &Map<String, Value>, inst_id: &Option<String>| {
            let inst_id = inst_id.as_deref().ok_or_else(|| Refusal::of(51_001))?;
            let mut order = Draft { holder, fields: Fields(arg), inst_id, cx }.order()?;
            self.fit_to_position(who, &mut order)?;
            self.fund(who, &mut order, false, cx)
        };
        let checked: Vec<_> = args.iter().zip(named).map(|(arg, id)| check(arg, id)).collect();
        if checked.iter().all(Result::is_ok) {
            return None;
        }
        let way = Way { ws: false, batch: true, mono_ns: None };
        let items = args.iter().zip(checked).map(|(arg, done)| {
            let refusal = done.err().unwrap_or_else(|| Refusal::of(54_004));
            self.item(who, Op::Place, Fields(arg), Err(refusal), way, cx)
        });
        Some(Answer::items(items.collect(), true))
    }

    /// The row of one order in the answer.
    fn item(
        &self,
        who: usize,
        op: Op,
        fields: Fields<'_>,
        done: Result<u64, Refusal>,
        way: Way,
        cx: Cx<'_>,
    ) -> (bool, Value) {
        let holder = &self.holders[who];
        let order = done.as_ref().ok().and_then(|id| holder.orders.get(id).or_else(|| holder.closed.get(id)));
        let ord_id = match (order, op) {
            (Some(order), _) => order.id.to_string(),
            (None, Op::Place) => String::new(),
            _ => fields.text("ordId").into_owned(),
        };
        let cl_id = order.map_or_else(|| fields.text("clOrdId").into_owned(), |o| o.cl_id.clone());
        // OKX gives the time the order was made, whatever was asked for (reference 4.4).
        let ts = order.map_or(cx.ms, |o| o.c_ms);
        let row = Row::new().put("ordId", ord_id).put("clOrdId", cl_id).put("ts", ts);
        let row = match op {
            Op::Place => row.put("tag", fields.text("tag")),
            Op::Amend => row.put("reqId", fields.text("reqId")),
            _ => row,
        };
        let sub = done.as_ref().err().map_or("", |r| r.sub);
        let row = if op == Op::Cancel { row } else { row.put("subCode", sub) };
        let words = match (op, way.ws) {
            (Op::Place, true) => "Order successfully placed.",
            (Op::Place, false) => "Order placed",
            _ => "",
        };
        let (ok, row) = outcome(row, done.as_ref().map(|_| words));
        (ok, row.done())
    }

    /// What an order would do to the account (`POST /trade/order-precheck`).
    pub(super) fn precheck(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, Refusal> {
        let holder = &self.holders[who];
        if holder.profile.acct_lv < 3 {
            return Err(Refusal::of(51_010).whole());
        }
        let inst_id = fields.need("instId")?;
        let mut order = Draft { holder, fields, inst_id: &inst_id, cx }.order().map_err(Refusal::whole)?;
        self.fit_to_position(who, &mut order).map_err(Refusal::whole)?;
        let whole = holder.whole(cx);
        let (ccy, need) = self.cost(who, &order, cx);
        let usd = need * cx.usd(&ccy);
        let margin =
            if order.kind() == Kind::Spot && order.td == TdMode::Cash { super::num::Num::ZERO } else { usd };
        let ratio = |adj: super::num::Num, mmr: super::num::Num| adj.over(mmr);
        let row = Row::new()
            .put("adjEq", whole.adj)
            .put("adjEqChg", "0")
            .put("imr", whole.imr)
            .put("imrChg", margin)
            .put("mmr", whole.mmr)
            .put("mmrChg", margin * super::num::Num::of("0.1"))
            .put("mgnRatio", ratio(whole.adj, whole.mmr))
            .put("mgnRatioChg", "0")
            .put("availBal", holder.funds(&ccy, cx).avail_bal())
            .put("availBalChg", -need)
            .put("liab", "0")
            .put("liabChg", "0")
            .blank(&["liabChgCcy", "liqPx", "liqPxDiff", "liqPxDiffRatio", "posBal", "posBalChg", "type"]);
        Ok(Value::Array(vec![row.done()]))
    }
}

/// The instrument an argument names; `None` for an unknown code.
fn instrument(arg: &Map<String, Value>, ws: bool, cx: Cx<'_>) -> Result<Option<String>, Refusal> {
    if !ws {
        return Fields(arg).need("instId").map(|id| Some(id.into_owned()));
    }
    match arg.get("instIdCode") {
        None | Some(Value::Null) => Err(Refusal::missing("instIdCode")),
        Some(code) => match code.as_i64() {
            Some(code) => Ok(cx.quotes.id_of(code)),
            None => Err(Refusal::saying(60_013, crate::wire::words(60_013)).whole()),
        },
    }
}
