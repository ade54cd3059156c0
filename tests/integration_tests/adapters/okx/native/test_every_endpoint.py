"""Every REST endpoint of `OkxHttpClient` by its name: asked, answered, and the rows are typed."""

from typing import Any

import pytest
from nautilus_trader.adapters.okx.native import OkxHttpClient, SimulatedExchange

SWAP = {"instId": "BTC-USDT-SWAP"}
INDEX = {"instId": "BTC-USDT"}
SPREAD = {"sprdId": "<spread>"}
FUTURE = {"instId": "<future>"}

PARAMS: dict[str, dict[str, Any]] = {
    "market-tickers": {"instType": "SWAP"},
    "market-ticker": SWAP,
    "market-index-tickers": INDEX,
    "market-index-components": {"index": "BTC-USDT"},
    "market-books": SWAP,
    "market-books-full": SWAP,
    "market-books-rpi": SWAP,
    "market-candles": SWAP,
    "market-history-candles": SWAP,
    "market-mark-price-candles": SWAP,
    "market-history-mark-price-candles": SWAP,
    "market-index-candles": INDEX,
    "market-history-index-candles": INDEX,
    "market-trades": SWAP,
    "market-history-trades": SWAP,
    "market-option-instrument-family-trades": {"instFamily": "BTC-USD"},
    "market-platform-24-volume": {},
    "market-call-auction-details": SWAP,
    "market-exchange-rate": {},
    "market-block-tickers": {"instType": "SWAP"},
    "market-block-ticker": SWAP,
    "public-time": {},
    "public-instruments": {"instType": "SPOT"},
    "public-underlying": {"instType": "SWAP"},
    "public-instrument-tick-bands": {"instType": "OPTION"},
    "public-mm-instrument-types": {},
    "public-mark-price": {"instType": "SWAP"},
    "public-price-limit": SWAP,
    "public-open-interest": {"instType": "SWAP"},
    "public-funding-rate": SWAP,
    "public-funding-rate-history": SWAP,
    "public-premium-history": SWAP,
    "public-opt-summary": {"instFamily": "BTC-USD"},
    "public-option-trades": {"instFamily": "BTC-USD"},
    "public-position-tiers": {"instType": "SWAP", "tdMode": "cross", "instFamily": "BTC-USDT"},
    "public-convert-contract-coin": {**SWAP, "sz": "1", "px": "50000"},
    "public-estimated-price": FUTURE,
    "public-estimated-settlement-info": FUTURE,
    "public-delivery-exercise-history": {"instType": "FUTURES", "instFamily": "BTC-USD"},
    "public-settlement-history": {"instFamily": "BTC-USD_UM"},
    "public-liquidation-orders": {"instType": "SWAP", "instFamily": "BTC-USDT"},
    "public-insurance-fund": {"instType": "SWAP", "instFamily": "BTC-USDT"},
    "public-interest-rate-loan-quota": {},
    "public-discount-rate-interest-free-quota": {},
    "public-delta-hedge-currencies": {},
    "public-event-contract-series": {},
    "public-event-contract-events": {"seriesId": "<series>"},
    "public-event-contract-markets": {"seriesId": "<series>"},
    "public-market-data-history": {
        "module": "1",
        "instType": "SWAP",
        "instFamilyList": "BTC-USDT",
        "dateAggrType": "daily",
        "begin": "1790000000000",
        "end": "1790086400000",
    },
    "system-status": {},
    "sprd-spreads": {},
    "sprd-books": SPREAD,
    "market-sprd-ticker": SPREAD,
    "sprd-public-trades": SPREAD,
    "market-sprd-candles": SPREAD,
    "market-sprd-history-candles": SPREAD,
    "account-config": {},
    "account-instruments": {"instType": "SPOT"},
    "account-trade-fee": {"instType": "SPOT"},
    "account-balance": {},
    "account-positions": {},
    "account-positions-history": {},
    "account-account-position-risk": {},
    "account-bills": {},
    "account-bills-archive": {},
    "account-subtypes": {},
    "account-leverage-info": {**SWAP, "mgnMode": "cross"},
    "account-set-leverage": {**SWAP, "mgnMode": "cross", "lever": "5"},
    "account-set-position-mode": {"posMode": "net_mode"},
    "account-max-size": {**SWAP, "tdMode": "cross"},
    "account-max-avail-size": {**SWAP, "tdMode": "cross"},
    "account-interest-rate": {},
    "account-interest-accrued": {},
    "account-max-loan": {**INDEX, "mgnMode": "cross", "mgnCcy": "USDT"},
    "account-risk-state": {},
    "account-greeks": {},
    "account-max-withdrawal": {},
    "account-set-greeks": {"greeksType": "PA"},
    "account-set-account-level": {"acctLv": "2"},
    "account-set-settle-currency": {"settleCcy": "USDC"},
    "account-set-fee-type": {"feeType": "0"},
    "account-set-auto-loan": {"autoLoan": False},
    "trade-orders-pending": {},
    "trade-orders-history": {"instType": "SPOT"},
    "trade-orders-history-archive": {"instType": "SPOT"},
    "trade-fills": {},
    "trade-fills-history": {"instType": "SPOT"},
    "trade-account-rate-limit": {},
    "trade-orders-algo-pending": {"ordType": "conditional,oco"},
    "trade-orders-algo-history": {"ordType": "trigger", "state": "canceled"},
    "sprd-orders-pending": {},
    "sprd-orders-history": {},
    "sprd-orders-history-archive": {},
    "sprd-trades": {},
}

MAY_BE_EMPTY = {
    "market-call-auction-details",
    "public-estimated-price",
    "public-settlement-history",
    "public-market-data-history",
    "system-status",
    "account-positions",
    "account-positions-history",
    "account-bills",
    "account-bills-archive",
    "account-interest-accrued",
    "account-greeks",
    "trade-orders-pending",
    "trade-orders-history",
    "trade-orders-history-archive",
    "trade-fills",
    "trade-fills-history",
    "trade-orders-algo-pending",
    "trade-orders-algo-history",
    "sprd-orders-pending",
    "sprd-orders-history",
    "sprd-orders-history-archive",
    "sprd-trades",
}
"""On an ordinary day there is no auction, delivery, settlement or maintenance; this account has not traded."""

OF_ONE = {"trade-order-get", "trade-order-algo-get", "sprd-order-get", "account-position-margin-balance"}
"""Those that need an order or a position: `test_http_account.py` has them."""


@pytest.fixture(scope="module")
def shared() -> Any:
    with SimulatedExchange(seed=7) as running:
        yield running


def test_the_table_has_every_endpoint_of_the_client():
    assert set(PARAMS) | OF_ONE == set(OkxHttpClient.endpoints())


@pytest.mark.parametrize("name", PARAMS)
async def test_every_endpoint_answers_with_typed_rows(shared, name):
    client = OkxHttpClient(
        base_url=shared.rest_url,
        api_key=shared.api_key,
        api_secret=shared.api_secret,
        api_passphrase=shared.api_passphrase,
    )
    rows = await client.request(name, await filled(client, PARAMS[name]))
    if name in MAY_BE_EMPTY:
        return
    assert rows
    if name != "public-underlying":  # a list of lists
        assert all(isinstance(row, dict) and row for row in rows)
        numbers = [value for row in rows for key, value in row.items() if key.endswith(("px", "_ms"))]
        assert not any(isinstance(value, str | float) for value in numbers), "decimals and times are not text"


async def filled(client: OkxHttpClient, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters, with ids that exist in this market."""
    if "<spread>" in params.values():
        return params | {"sprdId": (await client.request("sprd-spreads"))[0]["sprd_id"]}
    if "<future>" in params.values():
        return params | {"instId": (await client.instruments("FUTURES"))[0]["inst_id"]}
    if "<series>" in params.values():
        return params | {"seriesId": (await client.request("public-event-contract-series"))[0]["series_id"]}
    return params
