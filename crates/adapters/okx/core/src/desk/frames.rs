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
                take(&data, &mut Books { tracker, account, acts }, now);
                match data.skipped.first() {
                    None => Step::Nothing,
                    Some(row) => {
                        let what =
                            format!("row {} of {}: {}, {}", row.index, data.arg, row.reason, row.excerpt);
                        Step::Skipped(data.arg.channel, what)
                    }
                }
            }
            Ok(Incoming::Op(response)) => Step::Answer(RequestId::parse(&response.id), (&response).into()),
            Ok(Incoming::Nothing) => Step::Nothing,
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

/// Takes the rows of a push.
fn take(data: &Data<'_>, books: &mut Books<'_>, now: Now) {
    let page = data.page.as_ref();
    match &data.payload {
        Payload::Orders(rows) => {
            rows.iter().for_each(|row| books.tracker.order_row(&OrderRow::from(row), now))
        }
        Payload::SprdOrders(rows) => {
            rows.iter().for_each(|row| books.tracker.order_row(&OrderRow::from(row), now));
        }
        Payload::AlgoOrders(rows) => {
            rows.iter().for_each(|row| books.tracker.algo_row(&AlgoRow::from(row), now));
        }
        Payload::Fills(rows) => {
            rows.iter().for_each(|row| books.tracker.fill_hint(&FillHint::from(row), now));
        }
        Payload::Account(rows) => {
            let balances: Vec<BalanceRow> =
                rows.iter().flat_map(|row| row.details.iter()).map(BalanceRow::from).collect();
            let changes = books.account.balances(&balances, page);
            let last = rows.last();
            books.account_news(changes, last.map(Totals::from), last.and_then(|row| row.u_time_ms));
        }
        Payload::Positions(rows) => {
            let positions: Vec<PositionRow> = rows.iter().map(PositionRow::from).collect();
            let changes = books.account.positions(&positions, page);
            let ts_ms = rows.iter().filter_map(|row| row.u_time_ms).max();
            books.account_news(changes, None, ts_ms);
        }
        Payload::BalanceAndPosition(rows) => {
            for row in rows {
                let cash: Vec<BalanceRow> = row.bal_data.iter().map(BalanceRow::from).collect();
                let positions: Vec<PositionRow> = row.pos_data.iter().map(PositionRow::from).collect();
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
}
