"""What an account can be asked or told besides orders, as requests a strategy sends over the message bus.

from nautilus_trader.adapters.okx.native import OKXAction

self.msgbus.request(
    endpoint="OKX.action",
    request=OKXAction("set_leverage", {"inst_id": "BTC-USDT-SWAP", "lever": 5, "mgn_mode": "cross"}, self.on_answer),
)

The endpoint is the client's id and `.action`. The answer comes to the callback as an `OKXActionResult`, once, also if
OKX refused: then `error` holds its code and words.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError, OkxHttpClient
from nautilus_trader.adapters.okx.native.trading.order_params import plain
from nautilus_trader.core.message import Request, Response
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.model.identifiers import InstrumentId

ACTIONS: Final = (
    "account_config",
    "account_rate_limit",
    "balance",
    "bills",
    "cancel_all_after",
    "close_position",
    "leverage",
    "mass_cancel",
    "max_avail_size",
    "max_size",
    "order_precheck",
    "positions",
    "positions_history",
    "set_leverage",
    "set_position_mode",
)
"""Methods of `OkxHttpClient` that can be asked for, with their arguments."""


class ActionError(ValueError):
    """An action that does not exist, or lacks what it needs."""


class OKXAction(Request):  # type: ignore[misc]
    """
    Asks the native OKX execution client for one action.

    Parameters
    ----------
    action : str
        One of `ACTIONS`.
    arguments : Mapping[str, Any], optional
        The arguments of the method of that name of `OkxHttpClient`; `instrument_id` may stand for `inst_id`.
    callback : Callable[[OKXActionResult], None], optional
        Who gets the answer.

    """

    def __init__(
        self,
        action: str,
        arguments: Mapping[str, Any] | None = None,
        callback: Callable[["OKXActionResult"], None] | None = None,
        ts_init: int = 0,
    ) -> None:
        super().__init__(callback, UUID4(), ts_init)
        self.action = action
        self.arguments = dict(arguments or {})

    def __repr__(self) -> str:
        return f"{type(self).__name__}(action={self.action!r}, arguments={self.arguments})"


class OKXActionResult(Response):  # type: ignore[misc]
    """
    The answer to an `OKXAction`.

    `data` is what OKX answered, as typed dicts; `error` is None, or the exception with OKX's `code`, `message` and
    `advice`.
    """

    def __init__(self, action: OKXAction, data: Any, error: Exception | None, ts_init: int) -> None:
        super().__init__(action.id, UUID4(), ts_init)
        self.action = action.action
        self.data = data
        self.error = error

    @property
    def is_ok(self) -> bool:
        return self.error is None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(action={self.action!r}, error={self.error!r}, data={self.data!r})"


class AccountActions:
    """Carries actions out on the REST client."""

    def __init__(self, http: OkxHttpClient) -> None:
        self._http = http

    def call(self, action: str, arguments: Mapping[str, Any]) -> Awaitable[Any]:
        """Begin an action. Raises `ActionError`."""
        if action not in ACTIONS:
            raise ActionError(f"action {action!r} does not exist: use one of {', '.join(ACTIONS)}")
        given = dict(arguments)
        instrument_id = given.pop("instrument_id", None)
        if instrument_id is not None:
            given["inst_id"] = (
                instrument_id.symbol.value
                if isinstance(instrument_id, InstrumentId)
                else str(instrument_id).removesuffix(".OKX")
            )
        if action == "order_precheck":
            given = {"params": given.get("params", given)}
        else:
            given = {name: plain(value) for name, value in given.items() if value is not None}
        try:
            found: Awaitable[Any] = getattr(self._http, action)(**given)
        except TypeError as e:
            raise ActionError(f"action {action!r}: {e}") from e
        return found

    async def answer(self, request: OKXAction, ts_init: Callable[[], int]) -> OKXActionResult:
        """Carry out a request; what goes wrong is part of the answer."""
        try:
            data = await self.call(request.action, request.arguments)
        except (OkxError, ActionError) as e:
            return OKXActionResult(request, None, e, ts_init())
        return OKXActionResult(request, data, None, ts_init())
