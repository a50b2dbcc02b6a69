"""CPU time of a request without sockets, by class of questions, as a ratio to a reference measured in turns with it.

    uv run --group test python -m tests.benchmarks.asgi [--check]

Each class asks 504 distinct questions of 600 generated articles, each for the first time; "cached" and "304" ask
again. The reference is a plain FastAPI endpoint that reads rows of SQLite and writes them as JSON. The CPU time of all
threads is measured for the reference, a class, and the reference again, so that a slow or busy machine slows down both.
With --check, the run fails if the median of a class's ratios is over its limit.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from fastapi import FastAPI, responses

from app.settings import Settings
from app.system.gc import relaxed_gc
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.figures import Figure, compare, print_table, summarize
from tests.benchmarks.generated import write
from tests.benchmarks.questions import Question, Values, draw_questions
from tests.conftest import Api, seed_into

ARTICLES, ENTITIES = 600, 2_000
ROUNDS, PER_ROUND = 14, 36

LIMITS = {
    "304": 0.13,
    "cached": 0.11,
    "article": 2.2,
    "newest": 2.4,
    "newest, a later page": 4.6,
    "q": 6.0,
    "q, two common words": 7.5,
    "q + entity": 8.5,
    "tag facet of q": 7.0,
    "entity facet of q": 10.5,
    "phrase": 9.5,
    "name prefix": 3.2,
    "two entities in a paragraph": 3.6,
    "timeline of q": 5.5,
    "article, highlighted": 13.0,
}
"""The largest ratio of each class: 2 to 2.7 times what a quiet machine measured. On the same machine, what other
processes leave of its caches moves ratios of short answers by a factor of 1.7 from one hour to the next."""

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


class Response(NamedTuple):
    """What an application answered."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


def create_reference() -> FastAPI:
    """Return an application that does known work: it reads 40 rows of SQLite and writes them as JSON."""
    app = FastAPI()
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE item (key INTEGER PRIMARY KEY, json BLOB)")
    rows = [(key, orjson.dumps({"id": key, "text": f"item {key} " * 100})) for key in range(1_000)]
    connection.executemany("INSERT INTO item VALUES (?, ?)", rows)

    @app.get("/items")
    async def list_items(start: int) -> responses.Response:
        cursor = connection.execute("SELECT json FROM item WHERE key >= ? ORDER BY key LIMIT 40", [start])
        items = [orjson.loads(json) for (json,) in cursor]
        return responses.Response(orjson.dumps({"items": items, "total": len(items)}), media_type="application/json")

    return app


def make_scope(url: str, headers: Headers) -> dict[str, Any]:
    """Return the scope of a GET request, as a server hands it on."""
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
    """Return the end of a request without a body."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def ask(app: Application, url: str, headers: Headers = ()) -> Response:
    """Ask an application without a socket."""
    messages: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(make_scope(url, headers), receive, send)
    start, *bodies = messages
    return Response(start["status"], dict(start["headers"]), b"".join(message.get("body", b"") for message in bodies))


async def time_requests(app: Application, urls: Sequence[str], headers: Sequence[Headers] = ((),)) -> float:
    """Return the CPU microseconds of a request, asked with these headers in turn."""
    start = time.process_time()
    for url, each in zip(urls, cycle(headers)):
        response = await ask(app, url, each)
        assert response.status == (304 if each else 200), (url, response)
    return (time.process_time() - start) / len(urls) * 1e6


class Gate:
    """Compares the CPU time of requests with that of the reference."""

    def __init__(self, cached: Application, uncached: Application, questions: dict[Question, list[Values]]) -> None:
        self.cached, self.uncached, self.reference = cached, uncached, create_reference()
        self.urls = {
            question.name: question.addresses(values)
            for question, values in questions.items()
            if question.name in LIMITS
        }
        self.ratios: dict[str, list[float]] = {name: [] for name in LIMITS}

    async def time_round(self, number: int) -> None:
        """Time one round of all classes."""
        part = slice(number * PER_ROUND, (number + 1) * PER_ROUND)
        for name in self.urls:
            await self.time(name, self.uncached, self.urls[name][part])
        again = self.urls["q"][part]
        # The second answer is one that was stored.
        for _ in range(2):
            answers = [await ask(self.cached, url) for url in again]
        await self.time("cached", self.cached, again * 5)
        await self.time(
            "304", self.cached, again * 5, [[(b"if-none-match", each.headers[b"etag"])] for each in answers]
        )

    async def time(self, name: str, app: Application, urls: Sequence[str], headers: Sequence[Headers] = ((),)) -> None:
        """Add the ratio of a class to the reference just before and after it."""
        items = [f"/items?start={start}" for start in range(0, 900, 90)]
        before = await time_requests(self.reference, items)
        cost = await time_requests(app, urls, headers)
        self.ratios[name].append(2 * cost / (before + await time_requests(self.reference, items)))


def measure(folder: Path) -> dict[str, Figure]:
    """Seed a corpus, and return the ratio of each class."""
    settings = Settings(data=folder / "data")
    seed_into(settings, write(ARTICLES, folder / "articles", entities=ENTITIES))
    cached, uncached = Api(settings), Api(settings.model_copy(update={"cache": 0}))
    gate = Gate(cached.app, uncached.app, draw_questions(cached.json, ARTICLES, ROUNDS * PER_ROUND))
    with relaxed_gc():
        for number in range(ROUNDS):
            uncached.loop.run_until_complete(gate.time_round(number))
    cached.close()
    uncached.close()
    return {name: summarize(ratios) for name, ratios in gate.ratios.items()}


def find_slow(figures: dict[str, Figure]) -> list[str]:
    """Return the classes that are over their limits."""
    return [name for name, figure in figures.items() if figure.median > LIMITS[name]]


def main() -> None:
    """Print the ratios beside their limits, and fail where the gate says so."""
    forget_settings()
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(Path(scratch))
    print("CPU time of a request without sockets, as a ratio to the reference:\n")
    print_table(["class", "ratio"], [(name, compare(figure, LIMITS[name])) for name, figure in figures.items()])
    if "--check" in sys.argv and (slow := find_slow(figures)):
        sys.exit(f"Over their limits in LIMITS of tests/benchmarks/asgi.py: {', '.join(slow)}")


if __name__ == "__main__":
    main()
