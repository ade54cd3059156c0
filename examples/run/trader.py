"""A strategy that trades through every order form, one step after the other, while the data is watched."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.enums import OrderSide, OrderStatus, OrderType, TimeInForce, TrailingOffsetType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.objects import Price
from nautilus_trader.model.orders import Order
from nautilus_trader.trading.strategy import Strategy

from examples.run.simulator import Simulator

STEP_TIMEOUT_SECS = 20.0
RETRY_SECS = 0.25
BUY, SELL = OrderSide.BUY, OrderSide.SELL
ENDED = (OrderStatus.CANCELED, OrderStatus.FILLED, OrderStatus.REJECTED, OrderStatus.DENIED, OrderStatus.EXPIRED)


class TraderConfig(StrategyConfig, frozen=True):
    """What to trade."""

    instrument_id: InstrumentId
    size: Decimal = Decimal("0.50")


class StepFailed(Exception):
    """A step did not come out as it should."""


class Trader(Strategy):  # type: ignore[misc]
    """Submits, amends, cancels; remembers when each order was given and what became of it."""

    def __init__(self, config: TraderConfig, venue: Simulator) -> None:
        super().__init__(config)
        self.venue = venue
        self.given_ns: dict[str, int] = {}
        self.done: list[str] = []
        self.failed: dict[str, str] = {}
        self._news = asyncio.Event()

    @property
    def inst_id(self) -> str:
        return str(self.config.instrument_id.symbol.value)

    def on_start(self) -> None:
        self.subscribe_quote_ticks(self.config.instrument_id)

    def on_quote_tick(self, tick: Any) -> None:
        self._news.set()

    def on_event(self, event: Any) -> None:
        self._news.set()

    # -- steps ------------------------------------------------------------------------------------

    async def trade(self) -> None:
        """All steps, those that fail too; the account is flat afterwards if the client works."""
        steps: list[Callable[[], Awaitable[None]]] = [
            self.post_only,
            self.limit_amended,
            self.ioc,
            self.market,
            self.bracket,
            self.stop,
            self.triggered_stop,
            self.trailing_stop,
            self.batch_across_a_disconnect,
            self.flat,
        ]
        await self._until(lambda: self.cache.quote_tick(self.config.instrument_id) is not None)
        for step in steps:
            name = step.__name__
            try:
                async with asyncio.timeout(STEP_TIMEOUT_SECS):
                    await step()
                self.done.append(name)
            except (TimeoutError, StepFailed) as e:
                self.failed[name] = str(e) or f"not done within {STEP_TIMEOUT_SECS:.0f} s"

    async def post_only(self) -> None:
        order = self._limit(BUY, "-0.3", post_only=True)
        await self._rests(order)
        self.cancel_order(order)
        await self._is(order, OrderStatus.CANCELED)

    async def limit_amended(self) -> None:
        order = self._limit(SELL, "-0.4")
        await self._rests(order)
        for percent in ("-0.5", "-0.45"):
            price = self._price(SELL, percent)
            self.modify_order(order, price=price)
            await self._until(lambda price=price: order.price == price)
        self.modify_order(order, quantity=self._qty(Decimal("0.80")))
        await self._until(lambda: order.quantity == self._qty(Decimal("0.80")))
        self.cancel_order(order)
        await self._is(order, OrderStatus.CANCELED)

    async def ioc(self) -> None:
        order = self._limit(BUY, "0.2", time_in_force=TimeInForce.IOC)
        self._give(order)
        await self._until(lambda: order.status in ENDED)
        if not order.filled_qty:
            raise StepFailed(f"{order.status_string()} without a fill")

    async def market(self) -> None:
        for side in (BUY, SELL):
            order = self.order_factory.market(self.config.instrument_id, side, self._qty())
            self._give(order)
            await self._is(order, OrderStatus.FILLED)

    async def bracket(self) -> None:
        entry = self._price(BUY, "0.2")
        orders = self.order_factory.bracket(
            instrument_id=self.config.instrument_id,
            order_side=BUY,
            quantity=self._qty(),
            entry_order_type=OrderType.LIMIT,
            entry_price=entry,
            tp_price=self._price(SELL, "-3"),
            tp_post_only=False,
            sl_trigger_price=self._price(SELL, "3"),
        )
        for order in orders.orders:
            self.given_ns[order.client_order_id.value] = time.time_ns()
        self.submit_order_list(orders)
        first, *legs = orders.orders
        await self._is(first, OrderStatus.FILLED)
        for leg in legs:
            await self._is(leg, OrderStatus.ACCEPTED)
        self.cancel_order(legs[0])
        for leg in legs:
            await self._is(leg, OrderStatus.CANCELED)

    async def stop(self) -> None:
        order = self.order_factory.stop_market(
            self.config.instrument_id, BUY, self._qty(), trigger_price=self._price(BUY, "1")
        )
        await self._rests(order)
        trigger = self._price(BUY, "1.5")
        self.modify_order(order, trigger_price=trigger)
        await self._until(lambda: order.trigger_price == trigger)
        self.cancel_order(order)
        await self._is(order, OrderStatus.CANCELED)

    async def triggered_stop(self) -> None:
        order = self.order_factory.stop_market(
            self.config.instrument_id, SELL, self._qty(), trigger_price=self._price(SELL, "0.3")
        )
        await self._rests(order)
        # A trade at the trigger sets it off; the book stays as it is.
        price = str(order.trigger_price)
        await asyncio.to_thread(self.venue.script, "trade", instId=self.inst_id, side="sell", sz="1", px=price)
        await self._is(order, OrderStatus.FILLED)

    async def trailing_stop(self) -> None:
        order = self.order_factory.trailing_stop_market(
            self.config.instrument_id,
            SELL,
            self._qty(),
            trailing_offset=Decimal(200),
            trailing_offset_type=TrailingOffsetType.BASIS_POINTS,
        )
        await self._rests(order)
        self.cancel_order(order)
        await self._is(order, OrderStatus.CANCELED)

    async def batch_across_a_disconnect(self) -> None:
        """The private connection is cut while orders are under way: none is lost, none is sent twice."""
        orders = [self._limit(BUY, f"-0.{n}") for n in range(3, 8)]
        for order in orders[:2]:
            self._give(order)
        cut = asyncio.create_task(asyncio.to_thread(self.venue.cut, "private"))
        for order in orders[2:]:
            self._give(order)
        await cut
        await self._until(lambda: all(o.status in (*ENDED, OrderStatus.ACCEPTED) for o in orders))
        await self._works_again()
        for order in orders:
            if order.is_open:
                self.cancel_order(order)
        await self._until(lambda: all(order.status in ENDED for order in orders))

    async def _works_again(self) -> None:
        # While the connection is down orders are denied, not kept: the next one is for the trader to give.
        while True:
            order = self._limit(BUY, "-0.3")
            self._give(order)
            await self._until(lambda order=order: order.status == OrderStatus.ACCEPTED or order.status in ENDED)
            if order.is_open:
                return
            await asyncio.sleep(RETRY_SECS)

    async def flat(self) -> None:
        instrument_id = self.config.instrument_id
        self.cancel_all_orders(instrument_id)
        await self._until(lambda: not self.cache.orders_open(strategy_id=self.id))
        self.close_all_positions(instrument_id)
        await self._until(lambda: self.portfolio.is_flat(instrument_id))

    # -- helpers ----------------------------------------------------------------------------------

    def _give(self, order: Order) -> None:
        self.given_ns[order.client_order_id.value] = time.time_ns()
        self.submit_order(order)

    async def _rests(self, order: Order) -> None:
        self._give(order)
        await self._is(order, OrderStatus.ACCEPTED)

    async def _is(self, order: Order, status: OrderStatus) -> None:
        await self._until(lambda: order.status == status or order.status in ENDED)
        if order.status != status:
            reason = getattr(order.last_event, "reason", "")
            raise StepFailed(f"{order.client_order_id} is {order.status_string()} {reason}".strip())

    async def _until(self, condition: Callable[[], Any]) -> None:
        while not condition():
            self._news.clear()
            await self._news.wait()

    def _qty(self, size: Decimal | None = None) -> Any:
        return self.cache.instrument(self.config.instrument_id).make_qty(size or self.config.size)

    def _price(self, side: OrderSide, percent: str) -> Price:
        """So many percent through the best price of the other side; below 0 it rests."""
        instrument = self.cache.instrument(self.config.instrument_id)
        quote = self.cache.quote_tick(self.config.instrument_id)
        best = quote.ask_price if side == BUY else quote.bid_price
        sign = 1 if side == BUY else -1
        wished = best.as_decimal() * (1 + sign * Decimal(percent) / 100)
        step = instrument.price_increment.as_decimal()
        return instrument.make_price(wished // step * step)

    def _limit(self, side: OrderSide, percent: str, **fields: Any) -> Order:
        return self.order_factory.limit(
            self.config.instrument_id, side, self._qty(), self._price(side, percent), **fields
        )
