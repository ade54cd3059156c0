//! REST authentication by headers (reference 2.1, 2.2, 8.2).

use okx_common::clock::Now;

use super::{Exchange, conn::User, login::looks_like_key};
use crate::{
    account::{KeyEnvironment, Permission},
    output::{RestRequest, RestResponse},
    sign,
};

/// Why a request is not authenticated: code and OKX's words. All of them come with HTTP 401.
type Refused = (u32, &'static str);

impl Exchange {
    /// Who signed the request, if it may do what it asks for.
    pub(super) fn authenticate(
        &self,
        request: &RestRequest,
        needs: Permission,
        now: Now,
    ) -> Result<User, RestResponse> {
        self.check_headers(request, needs, now)
            .map_err(|(code, msg)| RestResponse::error(401, &code.to_string(), msg))
    }

    fn check_headers(&self, request: &RestRequest, needs: Permission, now: Now) -> Result<User, Refused> {
        let header = |name: &str| request.header(name).filter(|v| !v.is_empty());
        let key =
            header("ok-access-key").ok_or((50103, r#"Request header "OK-ACCESS-KEY" can't be empty."#))?;
        let passphrase = header("ok-access-passphrase")
            .ok_or((50104, r#"Request header "OK-ACCESS-PASSPHRASE" can't be empty."#))?;
        let signature =
            header("ok-access-sign").ok_or((50106, r#"Request header "OK-ACCESS-SIGN" can't be empty."#))?;
        let timestamp = header("ok-access-timestamp")
            .ok_or((50107, r#"Request header "OK-ACCESS-TIMESTAMP" can't be empty."#))?;
        let sent_ms = sign::parse_iso_ms(timestamp).ok_or((50112, "Invalid OK-ACCESS-TIMESTAMP"))?;
        if self.time(now).unix_ms().abs_diff(sent_ms) > sign::MAX_SKEW_MS {
            return Err((50102, "Timestamp request expired"));
        }
        let unknown = if looks_like_key(key) {
            (50119, "API key doesn't exist")
        } else {
            (50111, "Invalid OK-ACCESS-KEY")
        };
        let user = self.find_key(key).ok_or(unknown)?;
        let api_key = &self.config.accounts[user.account].keys[user.key];
        let demo = header("x-simulated-trading") == Some("1");
        if api_key.environment != KeyEnvironment::Either
            && demo != (api_key.environment == KeyEnvironment::Demo)
        {
            return Err((50101, "APIKey does not match current environment."));
        }
        if !api_key.ips.is_empty() && !api_key.ips.contains(&request.peer) {
            return Err((50110, "Your IP is not included in your API key's IP whitelist."));
        }
        if api_key.passphrase != passphrase {
            return Err((50105, r#"Request header "OK-ACCESS-PASSPHRASE" incorrect."#));
        }
        let target = request.target();
        let prehash = [timestamp.as_bytes(), request.method.as_bytes(), target.as_bytes(), &request.body];
        if !sign::verify(&api_key.secret, &prehash, signature) {
            return Err((50113, "Invalid Sign"));
        }
        if !api_key.permissions.contains(&needs) {
            return Err((50120, "This API key doesn't have permission to use this function"));
        }
        Ok(user)
    }
}
