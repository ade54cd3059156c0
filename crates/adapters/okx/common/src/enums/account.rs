//! Accounts and positions.

closed_enum! {
    /// `posSide` of a position; empty (hence `None`) where it does not apply.
    PosSide {
        /// One position both ways.
        Net = "net",
        /// Long.
        Long = "long",
        /// Short.
        Short = "short",
    }
}

open_enum! {
    /// `posMode`.
    PosMode {
        /// One position an instrument.
        Net = "net_mode",
        /// Long and short apart.
        LongShort = "long_short_mode",
    }
}

open_enum! {
    /// `mgnMode`.
    MgnMode {
        /// Cross margin.
        Cross = "cross",
        /// Isolated margin.
        Isolated = "isolated",
    }
}

open_enum! {
    /// `acctLv`, the account mode.
    AcctLv {
        /// Spot mode.
        Spot = "1",
        /// Futures mode, formerly single-currency margin.
        Futures = "2",
        /// Multi-currency margin.
        MultiCurrency = "3",
        /// Portfolio margin.
        Portfolio = "4",
    }
}

open_enum! {
    /// `greeksType`.
    GreeksType {
        /// In coin.
        Pa = "PA",
        /// Black-Scholes, in USD.
        Bs = "BS",
    }
}

open_enum! {
    /// `eventType` of the `account` and `positions` channels.
    AccountEventType {
        /// A regular snapshot.
        Snapshot = "snapshot",
        /// After an event.
        EventUpdate = "event_update",
    }
}

open_enum! {
    /// `rpi` of `/account/instruments`: may the account make RPI orders there.
    RpiPermission {
        /// RPI is off.
        Off = "0",
        /// RPI is on, the account has no permission.
        NotPermitted = "1",
        /// The account has permission.
        Permitted = "2",
    }
}

/// The fee tier, as `level` of `/account/config` tells it.
///
/// OKX writes `Lv1`…`LvN` for regular users and `VIP1`…`VIP9` for VIPs; only the latter open channels such as
/// `books50-l2-tbt` and `books-l2-tbt` (VIP4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VipLevel(pub u8);

impl VipLevel {
    /// A regular user.
    pub const REGULAR: Self = Self(0);

    /// Reads `Lv1`, `VIP5`, `5`. Anything else counts as a regular user: the least that can be assumed.
    #[must_use]
    pub fn from_level(text: &str) -> Self {
        let digits = text.strip_prefix("VIP").or_else(|| text.strip_prefix("Vip")).unwrap_or(text);
        Self(digits.parse().unwrap_or(0))
    }
}

impl std::fmt::Display for VipLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0 { f.pad("regular user") } else { write!(f, "VIP{}", self.0) }
    }
}
