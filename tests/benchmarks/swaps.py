"""How long clients wait while a server changes to a new revision.

    uv run --group test python -m tests.benchmarks.swaps [ARTICLES] [--revisions 7] [--keep FOLDER]

A client asks a server for a cached response and for one that nobody asked for, in turns, while an article is seeded
again and again. Printed is the longest response, beside the longest in as long a time without a new revision: in
milliseconds of the clock, and of the CPU time that the server took meanwhile, which says the same on a busy machine.
With --keep the generated folder and the database stay there, and are used again; `scale` uses the same.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import write
from tests.support.servers import Served, serving
from tests.support.waiting import wait

TARGET = 20
"""Milliseconds."""

CACHED = "/articles/article-0000000"

PAUSE_SECONDS = 0.002
"""Between two requests."""

SETTLE_SECONDS = 1.5
"""How long responses are timed beyond the first one of a new revision."""


class Longest(NamedTuple):
    """The longest response of a kind, in milliseconds."""

    clock: float
    cpu: float


class Client:
    """Asks a server, and keeps the times of the responses."""

    def __init__(self, server: Served, articles: int) -> None:
        self.server = server
        self.articles = articles
        """How many there are, each of which is asked for once before any is asked for again."""
        # Linux's number of another process's clock: clock_getcpuclockid(3), which Python doesn't have.
        self.cpu_clock = (~server.process.pid << 3) | 2
        self.asked = 0
        self.etag = ""
        """The ETag of the last cached response, by which a new revision shows."""
        self.times: dict[str, list[Longest]] = {}

    def ask(self, kind: str, path: str) -> httpx.Response:
        """Return a response, which must have status 200, and keep its time."""
        cpu, clock = time.clock_gettime(self.cpu_clock), time.perf_counter()
        answer = self.server.get(path)
        took = time.perf_counter() - clock, time.clock_gettime(self.cpu_clock) - cpu
        assert answer.status_code == 200, path
        self.times.setdefault(kind, []).append(Longest(*(seconds * 1000 for seconds in took)))
        return answer

    def ask_for(self, seconds: float) -> None:
        """Ask for a cached response and an uncached one, in turns, for so long."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.asked += 1
            self.etag = self.ask("cached", CACHED).headers["etag"]
            self.ask("uncached", f"/articles/article-{1 + self.asked % (self.articles - 1):07}")
            time.sleep(PAUSE_SECONDS)

    def take_longest(self) -> dict[str, Longest]:
        """Return the longest times that were kept, and forget all."""
        longest = {kind: Longest(*map(max, zip(*times, strict=True))) for kind, times in self.times.items()}
        self.times.clear()
        return longest


def start_seeding(data: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start `articles seed`."""
    command = [sys.executable, "-m", "app", "seed", str(folder)]
    return subprocess.Popen(command, env=os.environ | {"ARTICLES_DATA": str(data)}, stdout=subprocess.DEVNULL)


def write_article(folder: Path, number: int) -> None:
    """Write a folder of one article, with a name that no other one has."""
    folder.mkdir(exist_ok=True)
    name = f"Somebody Number{number}"
    (folder / "entities.yaml").write_text(f"builtin: false\nentities:\n- {{name: {name}, type: person}}\n")
    article = {"id": "changing", "title": f"Version {number}", "text": f"{name} came.", "published_at": "2026-01-01"}
    (folder / "changing.json").write_text(json.dumps(article))


def time_revision(client: Client, data: Path, folder: Path, number: int) -> dict[str, Longest]:
    """Return the longest responses while a new revision comes, and for a moment afterwards."""
    write_article(folder, number)
    etag = client.etag
    process = start_seeding(data, folder)
    while client.etag == etag:
        assert process.poll() in (None, 0)
        client.ask_for(0.1)
    client.ask_for(SETTLE_SECONDS)
    process.wait()
    return client.take_longest()


def time_rest(client: Client, seconds: float) -> dict[str, Longest]:
    """Return the longest responses while nothing changes."""
    client.ask_for(seconds)
    return client.take_longest()


def describe(kind: str, rounds: list[dict[str, Longest]]) -> str:
    """Return the median and the worst of the longest responses of a kind, by the clock and in CPU time."""
    clock, cpu = zip(*(longest[kind] for longest in rounds), strict=True)
    return f"{statistics.median(clock):7.1f} /{max(clock):7.1f}{statistics.median(cpu):11.1f} /{max(cpu):7.1f}"


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.swaps", description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=20_000)
    parser.add_argument("--revisions", type=int, default=7, help="how many revisions come while a server runs")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    return parser.parse_args()


def main() -> None:
    """Print a table: at rest, and while revisions come."""
    forget_settings()
    options = parse_arguments()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        folder = options.keep or scratch
        source, data = folder / f"articles-{options.articles}", folder / f"data-{options.articles}"
        if not source.exists():
            write(options.articles, source)
        if not data.exists():
            assert start_seeding(data, source).wait() == 0
        copy = shutil.copytree(data, scratch / "data")
        with serving(scratch / "log", data=copy) as server:
            wait(lambda: server.get("/health/ready").status_code == 200)
            client = Client(server, options.articles)
            time_rest(client, 5)
            began = time.perf_counter()
            swaps = [time_revision(client, copy, scratch / "changing", number) for number in range(options.revisions)]
            seconds = (time.perf_counter() - began) / options.revisions
            rests = [time_rest(client, seconds) for _ in range(options.revisions)]
    print(f"{options.articles:,} articles, {options.revisions} revisions, {seconds:.1f} s each; target {TARGET} ms")
    print(f"{'longest response, median / worst':34}{'ms of the clock':>16}{'ms of CPU time':>20}")
    for kind in ("cached", "uncached"):
        print(f"{kind + ', at rest':34}{describe(kind, rests)}")
        print(f"{kind + ', new revision':34}{describe(kind, swaps)}")


if __name__ == "__main__":
    main()
