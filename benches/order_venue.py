"""The venue of the order races: a process of its own that takes orders and notes when their bytes arrived.

It speaks just enough OKX for both adapters to connect, acknowledges each order, shows it as live and, when it is to
fill them, a moment later as filled. Times are those of the machine-wide monotonic clock; `report` on the input has them
written to a file as JSON, and printed that they are.
"""

import argparse
import json
import queue
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benches.feeder import FEE, INSTRUMENT, Connection
from benches.frames import inst_ids, ws_text_frame

INSTRUMENTS = 50
FIRST_CODE = 10_459
FILL_AFTER_SECS = 0.002
CONFIG = {
    "acctLv": "2", "acctStpMode": "cancel_maker", "autoLoan": False, "ctIsoMode": "automatic",
    "enableSpotBorrow": False, "greeksType": "PA", "feeType": "0", "ip": "", "kycLv": "3", "label": "bench",
    "level": "Lv1", "levelTmp": "", "liquidationGear": "-1", "mainUid": "1", "mgnIsoMode": "automatic", "opAuth": "1",
    "perm": "read_only,trade", "posMode": "net_mode", "roleType": "0", "settleCcy": "", "settleCcyList": ["USDT"],
    "spotBorrowAutoRepay": False, "spotOffsetType": "", "spotRoleType": "0", "spotTraderInsts": [], "stgyType": "0",
    "traderInsts": [], "type": "0", "uid": "1",
}  # fmt: skip
DETAIL = {
    "accAvgPx": "", "autoLendAmt": "0", "autoLendMtAmt": "0", "autoLendStatus": "off", "availBal": "1000000",
    "availEq": "1000000", "borrowFroz": "", "cashBal": "1000000", "ccy": "USDT", "clSpotInUseAmt": "",
    "colBorrAutoConversion": "0", "colRes": "0", "collateralEnabled": False, "collateralRestrict": False,
    "crossLiab": "", "disEq": "1000000", "eq": "1000000", "eqUsd": "1000000", "fixedBal": "0", "frozenBal": "0",
    "imr": "0", "interest": "", "isoEq": "0", "isoLiab": "", "isoUpl": "0", "liab": "", "maxLoan": "",
    "maxSpotInUse": "", "mgnRatio": "", "mmr": "0", "notionalLever": "0", "openAvgPx": "", "ordFrozen": "0",
    "rewardBal": "0", "smtSyncEq": "0", "spotBal": "", "spotCopyTradingEq": "0", "spotInUseAmt": "",
    "spotIsoBal": "0", "spotUpl": "", "spotUplRatio": "", "stgyEq": "0", "totalPnl": "", "totalPnlRatio": "",
    "twap": "0", "uTime": "1763979985847", "upl": "0", "uplLiab": "",
}  # fmt: skip
BALANCE = {
    "adjEq": "", "availEq": "", "borrowFroz": "", "delta": "", "deltaLever": "", "deltaNeutralStatus": "0",
    "details": [DETAIL], "imr": "", "isoEq": "0", "mgnRatio": "", "mmr": "", "notionalUsd": "",
    "notionalUsdForBorrow": "", "notionalUsdForFutures": "", "notionalUsdForOption": "", "notionalUsdForSwap": "",
    "ordFroz": "", "totalEq": "1000000", "uTime": "1763979985847", "upl": "",
}  # fmt: skip
ORDER = {
    "accFillSz": "0", "algoClOrdId": "", "algoId": "", "amendResult": "", "amendSource": "", "attachAlgoClOrdId": "",
    "attachAlgoOrds": [], "avgPx": "0", "cancelSource": "", "category": "normal", "ccy": "", "clOrdId": "",
    "code": "0", "cTime": "", "execType": "", "fee": "0", "feeCcy": "USDT", "fillFee": "0", "fillFeeCcy": "",
    "fillFwdPx": "", "fillMarkPx": "", "fillMarkVol": "", "fillNotionalUsd": "", "fillPnl": "0", "fillPx": "",
    "fillPxUsd": "", "fillPxVol": "", "fillSz": "0", "fillTime": "", "instId": "", "instType": "SWAP",
    "isTpLimit": "false", "lastPx": "91250", "lever": "3", "linkedAlgoOrd": {"algoId": ""}, "msg": "",
    "notionalUsd": "912.5", "ordId": "", "ordType": "limit", "pnl": "0", "posSide": "net", "px": "", "pxType": "",
    "pxUsd": "", "pxVol": "", "quickMgnType": "", "rebate": "0", "rebateCcy": "USDT", "reduceOnly": "false",
    "reqId": "", "side": "", "slOrdPx": "", "slTriggerPx": "", "slTriggerPxType": "", "source": "", "state": "live",
    "stpId": "", "stpMode": "cancel_maker", "sz": "", "tag": "", "tdMode": "cross", "tgtCcy": "", "tpOrdPx": "",
    "tpTriggerPx": "", "tpTriggerPxType": "", "tradeId": "", "tradeQuoteCcy": "", "uTime": "",
}  # fmt: skip


class Ledger:
    """What all connections note."""

    def __init__(self, fills: bool) -> None:
        self.fills = fills
        self.received_ns: dict[str, int] = {}
        self.filled_ns: dict[str, int] = {}


class OrderConnection(Connection):
    """One accepted socket."""

    def __init__(self, sock: socket.socket, ledger: Ledger) -> None:
        self.sock, self.ledger, self.buffer = sock, ledger, b""
        self.inst_ids = inst_ids(INSTRUMENTS)
        self.read_ns = 0
        self.orders_args: list[dict[str, str]] = []
        self.fills: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.writing = threading.Lock()

    def _answer_rest(self, path: str) -> None:
        rows: list[object] = []
        if "/instruments" in path and "SWAP" in path:
            rows = [INSTRUMENT | {"instId": i, "instIdCode": FIRST_CODE + n} for n, i in enumerate(self.inst_ids)]
        elif "/trade-fee" in path:
            rows = [FEE]
        elif "/time" in path:
            rows = [{"ts": str(now_ms())}]
        elif "/account/config" in path:
            rows = [CONFIG]
        elif "/account/balance" in path:
            rows = [BALANCE]
        body = json.dumps({"code": "0", "msg": "", "data": rows}).encode()
        self.sock.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )

    def _take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            data = self.sock.recv(65536)
            self.read_ns = time.monotonic_ns()
            if not data:
                raise OSError("closed")
            self.buffer += data
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def _send(self, message: dict[str, object]) -> None:
        frame = ws_text_frame(json.dumps(message).encode())
        with self.writing:
            self.sock.sendall(frame)

    def _serve_websocket(self) -> None:
        threading.Thread(target=self._fill, daemon=True).start()
        try:
            for opcode, payload in self._client_frames():
                if opcode == 8:
                    return
                if opcode == 9:
                    continue
                if payload == b"ping":
                    with self.writing:
                        self.sock.sendall(ws_text_frame(b"pong"))
                    continue
                self._serve(json.loads(payload))
        finally:
            self.fills.put(None)

    def _serve(self, request: dict[str, Any]) -> None:
        identity = {"id": request["id"]} if "id" in request else {}
        op = request.get("op")
        if op == "login":
            self._send({"event": "login", "code": "0", "msg": "", "connId": "venue"})
        elif op in ("subscribe", "unsubscribe"):
            for arg in request["args"]:
                self._send(identity | {"event": op, "arg": arg, "connId": "venue"})
                if arg["channel"] == "orders":
                    self.orders_args.append(arg)
        elif op in ("order", "batch-orders"):
            self._take_orders(request, identity)

    def _take_orders(self, request: dict[str, Any], identity: dict[str, Any]) -> None:
        ts = str(now_ms())
        acks, pushes = [], []
        for order in request["args"]:
            cl_ord_id = order["clOrdId"]
            self.ledger.received_ns[cl_ord_id] = self.read_ns
            ord_id = str(1_000_000_000_000_000_000 + len(self.ledger.received_ns))
            inst_id = order.get("instId") or self.inst_ids[int(order["instIdCode"]) - FIRST_CODE]
            acks.append(
                {"clOrdId": cl_ord_id, "ordId": ord_id, "tag": "", "ts": ts, "sCode": "0", "sMsg": "", "subCode": ""}
            )
            known = {"clOrdId": cl_ord_id, "ordId": ord_id, "instId": inst_id, "cTime": ts, "uTime": ts}
            pushes.append(ORDER | known | {name: order[name] for name in ("px", "sz", "side", "ordType")})
        us = ts + "000"
        answer = {"op": request["op"], "code": "0", "msg": "", "data": acks, "inTime": us, "outTime": us}
        self._send(identity | answer)
        for row in pushes:
            self._push(row)
            if self.ledger.fills:
                self.fills.put(row)

    def _push(self, row: dict[str, Any]) -> None:
        for arg in self.orders_args[:1]:
            self._send({"arg": arg | {"uid": "1"}, "data": [row]})

    def _fill(self) -> None:
        while (row := self.fills.get()) is not None:
            time.sleep(FILL_AFTER_SECS)
            ts, number = str(now_ms()), len(self.ledger.filled_ns) + 1
            filled = {
                "state": "filled", "accFillSz": row["sz"], "fillSz": row["sz"], "fillPx": row["px"], "avgPx": row["px"],
                "tradeId": str(number), "fillTime": ts, "uTime": ts, "fee": "-0.01", "fillFee": "-0.01",
                "fillFeeCcy": "USDT", "execType": "M",
            }  # fmt: skip
            frames = [
                ws_text_frame(json.dumps({"arg": arg | {"uid": "1"}, "data": [row | filled]}).encode())
                for arg in self.orders_args[:1]
            ]
            with self.writing:
                self.ledger.filled_ns[row["clOrdId"]] = time.monotonic_ns()
                try:
                    self.sock.sendall(b"".join(frames))
                except OSError:
                    return


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fills", action="store_true", help="fill each order a moment after it was taken")
    parser.add_argument("--times", type=Path, required=True, help="where times go")
    args = parser.parse_args()

    ledger = Ledger(args.fills)
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)

    def accept() -> None:
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=OrderConnection(sock, ledger).serve, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    for line in sys.stdin:  # end of input ends the process
        if line.startswith("count"):
            print(len(ledger.received_ns), flush=True)
        if line.startswith("report"):
            args.times.write_text(json.dumps([ledger.received_ns, ledger.filled_ns]))
            print("reported", flush=True)


if __name__ == "__main__":
    main()
