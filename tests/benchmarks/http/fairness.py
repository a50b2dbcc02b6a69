"""One client loops the dearest facet question: how much is left of everybody else's throughput."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.benchmarks.generated import word
from tests.benchmarks.http.load import load
from tests.benchmarks.http.same_answers import good
from tests.benchmarks.http.servers import ASKING, Server, on_core

TARGET = 0.80

# Word 3 stands in nearly every article.
FACETS = [
    f"{path}?{words}facet=entity" for path in ("/articles", "/paragraphs") for words in ("", f"q={word(3)}&")
]  # fmt: skip
ARTICLE = "/articles/article-0000007"


def dearest(server: Server) -> tuple[str, float]:
    """The facet question that takes longest, and its milliseconds."""
    took = {}
    for path in FACETS:
        good(server, path)
        rounds = []
        for _ in range(3):
            start = time.perf_counter()
            good(server, path)
            rounds.append((time.perf_counter() - start) * 1000)
        took[path] = min(rounds)
    path = max(took, key=lambda it: took[it])
    return path, took[path]


@contextmanager
def looping(server: Server, path: str) -> Iterator[None]:
    """Ask again and again while the block runs."""
    over = threading.Event()

    def loop() -> None:
        connection = HTTPConnection(urlsplit(server.address).netloc, timeout=120)
        while not over.is_set():
            connection.request("GET", path)
            connection.getresponse().read()
        connection.close()

    with on_core(ASKING):
        thread = threading.Thread(target=loop)
        thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def share_left(server: Server, path: str, seconds: float) -> float:
    """The share of one-article requests that are still answered beside the loop."""
    alone = load(server.address + ARTICLE, {}, seconds).rate
    with looping(server, path):
        beside = load(server.address + ARTICLE, {}, seconds).rate
    return beside / alone
