//! Checks signatures as OKX does (reference 2.1, 2.4): HMAC-SHA256 over the prehash, in base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What a WebSocket login signs after its timestamp.
pub const LOGIN_PREHASH: &str = "GET/users/self/verify";
/// How far a timestamp may be from the time of the exchange.
pub const MAX_SKEW_MS: u64 = 30_000;

/// Whether `signature` is that of the prehash parts under the secret.
#[must_use]
pub fn verify(secret: &str, prehash: &[&[u8]], signature: &str) -> bool {
    let (Ok(mut mac), Ok(signature)) =
        (Hmac::<Sha256>::new_from_slice(secret.as_bytes()), STANDARD.decode(signature))
    else {
        return false;
    };
    prehash.iter().for_each(|part| mac.update(part));
    mac.verify_slice(&signature).is_ok()
}

/// The signature a client has to send; for tests and tools that act as one.
#[must_use]
pub fn sign(secret: &str, prehash: &[&[u8]]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    prehash.iter().for_each(|part| mac.update(part));
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Milliseconds of `2020-12-08T09:08:57.715Z`; `None` for any other form.
#[must_use]
pub fn parse_iso_ms(text: &str) -> Option<u64> {
    let b = text.as_bytes();
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
    if b.len() != 24 || marks.iter().any(|(at, mark)| b[*at] != *mark) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = &b[range];
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then(|| digits.iter().fold(0u64, |n, d| n * 10 + u64::from(d - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second, milli) = (number(11..13)?, number(14..16)?, number(17..19)?, number(20..23)?);
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
        || year < 1970
    {
        return None;
    }
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000 + milli)
}

fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    // Years that start in March, so that the leap day is the last one.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    days - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_times() {
        assert_eq!(parse_iso_ms("2020-12-08T09:08:57.715Z"), Some(1_607_418_537_715));
        assert_eq!(parse_iso_ms("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(parse_iso_ms("2024-02-29T23:59:59.999Z"), Some(1_709_251_199_999));
        for bad in [
            "",
            "2020-12-08 09:08:57.715Z",
            "2020-12-08T09:08:57Z",
            "2020-13-08T09:08:57.715Z",
            "1607418537.715",
            "2020-12-0éT09:08:57.71Z",
        ] {
            assert_eq!(parse_iso_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn signatures_of_rfc_4231() {
        // Test case 2 of RFC 4231: key "Jefe".
        let data: &[&[u8]] = &[b"what do ya want ", b"for nothing?"];
        let signature = "W9zBRr9gdU5qBCQIlcQHWuxy0m7tRkMDE6y3wN6Sp4M=";
        assert_eq!(sign("Jefe", data), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
        assert!(verify("Jefe", data, &sign("Jefe", data)));
        assert!(
            !verify("Jefe", data, signature)
                && !verify("Jeff", data, &sign("Jefe", data))
                && !verify("Jefe", data, "?")
        );
    }
}
