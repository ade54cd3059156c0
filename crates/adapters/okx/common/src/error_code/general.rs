//! 50xxx: general answers.

use super::{CodeInfo, CodeKind::*};

pub(super) const CODES: &[CodeInfo] =
    &[CodeInfo::new(0, Success, "success"), CodeInfo::new(50011, RateLimit, "rate limit reached").http(429)];
