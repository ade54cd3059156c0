//! Scripted moves (MOV): what a test makes the market do.
//!
//! Every command is an object with `op`; the answer says what happened. `instId` names an instrument unless said otherwise.
//!
//! | `op` | further fields | effect |
//! |---|---|---|
//! | `state` | `state` | changes the instrument's state; anything but live, post_only and rebase halts its market |
//! | `change` | `set` (object) | changes fields of the row, with a push; an empty tick or lot takes the market away |
//! | `list` | `set` with `instType` | lists a new instrument, with a push |
//! | `expire` | | the instrument expires now |
//! | `jump` | `factor`; `ccy` instead of `instId` for all instruments of a currency | multiplies the price from now on |
//! | `trade` | `side`, `sz`, `px` (best price if absent), `count` | prints a trade at once |
//! | `thin` | `asks`, `bids` (levels), `sizes` (factor) | reshapes the book without a gap; 0 empties a side |
//! | `cross` | `ticks` | bids reach so far into the asks |
//! | `whole` | | undoes `thin` and `cross` |
//! | `halt`, `resume` | | stops and continues trades and book changes |
//! | `funding` | | publishes the funding row now |
//! | `status` | fields of `/system/status` | announces maintenance; the same `title` and `begin` replaces |
//! | `liquidation` | `side`, `sz`, `bkPx`, `posSide` | publishes a liquidation |
//! | `adl` | `instType`, `instFamily`, `state`, `bal` | an ADL warning, said every second until the `state` is `normal` |
//! | `auction` | fields of `call-auction-details` | an auction begins: details every second until `auctionEndTime`, and for REST |
//! | `event` | `outcome`, `settleValue`, `state` … | publishes a change of an event contract |
//! | `calendar` | fields of `economic-calendar` | publishes a change of the calendar |
//! | `spread` | `sprdId`; `side`, `px`, `sz` | publishes a trade of a spread |
//! | `push` | `topic` (object), `data` (list) | publishes these rows to the subscribers of a topic |

mod board;
mod commands;

use serde_json::{Map, Value};

use super::Venue;

pub(super) use board::{Board, next_settlement};

/// A command's fields.
struct Command<'a>(&'a Map<String, Value>);

impl<'a> Command<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).and_then(Value::as_str)
    }

    fn need(&self, key: &str) -> Result<&'a str, String> {
        self.text(key).ok_or_else(|| format!("{key} is missing or no text"))
    }

    /// A number, also as text.
    fn number(&self, key: &str) -> Result<Option<f64>, String> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        number.filter(|n| n.is_finite()).map(Some).ok_or_else(|| format!("{key} is no number"))
    }

    fn object(&self, key: &str) -> Result<&'a Map<String, Value>, String> {
        self.0.get(key).and_then(Value::as_object).ok_or_else(|| format!("{key} is missing or no object"))
    }
}

/// Carries out a command.
pub(super) fn run(venue: &mut Venue, command: &Value) -> Result<Value, String> {
    let fields = command.as_object().ok_or("a command is an object")?;
    let command = Command(fields);
    let op = command.need("op")?;
    commands::find(op).ok_or_else(|| format!("unknown op {op}"))?(venue, &command)
}
