"""A real server in a thread, for tests that must ask over a socket."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.main import create_app
from app.server.protocol import ArticlesProtocol
from app.settings import Settings


@contextmanager
def live(settings: Settings) -> Iterator[str]:
    """Serve a corpus, and yield the address once a revision is served."""
    app = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=ArticlesProtocol, log_level="error", timeout_graceful_shutdown=1)
    )
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
