"""A way to the exchange that cuts the stream elsewhere: byte by byte, or many frames at once."""

import contextlib
import socket
import threading
from typing import Any, Self
from urllib.parse import urlsplit

GATHER_SECS = 0.03
CHUNK = 65_536


class Segments:
    """Stands between a client and the exchange. `how`: `bytes` (each by itself) or `gathered` (many frames at once)."""

    def __init__(self, url: str, how: str) -> None:
        self._target = urlsplit(url)
        self._how = how
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        self.sent = 0

    @property
    def url(self) -> str:
        port = self._listener.getsockname()[1]
        return self._target._replace(netloc=f"{self._target.hostname}:{port}").geturl()

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _start(self, work: Any, *arguments: Any) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                there = socket.create_connection((self._target.hostname, self._target.port))
                self._sockets += [here, there]
                self._start(self._pass_on, here, there, "as it is")
                self._start(self._pass_on, there, here, self._how)

    def _pass_on(self, source: socket.socket, sink: socket.socket, how: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if how == "gathered":
                    data += self._more(source)
                if how == "bytes":
                    for at in range(len(data)):
                        self.sent += sink.send(data[at : at + 1])
                else:
                    sink.sendall(data)
                    self.sent += len(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _more(self, source: socket.socket) -> bytes:
        """What comes within a while."""
        more = b""
        source.settimeout(GATHER_SECS)
        with contextlib.suppress(TimeoutError):
            while len(more) < CHUNK and (data := source.recv(CHUNK)):
                more += data
        source.settimeout(None)
        return more
