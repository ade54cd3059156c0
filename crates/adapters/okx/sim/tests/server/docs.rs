//! What the guide shows is what the server takes.

use okx_sim::{Fault, server::Settings};

const GUIDE: &str = include_str!("../../../../../../docs/simulator.md");

#[test]
fn every_fault_of_the_guide_is_sound() {
    let table = GUIDE.split("| Kind | Example |").nth(1).expect("the table of faults");
    let shown: Vec<_> =
        table.split('`').skip(1).step_by(2).filter(|code| code.contains("\"what\"")).collect();
    assert!(shown.len() > 15, "{}", shown.len());
    let mut kinds = std::collections::BTreeSet::new();
    for json in shown {
        let fault: Fault = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        let back = serde_json::to_value(&fault).expect("it can be written");
        kinds.insert(back["what"]["kind"].as_str().expect("a kind").to_owned());
    }
    // As many as `Action` has.
    assert_eq!(kinds.len(), 11, "{kinds:?}");
}

#[test]
fn the_settings_of_the_guide_are_sound() {
    let block =
        GUIDE.split("```json config").nth(1).and_then(|rest| rest.split("```").next()).expect("the block");
    let settings = Settings::parse(block).expect("sound");
    assert!(settings.paused && settings.instruments.len() == 2 && !settings.limits.rest);
}
