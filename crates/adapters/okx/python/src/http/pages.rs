//! A list page by page: what it is made of can be made while the next page is under way.

use std::sync::Arc;

use okx_http::{HttpError, endpoint::trade::Fill, history::PastFills};
use pyo3::{exceptions::PyStopAsyncIteration, prelude::*};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use tokio::sync::{Mutex, mpsc};

use super::HttpClient;
use crate::{bridge, rows::to_python};

type Page = Result<Vec<Fill>, HttpError>;

/// What a fill is told by: half of its fields, as objects are most of what a long list costs.
struct Told<'a>(&'a Fill);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fill = self.0;
        let mut row = serializer.serialize_struct("Fill", 14)?;
        row.serialize_field("inst_id", &fill.inst_id)?;
        row.serialize_field("inst_type", &fill.inst_type)?;
        row.serialize_field("ord_id", &fill.ord_id)?;
        row.serialize_field("cl_ord_id", &fill.cl_ord_id)?;
        row.serialize_field("trade_id", &fill.trade_id)?;
        row.serialize_field("side", &fill.side)?;
        row.serialize_field("pos_side", &fill.pos_side)?;
        row.serialize_field("exec_type", &fill.exec_type)?;
        row.serialize_field("fill_sz", &fill.fill_sz)?;
        row.serialize_field("fill_px", &fill.fill_px)?;
        row.serialize_field("fee", &fill.fee)?;
        row.serialize_field("fee_ccy", &fill.fee_ccy)?;
        row.serialize_field("fill_time_ms", &fill.fill_time_ms)?;
        row.serialize_field("ts_ms", &fill.ts_ms)?;
        row.end()
    }
}

/// Fills page by page, asked for ahead of whoever takes them.
#[pyclass(frozen, module = "nautilus_trader.adapters.okx.native._okx")]
pub struct FillPages {
    pages: Arc<Mutex<mpsc::UnboundedReceiver<Page>>>,
}

#[pymethods]
impl FillPages {
    const fn __aiter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let pages = self.pages.clone();
        let next = async move { pages.lock().await.recv().await.transpose() };
        bridge::spawn_with(py, next, |py, page| match page {
            Some(rows) => Ok(to_python(py, &rows.iter().map(Told).collect::<Vec<_>>())?.unbind()),
            None => Err(PyStopAsyncIteration::new_err(())),
        })
    }
}

impl HttpClient {
    /// Asks for the fills from now on.
    pub(super) fn page_fills(&self, wanted: PastFills) -> FillPages {
        let (sender, receiver) = mpsc::unbounded_channel();
        let client = self.client.clone();
        bridge::runtime().spawn(async move {
            // Nobody listens any more: the rest is asked for and dropped.
            let asked = client.past_fills_paged(&wanted, &mut |rows| drop(sender.send(Ok(rows)))).await;
            if let Err(error) = asked {
                drop(sender.send(Err(error)));
            }
        });
        FillPages { pages: Arc::new(Mutex::new(receiver)) }
    }
}
