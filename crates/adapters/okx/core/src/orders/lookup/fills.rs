//! The fills of one order.

use okx_common::{
    decimal::Decimal,
    ids::{InstId, OrdId},
};
use okx_http::{
    HttpError,
    endpoint::{
        spread::GetSpreadFills,
        trade::{GetFills, GetFillsHistory},
    },
    history::ListPages,
};

use super::list::{List, Lists, Part, inst_types, is_spread};
use crate::orders::row::FillRow;

/// The look at the fills of one order: the recent ones, and those of months if they are too few.
#[derive(Debug)]
pub(super) struct FillsTask {
    inst_id: InstId,
    ord_id: OrdId,
    at_least: Decimal,
    rows: Vec<FillRow>,
    is_thorough: bool,
    pub(super) lists: Lists,
}

impl FillsTask {
    pub(super) fn new(inst_id: &InstId, ord_id: &OrdId, at_least: Decimal) -> Self {
        let is_spread = is_spread(inst_id);
        let list = if is_spread {
            let all = GetSpreadFills { ord_id: Some(ord_id.clone()), ..GetSpreadFills::new() };
            List::SpreadFills(ListPages::new(&all))
        } else {
            let inst_id = Some(inst_id.clone());
            let recent = GetFills { inst_id, ord_id: Some(ord_id.clone()), ..GetFills::new() };
            List::Fills(ListPages::new(&recent))
        };
        Self {
            inst_id: inst_id.clone(),
            ord_id: ord_id.clone(),
            at_least,
            rows: Vec::new(),
            is_thorough: is_spread,
            lists: Lists::new([list]),
        }
    }

    pub(super) fn take(
        &mut self,
        part: Part,
        body: Result<&[u8], &HttpError>,
    ) -> Option<Result<Vec<FillRow>, String>> {
        match self.lists.take(part, body) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(why) => return Some(Err(why)),
        }
        let lists: Vec<_> = self.lists.finish().collect();
        for list in lists {
            if let Err(why) = add_fills(list, &mut self.rows) {
                return Some(Err(why));
            }
        }
        if !self.is_thorough && self.is_too_short() {
            self.is_thorough = true;
            for inst_type in inst_types(&self.inst_id) {
                let all = GetFillsHistory {
                    inst_id: Some(self.inst_id.clone()),
                    ord_id: Some(self.ord_id.clone()),
                    ..GetFillsHistory::new(inst_type.clone())
                };
                self.lists.add(List::OldFills(ListPages::new(&all)));
            }
            return None;
        }
        Some(Ok(std::mem::take(&mut self.rows)))
    }

    /// Whether fills are missing that are known of, as those of more than three days ago.
    fn is_too_short(&self) -> bool {
        let sum = |sum: Decimal, row: &FillRow| sum.checked_add(row.sz).unwrap_or(sum);
        self.rows.is_empty() || self.rows.iter().fold(Decimal::ZERO, sum) < self.at_least
    }
}

/// Adds the fills of a list that is one of fills; each once, though two lists may have it.
pub(super) fn add_fills(list: List, rows: &mut Vec<FillRow>) -> Result<(), String> {
    let mut add = |fill: Result<FillRow, super::NotAFill>| -> Result<(), String> {
        let fill = fill.map_err(|error| error.to_string())?;
        let is_same = |row: &FillRow| {
            row.trade_id == fill.trade_id && row.ord_id == fill.ord_id && row.inst_id == fill.inst_id
        };
        if !rows.iter().any(is_same) {
            rows.push(fill);
        }
        Ok(())
    };
    match list {
        List::Fills(pages) => pages.finish().iter().try_for_each(|row| add(FillRow::try_from(row))),
        List::OldFills(pages) => pages.finish().iter().try_for_each(|row| add(FillRow::try_from(row))),
        List::SpreadFills(pages) => {
            let settled =
                |row: &&okx_http::endpoint::spread::SpreadFill| row.state.as_deref() != Some("rejected");
            pages.finish().iter().filter(settled).try_for_each(|row| add(FillRow::try_from(row)))
        }
        _ => Ok(()),
    }
}
