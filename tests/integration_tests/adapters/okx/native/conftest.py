"""Fixtures: a simulated exchange for each module, without faults at the start of each test."""

from collections.abc import Iterator

import pytest
from nautilus_trader.adapters.okx.native import SimulatedExchange

SEED = 7


@pytest.fixture(scope="module")
def shared_exchange() -> Iterator[SimulatedExchange]:
    with SimulatedExchange(seed=SEED) as running:
        yield running


@pytest.fixture
def exchange(shared_exchange: SimulatedExchange) -> Iterator[SimulatedExchange]:
    yield shared_exchange
    shared_exchange.clear_faults()


@pytest.fixture
def own_exchange() -> Iterator[SimulatedExchange]:
    """For tests that read the journal or upset the exchange."""
    with SimulatedExchange(seed=SEED) as running:
        yield running


@pytest.fixture
def vip_exchange() -> Iterator[SimulatedExchange]:
    """One whose account has the tier for the tick-by-tick books."""
    with SimulatedExchange(seed=SEED, config={"accounts": [{"vip": 5}]}) as running:
        yield running


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither back-end settings nor keys of whoever runs the tests reach them."""
    import os

    for name in list(os.environ):
        if name.startswith("OKX_"):
            monkeypatch.delenv(name)
