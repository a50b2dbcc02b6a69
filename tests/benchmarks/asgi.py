"""What an answer costs without sockets: CPU microseconds by class of request, and as a ratio to a bare FastAPI route.

    uv run python -m tests.benchmarks.asgi [--check]

Over the project's own seeds; the least of seven rounds. With --check, a class that costs over 1.5 times the ratio
that stands below fails the run: ratios hold from machine to machine, microseconds don't.
"""

import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from app.settings import Settings
from tests.conftest import SEEDS, Api, seed_into

ROUNDS, REQUESTS, GATE = 7, 300, 1.5

QUESTIONS = {
    "304": "/articles",
    "cached": "/articles",
    "article": "/articles/trinity-test",
    "newest": "/articles",
    "q": "/articles?q=missile",
    "q + entity": "/articles?q=missile&entity=soviet-union",
    "tag facet of q": "/articles?q=missile&facet=tag&limit=1",
    "name prefix": "/entities?name_prefix=khr",
    "paragraphs": "/paragraphs?entity=united-states&entity=soviet-union",
    "timeline": "/timeline?interval=year",
}

RATIOS: dict[str, float] = {}
"""What each class cost when this was last written, in bare FastAPI routes."""

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def bare() -> FastAPI:
    """The least that FastAPI does."""
    app = FastAPI()

    @app.get("/")
    async def read() -> Response:
        return Response(b"{}" * 1000, media_type="application/json")

    return app


def scope(url: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """A GET request, as a server hands it on."""
    path, _, query = url.partition("?")
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"localhost"), *headers], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip


async def receive() -> dict[str, Any]:
    """The end of a request without a body."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def ask(app: Application, url: str, headers: list[tuple[bytes, bytes]]) -> tuple[int, dict[bytes, bytes]]:
    """One request: the status and headers of its answer."""
    started: dict[str, Any] = {}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)

    await app(scope(url, headers), receive, send)
    return started["status"], dict(started["headers"])


async def cost(app: Application, url: str, headers: list[tuple[bytes, bytes]], expected: int) -> float:
    """CPU microseconds a request, the least of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REQUESTS):
            status, _ = await ask(app, url, headers)
            assert status == expected, (url, status)
        rounds.append((time.process_time() - start) / REQUESTS * 1e6)
    return min(rounds)


async def measure(held: Application, forgetful: Application) -> dict[str, float]:
    """What each class costs: answers that are held, and, where nothing is held, all others."""
    costs = {}
    for name, url in QUESTIONS.items():
        _, headers = await ask(held, url, [])
        if name == "304":
            costs[name] = await cost(held, url, [(b"if-none-match", headers[b"etag"])], 304)
        else:
            costs[name] = await cost(held if name == "cached" else forgetful, url, [], 200)
    return costs


def main() -> None:
    """Print the table, and fail where the gate says so."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data=Path(scratch))
        seed_into(settings, SEEDS)
        held, forgetful = Api(settings), Api(settings.model_copy(update={"cache": 0}))
        one = held.loop.run_until_complete(cost(bare(), "/", [], 200))
        costs = held.loop.run_until_complete(measure(held.app, forgetful.app))
        held.close()
        forgetful.close()
    print(f"{'bare FastAPI route':20}{one:8.1f} us")
    slow = []
    for name, value in costs.items():
        ratio, known = value / one, RATIOS.get(name)
        print(f"{name:20}{value:8.1f} us{ratio:8.2f}" + (f"  (was {known:.2f})" if known else ""))
        if known and ratio > GATE * known:
            slow.append(name)
    if slow and "--check" in sys.argv:
        sys.exit(f"slower than {GATE} times what they were: {', '.join(slow)}")


if __name__ == "__main__":
    main()
