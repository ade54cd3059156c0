//! Frames.

use okx_common::clock::Now;
use okx_ws::{
    Channel, Payload,
    message::Data,
    op::RequestId,
    session::{Incoming, LinkId},
};

use super::{AccountNews, Act, Desk, DeskEvent, Greeks, LINES, NearLiquidation, Note, Totals};
use crate::orders::{
    account::{AccountState, BalanceRow, Changes, PositionRow},
    row::{AlgoRow, FillHint, OrderRow},
    tracker::{Level, OrderTracker, Reply},
};

/// What a frame came to.
enum Step {
    Nothing,
    Answer(Option<RequestId>, Reply),
    /// Rows of this channel were left out: why.
    Skipped(Option<Channel>, String),
    Unreadable(String),
}

impl Desk {
    /// Takes a text frame of a link.
    pub fn frame(&mut self, line: usize, link: LinkId, frame: &[u8], now: Now) {
        match self.step(line, link, frame, now) {
            Step::Nothing => {}
            Step::Answer(Some(request), reply) => {
                let sent = self.mind_throttling(request, &reply, now);
                self.tracker.reply(request, &reply, now);
                if let Some(sent) = sent {
                    self.let_go(sent.holds, now);
                }
            }
            Step::Answer(None, reply) => {
                let text = format!(
                    "OKX ({}) answered a request that is not one of ours ({}: {}); ignored",
                    LINES[line], reply.code, reply.msg
                );
                self.note(Level::Warning, "unknown_answer", text);
            }
            Step::Skipped(channel, what) => {
                self.unreadable(line, what, now);
                if let Some(channel @ (Channel::Account | Channel::Positions)) = channel {
                    self.renew(line, channel, now);
                }
            }
            Step::Unreadable(what) => self.unreadable(line, what, now),
        }
        self.follow(line, now);
        self.release(now);
        self.drain(now);
    }

    fn step(&mut self, line: usize, link: LinkId, frame: &[u8], now: Now) -> Step {
        let Self { lines, decoder, tracker, account, acts, .. } = self;
        match lines[line].session.handle_frame(decoder, link, frame, now) {
            Ok(Incoming::Data { data, .. }) => {
                let left_out = take(&data, &mut Books { tracker, account, acts }, now);
                match (data.skipped.first(), left_out) {
                    (None, None) => Step::Nothing,
                    (Some(row), _) => {
                        let what =
                            format!("row {} of {}: {}, {}", row.index, data.arg, row.reason, row.excerpt);
                        Step::Skipped(data.arg.channel, what)
                    }
                    (None, Some(what)) => {
                        Step::Skipped(data.arg.channel, format!("a row of {}: {what}", data.arg))
                    }
                }
            }
            Ok(Incoming::Op(response)) => Step::Answer(RequestId::parse(&response.id), (&response).into()),
            Ok(Incoming::Nothing) => Step::Nothing,
            Ok(Incoming::Stray) => Step::Unreadable("it does not say what it is about".to_owned()),
            Err(error) => Step::Unreadable(error.to_string()),
        }
    }
}

/// What pushes change.
struct Books<'a> {
    tracker: &'a mut OrderTracker,
    account: &'a mut AccountState,
    acts: &'a mut std::collections::VecDeque<Act>,
}

impl Books<'_> {
    fn account_news(&mut self, changes: Changes, totals: Option<Totals>, ts_ms: Option<u64>) {
        if totals.is_some() || !changes.is_empty() {
            let news = AccountNews { changes, totals, ts_ms };
            self.acts.push_back(Act::Event(DeskEvent::Account(news)));
        }
    }
}

/// Takes the rows of a push. What is wrong with a row that was left out because it does not say whose it is.
fn take(data: &Data<'_>, books: &mut Books<'_>, now: Now) -> Option<&'static str> {
    // What is not in a whole snapshot counts as gone; one without a row that could not be read is not whole.
    let mut page = data.page.as_ref().filter(|_| data.skipped.is_empty());
    let mut left_out = None;
    match &data.payload {
        Payload::Orders(rows) => {
            for row in rows {
                match [&row.ord_id, &row.inst_id].iter().any(|id| id.is_empty()) {
                    true => left_out = Some("an order without `ordId` or `instId`"),
                    false => books.tracker.order_row(&OrderRow::from(row), now),
                }
            }
        }
        Payload::SprdOrders(rows) => {
            for row in rows {
                match [&row.ord_id, &row.sprd_id].iter().any(|id| id.is_empty()) {
                    true => left_out = Some("an order without `ordId` or `sprdId`"),
                    false => books.tracker.order_row(&OrderRow::from(row), now),
                }
            }
        }
        Payload::AlgoOrders(rows) => {
            for row in rows {
                match [&row.algo_id, &row.inst_id].iter().any(|id| id.is_empty()) {
                    true => left_out = Some("a conditional order without `algoId` or `instId`"),
                    false => books.tracker.algo_row(&AlgoRow::from(row), now),
                }
            }
        }
        Payload::Fills(rows) => {
            for row in rows {
                match [&row.ord_id, &row.trade_id].iter().any(|id| id.is_empty()) {
                    true => left_out = Some("a fill without `ordId` or `tradeId`"),
                    false => books.tracker.fill_hint(&FillHint::from(row), now),
                }
            }
        }
        Payload::Account(rows) => {
            let mut balances: Vec<BalanceRow> =
                rows.iter().flat_map(|row| row.details.iter()).map(BalanceRow::from).collect();
            left_out = keep_named(&mut balances, BalanceRow::is_named, NAMELESS_BALANCE);
            page = page.filter(|_| left_out.is_none());
            let changes = books.account.balances(&balances, page);
            let last = rows.last();
            books.account_news(changes, last.map(Totals::from), last.and_then(|row| row.u_time_ms));
        }
        Payload::Positions(rows) => {
            let mut positions: Vec<PositionRow> = rows.iter().map(PositionRow::from).collect();
            left_out = keep_named(&mut positions, PositionRow::is_named, NAMELESS_POSITION);
            page = page.filter(|_| left_out.is_none());
            let changes = books.account.positions(&positions, page);
            let ts_ms = rows.iter().filter_map(|row| row.u_time_ms).max();
            books.account_news(changes, None, ts_ms);
        }
        Payload::BalanceAndPosition(rows) => {
            for row in rows {
                let mut cash: Vec<BalanceRow> = row.bal_data.iter().map(BalanceRow::from).collect();
                let mut positions: Vec<PositionRow> = row.pos_data.iter().map(PositionRow::from).collect();
                let nameless = keep_named(&mut cash, BalanceRow::is_named, NAMELESS_BALANCE);
                left_out = left_out.or(nameless);
                let nameless = keep_named(&mut positions, PositionRow::is_named, NAMELESS_POSITION);
                left_out = left_out.or(nameless);
                let changes = books.account.cash_and_positions(&cash, &positions);
                books.account_news(changes, None, row.p_time_ms);
            }
        }
        Payload::AccountGreeks(rows) => {
            let greeks = rows.iter().map(Greeks::from).map(DeskEvent::Greeks);
            books.acts.extend(greeks.map(Act::Event));
        }
        Payload::LiquidationWarnings(rows) => {
            for near in rows.iter().map(NearLiquidation::from) {
                let note = Note::new(Level::Warning, "liquidation_warning", near.to_string());
                books.acts.push_back(Act::Event(DeskEvent::Note(note)));
                books.acts.push_back(Act::Event(DeskEvent::NearLiquidation(Box::new(near))));
            }
        }
        _ => {}
    }
    left_out
}

const NAMELESS_BALANCE: &str = "a balance without `ccy`";
const NAMELESS_POSITION: &str = "a position without `instId`, `mgnMode`, `posSide` or `ccy`";

/// Leaves out the rows that do not say whose they are: they would count as something new, and what they are about as unchanged.
fn keep_named<T>(
    rows: &mut Vec<T>,
    is_named: impl Fn(&T) -> bool,
    what: &'static str,
) -> Option<&'static str> {
    let before = rows.len();
    rows.retain(is_named);
    (rows.len() < before).then_some(what)
}
