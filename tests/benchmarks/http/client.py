"""A client for where wrk is not: it finds how many answers a second *it* can take, before a fast server's limit."""

import asyncio
import re
import time
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class Load:
    """What all connections ask and count."""

    def __init__(self, address: str, headers: dict[str, str], seconds: float, first: int | None) -> None:
        parts = urlsplit(address)
        self.path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.rest = "".join(f"{name}: {value}\r\n" for name, value in {"Host": parts.netloc, **headers}.items())
        self.numbers = None if first is None else count(2_000_000_000 + first)
        self.end = time.perf_counter() + seconds
        self.answers = self.wrong = 0

    def question(self) -> bytes:
        """The next request."""
        at = "" if self.numbers is None else f"{datetime.fromtimestamp(next(self.numbers), UTC):%Y-%m-%dT%H:%M:%SZ}"
        return f"GET {self.path}{at} HTTP/1.1\r\n{self.rest}\r\n".encode()

    def over(self) -> bool:
        """Whether no more is to be asked."""
        return time.perf_counter() > self.end


class Connection(asyncio.Protocol):
    """One question after another; what was asked is waited for."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.came = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.load.question())

    def data_received(self, data: bytes) -> None:
        self.came += data
        if not whole(self.came):
            return
        self.load.answers += 1
        self.load.wrong += self.came[9:12] not in (b"200", b"304")
        self.came = b""
        if self.load.over():
            self.transport.close()
        else:
            self.transport.write(self.load.question())

    def connection_lost(self, _error: Exception | None) -> None:
        self.load.wrong += bool(self.came) or not self.load.over()
        self.done.set_result(None)


def whole(came: bytes) -> bool:
    """Whether this is all of an answer: nobody asks before it has come."""
    head, there, body = came.partition(b"\r\n\r\n")
    if not there:
        return False
    if length := LENGTH.search(head):
        return len(body) >= int(length[1]) or came[9:12] == b"304"
    return body.endswith(b"0\r\n\r\n") if CHUNKED.search(head) else True


def run(
    address: str, headers: dict[str, str], seconds: float, connections: int, first: int | None
) -> tuple[int, int, float]:
    """How many answers came, how many of them were wrong, and in how many seconds."""
    parts = urlsplit(address)

    async def ask() -> tuple[int, int, float]:
        load = Load(address, headers, seconds, first)
        start = time.perf_counter()
        loop = asyncio.get_running_loop()
        made = [await loop.create_connection(lambda: Connection(load), parts.hostname, parts.port)
                for _ in range(connections)]  # fmt: skip
        await asyncio.gather(*(protocol.done for _, protocol in made))
        return load.answers, load.wrong, time.perf_counter() - start

    return asyncio.run(ask())
