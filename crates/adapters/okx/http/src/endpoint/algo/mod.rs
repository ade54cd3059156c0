//! Strategy orders (reference: OKX API v5, "Order Book Trading / Algo Trading").

mod command;
mod order;

pub use command::{AlgoAck, AmendAlgo, CancelAlgos, PlaceAlgo};
pub use order::{
    AlgoOrder, ChaseParams, GetAlgoOrder, GetAlgosHistory, GetAlgosPending, LinkedOrder, TriggerParams,
};
