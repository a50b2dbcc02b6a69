"""The command `serve`: run uvicorn with the settings of this program, if its port is free."""

import errno
import os
import signal
import socket
import sys
from secrets import token_hex
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from app.cli.console import abort
from app.serving.local_database import open_local_database
from app.settings import SERVER_ID, Settings


def run_server(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve the corpus of these settings, which workers read from the environment."""
    require_free_port(host, port)
    open_local_database(settings).open()
    os.environ[SERVER_ID] = token_hex(8)
    # uvicorn raises the signal that ended it again after its shutdown; that is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
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
    )


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
