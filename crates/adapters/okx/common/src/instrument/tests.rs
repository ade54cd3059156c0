use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use super::*;
use crate::fields;

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "code")]
    _code: String,
    #[serde(rename = "msg", default)]
    _msg: String,
    data: Vec<InstrumentRow>,
}

fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/rest").join(folder);
    let mut files: Vec<_> = fs::read_dir(path).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let read = |p: std::path::PathBuf| {
        (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&p).unwrap())
    };
    files.into_iter().filter(|p| p.extension().is_some_and(|e| e == "json")).map(read).collect()
}

fn row(json: &str) -> InstrumentRow {
    serde_json::from_str(json).unwrap()
}

fn ready(json: &str) -> Instrument {
    match row(json) {
        InstrumentRow::Ready(i) => *i,
        InstrumentRow::Incomplete(i) => panic!("{i}"),
    }
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Every real list decodes, without a field that is not known.
#[test]
fn all_real_lists_decode_without_unknown_fields() {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for folder in ["public-instruments", "account-instruments"] {
        for (file, json) in corpus(folder) {
            let (body, unknown) = fields::decode::<Body>(&json).unwrap_or_else(|e| panic!("{file}: {e}"));
            assert_eq!(unknown, Vec::<String>::new(), "{file}");
            for row in body.data {
                match row {
                    InstrumentRow::Ready(i) => {
                        counts.entry(i.inst_type.to_string()).or_default().0 += 1;
                        check_sense(&file, &i);
                    }
                    InstrumentRow::Incomplete(i) => {
                        assert!(i.is_announcement(), "{file}: {i}");
                        counts.entry(i.inst_type.unwrap().to_string()).or_default().1 += 1;
                    }
                }
            }
        }
    }
    let counts: Vec<_> =
        counts.into_iter().map(|(t, (ready, incomplete))| format!("{t} {ready}+{incomplete}")).collect();
    assert_eq!(
        counts.join(", "),
        "EVENTS 88+0, FUTURES 163+1, MARGIN 176+0, OPTION 1186+0, SPOT 1233+1, SWAP 316+0"
    );
}

/// What must hold for any real instrument.
fn check_sense(file: &str, i: &Instrument) {
    let id = &i.inst_id;
    assert!(i.tick_sz.is_positive() && i.lot_sz.is_positive() && i.min_sz.is_positive(), "{file} {id}");
    // Event contracts of the demo exchange list a smallest size of 0.01 with a lot of 0.1.
    let whole_lots = i.min_sz.is_multiple_of(i.lot_sz) || i.inst_type == InstType::Events;
    assert!(whole_lots, "{file} {id}: {} of {}", i.min_sz, i.lot_sz);
    assert!(i.multiplier().is_positive(), "{file} {id}");
    assert!(i.inst_type.is_known() && i.state.is_known(), "{file} {id}");
    assert!(i.settlement_ccy().is_some(), "{file} {id}");
    let known = [
        i.rule_type.as_ref().is_none_or(RuleType::is_known),
        i.open_type.as_ref().is_none_or(OpenType::is_known),
        i.alias.as_ref().is_none_or(Alias::is_known),
        i.ct_type.as_ref().is_none_or(CtType::is_known),
        i.inst_category.as_ref().is_none_or(InstCategory::is_known),
        i.upc_chg.iter().all(|c| c.param.is_known()),
    ];
    assert_eq!(known, [true; 6], "{file} {id}: a value of an enumeration is not known");
    if i.inst_type != InstType::Events {
        assert!(i.base().is_some() && i.quote().is_some(), "{file} {id}");
    }
}

const LINEAR: &str = r#"{"instType":"SWAP","instId":"BTC-USDT-SWAP","uly":"BTC-USDT","instFamily":"BTC-USDT",
    "settleCcy":"USDT","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","ctType":"linear","lever":"100","tickSz":"0.1",
    "lotSz":"0.01","minSz":"0.01","state":"live","ruleType":"normal","instIdCode":10459,"listTime":"1606468572000",
    "upcChg":[{"param":"tickSz","newValue":"0.01","effTime":"1800000000000"}],"tradeQuoteCcyList":[]}"#;

#[test]
fn linear_swap() {
    let i = ready(LINEAR);
    assert_eq!((i.kind(), i.is_inverse(), i.is_contract()), (ContractKind::Linear, false, true));
    assert_eq!(i.multiplier(), dec("0.01"));
    assert_eq!(
        (i.base(), i.quote(), i.settlement_ccy().unwrap().as_str()),
        (Some("BTC"), Some("USDT"), "USDT")
    );
    assert_eq!((i.price_precision(), i.size_precision()), (1, 2));
    assert_eq!(i.notional(dec("3"), dec("60000")).unwrap(), dec("1800"));
    assert_eq!(i.coin_quantity(dec("3"), dec("60000")).unwrap(), dec("0.03"));
    assert!(
        i.has_funding() && !i.is_xperp() && !i.is_usd_margined() && i.is_tradable() && !i.is_pre_market()
    );
    assert_eq!(i.inst_id_code, Some(10_459));
    assert_eq!(i.upc_chg[0].new_value, Some(dec("0.01")));
    assert_eq!(i.upc_chg[0].eff_time_ms, Some(1_800_000_000_000));
}

#[test]
fn inverse_swap() {
    let i = ready(
        r#"{"instType":"SWAP","instId":"BTC-USD-SWAP","uly":"BTC-USD","instFamily":"BTC-USD","settleCcy":"BTC","ctVal":"100",
        "ctMult":"1","ctValCcy":"USD","ctType":"inverse","tickSz":"0.1","lotSz":"1","minSz":"1","state":"post_only"}"#,
    );
    assert!(i.is_inverse() && i.is_tradable());
    assert_eq!(i.notional(dec("5"), dec("50000")).unwrap(), dec("500"), "USD, whatever the price");
    assert_eq!(i.coin_quantity(dec("5"), dec("50000")).unwrap(), dec("0.01"));
    assert!(i.coin_quantity(dec("5"), Decimal::ZERO).is_err());
    assert_eq!(i.settlement_ccy().unwrap().as_str(), "BTC");
}

#[test]
fn usd_margined_future_and_xperp() {
    let i = ready(
        r#"{"instType":"FUTURES","instId":"BTC-USD_UM_XPERP-310404","uly":"BTC-USD","instFamily":"BTC-USD_UM_XPERP",
        "settleCcy":"USDⓈ","ctVal":"0.0001","ctMult":"1","ctValCcy":"BTC","ctType":"linear","expTime":"1933056000000",
        "tickSz":"0.1","lotSz":"1","minSz":"1","state":"live","ruleType":"pre_market","preMktSwTime":"1800000000000",
        "futureSettlement":false}"#,
    );
    assert!(i.is_usd_margined() && i.is_xperp() && i.has_funding() && i.is_pre_market());
    assert_eq!(i.kind(), ContractKind::Linear);
    assert_eq!(i.exp_time_ms, Some(1_933_056_000_000));
    assert_eq!(i.settle_ccy.as_ref().unwrap().as_str(), USD_STABLE);
}

#[test]
fn option_contract_size_counts_the_multiplier() {
    let i = ready(
        r#"{"instType":"OPTION","instId":"BTC-USD-221230-4000-C","uly":"BTC-USD","instFamily":"BTC-USD","settleCcy":"BTC",
        "ctVal":"1","ctMult":"0.01","ctValCcy":"BTC","optType":"C","stk":"4000","expTime":"1672387200000","tickSz":"0.0001",
        "lotSz":"1","minSz":"1","state":"live"}"#,
    );
    assert_eq!((i.kind(), i.opt_type, i.stk), (ContractKind::Option, Some(OptType::Call), Some(dec("4000"))));
    assert_eq!(i.multiplier(), dec("0.01"));
    assert_eq!(i.notional(dec("10"), dec("0.05")).unwrap(), dec("0.005"));
}

#[test]
fn margin_is_told_from_spot_by_its_type() {
    let json = r#"{"instType":"MARGIN","instId":"BTC-USDT","baseCcy":"BTC","quoteCcy":"USDT","lever":"10","tickSz":"0.1",
        "lotSz":"0.00000001","minSz":"0.00001","state":"live","elp":"2"}"#;
    let margin = ready(json);
    assert_eq!((margin.kind(), margin.multiplier()), (ContractKind::Cash, Decimal::ONE));
    assert_eq!(margin.rpi, Some(RpiPermission::Permitted), "elp is the old name of rpi");
    let spot = ready(&json.replace("MARGIN", "SPOT").replace("\"lever\":\"10\",", ""));
    assert_eq!((&spot.inst_id, spot.lever), (&margin.inst_id, None));
    assert_eq!(spot.settlement_ccy().unwrap().as_str(), "USDT");
}

#[test]
fn announced_rows_are_incomplete_and_fail_nothing() {
    let json = format!(
        r#"[{LINEAR},{{"instType":"FUTURES","instId":"X-USD-310404","instFamily":"X-USD","listTime":"1800000000000",
        "state":"preopen","tickSz":"","lotSz":"","minSz":"","ctVal":"","expTime":"","uly":"","instIdCode":null}},
        {{"instType":"SPOT","instId":"","tickSz":"zero","lotSz":"-1","minSz":"1","baseCcy":"A","quoteCcy":"B","state":"live"}},
        "nonsense",null,7,{{}}]"#
    );
    let rows: Vec<InstrumentRow> = serde_json::from_str(&json).unwrap();
    assert_eq!(rows.len(), 7);
    assert!(matches!(rows[0], InstrumentRow::Ready(_)));
    let InstrumentRow::Incomplete(announced) = &rows[1] else { panic!("{:?}", rows[1]) };
    assert!(announced.is_announcement());
    assert_eq!(announced.missing, ["tickSz", "lotSz", "minSz", "settleCcy", "ctVal", "ctType", "expTime"]);
    assert_eq!(announced.list_time_ms, Some(1_800_000_000_000));
    let InstrumentRow::Incomplete(bad) = &rows[2] else { panic!("{:?}", rows[2]) };
    assert!(!bad.is_announcement());
    assert_eq!(bad.missing, ["instId"]);
    assert_eq!(bad.invalid.iter().map(|(f, _)| *f).collect::<Vec<_>>(), ["tickSz", "lotSz"]);
    let text = bad.to_string();
    assert!(text.contains("without an id (live) lacks instId") && text.contains("\"zero\""), "{text}");
    assert!(rows[3..].iter().all(|r| r.inst_id().is_empty()));
    assert!(rows[1].clone().ready().is_none());
}

#[test]
fn rows_are_written_with_the_names_of_the_fields() {
    let json = serde_json::to_value(row(LINEAR)).unwrap();
    assert_eq!(
        (&json["inst_id"], &json["tick_sz"], &json["lever"]),
        (&"BTC-USDT-SWAP".into(), &"0.1".into(), &"100".into())
    );
    assert_eq!(
        (&json["upc_chg"][0]["eff_time_ms"], &json["stk"]),
        (&1_800_000_000_000u64.into(), &serde_json::Value::Null)
    );
    assert_eq!(serde_json::to_value(row("{}")).unwrap()["missing"][1], "instId");
}

/// F83 and F84: an empty, missing or null field is absent, not 0, and native values are taken.
#[test]
fn every_field_may_be_empty_null_or_native() {
    let full: serde_json::Map<String, serde_json::Value> = serde_json::from_str(LINEAR).unwrap();
    for key in full.keys() {
        for value in [serde_json::json!(""), serde_json::Value::Null] {
            let mut changed = full.clone();
            changed.insert(key.clone(), value);
            let _: InstrumentRow =
                serde_json::from_value(changed.into()).unwrap_or_else(|e| panic!("{key}: {e}"));
        }
        let mut without = full.clone();
        without.remove(key);
        let _: InstrumentRow = serde_json::from_value(without.into()).unwrap();
    }
    let native = LINEAR
        .replace("\"100\"", "100")
        .replace("10459", "\"10459\"")
        .replace("\"1606468572000\"", "1606468572000");
    assert_eq!(ready(&native), ready(LINEAR));
}

#[test]
fn unknown_descriptions_are_kept() {
    let i = ready(&LINEAR.replace("\"normal\"", "\"lunar\"").replace("\"live\"", "\"asleep\""));
    assert_eq!(i.rule_type, Some(RuleType::Unknown("lunar".into())));
    assert_eq!(i.state, InstState::Unknown("asleep".into()));
    assert!(!i.is_tradable());
    let odd = ready(&LINEAR.replace("\"SWAP\"", "\"MOON\""));
    assert_eq!(odd.inst_type, InstType::Unknown("MOON".into()));
}
