"""Throughput of new questions over HTTP beside an export: what share of it is left, and how fast the export goes on.

Eight connections ask distinct questions, each as soon as its last answer is complete, of a server without a cache. In
each round they do so alone, and beside each export, which another process reads as fast as it comes.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Process, Value
from multiprocessing.sharedctypes import Synchronized
from typing import Final
from urllib.request import urlopen

from tests.benchmarks.corpus import GeneratedCorpus
from tests.benchmarks.figures import ROUNDS, compare, print_table, summarize
from tests.benchmarks.http.client import Client
from tests.benchmarks.http.servers import CONNECTIONS, serve_articles
from tests.benchmarks.questions import QUESTIONS, draw_questions

EXPORTS: Final = ("articles.jsonl", "mentions.csv", "mentions.parquet")
CLASSES: Final = ("article", "q", "q + entity", "tag facet of q", "name prefix")

PER_ROUND: Final = 100
"""Addresses of a class in a round."""

LEFT: Final = 0.8
"""Target: the share of its throughput that questions keep."""


def measure_throughput(corpus: GeneratedCorpus) -> None:
    """Print the share of their throughput that questions keep beside each export."""
    shares: dict[str, list[float]] = {name: [] for name in EXPORTS}
    speeds: dict[str, list[float]] = {name: [] for name in EXPORTS}
    with serve_articles(corpus.data, cache=0, pinned=False) as server:
        values = draw_questions(server.json, corpus.articles, PER_ROUND * ROUNDS)
        classes = [question.addresses(values[question]) for question in QUESTIONS if question.name in CLASSES]
        paths = [path for group in zip(*classes, strict=True) for path in group]
        size = len(paths) // ROUNDS
        for number in range(ROUNDS):
            part = paths[number * size : (number + 1) * size]
            # What is read for the first time takes longer, and each is asked again.
            ask(server.port, part)
            alone = ask(server.port, part)
            for name in EXPORTS:
                with downloading(server.port, name) as received:
                    before = received.value
                    seconds = ask(server.port, part)
                    shares[name].append(alone / seconds)
                    speeds[name].append((received.value - before) / seconds / 1e6)
    rows = [[name, compare(summarize(shares[name]), LEFT, at_least=True), summarize(speeds[name])] for name in EXPORTS]
    print(f"New questions beside an export, {corpus.articles:,} articles:\n")
    print_table(["export", "throughput left", "MB/s of the export"], rows)


def ask(port: int, paths: list[str]) -> float:
    """Return the seconds in which all of these are answered."""
    client = Client(port, CONNECTIONS)
    began = time.perf_counter()
    client.ask(paths)
    seconds = time.perf_counter() - began
    client.close()
    return seconds


@contextmanager
def downloading(port: int, name: str) -> Iterator["Synchronized[int]"]:
    """Let another process download an export again and again while the block runs; yield the bytes that came."""
    received = Value("q", 0)
    process = Process(target=download_forever, args=(port, name, received), daemon=True)
    process.start()
    while not received.value:
        time.sleep(0.01)
    try:
        yield received
    finally:
        process.kill()
        process.join()


def download_forever(port: int, name: str, received: "Synchronized[int]") -> None:
    """Download an export again and again, and count the bytes."""
    while True:
        with urlopen(f"http://127.0.0.1:{port}/{name}") as response:
            while piece := response.read1(2**18):
                received.value += len(piece)
