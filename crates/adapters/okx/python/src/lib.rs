//! PyO3 module nautilus_trader.adapters.okx.native._okx.
