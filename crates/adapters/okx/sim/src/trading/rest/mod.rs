//! The REST endpoints of trading and accounts (reference 4.4-4.6).

mod account;
mod setting;

use serde_json::{Map, Value, json};

use super::{
    Cx, Trading,
    answer::Answer,
    fields::Fields,
    history,
    refusal::Refusal,
    request::{Op, Way},
    row::Row,
    rows,
};

/// A request as it reaches trading.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path without `/api/v5`.
    pub path: &'a str,
    /// The parameters of a GET, or the body of a POST.
    pub body: &'a Value,
    /// Monotonic time for rate limits; none where they are off.
    pub mono_ns: Option<u64>,
}

impl Trading {
    /// Answers a request of an account; `None` for a path that is not trading's.
    pub fn rest(&mut self, who: usize, ask: Ask<'_>, cx: Cx<'_>) -> Option<Answer> {
        let empty = Map::new();
        let one = ask.body.as_object().unwrap_or(&empty);
        let single = |op| (op, false);
        let order_op = match (ask.method, ask.path) {
            ("POST", "/trade/order") => Some(single(Op::Place)),
            ("POST", "/trade/cancel-order") => Some(single(Op::Cancel)),
            ("POST", "/trade/amend-order") => Some(single(Op::Amend)),
            ("POST", "/trade/batch-orders") => Some((Op::Place, true)),
            ("POST", "/trade/cancel-batch-orders") => Some((Op::Cancel, true)),
            ("POST", "/trade/amend-batch-orders") => Some((Op::Amend, true)),
            ("POST", "/trade/mass-cancel") => Some(single(Op::MassCancel)),
            _ => None,
        };
        if let Some((op, batch)) = order_op {
            let way = Way { ws: false, batch, mono_ns: ask.mono_ns };
            return Some(self.order_request(who, op, way, ask.body, cx));
        }
        let fields = Fields(one);
        if let Some(answer) = self.algo_rest(who, ask, cx).or_else(|| self.spread_rest(who, ask, cx)) {
            return Some(answer);
        }
        let done = match (ask.method, ask.path) {
            ("POST", "/trade/close-position") => self.close_position(who, fields, cx),
            ("POST", "/trade/cancel-all-after") => self.set_timer(who, fields, cx),
            ("POST", "/trade/order-precheck") => self.precheck(who, fields, cx),
            ("POST", _) => self.setting(who, ask.path, fields, cx)?,
            ("GET", _) => self.look_up(who, ask.path, fields, cx)?,
            _ => return None,
        };
        Some(done.map_or_else(|refusal| Answer::refused(&refusal), Answer::rows))
    }

    fn order_request(&mut self, who: usize, op: Op, way: Way, body: &Value, cx: Cx<'_>) -> Answer {
        let items: Option<Vec<&Map<String, Value>>> = match body {
            Value::Array(items) if way.batch => items.iter().map(Value::as_object).collect(),
            Value::Object(one) if !way.batch => Some(vec![one]),
            _ => None,
        };
        match items {
            Some(items) => self.request(who, op, &items, way, cx),
            None => Answer::refused(&Refusal::saying(50_002, "JSON syntax error").whole()),
        }
    }

    fn look_up(
        &mut self,
        who: usize,
        path: &str,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Option<Result<Value, Refusal>> {
        let holder = &self.holders[who];
        Some(match path {
            "/trade/order" => self.order_details(who, fields, cx),
            "/trade/orders-pending" => holder.pending(fields),
            "/trade/orders-history" => holder.order_history(fields, false, cx),
            "/trade/orders-history-archive" => holder.order_history(fields, true, cx),
            "/trade/fills" => holder.fill_history(fields, false, cx),
            "/trade/fills-history" => holder.fill_history(fields, true, cx),
            "/trade/account-rate-limit" => {
                let row =
                    Row::new().put("fillRatio", "0").put("mainFillRatio", "0").put("accRateLimit", "1000");
                Ok(json!([row.put("nextAccRateLimit", "").put("ts", cx.ms).done()]))
            }
            "/account/balance" => Ok(json!([rows::balance_row(holder, &fields.text("ccy"), cx)])),
            "/account/positions" => Ok(holder.position_list(fields, cx)),
            "/account/positions-history" => holder.position_history(fields, cx),
            "/account/account-position-risk" => Ok(json!([rows::risk_row(holder, cx)])),
            "/account/bills" => holder.bill_history(fields, false, cx),
            "/account/bills-archive" => holder.bill_history(fields, true, cx),
            _ => return self.account_info(who, path, fields, cx),
        })
    }

    /// `GET /trade/order`: the latest order of that name.
    fn order_details(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, Refusal> {
        let inst_id = fields.need("instId")?;
        if !fields.has("ordId") && !fields.has("clOrdId") {
            return Err(Refusal::of(51_003).whole());
        }
        let order = self.holders[who].find(&fields.text("ordId"), &fields.text("clOrdId"));
        let order = order.filter(|o| o.inst.id == *inst_id && history::is_shown(o, cx.ms));
        order.map(|o| json!([rows::order_row(o)])).ok_or_else(|| Refusal::of(51_603).whole())
    }
}
