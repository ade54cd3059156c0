//! What an answer says of a command.

use okx_common::error_code::{CodeKind, ErrorCode, Outcome};

use super::order::Command;

/// What an answer says of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// OKX will do it.
    Acked,
    /// OKX will not.
    Refused(String),
    /// An order of this id exists: ours, or not.
    Duplicate(String),
    /// The target is over, or is becoming so: its state decides.
    Gone(String),
    /// It may have been done.
    Unknown(String),
}

/// Codes that leave open whether the command was executed.
const UNKNOWN: [u32; 9] = [50001, 50004, 50013, 50026, 50042, 51054, 51149, 51412, 64007];
/// Throttled, or not logged in: refused before it was looked at, but that is not documented.
const THROTTLED: [u32; 5] = [50011, 50040, 50061, 60011, 60014];
/// Cancellations and amendments that came too late.
const GONE: [u32; 10] = [51400, 51401, 51402, 51405, 51410, 51416, 51503, 51509, 51510, 51603];
/// The client order id exists.
const DUPLICATE: [u32; 4] = [51016, 50071, 51065, 51068];

/// Whom a code was meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// One item of an answer.
    Item,
    /// A request with one command, as a whole.
    Single,
    /// A request with several commands, as a whole: it says nothing of each.
    Batch,
}

/// Reads a code.
pub(super) fn verdict(code: ErrorCode, words: &str, command: &Command, scope: Scope) -> Verdict {
    let reason = || reason(code, words);
    let ErrorCode(number) = code;
    if scope == Scope::Batch {
        return Verdict::Unknown(reason());
    }
    match number {
        0 if scope == Scope::Item => Verdict::Acked,
        0..=2 => Verdict::Unknown("OKX answered without a word on this order".to_owned()),
        _ if UNKNOWN.contains(&number) || THROTTLED.contains(&number) => Verdict::Unknown(reason()),
        _ if DUPLICATE.contains(&number) && *command == Command::Submit => Verdict::Duplicate(reason()),
        _ if GONE.contains(&number) && *command != Command::Submit => Verdict::Gone(reason()),
        // An item with a code was looked at and refused, whatever the code; of a whole request that is known only of documented
        // codes.
        _ if scope == Scope::Item => Verdict::Refused(reason()),
        _ => match code.info() {
            Some(info) if info.outcome == Outcome::NotExecuted || info.kind == CodeKind::Duplicate => {
                Verdict::Refused(reason())
            }
            _ => Verdict::Unknown(reason()),
        },
    }
}

/// OKX's code and words.
pub(super) fn reason(code: ErrorCode, words: &str) -> String {
    let words = if words.is_empty() { code.info().map_or("no words", |info| info.meaning) } else { words };
    format!("{code}: {words}")
}
