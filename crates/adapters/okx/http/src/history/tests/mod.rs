//! Plans against a model of an exchange that pages as documented.

mod candles;
mod trades;
