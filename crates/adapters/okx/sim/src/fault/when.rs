//! On which of its matches a fault acts.

use serde::{Deserialize, Serialize};

/// Conditions; all of them must hold. The default acts on every match, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Acts without waiting for a match, on the open connections its target names: for CUT, MUTE, NOTICE, TIME and INJECT.
    pub now: bool,
    /// Matches that pass before it acts: `2` means from the third on.
    pub skip: u64,
    /// How often it acts; for ever if absent.
    pub count: Option<u64>,
    /// Acts on every n-th of the matches after `skip`.
    pub every: Option<u64>,
    /// Acts with this chance in a thousand, drawn from the seed of the exchange.
    pub per_mille: Option<u64>,
    /// Starts this many milliseconds after it was put in place (with `now`: acts then).
    pub after_ms: u64,
    /// Ends this many milliseconds after its start.
    pub for_ms: Option<u64>,
}
