use std::collections::HashMap;

use okx_common::order::is_legal_id;
use proptest::prelude::*;

use super::*;

fn okx(text: &str) -> String {
    ClientIds::default().to_okx(text).unwrap().to_string()
}

/// Read by a process that has seen nothing before.
fn back(id: &str) -> Option<String> {
    ClientIds::default().to_nautilus(id)
}

#[test]
fn legal_ids_go_as_they_are() {
    for id in ["1", "abc123", "O20261125145318001000", &"z".repeat(32), "0n1", "0"] {
        assert_eq!(okx(id), id);
        assert_eq!(back(id).as_deref(), Some(id));
    }
}

#[test]
fn the_default_form_is_packed_and_read_back_without_a_table() {
    for id in [
        "O-20261125-145318-001-000-1",
        "O-20261125-145318-001-000-123456789",
        "O-20261125-145318-TRADER-EMA-12",
        "O-00000000-000000-A-B-0",
        "O-99999999-999999-zzz-zzz-999999999",
        "OL-20261125-145318-001-000-1",
        "2d89666b-1a1e-4a75-b193-4eb3b454c757",
        "00000000-0000-4000-8000-000000000000",
        "my_order-7",
        "été 7",
        "-",
    ] {
        let packed = okx(id);
        assert!(is_legal_id(&packed), "{id} became {packed}");
        assert_eq!(back(&packed).as_deref(), Some(id), "{packed}");
    }
}

#[test]
fn f96_s41_every_id_that_goes_out_is_legal() {
    for id in ["a-b", "a_b", &"x".repeat(33), &"-".repeat(200), "\u{1F600}", "0N", "0N0abc", "0N1"] {
        assert!(is_legal_id(&okx(id)), "{id}");
    }
    assert_eq!(ClientIds::default().to_okx(""), Err(ClientIdError::Empty));
}

#[test]
fn a_legal_id_with_our_marker_does_not_collide_with_what_is_packed() {
    let mut ids = ClientIds::default();
    let packed = ids.to_okx("O-20261125-145318-001-000-1").unwrap();
    let tricky = ids.to_okx(&packed).unwrap();
    assert_ne!(tricky, packed);
    assert_eq!(ids.to_nautilus(&tricky).as_deref(), Some(packed.as_str()));
    assert_eq!(ids.to_nautilus(&packed).as_deref(), Some("O-20261125-145318-001-000-1"));
}

#[test]
fn long_ids_are_hashed_and_known_again_after_a_restart() {
    let long = "strategy.with.a.very.long.name-20261125-145318-000001";
    let mut ids = ClientIds::default();
    let id = ids.to_okx(long).unwrap();
    assert_eq!((id.len() <= 32, ids.hashed()), (true, 1));
    assert_eq!(ids.to_nautilus(&id).as_deref(), Some(long));
    // Another process computes the same, and reads it once it has been told which ids there are.
    let mut restarted = ClientIds::default();
    assert_eq!(restarted.to_nautilus(&id), None);
    restarted.remember([long, "abc"]).unwrap();
    assert_eq!(restarted.to_nautilus(&id).as_deref(), Some(long));
    restarted.forget(&id);
    assert_eq!((restarted.hashed(), restarted.to_okx(long)), (0, Ok(id)));
}

#[test]
fn two_ids_never_share_one_at_okx() {
    let long = "x".repeat(60);
    let mut ids = ClientIds::default();
    let id = ids.to_okx(&long).unwrap();
    // No two texts with one hash are known, so one is put in.
    ids.hashed.insert(id, "another".into());
    assert!(matches!(ids.to_okx(&long), Err(ClientIdError::Taken { .. })));
}

#[test]
fn foreign_ids_are_left_alone() {
    // `0N3` with zeros in front, or `0N9`, was not made here.
    for foreign in ["0N3000", "0N9abc", "0N", "0N1", "bot42", "0N2zzzzzzzzzzzzzzzzzzzzzzzzzzzzz"] {
        assert_eq!(back(foreign).as_deref(), Some(foreign));
    }
}

proptest! {
    #[test]
    fn ids_stay_apart_and_read_back(texts in prop::collection::vec(
        prop_oneof![
            "[A-Za-z0-9]{1,34}", "[-_A-Za-z0-9]{1,40}", "0N[A-Za-z0-9]{0,30}", "\\PC{1,40}",
            "O-[0-9]{8}-[0-9]{6}-[A-Z0-9]{1,5}-[0-9]{3}-[0-9]{1,6}",
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}",
        ], 1..40))
    {
        let mut ids = ClientIds::default();
        let mut used: HashMap<String, String> = HashMap::new();
        for text in texts {
            let id = ids.to_okx(&text).unwrap();
            prop_assert!(is_legal_id(&id), "{:?} became {}", text, id);
            if let Some(other) = used.insert(id.to_string(), text.clone()) {
                prop_assert_eq!(other, text.clone());
            }
            prop_assert_eq!(ids.to_nautilus(&id), Some(text.clone()));
            prop_assert_eq!(ClientIds::default().to_okx(&text).unwrap(), id.clone());
            if !id.starts_with("0N0") {
                prop_assert_eq!(back(&id), Some(text));
            }
        }
    }

    /// Whatever text OKX shows, reading it never panics.
    #[test]
    fn any_text_can_be_read(text in "\\PC{0,40}") {
        let _ = back(&text);
        let _ = back(&format!("0N{text}"));
    }
}
