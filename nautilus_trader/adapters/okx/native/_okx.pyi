"""Native OKX transport: what the Rust extension module offers to Python.

Sections, each with a Rust file (or folder) of the same name in `crates/adapters/okx/python/src`:
errors, handover, stream, execution, http (in `_okx_http.pyi`), ws, sim, decode.

Conventions
-----------
* Times are integers whose name says the unit (`ts_ms`, `start_ns`). Prices, sizes and rates are `decimal.Decimal`,
  exactly as OKX sent them. A field OKX left empty is `None`.
* Awaitables belong to the loop that was running when the method was called. Every callback runs on that loop's
  thread, never on another one.
* The dict classes exist for type checkers only: write their names in quotes.
* No background thread of this module ever enters the interpreter; leaving it with live sockets is clean.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Literal, NotRequired, Self, TypedDict, final, type_check_only

from nautilus_trader.model.data import BarType
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.model.orders import Order

from ._okx_http import FillPages as FillPages
from ._okx_http import InstrumentRow as InstrumentRow
from ._okx_http import OkxHttpClient as OkxHttpClient
from ._okx_http import UpcomingChange as UpcomingChange

__version__: Final[str]

SUPPORTED_NAUTILUS_VERSIONS: Final[tuple[str, ...]]
"""Versions of the stock wheel whose struct layouts were tested."""

# -- errors -----------------------------------------------------------------------------------------------------------

class OkxError(Exception):
    """Base of everything this module raises about OKX.

    `code` is OKX's (or 0 when the failure did not come from OKX), `message` OKX's words, `advice` says what to do.
    """

    code: int
    message: str
    advice: str
    kind: str
    http_status: int | None
    topic: dict[str, str] | None

class OkxHttpError(OkxError):
    """A REST request failed; `http_status` is None when no answer arrived."""

class OkxSubscriptionError(OkxError):
    """OKX (or a local check) refused a subscription; `topic` is the channel argument. It is not retried."""

class OkxConnectionError(OkxError):
    """The host could not be reached, refused the login, or the stream is closed."""

class OkxDecodeError(OkxError):
    """A body or frame is not what OKX documents; `message` names the path."""

# -- handover ---------------------------------------------------------------------------------------------------------

@type_check_only
class HandoverReport(TypedDict):
    """Result of the self-test made at import."""

    nautilus_version: str
    fixed_precision: int
    raw_bytes: int
    mode: Literal["capsule", "from_raw"]
    reason: str | None
    """Why the slower `from_raw` constructors are used; log it as a warning. None in capsule mode."""

def handover_report() -> HandoverReport:
    """How finished objects reach Nautilus in this process. Raises `OkxError` for a wheel that cannot be served."""

def handover_self_test() -> None:
    """Round-trip every struct through the installed wheel; raises `OkxError` naming the first field that differs."""

def handover_build(kind: str, instrument_id: InstrumentId, fields: Mapping[str, Any], mode: str = "auto") -> Any:
    """Build one object of `kind` through the hand-over (for tests and tools).

    `kind` is `deltas`, `depth10`, `quote`, `trade`, `bar`, `mark` or `index`; raws are integers scaled by
    10 ** fixed_precision. `mode` is `auto`, `capsule` or `from_raw`.
    """

# -- stream -----------------------------------------------------------------------------------------------------------

@type_check_only
class StreamEvent(TypedDict):
    """What is not data. Log `message` at `level` through the component's logger."""

    type: Literal[
        "connecting",
        "connected",
        "disconnected",
        "reconnecting",
        "logged_in",
        "login_failed",
        "notice",
        "connection_count",
        "subscribed",
        "unsubscribed",
        "subscription_failed",
        "gap",
        "recovered",
        "stale",
        "decode_error",
        "callback_error",
        "warning",
        "closed",
        # Of ExecutionStream:
        "ready",
        "lost",
        "connect_failed",
        "channel_refused",
        "degraded",
        "conn_count",
        "session",
        "orders",
        "submit",
        "bracket",
        "restore",
        "gate",
        "id",
        "unknown_answer",
        "unknown_params",
    ]
    level: Literal["debug", "info", "warning", "error"]
    message: str
    link: NotRequired[Literal["public", "private", "business"]]
    topic: NotRequired[dict[str, str]]
    inst_id: NotRequired[str]
    code: NotRequired[int]
    advice: NotRequired[str]

@type_check_only
class LatencyStats(TypedDict):
    """Time from the return of the socket read to the return of the data callback, per message."""

    count: int
    p50_us: float
    p90_us: float
    p99_us: float
    max_us: float

@type_check_only
class LinkStats(TypedDict):
    state: str
    connects: int
    frames: int
    bytes_received: int
    conn_id: str | None

@type_check_only
class StreamStats(TypedDict):
    driver: Literal["inline", "threaded"]
    handover: Literal["capsule", "from_raw"]
    counts: dict[str, int]
    """Objects handed over: deltas, depth10, quotes, trades, bars, marks, indexes, fundings, statuses, greeks, rows."""
    gaps_detected: int
    gaps_recovered: int
    checksum_failures: int
    decode_errors: int
    rows_skipped: int
    dropped: int
    """Objects that never reached the callback because the mailbox of the threaded driver was full."""
    unregistered: int
    """Messages for instruments nobody registered."""
    latency: LatencyStats
    links: dict[str, LinkStats]

@final
class MarketDataStream:
    """The native market-data path: OKX's public and business sockets to finished Nautilus objects.

    `on_data(obj)` gets finished objects: `OrderBookDeltas`, `OrderBookDepth10`, `QuoteTick`, `TradeTick`, `Bar`,
    `MarkPriceUpdate`, `IndexPriceUpdate`, `FundingRateUpdate`, `InstrumentStatus`, `OptionGreeks`.
    `on_row(channel, row)` gets dicts of the channels Nautilus has no object for (see `subscribe_rows`).
    `on_event(event)` gets `StreamEvent` dicts. Build it on the loop's thread; no key is needed for public data.

    `driver`: `inline` reads the socket on the loop (lowest latency), `threaded` reads on a thread with one wake-up per
    batch, `auto` takes inline where the loop has `add_reader`.

    A socket that has no topic is not opened: `connect` opens the public one, the first business topic the other.
    """

    def __new__(
        cls,
        *,
        on_data: Callable[[Any], Any],
        on_event: Callable[[StreamEvent], Any] | None = None,
        on_row: Callable[[str, dict[str, Any]], Any] | None = None,
        url_public: str | None = None,
        url_business: str | None = None,
        region: str = "global",
        environment: str = "live",
        driver: Literal["auto", "inline", "threaded"] = "auto",
        api_key: str | None = None,
        api_secret: str | None = None,
        api_passphrase: str | None = None,
        vip_level: int = 0,
        ca_pem: bytes | None = None,
        proxy_url: str | None = None,
        bars_timestamp_on_close: bool = True,
        connect_timeout_secs: float = 10.0,
        ack_timeout_secs: float = 10.0,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> Self: ...
    @property
    def driver(self) -> Literal["inline", "threaded"]: ...
    @property
    def is_connected(self) -> bool: ...
    def connect(self, timeout_secs: float = 30.0) -> asyncio.Future[None]:
        """Open the public socket. Raises `OkxConnectionError` on time-out; later drops are repaired silently."""

    def close(self) -> asyncio.Future[None]:
        """Close both sockets and stop every timer and thread. Nothing is called back afterwards. Idempotent."""

    def register_instrument(
        self,
        instrument_id: InstrumentId,
        inst_id: str,
        *,
        inst_type: str,
        price_precision: int,
        size_precision: int,
        index_inst_id: str | None = None,
        inst_family: str | None = None,
    ) -> None:
        """Make an instrument usable at once, also while connected; again with other precisions replaces them."""

    def is_registered(self, instrument_id: InstrumentId) -> bool: ...
    def subscribe_book_deltas(
        self, instrument_id: InstrumentId, depth: int = 0, channel: str | None = None
    ) -> asyncio.Future[str]:
        """Returns the channel taken (`books`, `books50-l2-tbt`, `books-l2-tbt`, `books-rpi`), by VIP level, depth."""

    def unsubscribe_book_deltas(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_depth10(self, instrument_id: InstrumentId) -> asyncio.Future[str]:
        """Ten levels a side, kept from `books`; shares its wire topic with `subscribe_book_deltas`."""

    def unsubscribe_depth10(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_quotes(self, instrument_id: InstrumentId) -> asyncio.Future[str]: ...
    def unsubscribe_quotes(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_trades(self, instrument_id: InstrumentId, aggregated: bool = True) -> asyncio.Future[str]:
        """`trades` (aggregated per taker order and price), or `trades-all` on the business socket."""

    def unsubscribe_trades(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_bars(self, bar_type: BarType) -> asyncio.Future[str]:
        """Closed bars of last prices, each exactly once, external; those of six hours and more are UTC-aligned."""

    def unsubscribe_bars(self, bar_type: BarType) -> asyncio.Future[None]: ...
    def subscribe_mark_prices(self, instrument_id: InstrumentId) -> asyncio.Future[str]: ...
    def unsubscribe_mark_prices(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_index_prices(self, instrument_id: InstrumentId) -> asyncio.Future[str]:
        """Instruments that share an index share its wire topic; only those that asked get updates."""

    def unsubscribe_index_prices(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_funding_rates(self, instrument_id: InstrumentId) -> asyncio.Future[str]: ...
    def unsubscribe_funding_rates(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_instrument_status(self, instrument_id: InstrumentId) -> asyncio.Future[str]: ...
    def unsubscribe_instrument_status(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_option_greeks(
        self, instrument_id: InstrumentId, convention: Literal["BLACK_SCHOLES", "PRICE_ADJUSTED", "BOTH"] = "BOTH"
    ) -> asyncio.Future[str]: ...
    def unsubscribe_option_greeks(self, instrument_id: InstrumentId) -> asyncio.Future[None]: ...
    def subscribe_rows(self, topic: Mapping[str, str]) -> asyncio.Future[str]:
        """Dicts to `on_row` for any public or business topic, e.g. `{"channel": "open-interest", "instId": ...}`,
        `price-limit`, `liquidation-orders`, `status`, `instruments` (deltas), `candle1m` (forming rows included).

        Rows carry OKX's own field names and texts. Reference-counted per topic like everything else."""

    def unsubscribe_rows(self, topic: Mapping[str, str]) -> asyncio.Future[None]: ...
    def subscriptions(self) -> list[dict[str, str]]:
        """Wire topics currently wanted."""

    def stats(self) -> StreamStats: ...
    def reset_latency(self) -> None: ...
    def force_reconnect(self, link: Literal["public", "business"] = "public") -> None:
        """Drop and rebuild a socket (for tests and operators)."""

# -- execution --------------------------------------------------------------------------------------------------------

@type_check_only
class OrderLineStats(TypedDict):
    """One of the two sockets. `state` is `closed`, `open` (logging in) or `ready`."""

    state: Literal["closed", "open", "ready"]
    connects: int
    frames: int
    bytes_received: int
    sent: int
    unsent_bytes: int
    """Written, and not taken by the socket yet: the network or OKX is slow."""
    conn_id: str | None

@type_check_only
class ExecutionStats(TypedDict):
    driver: Literal["inline", "threaded"]
    is_ready: bool
    open_orders: int
    known_orders: int
    unresolved: int
    """Orders of which something is being looked up."""
    waiting: int
    """Commands that wait for OKX's limits."""
    unanswered: int
    commands_sent: int
    losses: int
    reconciliations: int
    requests: int
    """Requests over REST, since the start."""
    requests_open: int
    lines: dict[str, OrderLineStats]

@final
class ExecutionStream:
    """The native trading path: Nautilus' orders to OKX's private and business sockets, and what becomes of them.

    `on_event(kind, client_order_id, instrument_id, venue_order_id, ts_event_ns, detail)` gets what happens to orders;
    `ts_event_ns` 0 stands for now, `venue_order_id` is None while OKX has told none, `instrument_id` is None where the
    order is not known here. Kinds and their `detail`:

    * `denied` (reason,): nothing was sent; `submitted` (): the bytes have left; `accepted` (); `triggered` ();
    * `updated` (quantity, price or None, trigger price or None, now in base currency);
    * `filled` (trade id, `OrderSide` as a number, quantity, price, (amount, currency) or None, "maker" or "taker" or
      None, OKX's order id); the amount is above 0 for what was paid;
    * `modify_rejected` (reason,), `cancel_rejected` (reason,), `rejected` (reason, due to post-only), `canceled`
      (reason,), `expired` (reason,).

    `on_report(kind, row)` gets what is not ours: kinds `order`, `fill`, `algo` (orders of the app, of other
    processes, of OKX itself), `greeks` and `liquidation_warning`. `on_account(balances, positions, totals, ts_ms)`
    gets the rows that changed: OKX's names, with `total`, `free` and `locked` of balances, `direction` and `quantity`
    of positions. `on_note(event)` gets `StreamEvent` dicts; `ready` and `lost` tell whether commands can be sent.

    A command is encoded and written within the call. Callbacks run on the loop's thread, one after the other: a command
    from within a callback leaves at once, and what it causes is called back afterwards. Orders that cannot be sent come
    as `denied`, never as exceptions.

    `driver`: `inline` watches the sockets on the loop (lowest latency), `threaded` on the runtime, so that answers are
    taken in while the loop is blocked; `auto` takes inline where the loop has `add_reader`. The REST client must have
    the keys of the same account: some orders (stops, brackets) and all lookups go over REST.

    `settings`: `acct_lv` ("1" to "4"), `pos_mode`, `margin_mode`, `spot_margin`, `margin_ccy`, `tag`, `stp_mode`,
    `route` ("ws" or "http"), `gtd_as_gtc`, `account_limit` (orders in two seconds), which `configure` takes too;
    `exp_time_ms`, `unlimited` (no rate limits: for benchmarks), `fills`, `spreads`, `greeks` (channels),
    `keep_closed_max`. None stands for the default. Unknown names raise `ValueError`.
    """

    def __new__(
        cls,
        loop: asyncio.AbstractEventLoop,
        *,
        http: OkxHttpClient,
        ws_private_url: str,
        ws_business_url: str,
        api_key: str,
        api_secret: str,
        api_passphrase: str,
        on_event: Callable[[str, str, InstrumentId | None, str | None, int, tuple[Any, ...]], Any],
        on_report: Callable[[str, dict[str, Any]], Any],
        on_account: Callable[[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any], int], Any],
        on_note: Callable[[StreamEvent], Any],
        driver: Literal["auto", "inline", "threaded"] = "auto",
        settings: dict[str, Any] | None = None,
        ca_pem: bytes | None = None,
        proxy_url: str | None = None,
        connect_timeout_secs: float = 30.0,
    ) -> Self: ...
    @property
    def driver(self) -> Literal["inline", "threaded"]: ...
    @property
    def is_ready(self) -> bool:
        """Logged in, subscribed, and what happened meanwhile is known."""

    def register_instrument(self, instrument_id: InstrumentId, row: Mapping[str, Any]) -> None:
        """Make an instrument tradable at once; again with a newer row replaces it. The row is that of
        `OkxHttpClient.instruments()`; one that lacks what trading needs (`missing`) raises `ValueError`."""

    def register_spread(
        self, instrument_id: InstrumentId, sprd_id: str, tick_sz: Decimal, lot_sz: Decimal, min_sz: Decimal
    ) -> None:
        """Make a spread tradable, as `/sprd/spreads` tells it."""

    def is_registered(self, instrument_id: InstrumentId) -> bool: ...
    def configure(self, settings: dict[str, Any]) -> None:
        """The account's modes or limit are known now, or have changed."""

    def restore(self, order: Order) -> None:
        """An order of an earlier process, from the cache: before `open` (what it left unanswered is looked up), or when
        it is to be changed and was found by asking OKX. Raises `ValueError` if its instrument is not registered."""

    def open(self) -> asyncio.Future[None]:
        """Connect both sockets; done when logged in, subscribed, and what happened meanwhile is known. Raises
        `OkxConnectionError` (a refused login with OKX's code and words; the last trouble after `connect_timeout_secs`)
        or `OkxSubscriptionError`. Later drops are repaired silently."""

    def close(self) -> asyncio.Future[None]:
        """Close both sockets. Orders stay open at OKX. Nothing is called back afterwards. Idempotent."""

    def submit(self, order: Order, params: dict[str, Any] | None = None) -> None:
        """Send an order. `params` say what Nautilus does not model (`td_mode`, `pos_side`, `tp_trigger_px`, ...)."""

    def submit_list(self, orders: list[Order], params: dict[str, Any] | None = None) -> None:
        """Send a bracket (an entry, and legs that name it as their parent) as one order with what is attached to it, or
        independent orders in as few requests as OKX allows."""

    def modify(
        self,
        client_order_id: str,
        quantity: Quantity | None = None,
        price: Price | None = None,
        trigger_price: Price | None = None,
    ) -> None:
        """Change an order; `quantity` is the total one. `modify_rejected` comes if that was surely not done."""

    def cancel(self, client_order_id: str) -> None:
        """Cancel an order. `cancel_rejected` comes if that was surely not done."""

    def cancel_batch(self, client_order_ids: list[str]) -> None:
        """Cancel orders, those of one instrument in as few requests as OKX allows."""

    def okx_id(self, client_order_id: str) -> str:
        """The `clOrdId` of an order at OKX. Raises `ValueError` for an id that cannot be used."""

    def knows(self, client_order_id: str) -> bool:
        """Whether an order is followed, or waits to be sent."""

    def nautilus_id(self, cl_ord_id: str) -> str | None:
        """The client order id of an order at OKX; None for the hash of one that is not known here."""

    def unresolved(self) -> list[str]:
        """Orders of which something is being looked up: while there are any, their outcome is not known."""

    def stats(self) -> ExecutionStats: ...

# -- ws ---------------------------------------------------------------------------------------------------------------

@final
class OkxWebSocketClient:
    """Generic async WebSocket client for one URL: any topic, messages as dicts with OKX's own names and texts.

    Iterate it, or give `callback`. It logs in when keys are given, answers heartbeats, reconnects and resubscribes.
    """

    def __new__(
        cls,
        url: str | None = None,
        *,
        kind: Literal["public", "private", "business"] = "public",
        region: str = "global",
        environment: str = "live",
        callback: Callable[[dict[str, Any]], Any] | None = None,
        on_event: Callable[[StreamEvent], Any] | None = None,
        api_key: str | None = None,
        api_secret: str | None = None,
        api_passphrase: str | None = None,
        ca_pem: bytes | None = None,
        proxy_url: str | None = None,
        max_queue: int = 100_000,
    ) -> Self: ...
    @property
    def url(self) -> str: ...
    @property
    def is_connected(self) -> bool: ...
    def connect(self, timeout_secs: float = 30.0) -> asyncio.Future[None]: ...
    def close(self) -> asyncio.Future[None]: ...
    def subscribe(self, topic: Mapping[str, str]) -> asyncio.Future[None]: ...
    def unsubscribe(self, topic: Mapping[str, str]) -> asyncio.Future[None]: ...
    def __aiter__(self) -> Self: ...
    def __anext__(self) -> asyncio.Future[dict[str, Any]]: ...

# -- sim --------------------------------------------------------------------------------------------------------------

@final
class SimulatedExchange:
    """A simulated OKX (REST and WebSocket) served from this process on a free port of the loopback interface.

    Usable as a context manager. `config` takes the simulator's own keys (see `okx-nt sim --help`).
    """

    def __new__(
        cls,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = False,
        seed: int = 1,
        tape: str | Sequence[str] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> Self: ...
    def start(self) -> Self: ...
    def stop(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
    @property
    def rest_url(self) -> str: ...
    @property
    def ws_public_url(self) -> str: ...
    @property
    def ws_private_url(self) -> str: ...
    @property
    def ws_business_url(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    @property
    def api_secret(self) -> str: ...
    @property
    def api_passphrase(self) -> str: ...
    @property
    def ca_pem(self) -> bytes | None:
        """Certificate of the authority that signed the server's, when `tls` is on."""

    def urls(self) -> dict[str, str]:
        """`{"rest", "ws_public", "ws_private", "ws_business", "api_key", "api_secret", "passphrase"}`."""

    def inject(self, fault: Mapping[str, Any]) -> dict[str, Any]:
        """Add a fault: a target, a condition, an action, e.g. `{"on": {"class": "update", "channel": "books"},
        "when": {"count": 1}, "what": {"kind": "seq", "how": "drop"}}`. Returns its number."""

    def clear_faults(self) -> None: ...
    def journal(self) -> list[dict[str, Any]]: ...
    def book(self, inst_id: str) -> dict[str, Any]:
        """The venue's own book, for comparison."""

    def now_ms(self) -> int: ...
    def advance(self, ms: int) -> None: ...
    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Any control request (`/control/...`), as JSON."""

# -- decode -----------------------------------------------------------------------------------------------------------

@type_check_only
class DecodeReport(TypedDict):
    file: str
    kind: str
    ok: bool
    items: int
    unknown_fields: list[str]
    error: str | None

def decode_files(paths: Sequence[str], as_endpoint: str | None = None) -> list[DecodeReport]:
    """Decode captured REST bodies and WebSocket frames with the client's own types."""
