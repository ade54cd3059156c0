"""The checks of `okx-nt doctor`: each one gives findings with what was seen and what to do."""

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Final

from nautilus_trader.adapters.okx.native._okx import OkxError, OkxHttpClient, OkxWebSocketClient, handover_report
from nautilus_trader.adapters.okx.native.versions import UnsupportedVersionError, require_supported

CLOCK_WARN_MS: Final = 1_000
CLOCK_FAIL_MS: Final = 30_000
"""OKX refuses signed requests whose time differs by more (code 50102)."""

CLOCK_SAMPLES: Final = 3
CONNECT_TIMEOUT_SECS: Final = 10.0

ACCOUNT_MODES: Final = {"1": "spot", "2": "futures", "3": "multi-currency margin", "4": "portfolio margin"}
POSITION_MODES: Final = {"net_mode": "net", "long_short_mode": "long/short"}
REGION_HINT: Final = (
    "accounts made on my.okx.com need --region eea, those made on app.okx.com --region us; "
    "demo keys need --environment demo"
)


@dataclass(frozen=True)
class Finding:
    """One check: `ok`, `warning`, `failed` or `skipped`, what was seen, and what to do about it."""

    check: str
    status: str
    detail: str
    advice: str = ""


@dataclass(frozen=True)
class Target:
    """Where to look, and with which keys."""

    region: str
    environment: str
    base_url_http: str | None
    base_url_ws: str | None
    api_key: str | None
    api_secret: str | None
    api_passphrase: str | None
    ca_pem: bytes | None = None

    @property
    def has_keys(self) -> bool:
        return bool(self.api_key and self.api_secret and self.api_passphrase)

    def http(self) -> OkxHttpClient:
        keys = self.has_keys
        return OkxHttpClient(
            base_url=self.base_url_http,
            region=self.region,
            environment=self.environment,
            api_key=self.api_key if keys else None,
            api_secret=self.api_secret if keys else None,
            api_passphrase=self.api_passphrase if keys else None,
            timeout_secs=CONNECT_TIMEOUT_SECS,
            max_retries=1,
            ca_pem=self.ca_pem,
        )

    def ws(self, kind: str) -> OkxWebSocketClient:
        keys = kind == "private"
        base = self.base_url_ws
        return OkxWebSocketClient(
            base.rsplit("/", 1)[0] + f"/{kind}" if base else None,
            kind=kind,  # type: ignore[arg-type]
            region=self.region,
            environment=self.environment,
            api_key=self.api_key if keys else None,
            api_secret=self.api_secret if keys else None,
            api_passphrase=self.api_passphrase if keys else None,
            ca_pem=self.ca_pem,
        )


async def examine(target: Target) -> list[Finding]:
    """All checks, in the order in which one depends on the other."""
    findings = [check_version(), check_handover()]
    http = target.http()
    try:
        reachable = await check_rest(http)
        findings.append(reachable)
        if reachable.status == "ok":
            findings.append(await check_clock(http))
        for kind in ("public", "business"):
            findings.append(await check_socket(target, kind))
        findings += await check_account(target, http)
    finally:
        http.close()
    return findings


def check_version() -> Finding:
    try:
        return Finding("version", "ok", f"nautilus_trader {require_supported()}")
    except UnsupportedVersionError as e:
        return Finding("version", "failed", str(e), "install the version named")


def check_handover() -> Finding:
    try:
        report = handover_report()
    except OkxError as e:
        return Finding("hand-over", "failed", str(e), e.advice)
    if report["reason"]:
        return Finding("hand-over", "warning", report["reason"], "market data works, only slower")
    return Finding("hand-over", "ok", f"{report['mode']}, precision {report['fixed_precision']}")


async def check_rest(http: OkxHttpClient) -> Finding:
    try:
        await http.server_time()
    except OkxError as e:
        return Finding("REST", "failed", f"{http.base_url}: {e}", e.advice or "check network, proxy and firewall")
    return Finding("REST", "ok", http.base_url)


async def check_clock(http: OkxHttpClient) -> Finding:
    """Skew by the sample with the shortest round trip, taken at its middle."""
    samples: list[tuple[float, float]] = []
    for _ in range(CLOCK_SAMPLES):
        before = time.time_ns() / 1e6
        try:
            server = await http.server_time()
        except OkxError as e:
            return Finding("clock", "failed", str(e), e.advice)
        after = time.time_ns() / 1e6
        samples.append((after - before, (before + after) / 2 - server))
    round_trip, skew = min(samples)
    detail = f"{skew:+.0f} ms against OKX (round trip {round_trip:.0f} ms)"
    if abs(skew) >= CLOCK_FAIL_MS:
        return Finding("clock", "failed", detail, "signed requests are refused (50102): synchronise the clock by NTP")
    if abs(skew) >= CLOCK_WARN_MS:
        return Finding("clock", "warning", detail, "synchronise the clock by NTP; latencies are shown wrong")
    return Finding("clock", "ok", detail)


async def check_socket(target: Target, kind: str) -> Finding:
    name = f"WebSocket {kind}"
    socket = target.ws(kind)
    try:
        await socket.connect(CONNECT_TIMEOUT_SECS)
        return Finding(name, "ok", socket.url)
    except OkxError as e:
        return Finding(name, "failed", f"{socket.url}: {e}", e.advice or "check network, proxy and firewall")
    finally:
        await quietly(socket.close())


async def check_account(target: Target, http: OkxHttpClient) -> list[Finding]:
    if not target.has_keys:
        advice = "set OKX_API_KEY, OKX_API_SECRET and OKX_API_PASSPHRASE to check an account; public data needs none"
        return [Finding("keys", "skipped", "no API keys in the environment", advice)]
    try:
        config: Any = await http.account_config()
    except OkxError as e:
        return [Finding("keys", "failed", str(e), f"{e.advice or 'check the three values'}; {REGION_HINT}")]
    login = await check_socket(target, "private")
    return [*findings_of_account(config), Finding("login", login.status, login.detail, login.advice)]


def findings_of_account(config: dict[str, Any]) -> list[Finding]:
    """What the account's configuration means for trading."""
    perms = sorted(perm.strip() for perm in str(config.get("perm") or "").split(",") if perm.strip())
    if "withdraw" in perms:
        advice = "the key may withdraw, which no trading program needs: make one without"
        permission = Finding("permissions", "warning", ", ".join(perms), advice)
    elif "trade" in perms:
        permission = Finding("permissions", "ok", ", ".join(perms))
    else:
        advice = "reading works; to trade, give the key the trade permission"
        permission = Finding("permissions", "warning", ", ".join(perms) or "none", advice)
    addresses = str(config.get("ip") or "")
    binding = (
        Finding("IP binding", "ok", addresses)
        if addresses
        else Finding("IP binding", "warning", "none", "bind the key to your addresses; unbound trading keys expire")
    )
    mode, position_mode = str(config.get("acct_lv") or ""), str(config.get("pos_mode") or "")
    advice = "derivatives and margin need another account mode" if mode == "1" else ""
    return [
        Finding("keys", "ok", f"account {config.get('uid') or 'known'}, fee level {config.get('level') or '?'}"),
        permission,
        binding,
        Finding("account mode", "ok", ACCOUNT_MODES.get(mode, mode or "unknown"), advice),
        Finding("position mode", "ok", POSITION_MODES.get(position_mode, position_mode or "unknown")),
    ]


async def quietly(closing: Awaitable[Any]) -> None:
    try:
        await closing
    except OkxError:
        return
