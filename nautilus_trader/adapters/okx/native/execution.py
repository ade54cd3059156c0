"""The execution client: it routes every command, query and report to the native back end or to the stock client."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nautilus_trader.adapters.okx.constants import OKX_VENUE
from nautilus_trader.adapters.okx.execution import OKXExecutionClient
from nautilus_trader.adapters.okx.native import _okx, routing
from nautilus_trader.adapters.okx.native.delegate import build_exec_delegate
from nautilus_trader.adapters.okx.native.exec_config import OKXNativeExecClientConfig
from nautilus_trader.adapters.okx.native.keys import Keys
from nautilus_trader.adapters.okx.native.methods import EXECUTION
from nautilus_trader.adapters.okx.native.providers import OKXNativeInstrumentProvider
from nautilus_trader.adapters.okx.native.routing import BackendTable
from nautilus_trader.adapters.okx.native.trading.actions import AccountActions, OKXAction
from nautilus_trader.adapters.okx.native.trading.backend import NativeTrading
from nautilus_trader.adapters.okx.native.trading.delegated import DelegatedReports
from nautilus_trader.adapters.okx.native.trading.listing import Listings
from nautilus_trader.adapters.okx.native.trading.mass_status import mass_status
from nautilus_trader.adapters.okx.native.trading.offline import OfflineCommands
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.enums import LogColor
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.execution.messages import (
    BatchCancelOrders,
    CancelAllOrders,
    CancelOrder,
    GenerateFillReports,
    GenerateOrderStatusReport,
    GenerateOrderStatusReports,
    GeneratePositionStatusReports,
    ModifyOrder,
    QueryAccount,
    QueryOrder,
    SubmitOrder,
    SubmitOrderList,
)
from nautilus_trader.execution.reports import (
    ExecutionMassStatus,
    FillReport,
    OrderStatusReport,
    PositionStatusReport,
)
from nautilus_trader.live.execution_client import LiveExecutionClient
from nautilus_trader.model.enums import AccountType, OmsType
from nautilus_trader.model.identifiers import AccountId, ClientId


class OKXNativeExecutionClient(LiveExecutionClient):  # type: ignore[misc]
    """
    Provides an execution client for OKX whose methods run natively or on the stock client, as configured.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
        The event loop for the client.
    client : OkxHttpClient
        The native REST client, with keys.
    msgbus : MessageBus
        The message bus for the client.
    cache : Cache
        The cache for the client.
    clock : LiveClock
        The clock for the client.
    instrument_provider : OKXNativeInstrumentProvider
        The instrument provider.
    config : OKXNativeExecClientConfig
        The configuration for the client.
    name : str, optional
        The custom client ID.

    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        client: _okx.OkxHttpClient,
        msgbus: MessageBus,
        cache: Cache,
        clock: LiveClock,
        instrument_provider: OKXNativeInstrumentProvider,
        config: OKXNativeExecClientConfig,
        name: str | None,
    ) -> None:
        backends = _resolve(config)
        # The stock client knows netting only, whatever mode the account is in.
        is_hedging = config.is_hedging and backends.is_native("exec_events")
        super().__init__(
            loop=loop,
            client_id=ClientId(name or OKX_VENUE.value),
            venue=OKX_VENUE,
            oms_type=OmsType.HEDGING if is_hedging else OmsType.NETTING,
            instrument_provider=instrument_provider,
            account_type=account_type_of(config),
            base_currency=None,
            msgbus=msgbus,
            cache=cache,
            clock=clock,
        )
        self._name = name
        self._config = config
        self._http_client = client
        self._native_provider = instrument_provider
        self._native: NativeTrading | None = None
        self._listings: Listings | None = None
        self._delegate: OKXExecutionClient | None = None
        self._delegated: DelegatedReports | None = None
        self._backends = backends
        self._offline = OfflineCommands(self, cache, clock)
        self._set_account_id(AccountId(f"{name or OKX_VENUE.value}-master"))
        if not backends.any_native:
            # The stock constructor's own complaints (such as missing keys) come as early as with the stock factory.
            self._use_delegate()

    @property
    def backends(self) -> BackendTable:
        """Which back end answers each method; frozen while connected."""
        return self._backends

    @property
    def delegate(self) -> OKXExecutionClient | None:
        """The stock client, if some method is routed to it."""
        return self._delegate

    @property
    def action_endpoint(self) -> str:
        """Where a strategy sends an `OKXAction`."""
        return f"{self.id.value}.action"

    def okx_id(self, client_order_id: str) -> str:
        """The id under which OKX knows an order."""
        return self._native.okx_id(client_order_id) if self._native is not None else client_order_id

    def stats(self) -> dict[str, Any] | None:
        """Counters and states of the native order stream; None while nothing runs natively."""
        native = self._native
        return dict(native.stream.stats()) if native is not None and native.stream is not None else None

    # -- CONNECTION -------------------------------------------------------------------------------

    async def _connect(self) -> None:
        self._backends = _resolve(self._config)
        self._log.info("Back ends: " + "\n".join(self._backends.lines()), LogColor.BLUE)
        self._delegate = self._delegated = None
        if self._backends.any_python:
            self._use_delegate()
            await self._connect_delegate()
        if self._backends.any_native:
            self._config.check_native()
            await self._connect_native()
        self._msgbus.register(endpoint=self.action_endpoint, handler=self._on_action)

    async def _disconnect(self) -> None:
        if self.action_endpoint in self._msgbus.endpoints():
            self._msgbus.deregister(endpoint=self.action_endpoint, handler=self._on_action)
        if self._listings is not None:
            self._listings.stop()
            self._listings = None
        native, self._native = self._native, None
        if native is not None:
            await native.close()
        if self._delegate is not None and not self._backends.is_native("exec_events"):
            await self._delegate._disconnect()

    def _use_delegate(self) -> None:
        self._delegate = build_exec_delegate(
            self._loop, self._name, self._config, self._msgbus, self._cache, self._clock, self._backends
        )
        if not self._backends.any_native:
            self._instrument_provider = self._delegate.okx_instrument_provider

    async def _connect_delegate(self) -> None:
        delegate = self._delegate
        assert delegate is not None
        if not self._backends.is_native("exec_events"):
            await delegate._connect()
        else:
            # It only asks over REST: one back end logs in to the private sockets.
            await delegate._instrument_provider.initialize()
            await delegate._cache_instruments()

    async def _connect_native(self) -> None:
        self._native = native = NativeTrading(
            client=self,
            loop=self._loop,
            config=self._config,
            keys=Keys.of(self._config),
            http=self._http_client,
            provider=self._native_provider,
            cache=self._cache,
            clock=self._clock,
            log=self._log,
        )
        try:
            await self._native_provider.initialize()
            native.publish_instruments()
            if self._backends.is_native("exec_events"):
                await self._start_trading(native)
        except BaseException:
            self._native = None
            await native.close()
            raise
        if self._delegate is not None:
            self._delegated = DelegatedReports(self._delegate, native)

    async def _start_trading(self, native: NativeTrading) -> None:
        await native.load_account()
        native.build_stream()
        await native.publish_account_state()
        await self._await_account_registered(timeout_secs=self._config.connect_timeout_secs)
        restored = native.restore()
        if restored:
            self._log.info(f"{restored} order(s) of the cache are followed again")
        await native.open()
        self._listings = Listings(native, self._msgbus, self.create_task)
        self._listings.start()

    # -- COMMANDS ---------------------------------------------------------------------------------
    # The base class starts a task for each command, in which their order would be lost: here they are carried out
    # within the call.

    def _commands(self, name: str) -> Any:
        if not self._backends.is_native(name):
            return self._delegate if self._delegate is not None else self._offline
        commands = self._native.commands if self._native is not None else None
        return commands if commands is not None else self._offline

    def submit_order(self, command: SubmitOrder) -> None:
        self._commands("submit_order").submit_order(command)

    def submit_order_list(self, command: SubmitOrderList) -> None:
        self._commands("submit_order_list").submit_order_list(command)

    def modify_order(self, command: ModifyOrder) -> None:
        self._commands("modify_order").modify_order(command)

    def cancel_order(self, command: CancelOrder) -> None:
        self._commands("cancel_order").cancel_order(command)

    def cancel_all_orders(self, command: CancelAllOrders) -> None:
        self._commands("cancel_all_orders").cancel_all_orders(command)

    def batch_cancel_orders(self, command: BatchCancelOrders) -> None:
        self._commands("batch_cancel_orders").batch_cancel_orders(command)

    # -- QUERIES ----------------------------------------------------------------------------------

    async def _query_account(self, command: QueryAccount) -> None:
        if not self._backends.is_native("query_account"):
            await self._stock()._query_account(command)
            return
        await self._trading().publish_account_state()

    async def _query_order(self, command: QueryOrder) -> None:
        if not self._backends.is_native("query_order"):
            await super()._query_order(command)
            return
        await self._trading().query_order(command)

    # -- REPORTS ----------------------------------------------------------------------------------

    async def generate_order_status_report(self, command: GenerateOrderStatusReport) -> OrderStatusReport | None:
        if not self._backends.is_native("generate_order_status_report"):
            return await self._reports().order_status_report(command)
        return await self._trading().reports.order_status_report(command)

    async def generate_order_status_reports(self, command: GenerateOrderStatusReports) -> list[OrderStatusReport]:
        if not self._backends.is_native("generate_order_status_reports"):
            return await self._reports().order_status_reports(command)
        found = await self._trading().reports.order_status_reports(command)
        self._log_report_receipt(len(found), "OrderStatusReport", command.log_receipt_level)
        return found

    async def generate_fill_reports(self, command: GenerateFillReports) -> list[FillReport]:
        if not self._backends.is_native("generate_fill_reports"):
            return await self._reports().fill_reports(command)
        return await self._trading().reports.fill_reports(command)

    async def generate_position_status_reports(
        self, command: GeneratePositionStatusReports
    ) -> list[PositionStatusReport]:
        if not self._backends.is_native("generate_position_status_reports"):
            return await self._reports().position_status_reports(command)
        found = await self._trading().reports.position_status_reports(command)
        self._log_report_receipt(len(found), "PositionReport", command.log_receipt_level)
        return found

    async def generate_mass_status(self, lookback_mins: int | None = None) -> ExecutionMassStatus | None:
        """All reports; None, with one line that says why, if any of them cannot be made."""
        self.reconciliation_active = True
        try:
            is_native = all(map(self._backends.is_native, ("generate_order_status_reports", "generate_fill_reports")))
            reports = self._trading().reports if is_native else None
            return await mass_status(self, lookback_mins, self._clock, reports)
        except Exception as e:
            self._log.error(f"Execution state cannot be reconciled: {e}")
            return None
        finally:
            self.reconciliation_active = False

    # -- ACCOUNT ACTIONS --------------------------------------------------------------------------

    async def action(self, action: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """Carry out an account action (see `trading.actions`). Raises `OkxError`, `ActionError`."""
        return await AccountActions(self._http_client).call(action, arguments or {})

    async def account_config(self) -> Any:
        """The account's modes, level and permissions."""
        return await self.action("account_config")

    async def leverage(self, inst_id: str, mgn_mode: str) -> Any:
        """The leverage of an instrument in a margin mode."""
        return await self.action("leverage", {"inst_id": inst_id, "mgn_mode": mgn_mode})

    async def set_leverage(self, inst_id: str, lever: Any, mgn_mode: str, pos_side: str | None = None) -> Any:
        """Set the leverage; in cross mode of the whole underlying."""
        arguments = {"inst_id": inst_id, "lever": lever, "mgn_mode": mgn_mode, "pos_side": pos_side}
        return await self.action("set_leverage", arguments)

    async def max_order_size(self, inst_id: str, td_mode: str, **arguments: Any) -> Any:
        """The largest order, in units of its size."""
        return await self.action("max_size", {"inst_id": inst_id, "td_mode": td_mode, **arguments})

    async def order_precheck(self, params: Mapping[str, Any]) -> Any:
        """What an order would do to margins and balances (multi-currency and portfolio margin)."""
        return await self.action("order_precheck", {"params": dict(params)})

    def _on_action(self, request: OKXAction) -> None:
        async def answer() -> None:
            actions = AccountActions(self._http_client)
            self._msgbus.response(await actions.answer(request, self._clock.timestamp_ns))

        self.create_task(answer(), log_msg=f"action: {request.action}")

    # -- INTERNAL ---------------------------------------------------------------------------------

    def _stock(self) -> OKXExecutionClient:
        if self._delegate is None:
            raise ConnectionError("the client is not connected")
        return self._delegate

    def _reports(self) -> DelegatedReports:
        return self._delegated if self._delegated is not None else DelegatedReports(self._stock(), None)

    def _trading(self) -> NativeTrading:
        if self._native is None:
            raise ConnectionError("the client is not connected")
        return self._native


def account_type_of(config: OKXNativeExecClientConfig) -> AccountType:
    """Cash for a client that trades pairs without margin, as the stock client has it."""
    is_cash = tuple(config.instrument_types) == (OKXInstrumentType.SPOT,) and not config.use_spot_margin
    return AccountType.CASH if is_cash else AccountType.MARGIN


def _resolve(config: OKXNativeExecClientConfig) -> BackendTable:
    table = routing.resolve(config.backend, config.backends, registry=EXECUTION)
    routing.check_execution(table)
    return table
