"""The native back end of one execution client: its REST client, its order stream, and what the handlers share."""

import asyncio
from typing import Any, Final

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.native import _okx
from nautilus_trader.adapters.okx.native.backend import environment_of, region_of
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.instruments import NANOS_PER_MILLI, SPREAD, instrument_id_of
from nautilus_trader.adapters.okx.native.keys import Keys
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.adapters.okx.native.trading.account import AccountBook
from nautilus_trader.adapters.okx.native.trading.account_check import check_account, describe, settings_of
from nautilus_trader.adapters.okx.native.trading.actions import AccountActions
from nautilus_trader.adapters.okx.native.trading.commands import NativeCommands
from nautilus_trader.adapters.okx.native.trading.dead_man import DeadManSwitch
from nautilus_trader.adapters.okx.native.trading.events import OrderEvents
from nautilus_trader.adapters.okx.native.trading.external import ExternalOrders
from nautilus_trader.adapters.okx.native.trading.order_reports import ReportBuilder
from nautilus_trader.adapters.okx.native.trading.positions import PositionSides
from nautilus_trader.adapters.okx.native.trading.reports import NativeReports, as_rows
from nautilus_trader.adapters.okx.native.trading.restore import orders_to_restore, restored
from nautilus_trader.adapters.okx.native.trading.values import Row
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, Logger
from nautilus_trader.common.enums import LogColor
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import GenerateOrderStatusReport, QueryOrder
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import AccountType
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
        http: Any,
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
        self.events = OrderEvents(client, cache, clock, log, self.sides)
        self.external = ExternalOrders(client, self.builder, cache, log)
        self.reports = NativeReports(
            http, provider, self.builder, self.okx_id, config, client.account_id, cache, clock, log
        )
        self.actions = AccountActions(http)
        self.stream: Any = None
        self.commands: NativeCommands | None = None
        self._loop = loop
        self._keys = keys
        self._switch: DeadManSwitch | None = None

    # -- CONNECTION -------------------------------------------------------------------------------

    async def load_account(self) -> None:
        """Ask for the account's modes, compare them with the configuration. Raises `OkxError`, `AccountModeError`."""
        self.account = as_rows(await self.http.account_config())[0]
        self.log.info(f"Account: {describe(self.account)}", LogColor.BLUE)
        for warning in check_account(self.account, self.config):
            self.log.warning(warning)

    async def publish_account_state(self) -> None:
        """The whole account by REST."""
        for row in as_rows(await self.http.balance()):
            self.book.replace(row.get("details") or [], row)
            self._send_account_state(int(row.get("u_time_ms") or 0))

    def build_stream(self) -> None:
        """The order stream, for the account's modes, with every instrument and the orders of an earlier process."""
        private, business = socket_urls(self.config)
        stream_class: Any = getattr(_okx, "ExecutionStream")  # noqa: B009
        self.stream = stream_class(
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
            driver=self.config.driver,
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
        orders = orders_to_restore(self.cache, OKX_VENUE, self.client.account_id)
        for order in orders:
            try:
                self.stream.restore(restored(order))
            except (ValueError, TypeError) as e:
                self.log.error(f"{order.client_order_id} of the cache cannot be followed: {e}")
        return len(orders)

    async def open(self) -> None:
        """Log in, subscribe, learn what happened meanwhile, arm the dead-man switch."""
        await self.stream.open()
        if self.config.cancel_all_after_secs is not None:
            self._switch = DeadManSwitch(self.http, self.config.cancel_all_after_secs, self.config.order_tag, self.log)
            await self._switch.arm(self.client.create_task)

    async def close(self) -> None:
        """Disarm, wait a moment for commands under way, name those whose outcome is open, and close the sockets."""
        deadline = self._loop.time() + self.config.disconnect_timeout_secs
        if self._switch is not None:
            await self._switch.disarm()
            self._switch = None
        stream, self.stream, self.commands = self.stream, None, None
        if stream is not None:
            await self._settle(stream, deadline - CLOSE_SECS)
            try:
                async with asyncio.timeout(max(CLOSE_SECS, deadline - self._loop.time())):
                    await stream.close()
            except TimeoutError:
                self.log.warning("The private sockets did not close in time")
        self.http.close()

    async def _settle(self, stream: Any, deadline: float) -> None:
        while (open_ids := stream.unresolved()) and self._loop.time() < deadline:  # noqa: ASYNC110 - it tells when asked
            await asyncio.sleep(SETTLE_POLL_SECS)
        if open_ids:
            self.log.warning(
                f"Outcome open of {len(open_ids)} command(s), to be learnt at the next start: {', '.join(open_ids)}"
            )

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
        if row is None or row["inst_type"] == SPREAD or self.stream is None:
            return
        try:
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

    def _on_account(self, balances: list[Row], positions: list[Row], totals: Row, ts_ms: int) -> None:
        if balances or totals:
            self.book.update(balances, totals)
            self._send_account_state(ts_ms)

    def _on_report(self, kind: str, row: Row) -> None:
        if kind == "greeks":
            self.log.info(f"Greeks of the account: {row}")
            return
        self.external.on_report(kind, row)

    def _on_note(self, note: Any) -> None:
        message, advice = note["message"], note.get("advice")
        words = f"{message} ({advice})" if advice and advice not in message else message
        write = {"error": self.log.error, "warning": self.log.warning, "info": self.log.info}
        write.get(note["level"], self.log.debug)(words)

    def _send_account_state(self, ts_ms: int) -> None:
        if not self.book.balances:
            return
        self.client.generate_account_state(
            self.book.balances,
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
        return client_order_id if self.stream is None else str(self.stream.okx_id(client_order_id))

    def to_nautilus(self, cl_ord_id: str) -> str | None:
        """The id under which Nautilus knows an order of OKX; None for the short form of an id that is not known."""
        if self.stream is None:
            return cl_ord_id
        found = self.stream.nautilus_id(cl_ord_id)
        return None if found is None else str(found)
