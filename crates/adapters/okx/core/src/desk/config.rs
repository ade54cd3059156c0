//! What a desk is told at its start.

use okx_common::{credentials::Credentials, enums::InstType};
use okx_ws::{Channel, Topic, session::ConnectBudget};

use crate::orders::{context::AccountContext, gate::GateConfig, tracker::TrackerConfig};

/// Which channels are subscribed besides those that a desk cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    /// `fills`, the fastest news of fills; VIP4 (OKX refuses it else, which is no failure).
    pub fills: bool,
    /// `sprd-orders`: orders on spreads.
    pub spreads: bool,
    /// `account-greeks`.
    pub greeks: bool,
}

/// What a desk is told at its start.
#[derive(Clone)]
pub struct DeskConfig {
    /// The API key: both sockets are logged in.
    pub credentials: Credentials,
    /// Modes of the account.
    pub account: AccountContext,
    /// How many commands wait for OKX's limits, and how long.
    pub gate: GateConfig,
    /// How patient the tracker is.
    pub tracker: TrackerConfig,
    /// New connections, shared with others to the same host.
    pub connects: ConnectBudget,
    /// Channels besides those that are needed.
    pub extras: Extras,
    /// New orders and amendments are void if OKX handles them later than so many milliseconds after they were sent (`expTime`).
    pub exp_time_ms: Option<u64>,
}

impl DeskConfig {
    /// With defaults for all but the key.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            account: AccountContext::default(),
            gate: GateConfig::default(),
            tracker: TrackerConfig::default(),
            connects: ConnectBudget::default(),
            extras: Extras::default(),
            exp_time_ms: None,
        }
    }
}

impl std::fmt::Debug for DeskConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskConfig")
            .field("account", &self.account)
            .field("gate", &self.gate)
            .field("extras", &self.extras)
            .finish_non_exhaustive()
    }
}

/// What is subscribed on the private URL.
pub(super) fn private_topics(extras: Extras) -> Vec<Topic> {
    let mut topics = vec![
        Topic::inst_type(Channel::Orders, InstType::Any),
        Topic::plain(Channel::Account),
        Topic::inst_type(Channel::Positions, InstType::Any),
        Topic::plain(Channel::BalanceAndPosition),
        Topic::inst_type(Channel::LiquidationWarning, InstType::Any),
    ];
    if extras.fills {
        topics.push(Topic::plain(Channel::Fills));
    }
    if extras.greeks {
        topics.push(Topic::plain(Channel::AccountGreeks));
    }
    topics
}

/// What is subscribed on the business URL.
pub(super) fn business_topics(extras: Extras) -> Vec<Topic> {
    let mut topics = vec![
        Topic::inst_type(Channel::OrdersAlgo, InstType::Any),
        Topic::inst_type(Channel::AlgoAdvance, InstType::Any),
    ];
    if extras.spreads {
        topics.push(Topic::plain(Channel::SprdOrders));
    }
    topics
}

/// Whether the desk goes on without the channel: it adds speed or comfort, not knowledge.
pub(super) const fn is_optional(channel: Channel) -> bool {
    matches!(
        channel,
        Channel::LiquidationWarning | Channel::Fills | Channel::AccountGreeks | Channel::AlgoAdvance
    )
}
