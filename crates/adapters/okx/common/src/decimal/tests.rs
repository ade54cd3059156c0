use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn d(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// F88: exact or refused, never through a float.
#[test]
fn awkward_numbers_are_exact_or_refused() {
    assert_eq!(d("1e-18").to_string(), "0.000000000000000001");
    assert_eq!((d("-0").to_string(), d("-0.00").to_string()), ("0".into(), "0.00".into()));
    assert_eq!((d("1e5").to_string(), d("1.50E+3").to_string(), d("-25e-1").to_string()), {
        ("100000".into(), "1500".into(), "-2.5".into())
    });
    assert_eq!(
        d("12345678901234567890.123456789012345678").to_string(),
        "12345678901234567890.123456789012345678"
    );
    assert_eq!(d("0.00000000000000000000000000000000000001").scale(), 38);
    assert_eq!(d("0e99999999999"), Decimal::ZERO);
    assert_eq!(d("000123.450").to_string(), "123.450");
    let forty = "1".repeat(40);
    for (text, error) in [
        ("", DecimalError::Empty),
        ("NaN", DecimalError::Malformed(0)),
        ("Infinity", DecimalError::Malformed(0)),
        ("+1", DecimalError::Malformed(0)),
        ("1,0", DecimalError::Malformed(1)),
        ("1.0.0", DecimalError::Malformed(3)),
        (".5", DecimalError::Malformed(0)),
        ("5.", DecimalError::Malformed(2)),
        ("-", DecimalError::Malformed(1)),
        ("--1", DecimalError::Malformed(1)),
        (" 1", DecimalError::Malformed(0)),
        ("1 ", DecimalError::Malformed(1)),
        ("1e", DecimalError::Malformed(2)),
        ("1e+", DecimalError::Malformed(3)),
        ("e5", DecimalError::Malformed(0)),
        ("0x10", DecimalError::Malformed(1)),
        ("１", DecimalError::Malformed(0)),
        ("1\0", DecimalError::Malformed(1)),
        (forty.as_str(), DecimalError::OutOfRange),
        // Ten times the 38 digits before the last one no longer fits an i128.
        ("-57693.044376796888536773622035980224609375", DecimalError::OutOfRange),
        ("1e38", DecimalError::OutOfRange),
        ("1e-39", DecimalError::OutOfRange),
        ("9e2147483648", DecimalError::OutOfRange),
        (&"0".repeat(129), DecimalError::TooLong),
    ] {
        assert_eq!(text.parse::<Decimal>(), Err(error), "{text:?}");
    }
    assert_eq!(Decimal::parse(b"1\xff"), Err(DecimalError::Malformed(1)));
}

#[test]
fn json_forms() {
    let of = |json: &str| serde_json::from_str::<Decimal>(json);
    assert_eq!(of("\"0.10\"").unwrap().to_string(), "0.10");
    assert_eq!(of("42").unwrap(), d("42"));
    assert_eq!(of("-7").unwrap(), d("-7"));
    assert!(of("0.1").unwrap_err().to_string().contains("JSON float"));
    assert!(of("\"\"").is_err() && of("null").is_err() && of("[]").is_err() && of("true").is_err());
    assert_eq!(serde_json::to_string(&d("1.50")).unwrap(), "\"1.50\"");
    let long = of(&format!("\"x{}\"", "9".repeat(5_000))).unwrap_err().to_string();
    assert!(long.len() < 200, "the whole text is quoted");
}

#[test]
fn values_compare_and_hash_by_value() {
    let same: HashSet<_> = ["1", "1.0", "1.000", "10e-1"].map(d).into_iter().collect();
    assert_eq!(same.len(), 1);
    let huge = d("99999999999999999999999999999999999999");
    let tiny = d("0.00000000000000000000000000000000000001");
    assert!(huge > tiny && -huge < -tiny && -tiny < Decimal::ZERO && tiny > Decimal::ZERO);
    assert!(d("-1.5") < d("-1.25"));
}

#[test]
fn raw_values_are_exact_or_refused() {
    assert_eq!(d("1234.5600").to_raw(9), Ok(1_234_560_000_000));
    assert_eq!(d("0.1230").to_raw(3), Ok(123), "zeros at the end are no loss");
    assert_eq!(d("0.1234").to_raw(3), Err(DecimalError::Inexact(3)));
    assert_eq!(d("99999999999999999999999999999999999999").to_raw(1), Err(DecimalError::OutOfRange));
    assert_eq!(d("1").to_raw(39), Err(DecimalError::OutOfRange));
    assert_eq!(Decimal::from_raw(1_500_000_000, 9, 2).unwrap().to_string(), "1.50");
    assert_eq!(Decimal::from_raw(1_505_000_000, 9, 2), Err(DecimalError::Inexact(2)));
}

#[test]
fn rounding_modes() {
    use Rounding::{Ceiling, Down, Floor, HalfEven, HalfUp, Up};
    for (text, expected) in [
        ("2.5", [2, 3, 2, 3, 2, 3]),
        ("-2.5", [-2, -3, -3, -2, -2, -3]),
        ("3.5", [3, 4, 3, 4, 4, 4]),
        ("2.4", [2, 3, 2, 3, 2, 2]),
        ("-2.6", [-2, -3, -3, -2, -3, -3]),
        ("2.0", [2; 6]),
    ] {
        let got = [Down, Up, Floor, Ceiling, HalfEven, HalfUp].map(|r| d(text).to_raw_rounded(0, r).unwrap());
        assert_eq!(got, expected, "{text}");
    }
    assert_eq!(d("1.23").rounded_to(d("0.05"), Down).unwrap(), d("1.20"));
    assert_eq!(d("1.23").rounded_to(d("-0.05"), Up).unwrap(), d("1.25"));
    assert_eq!(d("7").rounded_to(Decimal::ZERO, Up), Err(DecimalError::DivisionByZero));
    assert_eq!(d("1").checked_div(d("3"), 5, HalfEven).unwrap().to_string(), "0.33333");
    assert_eq!(d("-2").checked_div(d("-0.03"), 2, HalfUp).unwrap().to_string(), "66.67");
    assert_eq!(d("1").checked_div(Decimal::ZERO, 2, Down), Err(DecimalError::DivisionByZero));
}

#[test]
fn multiples() {
    for (value, step, expected) in [
        ("1.23", "0.01", true),
        ("1.235", "0.01", false),
        ("1.230", "0.01", true),
        ("0", "0.01", true),
        ("-0.03", "0.01", true),
        ("250", "100", false),
        ("300", "100", true),
        ("0.75", "0.25", true),
        ("1", "0.3", false),
        ("1", "0", false),
        ("99999999999999999999999999999999999999", "0.00000000000000000000000000000000000003", true),
    ] {
        assert_eq!(d(value).is_multiple_of(d(step)), expected, "{value} of {step}");
    }
}

#[test]
fn precision_ignores_zeros_at_the_end() {
    assert_eq!(
        ["0.10", "1", "1.000", "100", "0", "0.00", "1e-8"].map(|t| d(t).precision()),
        [1, 0, 0, 0, 0, 0, 8]
    );
}

#[test]
fn display_honours_width() {
    assert_eq!(format!("[{:>8}] [{:<8}]", d("1.5"), d("-1.5")), "[     1.5] [-1.5    ]");
}

/// A number as OKX writes it: sign, digits, places.
fn number() -> impl Strategy<Value = Decimal> {
    let bound = 10i128.pow(38) - 1;
    let any = (-bound..=bound, 0u8..=MAX_SCALE);
    let usual = (-1_000_000_000_000i128..1_000_000_000_000, 0u8..=12);
    prop_oneof![any, usual].prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale).unwrap())
}

/// A reference implementation on decimal digits, most significant first: exact at any length.
mod digits {
    /// `mantissa * 10^zeros` as text.
    pub(super) fn shifted(mantissa: i128, zeros: u32) -> String {
        if mantissa == 0 { "0".into() } else { format!("{mantissa}{}", "0".repeat(zeros as usize)) }
    }

    /// Compares two such texts as numbers.
    pub(super) fn cmp(a: &str, b: &str) -> std::cmp::Ordering {
        let (na, nb) = (a.starts_with('-'), b.starts_with('-'));
        match (na, nb) {
            (true, false) => std::cmp::Ordering::Less,
            (false, true) => std::cmp::Ordering::Greater,
            (false, false) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (true, true) => b.len().cmp(&a.len()).then_with(|| b.cmp(a)),
        }
    }

    /// The remainder of a long division, digit by digit; `modulus < 10^37`.
    pub(super) fn rem(text: &str, modulus: u128) -> u128 {
        text.trim_start_matches('-')
            .bytes()
            .fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % modulus)
    }
}

proptest! {
    #[test]
    fn text_round_trips(n in number()) {
        let text = n.to_string();
        let back = d(&text);
        let mut buffer = [0; MAX_TEXT_LEN];
        prop_assert_eq!(n.write_to(&mut buffer), &text);
        prop_assert_eq!((back.mantissa(), back.scale()), (n.mantissa(), n.scale()));
        prop_assert_eq!(serde_json::from_str::<Decimal>(&serde_json::to_string(&n).unwrap()).unwrap(), n);
    }

    #[test]
    fn text_of_plain_numbers_round_trips(text in "-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,19})?") {
        let n = d(&text);
        prop_assert_eq!(n.to_string(), if n.is_zero() { text.trim_start_matches('-') } else { &text });
    }

    /// Both loops of the parser agree: a zero in front makes the text too long for the short one.
    #[test]
    fn short_and_long_parsing_agree(text in "-?[0-9]{0,9}\\.?[0-9]{0,10}") {
        let digits = text.trim_start_matches('-');
        let sign = &text[..text.len() - digits.len()];
        let long = format!("{sign}{}{digits}", "0".repeat(20));
        // The zeros make up for a missing integer part only.
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            match (text.parse::<Decimal>(), long.parse::<Decimal>()) {
                (Ok(a), Ok(b)) => prop_assert_eq!((a.mantissa(), a.scale()), (b.mantissa(), b.scale())),
                (a, b) => prop_assert!(a.is_err() && b.is_err(), "{:?} {:?}", a, b),
            }
        }
    }

    #[test]
    fn exponents_shift_the_point(mantissa in -999_999_999i64..999_999_999, places in 0u8..12, exponent in -12i32..12) {
        let plain = Decimal::new(i128::from(mantissa), places).unwrap();
        let shifted = d(&format!("{plain}e{exponent}"));
        let factor = Decimal::from(10i64.pow(exponent.unsigned_abs()));
        if exponent >= 0 {
            prop_assert_eq!(shifted, plain.checked_mul(factor).unwrap());
        } else {
            prop_assert_eq!(shifted.checked_mul(factor).unwrap(), plain);
        }
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..140)) {
        let _ = Decimal::parse(&bytes);
    }

    #[test]
    fn number_like_text_is_exact_or_refused(text in "[-+]?[0-9,_. ]{0,24}(e[-+]?[0-9]{0,3})?") {
        if let Ok(n) = text.parse::<Decimal>() {
            prop_assert_eq!(d(&n.to_string()), n);
            prop_assert!(!text.contains([',', '_', ' ']) && !text.starts_with('+') && !text.ends_with('.'));
        }
    }

    #[test]
    fn raw_conversion_equals_big_integers(n in number(), precision in 0u8..=MAX_SCALE) {
        let raw = n.to_raw(precision);
        if precision >= n.scale() {
            let expected = digits::shifted(n.mantissa(), u32::from(precision - n.scale()));
            match raw {
                Ok(raw) => prop_assert_eq!(raw.to_string(), expected),
                Err(e) => {
                    prop_assert_eq!(e, DecimalError::OutOfRange);
                    prop_assert!(expected.trim_start_matches('-').len() >= 39);
                }
            }
        } else {
            let divisor = 10i128.pow(u32::from(n.scale() - precision));
            match raw {
                Ok(raw) => prop_assert_eq!(digits::shifted(raw, u32::from(n.scale() - precision)), n.mantissa().to_string()),
                Err(e) => {
                    prop_assert_eq!(e, DecimalError::Inexact(precision));
                    prop_assert!(n.mantissa() % divisor != 0);
                }
            }
            let floor = n.to_raw_rounded(precision, Rounding::Floor).unwrap();
            let ceiling = n.to_raw_rounded(precision, Rounding::Ceiling).unwrap();
            prop_assert_eq!(floor, n.mantissa().div_euclid(divisor));
            prop_assert_eq!(ceiling - floor, i128::from(raw.is_err()));
            for rounding in [Rounding::Down, Rounding::Up, Rounding::HalfEven, Rounding::HalfUp] {
                let rounded = n.to_raw_rounded(precision, rounding).unwrap();
                prop_assert!(rounded == floor || rounded == ceiling);
            }
        }
    }

    #[test]
    fn order_equals_that_of_big_integers(a in number(), b in number()) {
        let text = |n: Decimal| digits::shifted(n.mantissa(), u32::from(MAX_SCALE - n.scale()));
        prop_assert_eq!(a.cmp(&b), digits::cmp(&text(a), &text(b)));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&a.normalized()), std::cmp::Ordering::Equal);
    }

    #[test]
    fn multiples_equal_those_of_big_integers(
        a in -10i128.pow(37)..10i128.pow(37), x in 0u8..=18, b in prop_oneof![1u128..100, 1..10u128.pow(18)], y in 0u8..=18,
    ) {
        let (value, step) = (Decimal::new(a, x).unwrap(), Decimal::new(b as i128, y).unwrap());
        // Both over 10^18; the remainder of a long division over the digits.
        let expected = digits::rem(&digits::shifted(a, u32::from(18 - x)), b * 10u128.pow(u32::from(18 - y))) == 0;
        prop_assert_eq!(value.is_multiple_of(step), expected);
    }

    #[test]
    fn products_are_multiples(factor in -1_000_000_000i64..1_000_000_000, step in 1i64..1_000_000, places in 0u8..=12) {
        let step = Decimal::new(i128::from(step), places).unwrap();
        let product = step.checked_mul(Decimal::from(factor)).unwrap();
        prop_assert!(product.is_multiple_of(step));
        prop_assert_eq!(product.rounded_to(step, Rounding::Up).unwrap(), product);
        let more = product.checked_add(Decimal::new(1, 13).unwrap()).unwrap();
        prop_assert!(!more.is_multiple_of(step));
        prop_assert_eq!(more.rounded_to(step, Rounding::Floor).unwrap(), product);
    }

    #[test]
    fn arithmetic_is_exact(
        a in -1_000_000_000_000i64.., x in 0u8..=9, b in -1_000_000_000_000i64.., y in 0u8..=9,
    ) {
        let (p, q) = (Decimal::new(i128::from(a), x).unwrap(), Decimal::new(i128::from(b), y).unwrap());
        let sum = p.checked_add(q).unwrap();
        let at = |n: i64, places: u8| i128::from(n) * 10i128.pow(u32::from(9 - places));
        prop_assert_eq!(sum.to_raw(9).unwrap(), at(a, x) + at(b, y));
        prop_assert_eq!(sum.checked_sub(q).unwrap(), p);
        match p.checked_mul(q) {
            Ok(product) => prop_assert_eq!(product.to_raw(18).ok(), at(a, x).checked_mul(at(b, y))),
            Err(_) => prop_assert!(i128::from(a).unsigned_abs() > 10u128.pow(37) / i128::from(b).unsigned_abs()),
        }
        if let Ok(quotient) = p.checked_div(q, 4, Rounding::Floor) {
            // q * floor(p / q) differs from p by less than one unit of the last place times q.
            let rest = p.checked_sub(quotient.checked_mul(q).unwrap()).unwrap();
            let unit = q.checked_mul(Decimal::new(1, 4).unwrap()).unwrap();
            prop_assert!(rest.is_zero() || rest.is_negative() == q.is_negative());
            prop_assert!(rest.abs() < unit.abs());
        }
    }
}
