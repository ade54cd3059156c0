use super::*;
use crate::{
    ErrorKind,
    endpoint::trade::{GetOrdersPending, Order},
};

fn page(ids: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let rows: Vec<_> = ids.into_iter().map(|id| format!(r#"{{"ordId":"{id}","instId":"A"}}"#)).collect();
    format!(r#"{{"code":"0","msg":"","data":[{}]}}"#, rows.join(",")).into_bytes()
}

fn ids(rows: Vec<Order>) -> Vec<u64> {
    rows.iter().map(|row| row.ord_id.as_deref().unwrap().parse().unwrap()).collect()
}

fn target(pages: &ListPages<GetOrdersPending>) -> Option<String> {
    pages.next_request().map(|request| request.target().to_owned())
}

#[test]
fn a_list_is_walked_to_its_end() {
    let mut pages = ListPages::new(&GetOrdersPending::new());
    assert_eq!(target(&pages).as_deref(), Some("/api/v5/trade/orders-pending?limit=100"));
    pages.take(&page((1_000..1_100).rev())).unwrap();
    assert_eq!(target(&pages).as_deref(), Some("/api/v5/trade/orders-pending?after=1000&limit=100"));
    // One that was on the page before comes again, and one more has come in between: neither is there twice, none is lost.
    pages.take(&page((901..=1_000).rev())).unwrap();
    assert_eq!(target(&pages).as_deref(), Some("/api/v5/trade/orders-pending?after=901&limit=100"));
    pages.take(&page([900, 99])).unwrap();
    assert_eq!(target(&pages), None);
    let ids = ids(pages.finish());
    assert_eq!((ids.len(), ids.first(), ids.last()), (201, Some(&1_099), Some(&99)));
}

#[test]
fn an_empty_page_ends_a_list_whose_last_page_was_full() {
    let mut pages = ListPages::new(&GetOrdersPending { limit: Some(2), ..GetOrdersPending::new() });
    pages.take(&page([9, 8])).unwrap();
    assert!(pages.next_page().is_some());
    pages.take(&page([])).unwrap();
    assert_eq!(target(&pages), None);
    assert_eq!(ids(pages.finish()), [9, 8]);
}

#[test]
fn a_list_with_a_hole_is_none() {
    let refused = br#"{"code":"50026","msg":"System error","data":[]}"#;
    let mut pages = ListPages::new(&GetOrdersPending { limit: Some(1), ..GetOrdersPending::new() });
    pages.take(&page([5])).unwrap();
    let error = pages.take(refused).unwrap_err();
    assert_eq!((error.code().0, error.endpoint()), (50026, Some("/trade/orders-pending")));

    let strange = br#"{"code":"0","msg":"","data":[{"ordId":"5"},{"ordId":"4","state":"frozen"}]}"#;
    let error = ListPages::new(&GetOrdersPending::new()).take(strange).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("data[1].state"), "{error}");
}

#[test]
fn pages_that_lead_nowhere_are_refused() {
    let two = GetOrdersPending { limit: Some(2), ..GetOrdersPending::new() };
    let mut pages = ListPages::new(&two);
    pages.take(&page([7, 6])).unwrap();
    assert_eq!(pages.take(&page([7, 6])).unwrap_err().kind(), ErrorKind::Decode);
    let nameless = br#"{"code":"0","msg":"","data":[{"instId":"A"},{"instId":"B"}]}"#;
    assert!(ListPages::new(&two).take(nameless).unwrap_err().to_string().contains("no id"));
}

#[test]
fn no_more_are_asked_for_than_wanted() {
    let mut pages = ListPages::newest(&GetOrdersPending { limit: Some(2), ..GetOrdersPending::new() }, 3);
    pages.take(&page([9, 8])).unwrap();
    pages.take(&page([7, 6])).unwrap();
    assert_eq!(target(&pages), None);
    assert_eq!(ids(pages.finish()), [9, 8, 7]);
    assert_eq!(target(&ListPages::newest(&GetOrdersPending::new(), 0)), None);
}

#[test]
fn ids_are_numbers_of_any_length() {
    assert!(is_older("99", "100") && !is_older("100", "99") && is_older("100", "101"));
}
