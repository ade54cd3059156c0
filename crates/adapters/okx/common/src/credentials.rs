//! API keys and signatures (reference: OKX API v5, "REST Authentication", "WebSocket Login").

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::clock::Now;

/// What the WebSocket login signs after the timestamp.
const WS_LOGIN_PATH: &str = "/users/self/verify";

/// Why credentials cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// One of the three parts is missing.
    #[error("the OKX {0} is empty; set it in the configuration or the environment variable {1}")]
    Missing(&'static str, &'static str),
    /// A part holds something that cannot go into an HTTP header.
    #[error("the OKX {0} holds blanks or characters that are not printable ASCII; copy it again")]
    NotPrintable(&'static str),
}

/// An API key with its secret and passphrase.
///
/// Has neither `Debug` nor `Display`, and wipes itself when dropped.
///
/// ```compile_fail
/// # fn show(c: okx_common::credentials::Credentials) {
/// println!("{c:?}");
/// # }
/// ```
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Credentials {
    api_key: String,
    api_secret: String,
    passphrase: String,
}

/// What `args` of the WebSocket `login` holds. The signature is valid for 30 s.
///
/// `{"op":"login","args":[{"apiKey":"…","passphrase":"…","timestamp":"1704876947","sign":"…"}]}`
#[derive(serde::Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub struct LoginArgs {
    api_key: String,
    passphrase: String,
    /// Unix time in seconds.
    timestamp: String,
    sign: String,
}

impl LoginArgs {
    /// The Unix time in seconds, as signed.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The signature.
    #[must_use]
    pub fn sign(&self) -> &str {
        &self.sign
    }

    /// The whole `login` request.
    #[must_use]
    pub fn to_request(&self) -> String {
        #[derive(serde::Serialize)]
        struct Request<'a> {
            op: &'static str,
            args: [&'a LoginArgs; 1],
        }
        // Only strings are serialised, which cannot fail.
        serde_json::to_string(&Request { op: "login", args: [self] }).unwrap_or_default()
    }
}

impl Credentials {
    /// Takes the three parts, as OKX showed them when the key was made.
    ///
    /// # Errors
    /// If a part is empty, or cannot be sent in an HTTP header.
    pub fn new(
        api_key: impl Into<String>,
        api_secret: impl Into<String>,
        passphrase: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let this =
            Self { api_key: api_key.into(), api_secret: api_secret.into(), passphrase: passphrase.into() };
        let parts = [
            (&this.api_key, "API key", "OKX_API_KEY"),
            (&this.api_secret, "API secret", "OKX_API_SECRET"),
            (&this.passphrase, "API passphrase", "OKX_API_PASSPHRASE"),
        ];
        for (value, name, variable) in parts {
            if value.is_empty() {
                return Err(CredentialsError::Missing(name, variable));
            }
        }
        for (value, name, _) in parts {
            let inner_blank_allowed = name == "API passphrase";
            let bad = |b: u8| !(b.is_ascii_graphic() || (inner_blank_allowed && b == b' '));
            if value.bytes().any(bad) || value.trim() != value {
                return Err(CredentialsError::NotPrintable(name));
            }
        }
        Ok(this)
    }

    /// The API key, which names the account and is no secret by itself; still, log only [`Self::masked_key`].
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The passphrase, for the REST header `OK-ACCESS-PASSPHRASE`.
    #[must_use]
    pub fn passphrase(&self) -> &str {
        &self.passphrase
    }

    /// The first four characters of the key, for logs: `b16f…`.
    #[must_use]
    pub fn masked_key(&self) -> String {
        let shown: String = self.api_key.chars().take(4).collect();
        format!("{shown}…")
    }

    /// Signs a REST request for the header `OK-ACCESS-SIGN`.
    ///
    /// `timestamp` is the text of the header `OK-ACCESS-TIMESTAMP` ([`iso_timestamp`]), `method` in upper case, `path` from
    /// `/api/v5/` on with the query exactly as sent, `body` exactly as sent (empty for GET).
    #[must_use]
    pub fn rest_sign(&self, timestamp: &str, method: &str, path: &str, body: &[u8]) -> String {
        self.hmac_base64(&[timestamp.as_bytes(), method.as_bytes(), path.as_bytes(), body])
    }

    /// Signs a WebSocket login at this time.
    #[must_use]
    pub fn ws_login_args(&self, unix_secs: u64) -> LoginArgs {
        let timestamp = unix_secs.to_string();
        let sign = self.hmac_base64(&[timestamp.as_bytes(), b"GET", WS_LOGIN_PATH.as_bytes()]);
        LoginArgs { api_key: self.api_key.clone(), passphrase: self.passphrase.clone(), timestamp, sign }
    }

    fn hmac_base64(&self, parts: &[&[u8]]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.api_secret.as_bytes())
            .expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(part);
        }
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

/// The header `OK-ACCESS-TIMESTAMP`: `2020-12-08T09:08:57.715Z`.
#[must_use]
pub fn iso_timestamp(now: Now) -> String {
    let ms = now.unix_ms();
    let (year, month, day) = crate::civil::date_of_days((ms / 86_400_000) as i64);
    let (seconds, millis) = (ms / 1_000 % 86_400, ms % 1_000);
    let mut text = String::with_capacity(24);
    let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    // Writing to a String cannot fail.
    let _ = write!(text, "{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{millis:03}Z");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials::new("key-0001", "22582BD0CFF14C41EDBF1AB98506286D", "pass phrase").unwrap()
    }

    // Expected values come from an independent implementation (openssl dgst -sha256 -hmac … -binary | base64).
    #[test]
    fn rest_signatures_are_known() {
        let get = credentials().rest_sign(
            "2020-12-08T09:08:57.715Z",
            "GET",
            "/api/v5/account/balance?ccy=BTC",
            b"",
        );
        assert_eq!(get, "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY=");
        let body = br#"{"instId":"BTC-USDT","lever":"5","mgnMode":"isolated"}"#;
        let post =
            credentials().rest_sign("2020-12-08T09:08:57.715Z", "POST", "/api/v5/account/set-leverage", body);
        assert_eq!(post, "eCnnCgWLjlQ9XnpUkrcny3qNq3WW/81KNrDr/XR6Xv8=");
    }

    #[test]
    fn ws_signature_is_known() {
        let args = credentials().ws_login_args(1_704_876_947);
        assert_eq!(args.sign(), "5/36BgGV6m/6pmdc20zdqk0mzF5ZalmzzPD2fo3wavU=");
        let request: serde_json::Value = serde_json::from_str(&args.to_request()).unwrap();
        assert_eq!(request["op"], "login");
        assert_eq!(request["args"][0]["apiKey"], "key-0001");
        assert_eq!(request["args"][0]["timestamp"], "1704876947");
        assert_eq!(request["args"][0]["passphrase"], "pass phrase");
    }

    #[test]
    fn timestamps_have_milliseconds_and_a_z() {
        assert_eq!(iso_timestamp(Now::new(0, 1_607_418_537_715_999_999)), "2020-12-08T09:08:57.715Z");
        assert_eq!(iso_timestamp(Now::new(0, 0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso_timestamp(Now::new(0, 1_709_164_800_000_000_000)), "2024-02-29T00:00:00.000Z");
    }

    #[test]
    fn bad_parts_are_named_without_being_shown() {
        let error = |k: &str, s: &str, p: &str| Credentials::new(k, s, p).err().unwrap().to_string();
        assert!(error("", "s", "p").contains("OKX_API_KEY"));
        assert!(error("k", "", "p").contains("OKX_API_SECRET"));
        let message = error("k", "hunter2\n", "p");
        assert!(message.contains("API secret") && !message.contains("hunter2"), "{message}");
        assert!(Credentials::new("k", "s", "with blank").is_ok());
        assert_eq!(credentials().masked_key(), "key-…");
    }
}
