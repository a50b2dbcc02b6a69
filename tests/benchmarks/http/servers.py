"""Servers in processes of their own: how they start, what CPU time and memory they take, how they end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import psutil

from tests.benchmarks.http.client import Answer, Client, WrongAnswerError

CORES = sorted(os.sched_getaffinity(0))
CONNECTIONS = 8


class ServerError(Exception):
    """A server can't be had; the message is one sentence."""


class Server:
    """A server that runs."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int, ready: str) -> None:
        self.name = name
        self.process = process
        self.port = port
        self.ready = ready

    def ask(self, paths: Sequence[str], headers: Sequence[str] = ("",), status: int = 200) -> list[Answer]:
        """Return the answers to these addresses. Raises `WrongAnswerError`."""
        client = Client(self.port)
        try:
            return client.ask(paths, headers, status)
        except WrongAnswerError as error:
            raise WrongAnswerError(f"{self.name}: {error}") from None
        finally:
            client.close()

    def json(self, path: str) -> Any:
        """Return the JSON of an address. Raises `WrongAnswerError`."""
        return orjson.loads(self.ask([path])[0].body)

    def time(
        self, paths: Sequence[str], headers: Sequence[str] = ("",), status: int = 200
    ) -> tuple[float, list[Answer]]:
        """Return the CPU microseconds that an address takes, and the answers. Raises `WrongAnswerError`."""
        client = Client(self.port, CONNECTIONS)
        try:
            # Accepting a connection takes as long as answering from memory.
            client.ask([self.ready] * CONNECTIONS)
            before = self.cpu()
            answers = client.ask(paths, headers, status)
            self.settle()
            return (self.cpu() - before) / len(paths) * 1e6, answers
        except WrongAnswerError as error:
            raise WrongAnswerError(f"{self.name}: {error}") from None
        finally:
            client.close()

    def cpu(self) -> float:
        """Return the CPU seconds of its threads and processes so far."""
        seconds = 0.0
        for process in self.processes():
            with suppress(OSError):
                # Linux's number of another process's clock: clock_getcpuclockid(3), which Python doesn't have.
                seconds += time.clock_gettime((~process.pid << 3) | 2)
        return seconds

    def settle(self) -> None:
        """Wait until it has nothing more to do."""
        until, last = time.monotonic() + 3, self.cpu()
        while time.monotonic() < until:
            time.sleep(0.02)
            now = self.cpu()
            if now - last < 0.002:
                return
            last = now

    def memory(self) -> float:
        """Return the megabytes that all its processes have for themselves, without the pages of files."""
        return sum(process.memory_info().rss - process.memory_info().shared for process in self.processes()) / 1e6

    def processes(self) -> list[psutil.Process]:
        """Return its processes."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]


@contextmanager
def serving(
    name: str, command: Sequence[str], ready: str, *, pinned: bool = True, **variables: object
) -> Iterator[Server]:
    """Run a server while the block runs, on the first core if it is pinned; the command gets a port at its end.

    Raises `ServerError`.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {f"ARTICLES_{key.upper()}": str(value) for key, value in variables.items()}
    process = subprocess.Popen(
        [*command, str(port)],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if pinned:
        os.sched_setaffinity(process.pid, CORES[:1])
    server = Server(name, process, port, ready)
    try:
        wait_until_ready(server)
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_ready(server: Server, patience: float = 120) -> None:
    """Wait until a server answers. Raises `ServerError`."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise ServerError(f"{server.name} ended with status {server.process.returncode} instead of serving")
        with suppress(OSError, WrongAnswerError):
            server.ask([server.ready])
            return
        time.sleep(0.005)
    raise ServerError(f"{server.name} did not serve within {patience:.0f} seconds")


@contextmanager
def on_last_core() -> Iterator[None]:
    """Stay on the last core, apart from servers that are pinned to the first."""
    os.sched_setaffinity(0, CORES[-1:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)


def serve_bare() -> AbstractContextManager[Server]:
    """Serve bodies of any size by uvicorn alone."""
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.http.bare:app", "--no-access-log", "--port"]
    return serving("bare uvicorn", command, "/100")


def serve_articles(
    data: Path, *, cache: int = 64, workers: int = 1, pinned: bool = True
) -> AbstractContextManager[Server]:
    """Serve a corpus by the project's own command, with this many megabytes of cache."""
    command = [sys.executable, "-m", "app", "serve", "--workers", str(workers), "--port"]
    name = "cached" if cache else "not cached"
    return serving(name, command, "/health/ready", pinned=pinned, data=data, cache=cache)
