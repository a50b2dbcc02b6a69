"""What an answer costs without sockets: CPU microseconds by class of request, and as a ratio to a bare FastAPI route.

    uv run python -m tests.benchmarks.asgi [--check]

Over the project's own seeds; the least of seven rounds, in which all classes and the bare route take turns, so that
what else the machine does falls on all of them. With --check, a class that costs over 1.5 times the ratio that
stands below fails the run: ratios hold from machine to machine, microseconds don't. Before it fails, it is measured
twice more, since noise only ever adds.
"""

import math
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from starlette.responses import Response

from app.settings import Settings
from tests.benchmarks.environment import forget_settings
from tests.conftest import SEEDS, Api, seed_into

ROUNDS, REQUESTS, GATE, TRIES = 7, 200, 1.5, 3

BARE = "bare FastAPI route"

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

RATIOS = {
    "304": 0.12,
    "cached": 0.11,
    "article": 1.75,
    "newest": 2.4,
    "q": 4.0,
    "q + entity": 4.1,
    "tag facet of q": 5.3,
    "name prefix": 1.6,
    "paragraphs": 6.2,
    "timeline": 2.4,
}
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
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


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


class Class(NamedTuple):
    """One kind of request, and the status that answers it."""

    app: Application
    url: str
    headers: list[tuple[bytes, bytes]] = []
    status: int = 200


async def classes(held: Application, forgetful: Application) -> dict[str, Class]:
    """The bare route, answers that are held, and, where nothing is held, all others."""
    found = {BARE: Class(bare(), "/")}
    for name, url in QUESTIONS.items():
        found[name] = Class(held if name == "cached" else forgetful, url)
        if name == "304":
            _, headers = await ask(held, url, [])
            found[name] = Class(held, url, [(b"if-none-match", headers[b"etag"])], 304)
    return found


async def cost(kind: Class) -> float:
    """CPU microseconds a request, in one round."""
    start = time.process_time()
    for _ in range(REQUESTS):
        status, _ = await ask(kind.app, kind.url, kind.headers)
        assert status == kind.status, (kind.url, status)
    return (time.process_time() - start) / REQUESTS * 1e6


async def measure(kinds: dict[str, Class], costs: dict[str, float]) -> None:
    """Lower each cost to the least of the rounds, if it is less."""
    for _ in range(ROUNDS):
        for name, kind in kinds.items():
            costs[name] = min(costs.get(name, math.inf), await cost(kind))


def slow(costs: dict[str, float]) -> list[str]:
    """The classes that don't pass the gate."""
    return [name for name, known in RATIOS.items() if costs[name] / costs[BARE] > GATE * known]


def main() -> None:
    """Print the table, and fail where the gate says so."""
    forget_settings()
    costs: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data=Path(scratch))
        seed_into(settings, SEEDS)
        held, forgetful = Api(settings), Api(settings.model_copy(update={"cache": 0}))
        kinds = held.loop.run_until_complete(classes(held.app, forgetful.app))
        for _ in range(TRIES):
            held.loop.run_until_complete(measure(kinds, costs))
            if not slow(costs):
                break
        held.close()
        forgetful.close()
    for name, value in costs.items():
        known = f"  (was {RATIOS[name]:.2f})" if name in RATIOS else ""
        print(f"{name:20}{value:8.1f} us{value / costs[BARE]:8.2f}{known}")
    if slow(costs) and "--check" in sys.argv:
        sys.exit(f"slower than {GATE} times what they were: {', '.join(slow(costs))}")


if __name__ == "__main__":
    main()
