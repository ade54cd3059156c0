//! The commands themselves.

use serde_json::{Map, Value, json};

use super::Command;
use crate::{
    topic::Topic,
    venue::{
        Venue, rest, rows,
        series::{Extra, Series, Shape},
        world::Jump,
    },
};

/// A command.
pub(super) type Run = fn(&mut Venue, &Command<'_>) -> Result<Value, String>;

const TRADING: [&str; 3] = ["live", "post_only", "rebase"];

/// The command of this name.
pub(super) fn find(op: &str) -> Option<Run> {
    Some(match op {
        "state" => state,
        "change" => change,
        "list" => list,
        "expire" => expire,
        "jump" => jump,
        "trade" => trade,
        "thin" => thin,
        "cross" => cross,
        "whole" => whole,
        "halt" => halt,
        "resume" => resume,
        "funding" => funding,
        "status" => status,
        "liquidation" => liquidation,
        "adl" => adl,
        "auction" => auction,
        "event" => event,
        "calendar" => calendar,
        "spread" => spread,
        "push" => push,
        _ => return None,
    })
}

fn listed<'c>(venue: &Venue, command: &Command<'c>) -> Result<&'c str, String> {
    let id = command.need("instId")?;
    venue.catalogue.find(id).map(|_| id).ok_or_else(|| format!("instrument {id} is not listed"))
}

fn market<'v>(venue: &'v mut Venue, command: &Command<'_>) -> Result<&'v mut Series, String> {
    let id = listed(venue, command)?;
    venue.keep(id).ok_or_else(|| format!("instrument {id} has no market: it lacks a tick or lot"))
}

fn done() -> Result<Value, String> {
    Ok(json!({"done": true}))
}

fn set(venue: &mut Venue, id: &str, fields: &Map<String, Value>) -> Result<Value, String> {
    let before = venue.catalogue.find(id).is_some_and(|l| TRADING.contains(&l.state()) && l.grid.is_some());
    let rows = venue.catalogue.change(id, fields)?;
    let after = venue.catalogue.find(id).is_some_and(|l| TRADING.contains(&l.state()) && l.grid.is_some());
    let next_us = venue.now_us + 1;
    rows.iter().for_each(|listing| venue.world.meet(listing));
    if let Some(series) = venue.keep(id) {
        match (before, after) {
            (true, false) => series.halt(next_us),
            (false, true) => series.resume(next_us),
            _ => {}
        }
    }
    venue.next_expiry_ms = 0;
    rows.iter().for_each(|listing| venue.announce(listing));
    Ok(json!({"rows": rows.iter().map(|l| Value::Object(l.row.clone())).collect::<Vec<_>>()}))
}

fn state(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?.to_owned();
    if command.need("state")? == "expired" {
        return expire(venue, command);
    }
    set(venue, &id, &Map::from_iter([("state".to_owned(), json!(command.need("state")?))]))
}

fn change(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?.to_owned();
    let fields = command.object("set")?;
    let grid = ["tickSz", "lotSz", "ctVal", "ctMult"].iter().any(|key| fields.contains_key(*key));
    if grid {
        venue.series.remove(&id);
    }
    set(venue, &id, fields)
}

fn list(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = command.need("instId")?;
    if venue.catalogue.find(id).is_some() {
        return Err(format!("instrument {id} is listed already"));
    }
    let mut fields = command.object("set")?.clone();
    fields.entry("listTime").or_insert_with(|| json!(venue.now_ms().to_string()));
    set(venue, id, &fields)
}

fn expire(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?.to_owned();
    venue.retire(&id);
    done()
}

fn jump(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let factor = command.number("factor")?.filter(|f| (0.001..=1_000.0).contains(f));
    let factor = factor.ok_or("factor must be between 0.001 and 1000")?;
    let from_us = venue.now_us + 1;
    let whom = match command.text("ccy") {
        Some(ccy) => ccy.to_owned(),
        None => listed(venue, command)?.to_owned(),
    };
    let names = |id: &str| id == whom || venue.catalogue.find(id).is_some_and(|l| l.base == whom);
    let hit: Vec<String> = venue.series.keys().filter(|id| names(id)).cloned().collect();
    if let Some(id) = hit.iter().find(|id| venue.series[*id].is_taped()) {
        return Err(format!("{id} plays from a tape: its price is what was recorded"));
    }
    for id in &hit {
        if let Some(series) = venue.series.get_mut(id) {
            series.jump(from_us, factor);
        }
    }
    venue.world.jumps.push(Jump { whom, from_us, factor });
    done()
}

fn trade(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let buy = match command.need("side")? {
        "buy" => true,
        "sell" => false,
        other => return Err(format!("side is {other}: buy or sell")),
    };
    let id = listed(venue, command)?.to_owned();
    if !venue.is_open(&id) {
        return Err(format!("instrument {id} does not trade now"));
    }
    let count = command.number("count")?.unwrap_or(1.0).clamp(1.0, 10_000.0) as u64;
    let (now_us, px, sz) = (venue.now_us, command.number("px")?, command.number("sz")?);
    let series = market(venue, command)?;
    let (bid, ask) = series.touch(series.step_at(now_us));
    let ticks = |px: f64| (px / series.grid.tick.float()).round() as i64;
    let px = px.map_or(if buy { ask } else { bid }, ticks);
    let lots = (sz.unwrap_or(0.0) / series.grid.lot.float()).round() as i64;
    if px < 1 || lots < 1 {
        return Err("px and sz must be at least one tick and one lot".to_owned());
    }
    for n in 1..=count {
        series.print(Extra { us: now_us + n, px, lots, buy });
    }
    let last = series.last_print(now_us + count).map(|print| print.id.to_string());
    for feed in venue.feeds.iter_mut().flatten().filter(|f| f.topic.inst_id == id) {
        feed.wake(now_us + count);
    }
    venue.reschedule();
    venue.run_to(now_us + count);
    Ok(json!({"tradeId": last}))
}

fn reshape(venue: &mut Venue, command: &Command<'_>, shape: Shape) -> Result<Value, String> {
    let next_us = venue.now_us + 1;
    market(venue, command)?.reshape(next_us, shape);
    done()
}

fn thin(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let levels =
        |key: &str| Ok::<_, String>(command.number(key)?.map_or(usize::MAX, |n| n.max(0.0) as usize));
    let sizes = command.number("sizes")?.unwrap_or(1.0).clamp(0.0, 1_000.0);
    reshape(venue, command, Shape { asks: levels("asks")?, bids: levels("bids")?, sizes, crossed: 0 })
}

fn cross(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let crossed = command.number("ticks")?.unwrap_or(5.0).clamp(0.0, 1_000.0) as i64;
    reshape(venue, command, Shape { crossed, ..Shape::default() })
}

fn whole(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    reshape(venue, command, Shape::default())
}

fn halt(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let next_us = venue.now_us + 1;
    market(venue, command)?.halt(next_us);
    done()
}

fn resume(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let next_us = venue.now_us + 1;
    market(venue, command)?.resume(next_us);
    done()
}

fn funding(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?;
    let row = rows::funding_row(venue, id, venue.now_ms()).ok_or_else(|| format!("{id} has no funding"))?;
    venue.say(|t| t.channel == "funding-rate" && t.inst_id == id, &row);
    serde_json::from_str(&row).map_err(|e| e.to_string())
}

/// The command's fields over defaults, without `op`.
fn filled(command: &Command<'_>, defaults: Value) -> Map<String, Value> {
    let mut row = defaults.as_object().cloned().unwrap_or_default();
    row.extend(command.0.iter().filter(|(key, _)| *key != "op").map(|(k, v)| (k.clone(), v.clone())));
    row
}

fn status(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let now = venue.now_ms();
    let row = filled(
        command,
        json!({"begin": (now + 3_600_000).to_string(), "end": (now + 5_400_000).to_string(), "env": "1", "href": "",
            "maintType": "1", "preOpenBegin": "", "scheDesc": "", "serviceType": "5", "state": "scheduled",
            "system": "unified", "title": "Unified trading system upgrade", "ts": now.to_string()}),
    );
    venue.board.announce(row.clone());
    let row = Value::Object(row);
    venue.say(|t| t.channel == "status", &row.to_string());
    Ok(row)
}

fn liquidation(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?.to_owned();
    let now_ms = venue.now_ms();
    let series = market(venue, command)?;
    let price = series.grid.tick.times(series.touch(series.step_at(now_ms * 1_000)).0).to_string();
    let side = command.text("side").unwrap_or("sell");
    let pos_side = command.text("posSide").unwrap_or(if side == "sell" { "long" } else { "short" });
    let detail = json!({"bkLoss": "0", "bkPx": command.text("bkPx").unwrap_or(&price), "ccy": "", "posSide": pos_side,
        "side": side, "sz": command.text("sz").unwrap_or("1"), "ts": now_ms.to_string()});
    let listing = venue.catalogue.find(&id).ok_or("gone")?;
    let kind = listing.kind.name();
    let row = json!({"details": [detail], "instFamily": listing.family(), "instId": id, "instType": kind,
        "uly": listing.text("uly")});
    venue.say(|t| t.channel == "liquidation-orders" && t.inst_type == kind, &row.to_string());
    Ok(row)
}

fn adl(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let (kind, family) = (command.need("instType")?, command.need("instFamily")?);
    let row = filled(
        command,
        json!({"adlBal": "", "adlRate": "", "adlRecBal": "", "adlRecRate": "", "adlType": "", "bal": "280784384.9564228289548144",
            "ccy": "", "decRate": "", "maxBal": "", "maxBalTs": "", "state": "warning", "ts": venue.now_ms().to_string()}),
    );
    venue.board.keep_adl(kind, family, row.clone());
    let row = Value::Object(row);
    // Since 2026-06-09 nothing is said of the normal state.
    let worth = row["state"] != "normal";
    let fits = |t: &Topic| {
        worth
            && t.channel == "adl-warning"
            && t.inst_type == kind
            && (t.inst_family.is_empty() || t.inst_family == family)
    };
    venue.say(fits, &row.to_string());
    Ok(row)
}

fn auction(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?.to_owned();
    let now = venue.now_ms();
    let row = filled(
        command,
        json!({"auctionEndTime": (now + 600_000).to_string(), "eqPx": "0.6", "matchedSz": "44978",
            "state": "call_auction", "ts": now.to_string(), "unmatchedSz": "9988764"}),
    );
    venue.board.keep_auction(&id, row.clone());
    let row = Value::Object(row);
    venue.say(|t| t.channel == "call-auction-details" && t.inst_id == id, &row.to_string());
    Ok(row)
}

fn event(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = listed(venue, command)?;
    let listing = venue.catalogue.find(id).ok_or("gone")?;
    let row: Value = serde_json::from_str(&rest::market_change(listing, None)).map_err(|e| e.to_string())?;
    let row = filled(command, row);
    let row = Value::Object(row);
    venue.say(|t| t.channel == "event-contract-markets", &row.to_string());
    Ok(row)
}

fn calendar(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let row = Value::Object(filled(command, Value::Object(rest::calendar_row(venue))));
    venue.say(|t| t.channel == "economic-calendar", &row.to_string());
    Ok(row)
}

fn spread(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let id = command.need("sprdId")?;
    let spread = rows::spread(venue, id).ok_or_else(|| format!("spread {id} is not listed"))?;
    let row = spread.print_row(spread.last_minute(venue.now_ms()));
    let defaults: Value = serde_json::from_str(&row).map_err(|e| e.to_string())?;
    let mut row = filled(command, defaults);
    row.insert("tradeId".to_owned(), json!((3_000_000_000_000_000_000u64 + venue.now_ms()).to_string()));
    row.insert("ts".to_owned(), json!(venue.now_ms().to_string()));
    let row = Value::Object(row);
    venue.say(|t| t.channel == "sprd-public-trades" && t.sprd_id == id, &row.to_string());
    Ok(row)
}

fn push(venue: &mut Venue, command: &Command<'_>) -> Result<Value, String> {
    let wanted = Topic::read(command.object("topic")?);
    let rows = command.0.get("data").and_then(Value::as_array).ok_or("data is missing or no list")?;
    let text = rows.iter().map(Value::to_string).collect::<Vec<_>>().join(",");
    let held = venue.feeds.iter().flatten().filter(|f| *f.topic == wanted).count();
    venue.say(|t| *t == wanted, &text);
    Ok(json!({"topics": held}))
}
