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


class Served(Client):
    """A server in a process of its own, asked over a socket."""

    def __init__(self, arguments, port, log, variables):
        self.log = log
        environment = os.environ | {f"ARTICLES_{name.upper()}": str(value) for name, value in variables.items()}
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                arguments, env=environment, stdout=stream, stderr=stream, start_new_session=True
            )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)

    def opened(self):
        """Whether somebody listens."""
        assert self.process.poll() is None, self.log.read_text()
        return self.get("/health/live") is not None

    def get(self, url, **options):
        """An answer; None while nobody listens."""
        try:
            return self.client.get(url, **options)
        except httpx.ConnectError:
            return None

    def stop(self):
        """Ask it to end; its exit status, how long that took, and whether no process is left."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(10)
        return status, time.monotonic() - began, gone(self.process.pid)


def wait(true, seconds):
    """How long it takes until something is true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


@contextmanager
def serving(log, *arguments, command=("-m", "app", "serve", "--port"), **variables):
    """A server with these ARTICLES_* variables; what it says goes to the log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Served([sys.executable, *command, str(port), *map(str, arguments)], port, log, variables)
    try:
        wait(server.opened, 30)
        yield server
    finally:
        server.client.close()
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
