//! Orders and fills (reference: OKX API v5, "Order Book Trading / Trade").

mod command;
mod control;
mod fill;
mod limit;
mod order;

pub use command::{Ack, Amend, AmendBatch, Cancel, CancelBatch, Place, PlaceBatch};
pub use control::{CancelAfter, CancelMass, Close, ClosedBy, CommandResult};
pub use fill::{Fill, GetFills, GetFillsHistory};
pub use limit::{AccountRateLimit, GetAccountRateLimit, Precheck, PrecheckOrder};
pub use order::{
    AttachedOrder, GetOrder, GetOrdersHistory, GetOrdersHistoryArchive, GetOrdersPending, LinkedAlgo, Order,
};
