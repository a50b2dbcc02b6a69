"""A real server in a thread, for tests that must ask over a socket."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.main import create_app
from app.settings import Settings
from tests.support.sockets import PatientProtocol
from tests.support.waiting import PATIENCE

PIECE = 500
"""Bytes of a piece: compressed, about a tenth of a page."""


def send_in_pieces(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that bodies arrive little by little, as over a slow connection."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_pieces(message: Message) -> None:
            body = message.get("body", b"")
            while len(body) > PIECE:
                await send({**message, "body": body[:PIECE], "more_body": True})
                await asyncio.sleep(0.02)
                body = body[PIECE:]
            await send({**message, "body": body} if body else message)

        await app(scope, receive, send_pieces)

    return respond


@contextmanager
def live(settings: Settings, wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> Iterator[str]:
    """Serve a corpus, and yield the address once a revision is served; `wrap` is a middleware around everything."""
    app = create_app(settings)
    limits = {"timeout_keep_alive": PATIENCE, "timeout_graceful_shutdown": 1}
    server = uvicorn.Server(uvicorn.Config(wrap(app), port=0, http=PatientProtocol, log_level="error", **limits))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not (server.started and app.state.service.snapshot):
            assert thread.is_alive()
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}{settings.root_path}"
    finally:
        server.should_exit = True
        thread.join()
