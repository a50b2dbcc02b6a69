"""Servers in processes of their own, asked over a socket."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx

from tests.support.client import Client
from tests.support.commands import gone
from tests.support.forks import ForkedCommand
from tests.support.waiting import PATIENCE, wait


class Served(Client):
    """A server in a process of its own, asked over a socket."""

    def __init__(self, process, port, log):
        self.process = process
        self.port = port
        self.log = log
        # Each request has a connection of its own: a server that gets no CPU for five seconds closes an idle one.
        self.client = self.connect(limits=httpx.Limits(max_keepalive_connections=0))

    def connect(self, **options):
        """Return a client with connections of its own; without the certificates of TLS, which take 35 ms to load."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE, verify=False, **options)

    def is_open(self):
        """Tell whether it listens; fail if it has ended."""
        assert self.process.poll() is None, self.log.read_text()
        return self.get("/health/live") is not None

    def get(self, url, **options):
        """Return the answer; None while the server does not listen."""
        try:
            return self.client.get(url, **options)
        except httpx.ConnectError:
            return None

    def stop(self):
        """Let it end; return its exit status, the seconds that took, and whether no process of it is left."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        return status, time.monotonic() - began, gone(self.process.pid)


def start_python(arguments, environment, log):
    """Run a new Python with these arguments, in a group of its own."""
    with log.open("w") as stream:
        return subprocess.Popen(
            [sys.executable, *arguments], env=environment, stdout=stream, stderr=stream, start_new_session=True
        )


@contextmanager
def serving(log, *arguments, command=None, **variables):
    """Run a server with these ARTICLES_* variables as long as the block lasts; its output goes to the log.

    It is a fork that runs `python -m app serve`, unless a command for a new Python is given, which ends with `--port`.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {f"ARTICLES_{name.upper()}": str(value) for name, value in variables.items()}
    arguments = [str(port), *map(str, arguments)]
    if command:
        process = start_python([*command, *arguments], environment, log)
    else:
        process = ForkedCommand(["serve", "--port", *arguments], environment, log, log)
    server = Served(process, port, log)
    try:
        wait(server.is_open)
        yield server
    finally:
        server.client.close()
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
