//! Nautilus' orders as ours, attribute by attribute.

use std::sync::{Arc, Mutex, PoisonError};

use okx_common::{
    decimal::{Decimal, DecimalError},
    ids::ClOrdId,
};
use okx_core::{
    desk::SubmitSpec,
    orders::{
        description::OrderDescription,
        kinds::{OrderType, TrailingOffsetType, TriggerType},
        params::OrderParams,
    },
};
use pyo3::{
    intern,
    prelude::*,
    types::{PyDict, PyString},
};
use rustc_hash::FxHashSet;

use super::{
    instruments::{Instruments, Known},
    json::object_of,
    values::{self, Values},
};
use crate::arguments::refused;

/// Unknown parameters that are told apart in warnings.
const UNKNOWN_MAX: usize = 64;

/// What is common to all orders.
pub struct Header<'py> {
    /// Nautilus' id.
    pub client_order_id: String,
    /// The `InstrumentId`.
    pub instrument_id: Bound<'py, PyAny>,
}

/// The parameters that were given beside orders.
pub struct Given {
    /// Those that are known.
    pub params: OrderParams,
    /// Those that are not, and were not met before.
    pub unknown: Vec<String>,
}

/// See the module.
pub struct Reader {
    /// How the wheel writes values.
    pub values: Arc<Values>,
    /// The instruments.
    pub instruments: Arc<Instruments>,
    warned: Mutex<FxHashSet<String>>,
}

/// The text of an identifier.
///
/// # Errors
/// If it is none.
pub fn text_of(identifier: &Bound<'_, PyAny>) -> PyResult<String> {
    let value = identifier.getattr(intern!(identifier.py(), "value"))?;
    Ok(value.cast::<PyString>()?.to_str()?.to_owned())
}

/// The value of a `decimal.Decimal`.
///
/// # Errors
/// If it is no number.
pub fn decimal(number: &Bound<'_, PyAny>) -> PyResult<Decimal> {
    number.str()?.to_str()?.parse().map_err(|error: DecimalError| refused(error))
}

/// Whether an attribute is true.
///
/// # Errors
/// If there is none of this name.
pub fn flag<'py>(order: &Bound<'py, PyAny>, name: &Bound<'py, PyString>) -> PyResult<bool> {
    order.getattr(name)?.is_truthy()
}

impl Reader {
    /// For these instruments.
    pub fn new(values: Arc<Values>, instruments: Arc<Instruments>) -> Self {
        Self { values, instruments, warned: Mutex::default() }
    }

    /// The ids of an order.
    ///
    /// # Errors
    /// If it is no order.
    pub fn header<'py>(&self, order: &Bound<'py, PyAny>) -> PyResult<Header<'py>> {
        let py = order.py();
        Ok(Header {
            client_order_id: text_of(&order.getattr(intern!(py, "client_order_id"))?)?,
            instrument_id: order.getattr(intern!(py, "instrument_id"))?,
        })
    }

    /// The parameters beside an order.
    ///
    /// # Errors
    /// Those that are known but have no value that OKX takes, as words for the trader.
    pub fn params(&self, params: Option<&Bound<'_, PyDict>>) -> Result<Given, String> {
        let Some(params) = params.filter(|params| !params.is_empty()) else {
            return Ok(Given { params: OrderParams::default(), unknown: Vec::new() });
        };
        let object = object_of(params).map_err(|error| format!("order parameters: {error}"))?;
        let (params, mut unknown) = OrderParams::from_json(&object).map_err(|error| error.to_string())?;
        if !unknown.is_empty() {
            let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
            unknown.retain(|key| warned.len() < UNKNOWN_MAX && warned.insert(key.clone()));
        }
        Ok(Given { params, unknown })
    }

    /// An order that is to be submitted.
    ///
    /// # Errors
    /// If it is no order of Nautilus.
    pub fn spec(
        &self,
        order: &Bound<'_, PyAny>,
        client_order_id: String,
        known: &Known,
        params: OrderParams,
    ) -> PyResult<SubmitSpec> {
        let parent = order.getattr(intern!(order.py(), "parent_order_id"))?;
        let parent = if parent.is_none() { None } else { Some(text_of(&parent)?) };
        let description = self.description(order, params)?;
        Ok(SubmitSpec { client_order_id, inst_id: known.inst_id.clone(), order: description, parent })
    }

    /// The description of an order.
    ///
    /// # Errors
    /// If it is no order of Nautilus.
    pub fn description(&self, order: &Bound<'_, PyAny>, params: OrderParams) -> PyResult<OrderDescription> {
        let py = order.py();
        let number = |name: &Bound<'_, PyString>| self.values.some_number(&order.getattr(name)?);
        let order_type = values::order_type(&order.getattr(intern!(py, "order_type"))?)?;
        let mut description = OrderDescription {
            // The desk makes it of Nautilus' id.
            cl_ord_id: ClOrdId::new(""),
            side: values::side(&order.getattr(intern!(py, "side"))?)?,
            order_type,
            quantity: self.values.number(&order.getattr(intern!(py, "quantity"))?)?,
            quote_quantity: flag(order, intern!(py, "is_quote_quantity"))?,
            time_in_force: values::time_in_force(&order.getattr(intern!(py, "time_in_force"))?)?,
            price: None,
            trigger_price: None,
            trigger_type: TriggerType::Default,
            trailing_offset: None,
            trailing_offset_type: TrailingOffsetType::NoOffset,
            activation_price: None,
            post_only: false,
            reduce_only: flag(order, intern!(py, "is_reduce_only"))?,
            display_qty: None,
            params,
        };
        let (has_price, has_display) = match order_type {
            OrderType::Limit
            | OrderType::StopLimit
            | OrderType::LimitIfTouched
            | OrderType::TrailingStopLimit => (true, true),
            OrderType::MarketToLimit => (false, true),
            _ => (false, false),
        };
        if has_price {
            description.price = number(intern!(py, "price"))?;
            description.post_only = flag(order, intern!(py, "is_post_only"))?;
        }
        if has_display {
            description.display_qty = number(intern!(py, "display_qty"))?;
        }
        if order_type.is_conditional() {
            description.trigger_price = number(intern!(py, "trigger_price"))?;
            description.trigger_type = values::trigger_type(&order.getattr(intern!(py, "trigger_type"))?)?;
        }
        if matches!(order_type, OrderType::TrailingStopMarket | OrderType::TrailingStopLimit) {
            let offset = order.getattr(intern!(py, "trailing_offset"))?;
            if !offset.is_none() {
                description.trailing_offset = Some(decimal(&offset)?);
            }
            description.trailing_offset_type =
                values::trailing_offset_type(&order.getattr(intern!(py, "trailing_offset_type"))?)?;
            description.activation_price = number(intern!(py, "activation_price"))?;
        }
        Ok(description)
    }
}
