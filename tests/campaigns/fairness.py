"""Measure whether slow questions delay others: the CPU time of the event loop, and the delay of /health/live.

    uv run python -m tests.campaigns.fairness [ARTICLES] [--keep FOLDER]

Over generated articles (100,000 without a number) and a few very long ones, in a server without a response cache. Each
question is asked twice: alone, for the loop's time, and while another connection asks /health/live every few
milliseconds. Delays depend on what else the machine does; the loop's own CPU time hardly does. The campaign fails where
a question takes more than 50 ms of that.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import orjson

from app.api.lists.facets import Facet
from app.models import Role, enumerate_values
from app.search.query.builder import ENUMERATIONS
from app.search.query.filters import KEYWORD_FILTERS
from tests.benchmarks.corpus import run_command
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import name, word, write
from tests.benchmarks.http.client import Client
from tests.support.servers import serving
from tests.support.waiting import wait

MOST = 50
"""The most milliseconds of CPU time that the event loop may spend on one question."""

COMMON, USUAL = word(3), word(60)
REFRAIN = ("war", "peace", "fire", "water", "earth", "air", "sun", "moon", "sea")

LONGEST_ADDRESS = 65_000


def long_articles(paragraphs: int) -> Iterator[dict[str, Any]]:
    """Yield a book of so many paragraphs, two of one paragraph with twice as many words, and a dozen chapters."""
    draw = random.Random(7)

    def text(words: int) -> str:
        return " ".join(word(min(int(draw.paretovariate(0.6)), 19_999)) for _ in range(words))

    yield {
        "id": "book",
        "title": "A book",
        "paragraphs": [f"{text(30)} é {name(number % 300)}" for number in range(paragraphs)],
    }
    yield {"id": "scroll", "title": "A scroll", "paragraphs": [f"{text(2 * paragraphs)} é"]}
    yield {"id": "refrain", "title": "A refrain", "paragraphs": [" ".join(draw.choices(REFRAIN, k=2 * paragraphs))]}
    for number in range(12):
        chapter = [f"{text(30)} {name(entity % 300)}" for entity in range(paragraphs // 20)]
        yield {"id": f"chapter-{number}", "title": "A chapter", "tags": ["chapters"], "paragraphs": chapter}


def ask(path: str, **parameters: Any) -> str:
    """Return the address of a question, cut to the longest that is allowed."""
    query = urlencode(parameters, doseq=True)
    if len(query) > LONGEST_ADDRESS:
        query = query[:LONGEST_ADDRESS].rpartition("&")[0]
    return f"{path}?{query}"


def questions() -> dict[str, str]:
    """Return the slowest questions known, each with its address."""
    misspelt = " ".join(f"{word(100 + number)}~2" for number in range(60))
    moved = " ".join(f'"{word(rank)} {word(rank + 1)} {word(rank + 2)}"~5' for rank in range(3, 21))
    words = " ".join(word(number) for number in range(60))
    unknown = [f"nobody-{number}-{word(31 * number)}" for number in range(50)]
    wide = [(value * 20)[:300] for value in unknown]
    everything = {"facet": enumerate_values(Facet), "facet_size": 100}
    filters = [name for name, each in KEYWORD_FILTERS.items() if each.field not in ENUMERATIONS]
    chapters = {"tag": "chapters", "include": "paragraphs", "limit": 100}
    nested = f"{'(' * 18}{COMMON} OR {USUAL}{')' * 18} "
    return {
        "50 unknown values of entity_not": ask("/articles", entity_not=unknown),
        "50 unknown values of author_not": ask("/articles", author_not=unknown),
        "50 unknown values of id": ask("/articles", id=unknown),
        "50 unknown values of tag, timeline": ask("/timeline", tag_not=unknown),
        "unknown values everywhere": ask("/articles", **dict.fromkeys(filters, unknown)),
        "long values everywhere": ask("/articles", **dict.fromkeys(filters, wide)),
        "1,000 unknown parameters": ask("/articles", **{f"{word(7 * rank)}x": 1 for rank in range(1000)}),
        "1,000 unknown facets": ask("/articles", facet=[word(rank) for rank in range(1000)]),
        "1,000 facets": ask("/articles", q=USUAL, facet=["entity"] * 999),
        "an endless parameter": ask("/articles", **{"é" * 10_000: "x"}),
        "nested parentheses": ask("/articles", q=nested * 12),
        "60 words in every role": ask("/articles", q=words, q_in=enumerate_values(Role)),
        "one of 60 words": ask("/articles", q=words, match="any"),
        "one OR the other": ask("/articles", q=words.replace(" ", " OR ")),
        "60 misspelt words": ask("/articles", q=misspelt),
        "18 moved phrases": ask("/articles", q=moved),
        "a long cursor": ask("/articles", cursor="W1tb" * 1000),
        "a book": "/articles/book",
        "a book, 60 misspelt words": ask("/articles/book", q=misspelt),
        "a book, 18 moved phrases": ask("/articles/book", q=moved, highlight="markup"),
        "a book in UTF-16": ask("/articles/book", offset_unit="utf16"),
        "like a book": "/articles/book/similar",
        "a scroll, 60 misspelt words": ask("/articles/scroll", q=misspelt),
        "its paragraph": ask("/articles/scroll/paragraphs/1", q=misspelt, offset_unit="utf8"),
        "like a scroll": "/articles/scroll/similar",
        "a refrain": ask("/articles/refrain", q=" ".join(REFRAIN), highlight="markup"),
        "its extract": ask("/articles", id="refrain", q=" ".join(REFRAIN), highlight="offsets"),
        "whole chapters": ask("/articles", **chapters),
        "whole chapters, highlighted": ask("/articles", **chapters, q=COMMON, highlight="markup", offset_unit="utf8"),
        "paragraphs in UTF-8": ask("/paragraphs", id="book", limit=100, offset_unit="utf8"),
        "all facets": ask("/articles", **everything),
        "all facets of a word": ask("/articles", q=COMMON, **everything),
        "all facets of paragraphs": ask("/paragraphs", q=COMMON, **everything),
        "articles of paragraphs": ask("/articles", q=COMMON, within="paragraph", sort="title"),
        "entities by name": ask("/entities", sort="name", limit=100),
        "persons by name": ask("/entities", sort="name", type="person", limit=100),
        "entities of a word": ask("/entities", q=COMMON, limit=100),
        "entities by association": ask("/entities", entity_not="nobody", sort="-association", limit=100),
        "names by two letters": ask("/entities", name_prefix=COMMON[:2], limit=100),
        "every day": ask("/timeline", interval="day"),
        "every day of a word": ask("/timeline", q=COMMON, interval="day"),
        "the OpenAPI document": "/openapi.json",
        "nothing": f"/articles/{quote('é' * 10_000)}",
    }


class Watch(threading.Thread):
    """Asks /health/live again and again, and keeps the largest delay."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.client = Client(port)
        self.stopped = threading.Event()
        self.largest = 0.0

    def run(self) -> None:
        while not self.stopped.wait(0.002):
            [answer] = self.client.ask(["/health/live"])
            self.largest = max(self.largest, answer.seconds)


class Measured(NamedTuple):
    """The cost of one question."""

    status: int
    size: int
    seconds: float
    loop: float
    """Milliseconds of CPU time of the event loop's thread."""
    delay: float
    """The largest delay of /health/live, in milliseconds."""


def loop_time(process: int) -> int:
    """Return the nanoseconds of CPU time of the main thread of a process, in which the event loop runs."""
    return int(Path(f"/proc/{process}/task/{process}/schedstat").read_text().split()[0])


def measure(process: int, port: int, url: str) -> Measured:
    """Measure what a question costs, whatever its status."""
    client = Client(port)
    spent = loop_time(process)
    [answer] = client.ask([url], status=None)
    spent = loop_time(process) - spent
    watch = Watch(port)
    watch.start()
    client.ask([url], status=None)
    watch.stopped.set()
    watch.join()
    client.close()
    return Measured(answer.status, len(answer.body), answer.seconds, spent / 1e6, watch.largest * 1000)


def measure_idle_loop(process: int) -> float:
    """Return the milliseconds of CPU time that the event loop takes in a second without questions."""
    spent = loop_time(process)
    time.sleep(2)
    return (loop_time(process) - spent) / 2e6


def make_long_corpus(articles: int, folder: Path) -> Path:
    """Generate and seed the articles, unless the folder has them; return the data folder."""
    source, data = folder / f"fairness-{articles}", folder / f"fairness-data-{articles}"
    if not data.exists():
        write(articles, source)
        (source / "long.jsonl").write_bytes(b"\n".join(map(orjson.dumps, long_articles(20_000))))
        run_command(data, "seed", source)
    return data


def main() -> None:
    """Print a table, and fail where the event loop was busy for too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fairness", description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    options = parser.parse_args()
    forget_settings()
    with tempfile.TemporaryDirectory() as scratch:
        data = make_long_corpus(options.articles, options.keep or Path(scratch))
        with serving(Path(scratch) / "log", data=data, cache=0) as server:
            wait(lambda: server.get("/health/ready").status_code == 200, 600)
            port, process = urlsplit(str(server.client.base_url)).port or 0, server.process.pid
            print(f"{'':36}{'status':>7}{'bytes':>12}{'seconds':>9}{'loop ms':>9}{'health ms':>11}")
            idle, rows = measure_idle_loop(process), {}
            for kind, url in questions().items():
                row = measure(process, port, url)
                # Without what the loop does in any case: it looks for new revisions.
                rows[kind] = row._replace(loop=row.loop - idle * row.seconds)
                show(kind, rows[kind])
    over = [kind for kind, row in rows.items() if row.loop > MOST]
    late = [kind for kind, row in rows.items() if row.delay > MOST]
    print(f"{len(rows)} questions; /health/live waited for more than {MOST} ms beside {len(late)} of them.")
    if over:
        sys.exit(f"The event loop was busy for more than {MOST} ms with: {', '.join(over)}")


def show(kind: str, row: Measured) -> None:
    """Print a row of the table."""
    print(f"{kind:36}{row.status:7}{row.size:12,}{row.seconds:9.2f}{row.loop:9.1f}{row.delay:11.1f}", flush=True)


if __name__ == "__main__":
    main()
