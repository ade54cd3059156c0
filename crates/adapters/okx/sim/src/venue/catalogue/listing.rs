//! One listed instrument: the row OKX shows and what the market needs of it.

use serde_json::{Map, Value};

use crate::venue::num::{Dec, Step};

/// Type of instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::venue) enum Kind {
    Spot,
    Margin,
    Swap,
    Futures,
    Option,
    Events,
}

impl Kind {
    /// As OKX writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spot => "SPOT",
            Self::Margin => "MARGIN",
            Self::Swap => "SWAP",
            Self::Futures => "FUTURES",
            Self::Option => "OPTION",
            Self::Events => "EVENTS",
        }
    }

    /// Reads OKX's word.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Spot, Self::Margin, Self::Swap, Self::Futures, Self::Option, Self::Events]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// Contracts rather than coins.
    pub const fn is_derivative(self) -> bool {
        !matches!(self, Self::Spot | Self::Margin)
    }
}

/// What is needed to make a market; missing while an instrument is announced without details.
#[derive(Debug, Clone, Copy)]
pub(in crate::venue) struct Grid {
    /// Prices are multiples of it.
    pub tick: Step,
    /// Sizes are multiples of it.
    pub lot: Step,
    /// `ctVal` times `ctMult`; 1 where there are no contracts.
    pub contract: Dec,
    /// Contracts count in the quote currency.
    pub inverse: bool,
}

/// An instrument.
#[derive(Debug, Clone)]
pub(in crate::venue) struct Listing {
    /// The row of `/public/instruments`.
    pub row: Map<String, Value>,
    /// `instType`.
    pub kind: Kind,
    /// `instId`.
    pub id: String,
    /// Currency whose price it follows.
    pub base: String,
    /// Currency that price is counted in.
    pub quote: String,
    /// Tick, lot and contract.
    pub grid: Option<Grid>,
    /// `listTime`, 0 if none.
    pub list_ms: u64,
    /// `expTime`, `u64::MAX` if none.
    pub exp_ms: u64,
}

impl Listing {
    /// Reads a row; `None` if it has no known type.
    pub fn read(row: Map<String, Value>) -> Option<Self> {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = Kind::parse(&text("instType"))?;
        let id = text("instId");
        let pair = if kind.is_derivative() { text("uly") } else { id.clone() };
        let (base, quote) = pair.split_once('-').unwrap_or((&pair, "USD"));
        let number = |key: &str| Dec::parse(&text(key)).unwrap_or(Dec::whole(1));
        let grid = Step::parse(&text("tickSz")).zip(Step::parse(&text("lotSz"))).map(|(tick, lot)| Grid {
            tick,
            lot,
            contract: number("ctVal").times(number("ctMult")),
            inverse: text("ctType") == "inverse",
        });
        let (base, quote) = (base.to_owned(), quote.to_owned());
        let list_ms = text("listTime").parse().unwrap_or(0);
        let exp_ms = text("expTime").parse().unwrap_or(u64::MAX);
        Some(Self { kind, id, base, quote, grid, list_ms, exp_ms, row })
    }

    /// A text field of the row; empty if absent.
    pub fn text(&self, key: &str) -> &str {
        self.row.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// `state`.
    pub fn state(&self) -> &str {
        self.text("state")
    }

    /// `instFamily`.
    pub fn family(&self) -> &str {
        self.text("instFamily")
    }

    /// The index it follows: `uly`, or the pair itself.
    pub fn index(&self) -> String {
        format!("{}-{}", self.base, self.quote)
    }

    /// Whether it is traded at this time.
    pub fn trades_at(&self, ms: u64) -> bool {
        matches!(self.state(), "live" | "post_only" | "rebase") && ms < self.exp_ms && self.grid.is_some()
    }

    /// It has a funding rate: swaps and futures that never quite expire.
    pub fn has_funding(&self) -> bool {
        self.kind == Kind::Swap || self.text("ruleType") == "xperp"
    }

    /// Strike of an option or event.
    pub fn strike(&self) -> f64 {
        self.text("stk").parse().unwrap_or(0.0)
    }
}
