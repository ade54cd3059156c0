//! Rows of conversions of small balances and repayments (reference: OKX API v5, "Order Book Trading / Trade").
//!
//! Sizes are texts here: OKX documents some of them with separators of thousands.

use okx_common::enums::{OrdType, OrderState, Side};

rows! {
    /// `POST /trade/easy-convert`, `GET /trade/easy-convert-history`.
    EasyConvert {
        text { acct, fill_from_sz, fill_to_sz, from_ccy, status, to_ccy }
        ms { u_time }
    }
    /// `GET /trade/easy-convert-currency-list`.
    EasyConvertCurrencies {
        list { from_data: FromAmount, to_ccy: String }
    }
    /// A currency of [`EasyConvertCurrencies`].
    FromAmount {
        text { from_amt, from_ccy }
    }
    /// `POST /trade/one-click-repay` and its second version, and their histories.
    Repay {
        text {
            debt_ccy, fill_debt_sz, fill_from_sz, fill_repay_sz, fill_to_sz, repay_ccy, status,
        }
        ms { ts, u_time }
        list { ord_id_info: RepayOrder, repay_ccy_list: String }
    }
    /// An order of [`Repay`].
    RepayOrder {
        text { inst_id, ord_id }
        dec { fill_px, fill_sz, px, sz }
        ms { c_time }
        opt { ord_type: OrdType, side: Side, state: OrderState }
    }
    /// `GET /trade/one-click-repay-currency-list` and its second version.
    RepayCurrencies {
        text { debt_type }
        list { debt_data: DebtAmount, repay_data: RepayAmount }
    }
    /// A debt of [`RepayCurrencies`].
    DebtAmount {
        text { debt_amt, debt_ccy }
    }
    /// What a debt can be repaid with.
    RepayAmount {
        text { repay_amt, repay_ccy }
    }
}
