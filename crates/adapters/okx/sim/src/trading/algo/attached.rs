//! Take-profits, stop-losses and trailing stops attached to an order (reference 4.4 `attachAlgoOrds`).

use serde_json::Value;

use super::{Leg, Trail};
use crate::trading::{
    fields::Fields,
    instrument::Instrument,
    num::Num,
    refusal::Refusal,
    row::Row,
    words::{Kind, PxType},
};

/// One element of `attachAlgoOrds`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// `attachAlgoId`, given at acceptance.
    pub id: u64,
    /// `attachAlgoClOrdId`.
    pub cl_id: String,
    /// Take-profit.
    pub tp: Option<Leg>,
    /// Stop-loss.
    pub sl: Option<Leg>,
    /// Trailing stop.
    pub trail: Option<Trail>,
    /// Its part of the order; all of it if none.
    pub sz: Option<Num>,
    /// `amendPxOnTriggerType` is 1.
    pub cost_px: bool,
}

type Checked<T> = Result<T, Refusal>;

impl Attached {
    /// Reads and checks the list of an order of this size.
    ///
    /// # Errors
    ///
    /// The first rule it breaks.
    pub fn read_all(fields: Fields<'_>, inst: &Instrument, sz: Num) -> Checked<Vec<Self>> {
        let list = fields.list("attachAlgoOrds")?;
        let all: Vec<Self> = list.iter().map(|item| Self::read(*item, inst)).collect::<Checked<_>>()?;
        let split = all.len() > 1 && all.iter().filter(|a| a.tp.is_some()).count() > 1;
        if split && inst.kind.is_pair() {
            return Err(Refusal::of(51_077));
        }
        if split {
            let mut sizes = all.iter().filter(|a| a.tp.is_some()).map(|a| a.sz);
            let sizes = sizes.try_fold(Num::ZERO, |sum, next| Some(sum + next?));
            match sizes {
                None => return Err(Refusal::of(51_089)),
                Some(sum) if sum != sz => return Err(Refusal::of(51_083)),
                Some(_) => {}
            }
        }
        Ok(all)
    }

    fn read(fields: Fields<'_>, inst: &Instrument) -> Checked<Self> {
        let tp = leg(fields, "tp", inst)?;
        let sl = leg(fields, "sl", inst)?;
        let trail = Trail {
            ratio: fields.number("callbackRatio")?,
            spread: fields.number("callbackSpread")?,
            active: fields.number("activePx")?,
            ..Trail::default()
        };
        let trail = (trail.ratio.is_some() || trail.spread.is_some()).then_some(trail);
        if tp.is_none() && sl.is_none() && trail.is_none() {
            return Err(Refusal::parameter("attachAlgoOrds"));
        }
        Ok(Self {
            id: 0,
            cl_id: fields.name("attachAlgoClOrdId", 32)?,
            tp,
            sl,
            trail,
            sz: fields.number("sz")?,
            cost_px: &*fields.text("amendPxOnTriggerType") == "1",
        })
    }

    /// The list after an amendment; `None` if it changes nothing here.
    ///
    /// # Errors
    ///
    /// If it names none of them or a change makes no sense.
    pub fn amended(old: &[Self], fields: Fields<'_>, inst: &Instrument) -> Checked<Option<Vec<Self>>> {
        let changes = fields.list("attachAlgoOrds")?;
        if changes.is_empty() {
            return Ok(None);
        }
        let mut all = old.to_vec();
        for change in changes {
            let (id, cl_id) = (change.text("attachAlgoId"), change.text("attachAlgoClOrdId"));
            let named =
                |a: &&mut Self| if id.is_empty() { a.cl_id == *cl_id } else { a.id.to_string() == *id };
            let one = all.iter_mut().find(named).ok_or_else(|| Refusal::parameter("attachAlgoId"))?;
            one.tp = new_leg(change, "Tp", one.tp, inst)?;
            one.sl = new_leg(change, "Sl", one.sl, inst)?;
            if let Some(sz) = change.number("sz")? {
                one.sz = Some(sz);
            }
            if let Some(trail) = &mut one.trail {
                trail.ratio = change.number("newCallbackRatio")?.or(trail.ratio);
                trail.spread = change.number("newCallbackSpread")?.or(trail.spread);
                trail.active = change.number("newActivePx")?.or(trail.active);
            }
        }
        all.retain(|a| a.tp.is_some() || a.sl.is_some() || a.trail.is_some());
        Ok(Some(all))
    }

    /// As an element of `attachAlgoOrds` in order rows.
    #[must_use]
    pub fn row(&self) -> Value {
        let trail = self.trail.unwrap_or_default();
        let row = Row::new()
            .put("attachAlgoId", if self.id == 0 { String::new() } else { self.id.to_string() })
            .put("attachAlgoClOrdId", &self.cl_id)
            .opt("sz", self.sz)
            .put("amendPxOnTriggerType", if self.cost_px { "1" } else { "0" })
            .opt("callbackRatio", trail.ratio)
            .opt("callbackSpread", trail.spread)
            .opt("activePx", trail.active)
            .blank(&["failCode", "failReason", "tpTriggerRatio", "slTriggerRatio"]);
        legs(row, self.tp, self.sl, true).done()
    }
}

/// Reads the take-profit (`tp…`) or stop-loss (`sl…`) of a request.
///
/// # Errors
///
/// If only half of it is there or makes no sense.
pub fn leg(fields: Fields<'_>, side: &str, inst: &Instrument) -> Checked<Option<Leg>> {
    let name = |rest: &str| format!("{side}{rest}");
    let resting = side == "tp" && &*fields.text("tpOrdKind") == "limit";
    let (trigger, px) = (fields.number(&name("TriggerPx"))?, fields.number(&name("OrdPx"))?);
    let kind = fields.word(&name("TriggerPxType"), PxType::read)?.unwrap_or(PxType::Last);
    let minus = Num::int(-1);
    match (trigger, px) {
        (None, None) => Ok(None),
        (_, Some(px)) if resting && px == minus => {
            Err(Refusal::saying(51_093, "A limit take-profit can't have the order price -1."))
        }
        (_, Some(_)) if resting && (inst.kind.is_pair() || inst.kind == Kind::Option) => {
            Err(Refusal::of(51_094))
        }
        (trigger, Some(px)) if resting => {
            Ok(Some(Leg { trigger: trigger.unwrap_or(px), kind, px: Some(px), resting: true, rising: false }))
        }
        (Some(trigger), Some(px)) if trigger.is_positive() && (px == minus || px.is_positive()) => {
            Ok(Some(Leg { trigger, kind, px: (px != minus).then_some(px), resting: false, rising: false }))
        }
        (Some(_), Some(_)) => Err(Refusal::parameter(&name("TriggerPx"))),
        _ => Err(Refusal::of(51_279)),
    }
}

/// Applies `newTp…` or `newSl…` to a leg: 0 deletes it, what is absent stays.
///
/// # Errors
///
/// If a new leg would lack its trigger or price.
pub fn new_leg(fields: Fields<'_>, side: &str, old: Option<Leg>, inst: &Instrument) -> Checked<Option<Leg>> {
    let name = |rest: &str| format!("new{side}{rest}");
    let (trigger, px) = (fields.number(&name("TriggerPx"))?, fields.number(&name("OrdPx"))?);
    let kind = fields.word(&name("TriggerPxType"), PxType::read)?;
    if trigger.is_some_and(Num::is_zero) || (trigger.is_none() && px.is_some_and(Num::is_zero)) {
        return Ok(None);
    }
    if let Some(px) = px.filter(|px| px.is_positive()) {
        crate::trading::draft::check_price(inst, px)?;
    }
    match (old, trigger, px) {
        (None, None, None) => Ok(None),
        (None, Some(trigger), Some(px)) => {
            let px = (px != Num::int(-1)).then_some(px);
            Ok(Some(Leg { trigger, kind: kind.unwrap_or(PxType::Last), px, resting: false, rising: false }))
        }
        (None, ..) => Err(Refusal::of(51_279)),
        (Some(old), trigger, px) => Ok(Some(Leg {
            trigger: trigger.unwrap_or(old.trigger),
            kind: kind.unwrap_or(old.kind),
            px: px.map_or(old.px, |px| (px != Num::int(-1)).then_some(px)),
            ..old
        })),
    }
}

/// Adds the two legs to a row. `types` prints the kind of trigger price only where there is a trigger.
#[must_use]
pub fn legs(mut row: Row, tp: Option<Leg>, sl: Option<Leg>, types: bool) -> Row {
    for (side, leg) in [("tp", tp), ("sl", sl)] {
        let name = |rest: &str| format!("{side}{rest}");
        let px = leg.map(|l| l.px.unwrap_or_else(|| Num::int(-1)));
        row = row.opt(&name("TriggerPx"), leg.map(|l| l.trigger)).opt(&name("OrdPx"), px);
        if types {
            row = row.put(&name("TriggerPxType"), leg.map_or("", |l| l.kind.word()));
        }
    }
    let kind = match tp {
        Some(Leg { resting: true, .. }) => "limit",
        Some(_) => "condition",
        None => "",
    };
    row.put("tpOrdKind", kind)
}
