"""Ask addresses over a few connections, each as soon as its last answer is complete, and note how long each took."""

import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import NamedTuple

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
PATIENCE = 120
"""Seconds that an answer may take."""


class WrongAnswerError(Exception):
    """An answer is not what it must be; the message says which."""


class Answer(NamedTuple):
    """The answer to one address."""

    seconds: float
    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """Return the status."""
        return int(self.head[9:12])

    @property
    def etag(self) -> str:
        """Return the ETag, which every answer of this project has."""
        return ETAG.findall(self.head)[0].decode()


class Client:
    """Connections to a server that are kept alive."""

    def __init__(self, port: int, connections: int = 1) -> None:
        self.port = port
        self.sockets = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(connections)]

    def ask(self, paths: Sequence[str], headers: Sequence[str] = ("",), status: int | None = 200) -> list[Answer]:
        """Return the answers to these addresses in their order, asked with these headers in turn.

        Raises `WrongAnswerError` for another status, unless any is right (None).
        """
        requests = [
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{header}\r\n".encode()
            for path, header in zip(paths, cycle(headers))
        ]
        answers: dict[int, Answer] = {}
        poll = select.epoll()
        open_requests: dict[int, tuple[socket.socket, int, float, bytes]] = {}
        waiting = iter(range(len(paths)))
        clock = time.perf_counter

        def send(connection: socket.socket) -> None:
            if (number := next(waiting, None)) is not None:
                open_requests[connection.fileno()] = (connection, number, clock(), b"")
                connection.sendall(requests[number])

        for connection in self.sockets:
            poll.register(connection, select.EPOLLIN)
            send(connection)
        while open_requests:
            if not (events := poll.poll(PATIENCE)):
                raise WrongAnswerError(f"{paths[0]}: no answer came within {PATIENCE} seconds")
            for file, _ in events:
                connection, number, start, received = open_requests.pop(file)
                piece = connection.recv(1 << 20)
                if not piece:
                    raise WrongAnswerError(f"{paths[number]}: the server closed the connection")
                received += piece
                if (body := read_body(received)) is None:
                    open_requests[file] = (connection, number, start, received)
                    continue
                answers[number] = Answer(clock() - start, received[: received.index(b"\r\n\r\n")], body)
                if answers[number].status != (status or answers[number].status):
                    raise WrongAnswerError(f"{paths[number]}: {received[9:400]!r} instead of {status}")
                send(connection)
        poll.close()
        return [answers[number] for number in range(len(paths))]

    def close(self) -> None:
        """Close all connections."""
        for connection in self.sockets:
            connection.close()


def read_body(received: bytes) -> bytes | None:
    """Return the body of a response if all of it has come, as it came."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    if received[9:12] == b"304":
        return b""
    if length := LENGTH.search(head):
        return body if len(body) >= int(length[1]) else None
    assert CHUNKED.search(head), head
    return decode_chunks(body) if body.endswith(b"0\r\n\r\n") else None


def decode_chunks(body: bytes) -> bytes:
    """Return a body without the lengths of its chunks."""
    pieces = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        end = int(size, 16)
        pieces.append(rest[:end])
        body = rest[end + 2 :]
    return b"".join(pieces)


def ask_forever(port: int, path: str) -> None:
    """Ask the same address again and again, and say so after the first answer."""
    client = Client(port)
    client.ask([path])
    print("asking", flush=True)
    while True:
        client.ask([path])


@contextmanager
def looping(port: int, path: str) -> Iterator[None]:
    """Let another process ask an address again and again while the block runs."""
    command = [sys.executable, "-m", "tests.benchmarks.http.client", str(port), path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    ask_forever(int(sys.argv[1]), sys.argv[2])
