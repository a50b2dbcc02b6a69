"""Servers in processes of their own, held to one core: how they start, what CPU time they take, how they end."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

DATASETTE = "datasette==0.65.2"

CORES = sorted(os.sched_getaffinity(0))
SERVING, ASKING = CORES[0], CORES[-1]
"""The core of the servers, and that of the load; the same one where there is only one."""


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A server that runs, and a connection to it."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int) -> None:
        self.name = name
        self.process = process
        self.address = f"http://127.0.0.1:{port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """One answer."""
        try:
            answer = self.ask(path, headers or {})
        except (http.client.RemoteDisconnected, ConnectionError):
            # A server closes a connection that was idle for some seconds.
            self.connection.close()
            answer = self.ask(path, headers or {})
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def ask(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """A question over the connection."""
        self.connection.request("GET", path, headers=headers)
        return self.connection.getresponse()

    def opened(self, path: str) -> bool:
        """Whether it answers with 200."""
        if self.process.poll() is not None:
            raise ServerError(f"{self.name} ended with status {self.process.returncode} instead of serving.")
        try:
            return self.get(path).status == 200
        except OSError:
            self.connection.close()
            return False

    def cpu(self) -> float:
        """The CPU seconds that it has taken so far, with its threads and its processes."""
        seconds = 0.0
        for process in members(self.process.pid):
            with suppress(OSError):
                # Linux's number of another process's clock: clock_getcpuclockid(3), which Python doesn't have.
                seconds += time.clock_gettime((~process << 3) | 2)
        return seconds

    def settle(self) -> None:
        """Wait until it has nothing more to do."""
        until, last = time.monotonic() + 3, self.cpu()
        while time.monotonic() < until:
            time.sleep(0.05)
            now = self.cpu()
            if now - last < 0.005:
                return
            last = now

    def memory(self) -> float:
        """The most that was resident, in megabytes."""
        kilobytes = 0
        for process in members(self.process.pid):
            with suppress(OSError):
                status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
                kilobytes += int(status.split("VmHWM:")[1].split()[0])
        return kilobytes / 1e3


class ServerError(Exception):
    """A server can't be had; the message is one sentence."""


def members(group: int) -> Iterator[int]:
    """The processes of a group."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):
                stat = (process / "stat").read_text(encoding="utf-8", errors="replace")
                if int(stat.rpartition(")")[2].split()[2]) == group:
                    yield int(process.name)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started here stays on this core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(
    name: str, command: Sequence[str], ready: str, variables: dict[str, str] | None = None, patience: float = 60
) -> Iterator[Server]:
    """Run a server while the block runs. The command gets a port at its end; raises ServerError."""
    port = free_port()
    with on_core(SERVING):
        process = subprocess.Popen(
            [*command, str(port)], env=os.environ | (variables or {}), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    server = Server(name, process, port)
    try:
        until = time.monotonic() + patience
        while not server.opened(ready):
            if time.monotonic() > until:
                raise ServerError(f"{name} did not serve within {patience:.0f} seconds.")
            time.sleep(0.05)
        yield server
    finally:
        server.connection.close()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def bare() -> Any:
    """The least that uvicorn can do."""
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.http.bare:app", "--no-access-log", "--port"]
    return serving("bare uvicorn", command, "/")


def ours(name: str, data: Path, *, cache: int) -> Any:
    """This project, by its own command."""
    variables = {"ARTICLES_DATA": str(data), "ARTICLES_CACHE": str(cache)}
    return serving(name, [sys.executable, "-m", "app", "serve", "--port"], "/health/ready", variables)


def datasette(database: Path, metadata: Path) -> Any:
    """Datasette in an environment of its own, on the server's fast parts; raises ServerError."""
    run = ["uv", "tool", "run", "--quiet", "--from", DATASETTE, "--with", "uvicorn[standard]", "datasette"]
    try:
        known = shutil.which("uv") and subprocess.run(
            [*run, "--version"], capture_output=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        known = None
    if not known or known.returncode:
        raise ServerError(f"{DATASETTE} can't be had here")
    # An immutable file is what Datasette reads fastest; its time limits would cut answers short.
    settings = {
        "default_page_size": "20", "suggest_facets": "off", "sql_time_limit_ms": "60000",
        "facet_time_limit_ms": "60000", "max_returned_rows": "1000",
    }  # fmt: skip
    command = [
        *run, "serve", "--immutable", str(database), "--metadata", str(metadata),
        *(word for setting in settings.items() for word in ("--setting", *setting)), "--port",
    ]  # fmt: skip
    return serving("Datasette", command, "/-/versions.json")
