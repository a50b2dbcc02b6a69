"""The command `serve`: run uvicorn with the settings of this program, if its port is free."""

import errno
import multiprocessing
import os
import signal
import socket
import sys
from functools import partial
from importlib import import_module
from secrets import token_hex
from typing import Any, Final

import uvicorn
from uvicorn import _subprocess
from uvicorn.config import LOGGING_CONFIG
from uvicorn.supervisors.multiprocess import SIGNALS

from app.cli.console import abort
from app.serving.local_database import open_local_database
from app.settings import SERVER_ID, Settings
from app.system.gc import exclude_from_gc

HANG_SECONDS: Final = 60
"""A worker that does not respond for so long is replaced. After uvicorn's 5 seconds, a busy machine lost sound ones."""


def run_server(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve the corpus of these settings, which the application reads from the environment."""
    require_free_port(host, port)
    database = open_local_database(settings)
    database.open()
    database.close()
    os.environ[SERVER_ID] = token_hex(8)
    # uvicorn raises the signal that ended it again after its shutdown; that is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    # Collections took a seventh of the time to load the application. Those of workers would write to the memory of
    # all objects that they share, and so give each worker a copy.
    with exclude_from_gc():
        import_module("app.main")
    if workers > 1:
        fork_workers()
    uvicorn.run(
        "app.main:app",
        host=host,
        port=port,
        workers=workers,
        http="app.server.protocol:ArticlesProtocol",
        ws="none",
        # No response depends on the client's address, and each of these costs every response a little.
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_config=logging_config(),
        timeout_graceful_shutdown=1,
        timeout_worker_healthcheck=HANG_SECONDS,
    )


def fork_workers() -> None:
    """Let uvicorn fork its workers from this process, which has loaded the application.

    uvicorn would spawn them: each would load the application by itself, which takes .6 s of CPU and 65 MB of memory.
    Without this function workers do the same, but begin later.
    """
    _subprocess.spawn = multiprocessing.get_context("fork")  # type: ignore[assignment]
    # A signal that ends a worker before it handles signals must not wait in the queue of its supervisor.
    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, SIGNALS),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, SIGNALS),
        after_in_child=reset_signals,
    )


def reset_signals() -> None:
    """Let signals do what they do by default."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def require_free_port(host: str, port: int) -> None:
    """Stop if a server can't listen there: uvicorn would notice only when it has started, and seeds are being read."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
    except OSError as error:
        match error.errno:
            case errno.EADDRINUSE:
                abort(f"Port {port} is in use: another program listens there. Choose another one with --port.")
            case errno.EACCES:
                abort(f"Port {port} may be opened by administrators only. Choose another one with --port.")
        abort(f"The address {host} is none of this machine's. Choose another one with --host.")


def logging_config() -> dict[str, Any]:
    """Return uvicorn's logging configuration with the logger of the service; workers get it, too."""
    loggers = LOGGING_CONFIG["loggers"] | {"articles": {"handlers": ["default"], "level": "INFO", "propagate": False}}
    return {**LOGGING_CONFIG, "loggers": loggers}
