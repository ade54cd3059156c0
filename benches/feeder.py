"""The feeder: a process of its own that speaks just enough OKX for every contestant and then only writes bytes.

It is neither the simulator nor any client's code. It answers the REST calls the adapters make at connect, upgrades
WebSockets, acknowledges logins and subscriptions, and when the measured channel is subscribed it sends its frames,
either as fast as the socket takes them or at a fixed rate. Send times go to a file, indexed by message, on the
machine-wide monotonic clock, so that a receiver can subtract them.
"""

import argparse
import base64
import hashlib
import json
import socket
import ssl
import struct
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

from benches.frames import BUILDERS, INST_ID, Feed, ws_text_frame

WS_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CHUNK_BYTES = 1 << 18
INSTRUMENT = {
    "alias": "", "auctionEndTime": "", "baseCcy": "", "category": "1", "contTdSwTime": "", "ctMult": "1",
    "ctType": "linear", "ctVal": "0.01", "ctValCcy": "BTC", "expTime": "", "futureSettlement": False, "groupId": "4",
    "instCategory": "1", "instFamily": "BTC-USDT", "instId": INST_ID, "instIdCode": 10459, "instType": "SWAP",
    "lever": "100", "listTime": "1573557408000", "lotSz": "0.01", "maxIcebergSz": "100000000", "maxLmtAmt": "20000000",
    "maxLmtSz": "100000000", "maxMktAmt": "", "maxMktSz": "35000", "maxStopSz": "35000", "maxTriggerSz": "100000000",
    "maxTwapSz": "100000000", "minSz": "0.01", "openType": "", "optType": "", "preMktSwTime": "", "quoteCcy": "",
    "ruleType": "normal", "settleCcy": "USDT", "state": "live", "stk": "", "tickSz": "0.1", "uly": "BTC-USDT",
    "tradeQuoteCcyList": [], "upcChg": [],
}  # fmt: skip
FEE = {
    "category": "1", "delivery": "", "exercise": "", "instType": "SWAP", "level": "Lv1", "maker": "-0.0002",
    "makerU": "-0.0002", "makerUSDC": "", "taker": "-0.0005", "takerU": "-0.0005", "takerUSDC": "",
    "ts": "1763979985847", "feeGroup": [{"groupId": "4", "maker": "-0.0002", "taker": "-0.0005"}], "fiat": [],
    "ruleType": "normal",
}  # fmt: skip


class Connection:
    """One accepted socket, HTTP first, WebSocket after an upgrade."""

    def __init__(self, sock: socket.socket, feed: Feed, rate: int | None, times: Path | None, start: threading.Event):
        self.sock, self.feed, self.rate, self.times, self.start = sock, feed, rate, times, start
        self.buffer = b""
        self.missing = set(feed.inst_ids)

    def serve(self) -> None:
        try:
            while head := self._read_head():
                lines = head.split(b"\r\n")
                path = lines[0].split(b" ")[1].decode()
                headers = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
                lower = {key.lower(): value for key, value in headers.items()}
                if b"sec-websocket-key" in lower:
                    self._upgrade(lower[b"sec-websocket-key"])
                    self._serve_websocket()
                    return
                self._answer_rest(path)
        except OSError:
            pass
        finally:
            self.sock.close()

    def _read_head(self) -> bytes:
        while b"\r\n\r\n" not in self.buffer:
            data = self.sock.recv(65536)
            if not data:
                return b""
            self.buffer += data
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        return head

    def _answer_rest(self, path: str) -> None:
        rows: list[object] = []
        if "/instruments" in path:
            if "SWAP" in path or INST_ID in path:
                rows = [INSTRUMENT | {"instId": i, "instIdCode": 10459 + n} for n, i in enumerate(self.feed.inst_ids)]
        elif "/trade-fee" in path:
            rows = [FEE]
        elif "/time" in path:
            rows = [{"ts": str(time.time_ns() // 1_000_000)}]
        body = json.dumps({"code": "0", "msg": "", "data": rows}).encode()
        self.sock.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )

    def _upgrade(self, key: bytes) -> None:
        accept = base64.b64encode(hashlib.sha1(key + WS_GUID).digest())
        self.sock.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )

    def _serve_websocket(self) -> None:
        for opcode, payload in self._client_frames():
            if opcode == 8:
                return
            if opcode != 1:
                continue
            if payload == b"ping":
                self.sock.sendall(ws_text_frame(b"pong"))
                continue
            request = json.loads(payload)
            identity = {"id": request["id"]} if "id" in request else {}
            if request.get("op") == "login":
                self._send({"event": "login", "code": "0", "msg": "", "connId": "feeder"})
            elif request.get("op") in ("subscribe", "unsubscribe"):
                for arg in request["args"]:
                    self._send(identity | {"event": request["op"], "arg": arg, "connId": "feeder"})
                if request["op"] == "subscribe" and self.missing:
                    self.missing -= {
                        arg.get("instId") for arg in request["args"] if arg["channel"] == self.feed.channel
                    }
                    if not self.missing:
                        threading.Thread(target=self._feed, daemon=True).start()

    def _client_frames(self) -> Iterator[tuple[int, bytes]]:
        while True:
            head = self._take(2)
            size = head[1] & 0x7F
            if size == 126:
                size = struct.unpack("!H", self._take(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self._take(8))[0]
            mask = self._take(4)
            masked = self._take(size)
            key = (mask * (size // 4 + 1))[:size]
            # As one long number: the venue's own work must not be what a burst of orders waits for.
            payload = (int.from_bytes(masked) ^ int.from_bytes(key)).to_bytes(size)
            yield head[0] & 0x0F, payload

    def _take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            data = self.sock.recv(65536)
            if not data:
                raise OSError("closed")
            self.buffer += data
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def _send(self, message: dict[str, object]) -> None:
        self.sock.sendall(ws_text_frame(json.dumps(message).encode()))

    def _feed(self) -> None:
        try:
            if self.feed.opening:
                self.sock.sendall(self.feed.opening)
            self.start.wait()
            if self.rate is None:
                self._send_all()
            else:
                self._send_paced(self.rate)
        except OSError:
            pass

    def _send_all(self) -> None:
        chunk = bytearray()
        for frame in self.feed.frames:
            chunk += frame
            if len(chunk) >= CHUNK_BYTES:
                self.sock.sendall(chunk)
                chunk.clear()
        self.sock.sendall(chunk)

    def _send_paced(self, rate: int) -> None:
        sent_ns = array("q", bytes(8 * len(self.feed.frames)))
        period_ns = 1_000_000_000 // rate
        due = time.monotonic_ns() + period_ns
        for index, frame in enumerate(self.feed.frames):
            while (left := due - time.monotonic_ns()) > 0:
                time.sleep(left / 1e9)
            sent_ns[index] = time.monotonic_ns()
            self.sock.sendall(frame)
            due += period_ns
        if self.times is not None:
            self.times.write_bytes(sent_ns.tobytes())
            print("sent", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feed", choices=sorted(BUILDERS), required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--instruments", type=int, default=1)
    parser.add_argument("--rate", type=int, help="messages per second; absent: as fast as the socket takes them")
    parser.add_argument("--times", type=Path, help="where send times go (paced only)")
    parser.add_argument("--cert", type=Path, help="PEM with key and certificate: serve TLS")
    args = parser.parse_args()

    feed = BUILDERS[args.feed](args.count, time.time_ns() // 1_000_000, args.instruments)
    start = threading.Event()
    context = None
    if args.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.cert)
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)

    def accept() -> None:
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=handle, args=(sock,), daemon=True).start()

    def handle(sock: socket.socket) -> None:
        try:
            wrapped = context.wrap_socket(sock, server_side=True) if context else sock
        except (ssl.SSLError, OSError):
            return
        Connection(wrapped, feed, args.rate, args.times, start).serve()

    threading.Thread(target=accept, daemon=True).start()
    for line in sys.stdin:  # "go" starts the feed, end of input ends the process
        if line.strip() == "go":
            start.set()


if __name__ == "__main__":
    main()
