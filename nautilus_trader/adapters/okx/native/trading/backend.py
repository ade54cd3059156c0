"""The native back end of one execution client: its REST client, its order stream, and what the handlers share."""

import asyncio
from typing import Any, Final

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.native import _okx
from nautilus_trader.adapters.okx.native.backend import environment_of, region_of
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI, SPREAD, currency_of, instrument_id_of
from nautilus_trader.adapters.okx.native.keys import Keys
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.adapters.okx.native.trading.account import AccountBook, balance_of
from nautilus_trader.adapters.okx.native.trading.account_check import check_account, describe, settings_of
from nautilus_trader.adapters.okx.native.trading.account_data import AccountData
from nautilus_trader.adapters.okx.native.trading.actions import AccountActions
from nautilus_trader.adapters.okx.native.trading.commands import NativeCommands
from nautilus_trader.adapters.okx.native.trading.dead_man import DeadManSwitch
from nautilus_trader.adapters.okx.native.trading.deliveries import Deliveries
from nautilus_trader.adapters.okx.native.trading.events import OrderEvents
from nautilus_trader.adapters.okx.native.trading.external import ExternalOrders
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder
from nautilus_trader.adapters.okx.native.trading.position_watch import PositionWatch
from nautilus_trader.adapters.okx.native.trading.positions import PositionSides
from nautilus_trader.adapters.okx.native.trading.reports import NativeReports, as_rows
from nautilus_trader.adapters.okx.native.trading.restore import orders_to_restore
from nautilus_trader.adapters.okx.native.trading.stale import StaleInstruments
from nautilus_trader.adapters.okx.native.trading.values import Row
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, Logger
from nautilus_trader.common.enums import LogColor
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import GenerateOrderStatusReport, QueryOrder
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import AccountType, OrderStatus
from nautilus_trader.model.identifiers import ClientOrderId, InstrumentId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.model.orders import Order

PRIVATE: Final = "private"
BUSINESS: Final = "business"
SETTLE_POLL_SECS: Final = 0.05
CLOSE_SECS: Final = 1.0
"""Of the time for a disconnect, what is kept for closing the sockets."""


def socket_urls(config: OKXNativeExecClientConfig) -> tuple[str, str]:
    """The private and the business URL: as configured, else OKX's own."""
    region, environment = region_of(config), environment_of(config)

    def default(kind: Any) -> str:
        return str(_okx.OkxWebSocketClient(kind=kind, region=region, environment=environment).url)

    private = config.base_url_ws or default(PRIVATE)
    if config.base_url_ws_business:
        return private, config.base_url_ws_business
    if config.base_url_ws:
        return private, config.base_url_ws.rsplit("/", 1)[0] + "/business"
    return private, default(BUSINESS)


class NativeTrading:
    """What the native handlers share; made at connect, once the account's modes are known."""

    def __init__(
        self,
        client: LiveExecutionClient,
        loop: asyncio.AbstractEventLoop,
        config: OKXNativeExecClientConfig,
        keys: Keys,
        http: _okx.OkxHttpClient,
        provider: OKXNativeInstrumentProvider,
        cache: Cache,
        clock: LiveClock,
        log: Logger,
    ) -> None:
        self.client = client
        self.config = config
        self.http = http
        self.provider = provider
        self.cache = cache
        self.clock = clock
        self.log = log
        self.account: Row = {}
        self.book = AccountBook(allow_negative=client.account_type != AccountType.CASH)
        self.sides = PositionSides(config.is_hedging)
        self.builder = ReportBuilder(
            client.account_id, self._find_instrument, self._find_order, self.to_nautilus, clock.timestamp_ns
        )
        self.account_data = AccountData(client._msgbus, clock)
        self.stale = StaleInstruments(provider, self.adopt, client.create_task, log)
        self.events = OrderEvents(client, cache, clock, log, self.sides, self.stale.on_refusal)
        self.reports = NativeReports(
            http, provider, self.builder, self.okx_id, config, client.account_id, cache, clock, log
        )
        self.external = ExternalOrders(client, self.builder, cache, log, self.reports.fills_of, self.reports.algos_of)
        self.actions = AccountActions(http)
        deliveries = Deliveries(http, self.builder, self.external)
        self.watch = PositionWatch(client, self.reports, deliveries, cache, log, loop, client.create_task)
        self.stream: _okx.ExecutionStream | None = None
        self.commands: NativeCommands | None = None
        self._loop = loop
        self._keys = keys
        self._switch: DeadManSwitch | None = None
        self._is_open = False
        self._is_closing = False

    # -- CONNECTION -------------------------------------------------------------------------------

    async def load_account(self) -> None:
        """Ask for the account's modes, compare them with the configuration. Raises `OkxError`, `AccountModeError`."""
        self.account = as_rows(await self.http.account_config())[0]
        self.log.info(f"Account: {describe(self.account)}", LogColor.BLUE)
        for warning in check_account(self.account, self.config):
            self.log.warning(warning)

    async def publish_account_state(self) -> None:
        """The whole account by REST."""
        row = await self.http.balance()
        self.book.replace(row.get("details") or [], row)
        self._send_account_state(int(row.get("u_time_ms") or 0))

    def build_stream(self) -> None:
        """The order stream, for the account's modes, with every instrument and the orders of an earlier process."""
        private, business = socket_urls(self.config)
        self.stream = _okx.ExecutionStream(
            self._loop,
            http=self.http,
            ws_private_url=private,
            ws_business_url=business,
            api_key=self._keys.api_key,
            api_secret=self._keys.api_secret,
            api_passphrase=self._keys.api_passphrase,
            on_event=self.events.on_event,
            on_report=self._on_report,
            on_account=self._on_account,
            on_note=self._on_note,
            driver=self.config.driver,  # type: ignore[arg-type]
            settings=settings_of(self.account, self.config),
            ca_pem=self.config.ca_pem(),
            proxy_url=self.config.proxy_url,
            connect_timeout_secs=self.config.connect_timeout_secs,
        )
        self.commands = NativeCommands(self.stream, self.client, self.cache, self.clock, self.log, self.sides)
        for instrument in self.provider.get_all().values():
            self.adopt(instrument)

    def restore(self) -> int:
        """Hand over the open orders of the cache. How many there were."""
        assert self.stream is not None
        orders = orders_to_restore(self.cache, OKX_VENUE, self.client.account_id)
        for order in orders:
            try:
                self.stream.restore(order)
            except (ValueError, TypeError) as e:
                self.log.error(f"{order.client_order_id} of the cache cannot be followed: {e}")
        return len(orders)

    async def open(self) -> None:
        """Log in, subscribe, learn what happened meanwhile, arm the dead-man switch."""
        assert self.stream is not None
        await self.stream.open()
        self._is_open = True
        if self.config.cancel_all_after_secs is not None:
            self._switch = DeadManSwitch(self.http, self.config.cancel_all_after_secs, self.config.order_tag, self.log)
            await self._switch.arm(self.client.create_task)

    async def close(self) -> None:
        """Disarm, wait a moment for commands under way, name those whose outcome is open, and close the sockets."""
        deadline = self._loop.time() + self.config.disconnect_timeout_secs
        self.watch.stop()
        if self._switch is not None:
            await self._switch.disarm()
            self._switch = None
        stream, self.stream, self.commands = self.stream, None, None
        if stream is not None:
            await self._settle(stream, deadline - CLOSE_SECS)
            try:
                self._is_closing = True
                async with asyncio.timeout(max(CLOSE_SECS, deadline - self._loop.time())):
                    await stream.close()
            except TimeoutError:
                self.log.warning("The private sockets did not close in time")
        self.http.close()

    async def _settle(self, stream: _okx.ExecutionStream, deadline: float) -> None:
        while (open_ids := self._open_outcomes(stream)) and self._loop.time() < deadline:  # noqa: ASYNC110 - it tells when asked
            await asyncio.sleep(SETTLE_POLL_SECS)
        if open_ids:
            self.log.warning(
                f"Outcome open of {len(open_ids)} command(s), to be learnt at the next start: {', '.join(open_ids)}"
            )

    def _open_outcomes(self, stream: _okx.ExecutionStream) -> list[str]:
        """Orders of which nobody knows yet what became of the last command. Legs of a bracket wait by nature."""
        waiting = [
            order.client_order_id.value
            for order in self.cache.orders_inflight(venue=OKX_VENUE)
            if order.account_id == self.client.account_id
            and not (order.parent_order_id is not None and order.status == OrderStatus.SUBMITTED)
        ]
        return sorted({*stream.unresolved(), *waiting})

    # -- QUERIES ----------------------------------------------------------------------------------

    async def query_order(self, command: QueryOrder) -> None:
        """Tell the engine how an order is, its fills first: from a total alone it would invent one."""
        report = await self.reports.order_status_report(
            GenerateOrderStatusReport(
                instrument_id=command.instrument_id,
                client_order_id=command.client_order_id,
                venue_order_id=command.venue_order_id,
                command_id=UUID4(),
                ts_init=self.clock.timestamp_ns(),
            )
        )
        if report is None:
            self.log.warning(f"{command.client_order_id or command.venue_order_id} is not known to OKX")
            return
        fills = await self.reports.fills_of(report) if report.filled_qty else []
        self.external.deliver(report, fills)

    # -- INSTRUMENTS ------------------------------------------------------------------------------

    def adopt(self, instrument: Instrument) -> None:
        """Make an instrument tradable."""
        row = self.provider.row(instrument.id)
        if row is None or self.stream is None:
            return
        try:
            if row["inst_type"] == SPREAD:
                self.stream.register_spread(instrument.id, row["sprd_id"], row["tick_sz"], row["lot_sz"], row["min_sz"])
            else:
                self.stream.register_instrument(instrument.id, row)
        except ValueError as e:
            self.log.warning(f"{instrument.id} cannot be traded: {e}")

    def publish_instruments(self) -> None:
        """Currencies and instruments to the cache, where no data client has put them."""
        for currency in self.provider.currencies().values():
            self.cache.add_currency(currency)
        for instrument in self.provider.get_all().values():
            if self.cache.instrument(instrument.id) is None:
                self.cache.add_instrument(instrument)

    # -- CALLBACKS --------------------------------------------------------------------------------

    def _on_account(
        self,
        balances: list[dict[str, Any]],
        positions: list[dict[str, Any]],
        totals: dict[str, Any],
        ts_ms: int,
    ) -> None:
        if balances or totals:
            self.book.update(balances, totals)
            self._send_account_state(ts_ms)
        self.watch.on_positions(positions)

    def _on_report(self, kind: str, row: Row) -> None:
        match kind:
            case "greeks":
                self.account_data.on_greeks(row)
            case "liquidation_warning":
                self.account_data.on_liquidation_warning(row)
            case _ if self._is_open:
                self.external.on_report(kind, row)
            case _:
                pass  # the engine asks for all there is once the client is connected, each order with its fills

    def _on_note(self, note: Any) -> None:
        if self._is_closing and note["type"] in ("lost", "disconnected"):
            return  # as asked for
        message, advice = note["message"], note.get("advice")
        words = f"{message} ({advice})" if advice and advice not in message else message
        write = {"error": self.log.error, "warning": self.log.warning, "info": self.log.info}
        write.get(note["level"], self.log.debug)(words)

    def _send_account_state(self, ts_ms: int) -> None:
        self.client.generate_account_state(
            self.book.balances or [balance_of({}, currency_of("USDT"))],  # an account with nothing in it
            self.book.margins,
            True,
            ts_ms * NANOS_PER_MILLI or self.clock.timestamp_ns(),
        )

    # -- LOOK-UPS ---------------------------------------------------------------------------------

    def _find_instrument(self, inst_id: str) -> Instrument | None:
        instrument_id: InstrumentId = instrument_id_of(inst_id)
        return self.provider.find(instrument_id) or self.cache.instrument(instrument_id)

    def _find_order(self, client_order_id: ClientOrderId) -> Order | None:
        return self.cache.order(client_order_id)

    def okx_id(self, client_order_id: str) -> str:
        """The id under which OKX knows an order of ours."""
        return client_order_id if self.stream is None else self.stream.okx_id(client_order_id)

    def to_nautilus(self, cl_ord_id: str) -> str | None:
        """The id under which Nautilus knows an order of OKX; None for the short form of an id that is not known."""
        if self.stream is None:
            return cl_ord_id
        return self.stream.nautilus_id(cl_ord_id)
