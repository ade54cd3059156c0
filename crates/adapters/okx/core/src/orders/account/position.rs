//! Positions.

use okx_common::{
    decimal::Decimal,
    enums::{InstType, MgnMode, PosSide},
    ids::InstId,
};
use okx_ws::message::{Position, PositionChange};

/// Which way a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Bought.
    Long,
    /// Sold.
    Short,
    /// None.
    Flat,
}

/// What tells positions apart: an account can have several on an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PositionKey {
    /// Instrument.
    pub inst_id: InstId,
    /// Cross or isolated.
    pub mgn_mode: Option<MgnMode>,
    /// Net, long or short.
    pub pos_side: Option<PosSide>,
    /// Margin currency: of pairs there may be two positions.
    pub ccy: String,
}

/// A position as OKX shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PositionRow {
    /// Kind of instrument.
    pub inst_type: Option<InstType>,
    /// Instrument.
    pub inst_id: InstId,
    /// Cross or isolated.
    pub mgn_mode: Option<MgnMode>,
    /// Net, long or short.
    pub pos_side: Option<PosSide>,
    /// OKX's id.
    pub pos_id: String,
    /// Size; below 0 for a short one in net mode.
    pub pos: Option<Decimal>,
    /// Currency of the size (MARGIN).
    pub pos_ccy: String,
    /// Margin currency.
    pub ccy: String,
    /// Average opening price.
    pub avg_px: Option<Decimal>,
    /// Initial margin, cross.
    pub imr: Option<Decimal>,
    /// Margin, isolated.
    pub margin: Option<Decimal>,
    /// Maintenance margin.
    pub mmr: Option<Decimal>,
    /// Leverage.
    pub lever: Option<Decimal>,
    /// When it changed, Unix ms.
    pub u_time_ms: Option<u64>,
}

impl PositionRow {
    /// What tells it apart.
    #[must_use]
    pub fn key(&self) -> PositionKey {
        PositionKey {
            inst_id: self.inst_id.clone(),
            mgn_mode: self.mgn_mode.clone(),
            pos_side: self.pos_side,
            ccy: self.ccy.clone(),
        }
    }

    /// Whether it says whose position it is.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.inst_id.is_empty() && self.mgn_mode.is_some() && self.pos_side.is_some() && !self.ccy.is_empty()
    }

    /// Which way it is. MARGIN positions have no sign: one in the pair's quote currency is short.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let pos = self.pos.unwrap_or(Decimal::ZERO);
        if pos.is_zero() {
            return Direction::Flat;
        }
        match self.pos_side {
            Some(PosSide::Long) => Direction::Long,
            Some(PosSide::Short) => Direction::Short,
            _ if self.inst_type == Some(InstType::Margin) && !self.pos_ccy.is_empty() => {
                let base = self.inst_id.split('-').next().unwrap_or_default();
                if self.pos_ccy == base { Direction::Long } else { Direction::Short }
            }
            _ if pos.is_negative() => Direction::Short,
            _ => Direction::Long,
        }
    }
}

impl From<&Position<'_>> for PositionRow {
    fn from(row: &Position<'_>) -> Self {
        Self {
            inst_type: row.inst_type.clone(),
            inst_id: InstId::new(row.inst_id.as_str()),
            mgn_mode: row.mgn_mode.clone(),
            pos_side: row.pos_side,
            pos_id: row.pos_id.to_string(),
            pos: row.pos,
            pos_ccy: row.pos_ccy.to_string(),
            ccy: row.ccy.to_string(),
            avg_px: row.avg_px,
            imr: row.imr,
            margin: row.margin,
            mmr: row.mmr,
            lever: row.lever,
            u_time_ms: row.u_time_ms,
        }
    }
}

impl From<&PositionChange<'_>> for PositionRow {
    fn from(row: &PositionChange<'_>) -> Self {
        Self {
            inst_type: row.inst_type.clone(),
            inst_id: InstId::new(row.inst_id.as_str()),
            mgn_mode: row.mgn_mode.clone(),
            pos_side: row.pos_side,
            pos_id: row.pos_id.to_string(),
            pos: row.pos,
            pos_ccy: row.pos_ccy.to_string(),
            ccy: row.ccy.to_string(),
            avg_px: row.avg_px,
            imr: None,
            margin: None,
            mmr: None,
            lever: None,
            u_time_ms: row.u_time_ms,
        }
    }
}

/// A position, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionState {
    /// What OKX has shown last.
    pub row: PositionRow,
    /// Which way it is.
    pub direction: Direction,
    /// How much, without a sign: contracts, base currency of pairs (quote currency of short ones).
    pub quantity: Decimal,
}

impl PositionState {
    pub(super) fn new(row: &PositionRow) -> Self {
        Self {
            direction: row.direction(),
            quantity: row.pos.unwrap_or(Decimal::ZERO).abs(),
            row: row.clone(),
        }
    }

    /// Takes a row. Whether quantity, direction, price or margin changed; an older row changes nothing.
    pub(super) fn apply(&mut self, row: &PositionRow) -> bool {
        if let (Some(new), Some(old)) = (row.u_time_ms, self.row.u_time_ms)
            && new < old
        {
            return false;
        }
        let old = self.row.clone();
        let merged = PositionRow {
            inst_type: row.inst_type.clone().or(old.inst_type),
            pos: row.pos.or(old.pos),
            avg_px: row.avg_px.or(old.avg_px),
            imr: row.imr.or(old.imr),
            margin: row.margin.or(old.margin),
            mmr: row.mmr.or(old.mmr),
            lever: row.lever.or(old.lever),
            u_time_ms: row.u_time_ms.or(old.u_time_ms),
            ..row.clone()
        };
        let (before, after) = (self.clone(), Self::new(&merged));
        *self = after;
        let shown = |state: &Self| {
            let row = &state.row;
            (state.direction, state.quantity, row.avg_px, row.imr, row.margin, row.mmr, row.lever)
        };
        shown(&before) != shown(self)
    }

    /// The same position, closed.
    pub(super) fn closed(mut self) -> Self {
        self.row.pos = Some(Decimal::ZERO);
        self.direction = Direction::Flat;
        self.quantity = Decimal::ZERO;
        self
    }
}
