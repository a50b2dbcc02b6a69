"""Whether a dear question holds up the others: the CPU time of the event loop for each, and the delay of /health/live.

    uv run python -m tests.campaigns.fairness [ARTICLES] [--keep FOLDER]

Over generated articles (100,000 unless options otherwise) and a few very long ones, in a server process that holds no
answers. Each question is asked twice: alone, for the loop's time, and while another connection asks /health/live every
few milliseconds. Delays depend on what else the machine does, which the first line shows; the loop's own CPU time
hardly does. It fails where a question takes more than 50 ms of that.
"""

import argparse
import random
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import orjson

from app.api.facets import Facet
from app.models import Role, enumerate_values
from app.search.query.builder import ENUMERATIONS
from app.search.query.filters import KEYWORD_FILTERS
from app.settings import Settings
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import name, word, write
from tests.benchmarks.scale import run
from tests.support.servers import serving
from tests.support.waiting import wait

MOST = 50
"""So many milliseconds of its CPU time the event loop may give to one question."""

COMMON, USUAL = word(3), word(60)
REFRAIN = ("war", "peace", "fire", "water", "earth", "air", "sun", "moon", "sea")

LONGEST_ADDRESS = 65_000


def long_articles(paragraphs: int) -> Iterator[dict[str, Any]]:
    """Very long articles: a book of so many paragraphs, as many words in one paragraph, and nine words over and over.

    Beside them stand a dozen chapters.
    """
    draw = random.Random(7)

    def text(words: int) -> str:
        return " ".join(word(min(int(draw.paretovariate(0.6)), 19_999)) for _ in range(words))

    yield {
        "id": "book",
        "title": "A book",
        "paragraphs": [f"{text(30)} é {name(it % 300)}" for it in range(paragraphs)],
    }
    yield {"id": "scroll", "title": "A scroll", "paragraphs": [f"{text(2 * paragraphs)} é"]}
    yield {"id": "refrain", "title": "A refrain", "paragraphs": [" ".join(draw.choices(REFRAIN, k=2 * paragraphs))]}
    for number in range(12):
        chapter = [f"{text(30)} {name(it % 300)}" for it in range(paragraphs // 20)]
        yield {"id": f"chapter-{number}", "title": "A chapter", "tags": ["chapters"], "paragraphs": chapter}


def ask(path: str, **parameters: Any) -> str:
    """The address of a question, as long as addresses may be."""
    query = urlencode(parameters, doseq=True)
    if len(query) > LONGEST_ADDRESS:
        query = query[:LONGEST_ADDRESS].rpartition("&")[0]
    return f"{path}?{query}"


def questions() -> dict[str, str]:
    """The dearest questions known, each with its address."""
    misspelt = " ".join(f"{word(100 + number)}~2" for number in range(60))
    moved = " ".join(f'"{word(it)} {word(it + 1)} {word(it + 2)}"~5' for it in range(3, 21))
    words = " ".join(word(number) for number in range(60))
    unknown = [f"nobody-{number}-{word(31 * number)}" for number in range(50)]
    wide = [(it * 20)[:300] for it in unknown]
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
        "1,000 unknown parameters": ask("/articles", **{f"{word(7 * it)}x": 1 for it in range(1000)}),
        "1,000 unknown facets": ask("/articles", facet=[word(it) for it in range(1000)]),
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


class Connection:
    """One connection to a server, kept alive, below the level of clients, which would take time of their own."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 600)

    def get(self, url: str) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        self.socket.sendall(f"GET {url} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        read = bytearray()
        while b"\r\n\r\n" not in read:
            read += self.receive()
        head, _, rest = bytes(read).partition(b"\r\n\r\n")
        length = int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
        pieces, got = [rest], len(rest)
        while got < length:
            pieces.append(self.receive())
            got += len(pieces[-1])
        return int(head.split(maxsplit=2)[1]), b"".join(pieces)

    def receive(self) -> bytes:
        """What comes next."""
        data = self.socket.recv(2**20)
        if not data:
            raise ConnectionError("the server hung up")
        return data


class Watch(threading.Thread):
    """Asks /health/live again and again, and notes the largest delay."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.connection = Connection(port)
        self.stopped = threading.Event()
        self.largest = 0.0

    def run(self) -> None:
        while not self.stopped.wait(0.002):
            began = time.perf_counter()
            self.connection.get("/health/live")
            self.largest = max(self.largest, time.perf_counter() - began)


class Measured(NamedTuple):
    """What one question cost."""

    status: int
    size: int
    seconds: float
    loop: float
    """Milliseconds of CPU time of the event loop's thread."""
    delay: float
    """The largest delay of /health/live, in milliseconds."""


def loop_time(process: int) -> int:
    """The nanoseconds of CPU time that the main thread of a process has had, in which the event loop runs."""
    return int(Path(f"/proc/{process}/task/{process}/schedstat").read_text().split()[0])


def measure(process: int, port: int, work: Callable[[Connection], tuple[int, bytes]]) -> Measured:
    """What something costs that is asked of the server."""
    connection, watch = Connection(port), Watch(port)
    spent, began = loop_time(process), time.perf_counter()
    status, body = work(connection)
    seconds = time.perf_counter() - began
    spent = loop_time(process) - spent
    watch.start()
    work(connection)
    watch.stopped.set()
    watch.join()
    return Measured(status, len(body), seconds, spent / 1e6, watch.largest * 1000)


def idle(_connection: Connection) -> tuple[int, bytes]:
    """Ask nothing for a while."""
    time.sleep(2)
    return 0, b""


def make_corpus(articles: int, folder: Path) -> Path:
    """The folder of a database with the corpus, made unless it is there."""
    source, data = folder / f"fairness-{articles}", folder / f"fairness-data-{articles}"
    if not data.exists():
        write(articles, source)
        (source / "long.jsonl").write_bytes(b"\n".join(map(orjson.dumps, long_articles(20_000))))
        run(Settings(data=data), "seed", source)
    return data


def main() -> None:
    """Print a table, and fail where the event loop was busy for too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fairness", description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    options = parser.parse_args()
    forget_settings()
    with tempfile.TemporaryDirectory() as scratch:
        data = make_corpus(options.articles, options.keep or Path(scratch))
        with serving(Path(scratch) / "log", data=data, cache=0) as server:
            wait(lambda: server.get("/health/ready").status_code == 200, 600)
            port, process = urlsplit(str(server.client.base_url)).port or 0, server.process.pid
            print(f"{'':36}{'status':>7}{'bytes':>12}{'seconds':>9}{'loop ms':>9}{'health ms':>11}")
            rows = {}
            nothing = measure(process, port, idle)
            show("nothing asked, two seconds", nothing)
            for kind, url in questions().items():
                row = measure(process, port, lambda connection, url=url: connection.get(url))
                # Without what the loop does anyway: it looks for a new revision again and again.
                rows[kind] = row._replace(loop=row.loop - nothing.loop / nothing.seconds * row.seconds)
                show(kind, rows[kind])
    over = [kind for kind, it in rows.items() if it.loop > MOST]
    late = [kind for kind, it in rows.items() if it.delay > MOST]
    print(f"{len(rows)} questions; /health/live waited for more than {MOST} ms beside {len(late)} of them.")
    if over:
        sys.exit(f"The event loop was busy for more than {MOST} ms with: {', '.join(over)}")


def show(kind: str, row: Measured) -> None:
    """Print a row of the table."""
    print(f"{kind:36}{row.status:7}{row.size:12,}{row.seconds:9.2f}{row.loop:9.1f}{row.delay:11.1f}", flush=True)


if __name__ == "__main__":
    main()
