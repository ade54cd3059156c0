//! Where the pushes of a topic go.

use okx_common::{
    enums::{Bar, InstType},
    ids::InstId,
};
use okx_core::{bars::BarFilter, book::BookSync, status::StatusBoard, trades::TradeFilter};
use okx_ws::{Channel, Topic, session::Generation};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::spec::Slot;

/// Which greeks are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Conventions {
    /// In dollars.
    pub black_scholes: bool,
    /// In coins.
    pub price_adjusted: bool,
}

impl Conventions {
    /// Both.
    pub const BOTH: Self = Self { black_scholes: true, price_adjusted: true };
}

/// One wish of a user; at most one subscription for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum User {
    /// `OrderBookDeltas`.
    Deltas(Slot),
    /// `OrderBookDepth10`.
    Depth10(Slot),
    /// `QuoteTick`.
    Quotes(Slot),
    /// `TradeTick`.
    Trades(Slot),
    /// `Bar`s of the bar type at this place.
    Bars {
        /// Place of the bar type.
        bar: u32,
        /// Its instrument.
        slot: Slot,
    },
    /// `MarkPriceUpdate`.
    Mark(Slot),
    /// `IndexPriceUpdate`.
    Index(Slot),
    /// `FundingRateUpdate`.
    Funding(Slot),
    /// `InstrumentStatus`.
    Status(Slot),
    /// `OptionGreeks`.
    Greeks(Slot),
    /// Dicts; counted elsewhere.
    Rows,
}

/// Nearly always one.
pub type Slots = SmallVec<[Slot; 1]>;

/// Where the pushes of a topic go.
#[derive(Debug, Default)]
pub struct Route {
    /// The topic; none for a free place.
    pub topic: Option<Topic>,
    /// It was acknowledged; later interruptions are repaired.
    pub is_live: bool,
    /// The objects they become.
    pub to: Target,
    /// Also as dicts.
    pub rows: bool,
}

/// The objects that pushes become.
#[derive(Debug, Default)]
pub enum Target {
    /// None: nobody wants them, or only as dicts.
    #[default]
    None,
    /// Changes of a book, and its top.
    Book(Box<BookRoute>),
    /// Quotes.
    Quotes(Slots),
    /// Trades.
    Trades(TradeRoute),
    /// Closed bars.
    Bars(Box<BarRoute>),
    /// Mark prices.
    Marks(Slots),
    /// Index prices, for each instrument that asked.
    Indexes(Slots),
    /// Funding rates.
    Fundings(Slots),
    /// Trading states, by OKX's id.
    Statuses(Box<StatusRoute>),
    /// Greeks, by OKX's id.
    Greeks(Box<GreeksRoute>),
}

/// Who wants the greeks of which option, by OKX's id.
pub type GreeksRoute = FxHashMap<InstId, SmallVec<[(Slot, Conventions); 1]>>;

/// Trades of one channel.
#[derive(Debug, Default)]
pub struct TradeRoute {
    /// Each trade once.
    pub filter: TradeFilter,
    /// Who wants them.
    pub to: Slots,
}

/// A book.
#[derive(Debug)]
pub struct BookRoute {
    /// Continuity.
    pub sync: BookSync,
    /// Who wants the changes.
    pub deltas: Slots,
    /// Who wants the top.
    pub depth10: Slots,
    /// What was published is cleared, or nothing was: no second clear.
    pub is_cleared: bool,
}

/// Bars of one channel.
#[derive(Debug)]
pub struct BarRoute {
    /// Each bar once.
    pub filter: BarFilter,
    /// The length.
    pub bar: Bar,
    /// Places of the bar types, and their instruments.
    pub to: SmallVec<[(u32, Slot); 1]>,
}

/// States of one kind of instrument.
#[derive(Debug, Default)]
pub struct StatusRoute {
    /// The last known states.
    pub board: StatusBoard,
    /// Who wants them, by OKX's id.
    pub to: FxHashMap<InstId, Slots>,
}

impl Route {
    /// For a topic that nobody uses yet.
    #[must_use]
    pub fn new(topic: &Topic) -> Self {
        let to = match topic.channel {
            channel if channel.is_incremental_book() => Target::Book(Box::new(BookRoute {
                sync: BookSync::incremental(),
                deltas: Slots::new(),
                depth10: Slots::new(),
                is_cleared: true,
            })),
            Channel::BboTbt => Target::Quotes(Slots::new()),
            Channel::Trades | Channel::TradesAll => Target::Trades(TradeRoute::default()),
            Channel::Candle(bar) => {
                Target::Bars(Box::new(BarRoute { filter: BarFilter::new(bar), bar, to: SmallVec::new() }))
            }
            Channel::MarkPrice => Target::Marks(Slots::new()),
            Channel::IndexTickers => Target::Indexes(Slots::new()),
            Channel::FundingRate => Target::Fundings(Slots::new()),
            Channel::Instruments => Target::Statuses(Box::default()),
            Channel::OptSummary => Target::Greeks(Box::default()),
            _ => Target::None,
        };
        Self { topic: Some(topic.clone()), is_live: false, to, rows: false }
    }

    /// The subscription took effect (again).
    pub fn subscribed(&mut self, generation: Generation, now_ns: u64) {
        self.is_live = true;
        if let Target::Book(book) = &mut self.to {
            book.sync.subscribed(generation, now_ns);
        }
    }

    /// The topic is being subscribed anew.
    pub fn resubscribing(&mut self) {
        if let Target::Book(book) = &mut self.to {
            book.sync.resubscribing();
        }
    }

    /// When the book needs attention, monotonic ns.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        match &self.to {
            Target::Book(book) => book.sync.next_timeout(),
            _ => None,
        }
    }

    /// Adds a user. True if the topic must be subscribed anew, because this user needs a snapshot.
    pub fn add(&mut self, user: User, inst_id: &InstId, conventions: Conventions) -> bool {
        match (&mut self.to, user) {
            (_, User::Rows) => self.rows = true,
            (Target::Book(book), User::Deltas(slot)) => {
                put(&mut book.deltas, slot);
                return book.sync.is_synced();
            }
            (Target::Book(book), User::Depth10(slot)) => {
                put(&mut book.depth10, slot);
                return book.sync.keep_ladder();
            }
            (Target::Quotes(to), User::Quotes(slot))
            | (Target::Trades(TradeRoute { to, .. }), User::Trades(slot))
            | (Target::Marks(to), User::Mark(slot))
            | (Target::Indexes(to), User::Index(slot))
            | (Target::Fundings(to), User::Funding(slot)) => put(to, slot),
            (Target::Bars(bars), User::Bars { bar, slot }) => {
                bars.to.retain(|(have, _)| *have != bar);
                bars.to.push((bar, slot));
            }
            (Target::Statuses(statuses), User::Status(slot)) => {
                put(statuses.to.entry(inst_id.clone()).or_default(), slot);
            }
            (Target::Greeks(to), User::Greeks(slot)) => {
                let to = to.entry(inst_id.clone()).or_default();
                to.retain(|(have, _)| *have != slot);
                to.push((slot, conventions));
            }
            _ => {}
        }
        false
    }

    /// Removes a user.
    pub fn remove(&mut self, user: User) {
        let without = |to: &mut Slots, slot: Slot| to.retain(|have| *have != slot);
        match (&mut self.to, user) {
            (_, User::Rows) => self.rows = false,
            (Target::Book(book), User::Deltas(slot)) => without(&mut book.deltas, slot),
            (Target::Book(book), User::Depth10(slot)) => without(&mut book.depth10, slot),
            (Target::Quotes(to), User::Quotes(slot))
            | (Target::Trades(TradeRoute { to, .. }), User::Trades(slot))
            | (Target::Marks(to), User::Mark(slot))
            | (Target::Indexes(to), User::Index(slot))
            | (Target::Fundings(to), User::Funding(slot)) => without(to, slot),
            (Target::Bars(bars), User::Bars { bar, .. }) => bars.to.retain(|(have, _)| *have != bar),
            (Target::Statuses(statuses), User::Status(slot)) => {
                let StatusRoute { board, to } = &mut **statuses;
                to.retain(|inst_id, to| {
                    let had = to.contains(&slot);
                    without(to, slot);
                    if had && to.is_empty() {
                        board.forget(inst_id.as_str());
                    }
                    !to.is_empty()
                });
            }
            (Target::Greeks(to), User::Greeks(slot)) => to.retain(|_, to| {
                to.retain(|(have, _)| *have != slot);
                !to.is_empty()
            }),
            _ => {}
        }
    }
}

fn put(to: &mut Slots, slot: Slot) {
    if !to.contains(&slot) {
        to.push(slot);
    }
}

/// The topic of the instruments channel for a kind.
#[must_use]
pub fn instruments_topic(inst_type: &InstType) -> Topic {
    Topic::inst_type(Channel::Instruments, inst_type.clone())
}
