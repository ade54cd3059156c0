//! The arrows between crates, and what must never come into the graph.

use std::{collections::BTreeSet, fs};

use crate::tree::root;

/// Which of our crates a crate may depend on, tests aside.
const ARROWS: &[(&str, &[&str])] = &[
    ("common", &[]),
    ("http", &["okx_common"]),
    ("ws", &["okx_common"]),
    ("core", &["okx_common", "okx_http", "okx_ws"]),
    // Its wire structs are its own, so that a field misspelt in the client cannot be misspelt in its test server too.
    ("sim", &["okx_common"]),
    ("python", &["okx_common", "okx_core", "okx_http", "okx_sim", "okx_ws"]),
];

/// What a crate's tests may use besides.
const TEST_ARROWS: &[(&str, &[&str])] = &[
    ("common", &[]),
    ("http", &["okx_sim"]),
    ("ws", &["okx_sim"]),
    ("core", &["okx_sim"]),
    ("sim", &[]),
    ("python", &["okx_sim"]),
];

/// Our crates in the sections of a manifest whose name passes.
fn our_crates(manifest: &str, section_passes: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            // [dependencies.okx_http] names a crate itself.
            let (section, one) = match section.rsplit_once(".okx_") {
                Some((section, one)) => (section, Some(format!("okx_{one}"))),
                None => (section, None),
            };
            inside = section_passes(section);
            found.extend(one.filter(|_| inside));
        } else if inside && line.starts_with("okx_") {
            let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(line.len());
            found.insert(line[..end].to_owned());
        }
    }
    found
}

fn manifest(krate: &str) -> String {
    let path = root().join("crates/adapters/okx").join(krate).join("Cargo.toml");
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn arrows_point_one_way() {
    let is_test = |section: &str| section.ends_with("dev-dependencies");
    for (krate, allowed) in ARROWS {
        let manifest = manifest(krate);
        let used = our_crates(&manifest, |s| s.ends_with("dependencies") && !is_test(s));
        let extra: Vec<_> = used.iter().filter(|u| !allowed.contains(&u.as_str())).collect();
        assert!(extra.is_empty(), "okx_{krate} must not depend on {extra:?}");

        let (_, for_tests) =
            TEST_ARROWS.iter().find(|(k, _)| k == krate).expect("both lists hold the same crates");
        let used = our_crates(&manifest, is_test);
        let ok = |u: &&String| !allowed.contains(&u.as_str()) && !for_tests.contains(&u.as_str());
        let extra: Vec<_> = used.iter().filter(ok).collect();
        assert!(extra.is_empty(), "the tests of okx_{krate} must not depend on {extra:?}");
    }
}

#[test]
fn every_member_has_its_arrows() {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    let members =
        workspace.split("members = [").nth(1).and_then(|m| m.split(']').next()).expect("it lists members");
    for member in members.split(',').map(|m| m.trim().trim_matches('"')).filter(|m| !m.is_empty()) {
        let name = member.rsplit('/').next().unwrap_or(member);
        assert!(
            ARROWS.iter().any(|(krate, _)| *krate == name),
            "{member}: say which crates it may depend on"
        );
    }
}

/// Two copies of the model crates in one process corrupt memory, and the extension lives beside the wheel's.
#[test]
fn no_nautilus_crate_is_in_the_graph() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the workspace has a lock file");
    let names = lock.lines().filter_map(|l| l.strip_prefix("name = \"")).map(|n| n.trim_end_matches('"'));
    let names: Vec<_> = names.collect();
    assert!(names.contains(&"okx_common"), "the lock file was not understood");
    let nautilus: Vec<_> = names.iter().filter(|n| n.starts_with("nautilus")).collect();
    assert!(nautilus.is_empty(), "{nautilus:?}");
    // aws-lc needs a C compiler and cmake where the wheel is built; ring is the provider.
    assert!(!names.contains(&"aws-lc-sys"), "a dependency has pulled in aws-lc");
}

#[test]
fn dependencies_come_from_the_public_registry() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the workspace has a lock file");
    let elsewhere: Vec<_> = lock
        .lines()
        .filter(|l| l.starts_with("source = "))
        .filter(|l| *l != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#)
        .collect();
    assert_eq!(elsewhere, [""; 0]);
}

#[test]
fn manifests_are_understood() {
    let text = "[dependencies]\nokx_a.workspace = true\nserde = \"1\"\n[dependencies.okx_b]\npath = \"x\"\n\
                [target.'cfg(unix)'.dependencies]\nokx_c = { path = \"y\" }\n[dev-dependencies]\nokx_d.workspace = true\n";
    let of = |passes: fn(&str) -> bool| our_crates(text, passes).into_iter().collect::<Vec<_>>();
    assert_eq!(
        of(|s| s.ends_with("dependencies") && !s.ends_with("dev-dependencies")),
        ["okx_a", "okx_b", "okx_c"]
    );
    assert_eq!(of(|s| s == "dev-dependencies"), ["okx_d"]);
}
