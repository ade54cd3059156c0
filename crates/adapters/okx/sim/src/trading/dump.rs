//! The whole state of trading for tests, and what a test does to it as the venue or as the user of the app.

use serde_json::{Value, json};

use super::{
    Cx, Trading,
    fields::Fields,
    ledger::Bill,
    num::Num,
    order::Order,
    position::PosKey,
    row::Row,
    rows, spread,
    words::{Kind, OrdType, PosSide},
};

/// Commands of this kind are trading's; the others are the market's.
pub const PREFIX: &str = "account.";
/// Penalty of a liquidation, as a share of the value.
const PENALTY: &str = "0.005";

impl Trading {
    /// The account of a `uid`; the first one for an empty uid.
    #[must_use]
    pub fn find(&self, uid: &str) -> Option<usize> {
        if uid.is_empty() {
            return (!self.holders.is_empty()).then_some(0);
        }
        self.holders.iter().position(|h| h.profile.uid == uid)
    }

    /// Everything there is of an account: open and closed orders, fills, positions, balances, bills, conditional
    /// orders, orders and trades of spreads.
    #[must_use]
    pub fn dump(&self, who: usize, cx: Cx<'_>) -> Value {
        let holder = &self.holders[who];
        let list = |rows: Vec<Value>| Value::Array(rows);
        let balances = holder.cash.iter().map(|(ccy, cash)| {
            Row::new().put("ccy", ccy).put("cashBal", cash.bal).put("frozen", cash.frozen).done()
        });
        let timers: Vec<Value> = holder
            .timers
            .iter()
            .map(|(tag, at)| json!({"tag": tag, "triggerTime": at.to_string()}))
            .collect();
        json!({
            "uid": holder.profile.uid,
            "acctLv": holder.profile.acct_lv.to_string(),
            "posMode": holder.profile.pos_mode,
            "balances": list(balances.collect()),
            "account": rows::balance_row(holder, "", cx),
            "positions": list(holder.positions.values().map(|p| rows::position_row(holder, p, false, cx)).collect()),
            "closedPositions": list(holder.past.iter().map(rows::past_row).collect()),
            "orders": list(holder.orders.values().map(rows::order_row).collect()),
            "closedOrders": list(holder.closed.values().map(rows::order_row).collect()),
            "fills": list(holder.fills.iter().map(rows::fill_row).collect()),
            "bills": list(holder.bills.iter().map(rows::bill_row).collect()),
            "algos": list(holder.algos.values().map(rows::algo_row).collect()),
            "closedAlgos": list(holder.past_algos.values().map(rows::algo_row).collect()),
            "spreadOrders": list(holder.spreads.open.values().map(spread::order_row).collect()),
            "closedSpreadOrders": list(holder.spreads.closed.values().map(spread::order_row).collect()),
            "spreadTrades": list(holder.spreads.trades.iter().map(spread::trade_row).collect()),
            "timers": timers,
        })
    }

    /// Carries out a scripted move:
    ///
    /// | `op` | what happens | parameters besides `uid` |
    /// |---|---|---|
    /// | `account.fill` | a resting order is filled by somebody | `ordId` or `clOrdId`, `sz` (all of it), `px` (its own) |
    /// | `account.cancel` | the user cancels in the app, or the venue does | `ordId` or `clOrdId`, none for all; `cancelSource` (1) |
    /// | `account.order` | the user places an order in the app | those of `POST /trade/order` |
    /// | `account.liquidate`, `account.adl` | a position is closed by the venue | `instId`, `posSide`, `sz` (all of it), `px` (mark price) |
    /// | `account.deliver` | a position ends with its contract | `instId`, `px` |
    /// | `account.settle` | positions in a future are settled for the day | `instId`, `px` (mark price) |
    /// | `account.funding` | funding is paid now | `instId`, `rate` |
    /// | `account.transfer` | money comes in, or goes out if below 0 | `ccy`, `amt` |
    /// | `account.warn` | the position is close to its liquidation | `instId`, `posSide` |
    /// | `account.mmp` | market maker protection is set off | `instFamily` |
    /// | `account.cross` | two resting orders of the user trade with each other: one trade, one number | `clOrdId`, `otherClOrdId`, `sz`, `px` |
    /// | `account.amend_failed` | an amendment that was acknowledged fails (`amendResult` -1) | `ordId` or `clOrdId`, `reqId`, `code` (51503) |
    /// | `account.algo_failed` | a conditional order is set off and fails, but for a part of this size if there is one | `algoId` or `algoClOrdId`, `side` (`sl`), `failCode` (51008), `sz` |
    ///
    /// # Errors
    ///
    /// What is wrong with the command.
    pub fn script(&mut self, command: &Value, cx: Cx<'_>) -> Result<Value, String> {
        let map = command.as_object().ok_or("a command is an object")?;
        let fields = Fields(map);
        let uid = fields.text("uid");
        let who = self.find(&uid).ok_or_else(|| format!("no account {uid}"))?;
        let op = fields.text("op");
        let words = |refusal: super::refusal::Refusal| format!("{} {}", refusal.code, refusal.msg);
        match op.strip_prefix(PREFIX).unwrap_or_default() {
            "fill" => self.script_fill(who, fields, cx),
            "cancel" => self.script_cancel(who, fields, cx),
            "order" => {
                let inst_id = fields.text("instId");
                let id = self.place(who, fields, &inst_id, cx).map_err(words)?;
                Ok(json!({"ordId": id.to_string()}))
            }
            "liquidate" => self.take_over(who, fields, "full_liquidation", cx),
            "adl" => self.take_over(who, fields, "adl", cx),
            "deliver" => self.script_delivery(who, fields, cx),
            "settle" => {
                let inst_id = fields.text("instId");
                let px = number(fields, "px")?.unwrap_or_else(|| cx.mark(&inst_id));
                self.settle(&inst_id, px, cx);
                Ok(json!({"done": true}))
            }
            "funding" => {
                let rate = number(fields, "rate")?.ok_or("rate is missing")?;
                self.pay_funding(&fields.text("instId"), rate, cx);
                Ok(json!({"done": true}))
            }
            "transfer" => {
                let amt = number(fields, "amt")?.ok_or("amt is missing")?;
                let ccy = fields.text("ccy").into_owned();
                let sub_type = if amt.is_negative() { 12 } else { 11 };
                let id = self.ids.next(cx.ms);
                self.holders[who].pay(Bill::plain(1, sub_type, &ccy, amt, cx.ms), id);
                let push = rows::changes(&self.holders[who], who, "transferred", &[ccy], &[], &[], cx);
                self.out.push_back(push);
                self.plan_flush(who, cx);
                Ok(json!({"done": true}))
            }
            "warn" => {
                let key = self.named_position(who, fields)?;
                self.warn(who, &key, cx);
                Ok(json!({"done": true}))
            }
            "mmp" => {
                let family = fields.text("instFamily");
                let orders = self.holders[who].orders.values();
                let hit = orders.filter(|o| {
                    o.inst.family == *family && matches!(o.ord_type, OrdType::Mmp | OrdType::MmpAndPostOnly)
                });
                let ids: Vec<u64> = hit.map(|o| o.id).collect();
                ids.iter().for_each(|id| self.end_order(who, *id, "39", cx));
                Ok(json!({"canceled": ids.len()}))
            }
            "cross" => self.script_cross(who, fields, cx),
            "amend_failed" => self.script_amend_failed(who, fields, cx),
            "algo_failed" => self.script_algo_failed(who, fields, cx),
            other => Err(format!("no command {PREFIX}{other}")),
        }
    }

    fn script_fill(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, String> {
        let found = self.holders[who].find(&fields.text("ordId"), &fields.text("clOrdId"));
        let order = found.filter(|o| o.is_open() && !o.entering).ok_or("no such order is on the book")?;
        let (id, inst_id) = (order.id, order.inst.id.clone());
        let px = number(fields, "px")?.or(order.px).ok_or("px is missing")?;
        let sz = number(fields, "sz")?.unwrap_or_else(|| order.left()).min(order.left());
        let sz = self.reducible(who, order).map_or(sz, |held| held.min(sz));
        if !sz.is_positive() {
            return Err("nothing is left to fill".to_owned());
        }
        let trade_id = self.trade_id(&inst_id);
        self.fill(who, id, (px, sz), "M", trade_id, cx);
        Ok(json!({"tradeId": trade_id.to_string()}))
    }

    fn script_cancel(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, String> {
        const SOURCES: [&str; 30] = [
            "0", "1", "2", "3", "4", "6", "7", "9", "10", "13", "14", "15", "17", "20", "21", "22", "23",
            "27", "31", "32", "33", "36", "37", "38", "39", "42", "43", "44", "45", "99",
        ];
        let named = fields.text("cancelSource");
        let source = if named.is_empty() { Some("1") } else { SOURCES.into_iter().find(|s| **s == *named) };
        let source = source.ok_or_else(|| format!("no cancelSource {named}"))?;
        if !fields.has("ordId") && !fields.has("clOrdId") {
            let count = self.holders[who].orders.len();
            self.end_all(who, &fields.text("tag"), source, cx);
            return Ok(json!({"canceled": count - self.holders[who].orders.len()}));
        }
        let found = self.holders[who].find(&fields.text("ordId"), &fields.text("clOrdId"));
        let id = found.filter(|o| o.is_open()).map(|o| o.id).ok_or("no such order is open")?;
        self.end_order(who, id, source, cx);
        Ok(json!({"canceled": 1}))
    }

    fn named_position(&self, who: usize, fields: Fields<'_>) -> Result<PosKey, String> {
        let (id, side) = (fields.text("instId"), fields.text("posSide"));
        let side = PosSide::read(&side);
        let fits = |k: &&PosKey| k.inst_id == *id && side.is_none_or(|s| s == k.side);
        self.holders[who].positions.keys().find(fits).cloned().ok_or_else(|| format!("no position in {id}"))
    }

    /// The venue closes a position: its orders are cancelled, then an order of the system is filled with a negative trade id.
    fn take_over(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        category: &'static str,
        cx: Cx<'_>,
    ) -> Result<Value, String> {
        let key = self.named_position(who, fields)?;
        let px = number(fields, "px")?.unwrap_or_else(|| cx.mark(&key.inst_id));
        let held = self.holders[who].held(&key).abs();
        let sz = number(fields, "sz")?.unwrap_or(held).min(held);
        let whole = sz == held;
        let source = if category == "adl" { "6" } else { "3" };
        let orders: Vec<u64> =
            self.holders[who].orders.values().filter(|o| o.inst.id == key.inst_id).map(|o| o.id).collect();
        orders.into_iter().for_each(|id| self.end_order(who, id, source, cx));
        let category =
            if category == "full_liquidation" && !whole { "partial_liquidation" } else { category };
        let order = self.closing_order(who, &key, cx).ok_or("the position is gone")?;
        let mut order = Order { sz, category, ..order };
        if order.inst.kind == Kind::Option {
            order.px = Some(px);
        }
        if category != "adl" {
            let penalty = -(order.inst.value(sz, px) * Num::of(PENALTY)).places(16);
            self.penalize(who, &key, penalty, cx);
        }
        let id = self.ids.next(cx.ms);
        order.id = id;
        self.ranks += 1;
        order.rank = self.ranks;
        self.holders[who].orders.insert(id, order);
        self.push_order(who, id, rows::Change::default(), cx);
        let trade_id = -self.trade_id(&key.inst_id);
        self.fill(who, id, (px, sz), "", trade_id, cx);
        Ok(json!({"ordId": id.to_string(), "tradeId": trade_id.to_string()}))
    }

    fn penalize(&mut self, who: usize, key: &PosKey, penalty: Num, cx: Cx<'_>) {
        let holder = &mut self.holders[who];
        let Some(position) = holder.positions.get_mut(key) else { return };
        position.penalty += penalty;
        let ccy = position.ccy.clone();
        let id = self.ids.next(cx.ms);
        let bill = Bill {
            inst_id: key.inst_id.clone(),
            inst_kind: Some(key.kind),
            mode: Some(key.mode),
            ..Bill::plain(5, 106, &ccy, penalty, cx.ms)
        };
        holder.pay(bill, id);
    }

    fn script_delivery(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<Value, String> {
        let key = self.named_position(who, fields)?;
        let px = number(fields, "px")?.unwrap_or_else(|| cx.mark(&key.inst_id));
        self.cancel_for_delivery(who, &key.inst_id, key.kind, cx);
        let pnl = self.deliver(who, &key, px, cx);
        Ok(json!({"pnl": pnl.to_string()}))
    }
}

pub(super) fn number(fields: Fields<'_>, name: &str) -> Result<Option<Num>, String> {
    fields.number(name).map_err(|_| format!("{name} is no number"))
}
