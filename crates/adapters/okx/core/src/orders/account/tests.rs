use okx_common::{
    decimal::Decimal,
    enums::{AccountEventType, InstType, MgnMode, PosSide},
};
use okx_ws::{Decoder, Message, Payload};

use super::*;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn balance(ccy: &str, cash: &str, avail: &str, at: u64) -> BalanceRow {
    BalanceRow {
        cash_bal: Some(dec(cash)),
        avail_bal: Some(dec(avail)),
        u_time_ms: Some(at),
        ..BalanceRow::new(ccy)
    }
}

fn page(number: u32, last_page: bool) -> Page {
    Page { event_type: Some(AccountEventType::Snapshot), cur_page: Some(number), last_page }
}

fn update() -> Page {
    Page { event_type: Some(AccountEventType::EventUpdate), cur_page: None, last_page: true }
}

fn position(pos: &str, side: PosSide, at: u64) -> PositionRow {
    PositionRow {
        inst_type: Some(InstType::Swap),
        inst_id: "BTC-USDT-SWAP".into(),
        mgn_mode: Some(MgnMode::Cross),
        pos_side: Some(side),
        pos_id: "1".to_owned(),
        pos: Some(dec(pos)),
        pos_ccy: String::new(),
        ccy: "USDT".to_owned(),
        avg_px: Some(dec("100")),
        imr: None,
        margin: None,
        mmr: None,
        lever: None,
        u_time_ms: Some(at),
    }
}

#[test]
fn an_update_changes_what_it_holds() {
    let mut account = AccountState::default();
    let rows = [balance("USDT", "100", "80", 1), balance("BTC", "2", "2", 1)];
    assert_eq!(account.balances(&rows, Some(&page(1, true))).balances.len(), 2);
    let changes = account.balances(&[balance("USDT", "90", "80", 2)], Some(&update()));
    assert_eq!(changes.balances.len(), 1);
    let usdt = &changes.balances[0];
    assert_eq!((usdt.total(), usdt.free(), usdt.locked()), (dec("90"), dec("80"), dec("10")));
    assert_eq!(account.balance_states().count(), 2);
    assert!(account.balances(&[balance("USDT", "90", "80", 3)], Some(&update())).is_empty());
    assert!(account.balances(&[balance("USDT", "1", "1", 2)], Some(&update())).is_empty(), "older");
}

#[test]
fn f09_a_missing_page_is_not_read_as_zero() {
    let mut account = AccountState::default();
    account.balances(&[balance("USDT", "100", "80", 1), balance("BTC", "2", "2", 1)], Some(&page(1, true)));
    // Page 2 of 3 is lost.
    assert!(account.balances(&[balance("USDT", "100", "80", 2)], Some(&page(1, false))).is_empty());
    assert!(account.balances(&[], Some(&page(3, true))).is_empty());
    // Interrupted after page 1, then whole.
    account.balances(&[balance("USDT", "100", "80", 3)], Some(&page(1, false)));
    account.link_lost();
    assert!(account.balances(&[], Some(&page(2, true))).is_empty());
    account.balances(&[balance("ETH", "1", "1", 4)], Some(&page(1, false)));
    let changes = account.balances(&[balance("USDT", "100", "80", 4)], Some(&page(2, true)));
    assert_eq!(changes.balances.len(), 1);
    assert_eq!((changes.balances[0].row.ccy.as_str(), changes.balances[0].total()), ("BTC", Decimal::ZERO));
}

#[test]
fn f83_empty_fields_are_unknown_and_not_zero() {
    let mut account = AccountState::default();
    account.balances(&[balance("USDT", "100", "80", 1)], None);
    let row = BalanceRow { eq: Some(dec("120")), u_time_ms: Some(2), ..BalanceRow::new("USDT") };
    let changes = account.balances(&[row], None);
    assert_eq!((changes.balances[0].total(), changes.balances[0].free()), (dec("100"), dec("80")));
}

#[test]
fn what_is_free_is_never_more_than_there_is() {
    let mut account = AccountState::default();
    let changes = account.balances(&[balance("USDT", "100", "130", 1), balance("BTC", "-1", "0", 1)], None);
    let of = |n: usize| {
        let state = &changes.balances[n];
        (state.total(), state.locked(), state.free())
    };
    assert_eq!(of(0), (dec("100"), Decimal::ZERO, dec("100")));
    assert_eq!(of(1), (dec("-1"), Decimal::ZERO, dec("-1")));
}

#[test]
fn tc_e86_e87_directions_in_both_position_modes_and_on_margin() {
    assert_eq!(position("3", PosSide::Net, 1).direction(), Direction::Long);
    assert_eq!(position("-3", PosSide::Net, 1).direction(), Direction::Short);
    assert_eq!(position("3", PosSide::Short, 1).direction(), Direction::Short);
    assert_eq!(position("3", PosSide::Long, 1).direction(), Direction::Long);
    assert_eq!(position("0", PosSide::Long, 1).direction(), Direction::Flat);
    let margin = |pos_ccy: &str| PositionRow {
        inst_type: Some(InstType::Margin),
        inst_id: "BTC-USDT".into(),
        pos_ccy: pos_ccy.to_owned(),
        ..position("3", PosSide::Net, 1)
    };
    assert_eq!(margin("BTC").direction(), Direction::Long);
    assert_eq!(margin("USDT").direction(), Direction::Short);
}

#[test]
fn positions_of_both_sides_live_beside_each_other() {
    let mut account = AccountState::default();
    let rows = [position("3", PosSide::Long, 1), position("2", PosSide::Short, 1)];
    assert_eq!(account.positions(&rows, Some(&page(1, true))).positions.len(), 2);
    let changes = account.positions(&[position("0", PosSide::Long, 2)], Some(&update()));
    assert_eq!(
        (changes.positions[0].direction, changes.positions[0].quantity),
        (Direction::Flat, Decimal::ZERO)
    );
    assert_eq!(account.position_states().count(), 1);
    assert!(account.positions(&[position("0", PosSide::Long, 3)], Some(&update())).is_empty());
}

#[test]
fn a_position_that_a_snapshot_does_not_hold_is_closed() {
    let mut account = AccountState::default();
    account.positions(&[position("3", PosSide::Net, 1)], Some(&page(1, true)));
    let other = PositionRow { inst_id: "ETH-USDT-SWAP".into(), ..position("1", PosSide::Net, 2) };
    let changes = account.all_positions(&[other]);
    let closed: Vec<_> = changes.positions.iter().map(|p| (p.row.inst_id.to_string(), p.quantity)).collect();
    assert_eq!(closed, [("ETH-USDT-SWAP".to_owned(), dec("1")), ("BTC-USDT-SWAP".to_owned(), Decimal::ZERO)]);
}

#[test]
fn the_fast_channel_and_the_slow_ones_do_not_undo_each_other() {
    let mut account = AccountState::default();
    account.positions(&[position("3", PosSide::Net, 10)], Some(&page(1, true)));
    account.balances(&[balance("USDT", "100", "80", 10)], Some(&page(1, true)));
    let cash = BalanceRow { cash_bal: Some(dec("95")), u_time_ms: Some(12), ..BalanceRow::new("USDT") };
    let changes = account.cash_and_positions(&[cash], &[position("5", PosSide::Net, 12)]);
    assert_eq!((changes.balances[0].total(), changes.positions[0].quantity), (dec("95"), dec("5")));
    assert!(account.positions(&[position("3", PosSide::Net, 11)], Some(&update())).is_empty());
}

#[test]
fn documented_pushes_are_taken() {
    let frame = br#"{"arg":{"channel":"account","uid":"44"},"eventType":"snapshot","curPage":1,"lastPage":true,"data":[{"adjEq":"",
        "details":[{"availBal":"4734.37","cashBal":"4750.42","ccy":"USDT","eq":"4892.95","upl":"","uTime":"1705564213903"}],
        "uTime":"1705564223311"}]}"#;
    let mut decoder = Decoder::new();
    let Ok(Message::Data(data)) = decoder.decode(frame) else { panic!("a push") };
    let Payload::Account(rows) = data.payload else { panic!("account") };
    let rows: Vec<BalanceRow> = rows[0].details.iter().map(BalanceRow::from).collect();
    let mut account = AccountState::default();
    let changes = account.balances(&rows, data.page.as_ref());
    assert_eq!((changes.balances[0].total(), changes.balances[0].locked()), (dec("4750.42"), dec("16.05")));
}
