"""How answers take their time as a corpus grows: latency of every class of question, start, seeding, disk, memory.

    uv run python -m tests.benchmarks.scale [ARTICLES ...] [--postgresql] [--keep FOLDER]

Without numbers: 1,000 and 10,000 articles, generated; 1,000,000 are possible, and take their time. Each class is
asked in process, uncached, through the whole application; printed are milliseconds, the median and the worst of 20
questions, and what is aimed at for 100,000 articles. With --postgresql each size is measured on a PostgreSQL server,
too, that runs meanwhile. With --keep the generated folders and the SQLite databases stay there, and are used again.
"""

import argparse
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import orjson
from sqlalchemy import text

from app.database.engine import open_database, read_transaction
from app.settings import Settings
from app.system.gc import relaxed_gc
from tests.benchmarks import asgi
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import Generator, word, write
from tests.conftest import Api
from tests.support.postgres import databases
from tests.support.servers import serving
from tests.support.waiting import wait

ROUNDS = 20

TARGETS = {"seeded": 1_200, "memory": 250, "start": 1.0, "median": 1.0, "worst": 15.0, "facets": 100.0, "growth": 1.3}
"""For 100,000 articles on two cores: articles a second, megabytes, seconds, milliseconds; and how much longer the
newest may take in ten times as many articles."""
FACETS = "paragraph facet of most"
"""The one class that may take longer than others."""

# Word 3 stands in nearly every article, word 60 in many, word 3,000 in some, word 19,000 in very few.
COMMON, USUAL, MIDDLING, RARE = (word(rank) for rank in (3, 60, 3000, 19000))

QUESTIONS = {
    "one article": "/articles/article-0000007",
    "newest": "/articles",
    "q, common word": f"/articles?q={COMMON}",
    "q, two common words": f"/articles?q={COMMON}+{word(5)}",
    "q, usual word": f"/articles?q={USUAL}",
    "q, middling word": f"/articles?q={MIDDLING}",
    "q, rare word, newest": f"/articles?q={RARE}&sort=-published",
    "q, common phrase": f"/articles?q=%22{COMMON}+{word(5)}%22",
    "q, common phrase moved": f"/articles?q=%22{COMMON}+{word(5)}+{word(8)}%22~5",
    "q, prefix of two": f"/articles?q={COMMON[:2]}*",
    "q, one letter wrong": f"/articles?q={MIDDLING}~1",
    "q, any of five": "/articles?match=any&q=" + "+".join(word(rank) for rank in (3, 60, 400, 3000, 9000)),
    "q + top entity": f"/articles?q={USUAL}&entity=entity-0",
    "q + mid entity": f"/articles?q={COMMON}&entity=entity-900",
    "entity, newest": "/articles?entity=entity-0",
    "two entities": "/articles?entity=entity-0&entity=entity-1",
    "not an entity": "/articles?entity_not=entity-0",
    "a year": "/articles?published_from=2001&published_to=2001",
    "title order": f"/articles?q={USUAL}&sort=title",
    "highlights": f"/articles?q={USUAL}&highlight=offsets",
    "tag facet of q": f"/articles?q={USUAL}&facet=tag",
    "entity facet of q": f"/articles?q={USUAL}&facet=entity",
    "entity facet of most": f"/articles?q={COMMON}&facet=entity",
    "entity facet of few": f"/articles?q={RARE}&facet=entity",
    "four facets of q": f"/articles?q={USUAL}&facet=tag&facet=source&facet=author&facet=year",
    "entities of q": f"/entities?q={USUAL}",
    "companions": "/entities?entity=entity-40&sort=-association",
    "companions in a breath": "/entities?entity=entity-40&within=paragraph",
    "timeline of q": f"/timeline?q={USUAL}&interval=month",
    "name prefix": "/entities?name_prefix=be",
    "paragraphs, two entities": "/paragraphs?entity=entity-0&entity=entity-1",
    "paragraphs, usual word": f"/paragraphs?q={USUAL}",
    "articles in a breath": f"/articles?q={MIDDLING}&entity=entity-0&within=paragraph",
    "paragraph facet of most": f"/paragraphs?q={COMMON}&facet=entity",
    "similar": "/articles/article-0000007/similar",
}


class Measured(NamedTuple):
    """What one corpus showed."""

    lines: list[str]
    """A summary of the whole run."""
    times: dict[str, tuple[float, float]]
    """The median and the worst of each class, in milliseconds."""


def ask(api: Api, url: str) -> float:
    """Milliseconds that a question takes."""
    start = time.perf_counter()
    status, _ = api.loop.run_until_complete(asgi.ask(api.app, url, []))
    took = time.perf_counter() - start
    assert status == 200, url
    return took * 1000


def size(folder: Path) -> float:
    """Megabytes under a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def stored(settings: Settings) -> str:
    """How much of the disk the corpus takes."""
    index = size(settings.data / "index")
    if not settings.database_url:
        return f"database {size(settings.data) - index:,.0f} MB, index {index:,.0f} MB"
    engine = open_database(settings.database)
    with read_transaction(engine) as connection:
        database = connection.scalar(text("SELECT pg_database_size(current_database())"))
    engine.dispose()
    copy = size(settings.data / "copies")
    return f"database {database / 1e6:,.0f} MB, copy {copy:,.0f} MB, index {index:,.0f} MB"


def own_memory() -> float:
    """Megabytes that this process has for itself: without the pages of files, which all processes share."""
    return int(re.findall(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1e3


def run(settings: Settings, *arguments: object) -> float:
    """The seconds that a command takes."""
    variables = {"ARTICLES_DATA": str(settings.data), "ARTICLES_DATABASE_URL": settings.database_url}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        env=os.environ | variables,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def first_answer(settings: Settings) -> float:
    """The seconds from starting a server over an existing corpus to its first answer; the least of three."""
    return min(start(settings) for _ in range(3))


def start(settings: Settings) -> float:
    """The same, once: the very first start on a machine also compiles modules that nothing else needs."""
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        variables = {"data": settings.data, "database_url": settings.database_url}
        with serving(Path(scratch) / "log", **variables) as server:
            wait(lambda: server.get("/articles").status_code == 200, 600)
            took = time.perf_counter() - began
            server.stop()
    return took


def again(settings: Settings, source: Path) -> str:
    """The seconds that a run takes over a corpus that hardly changes; it is left as it was."""
    nothing = run(settings, "seed", source)
    added = source / "one-more.json"
    added.write_bytes(orjson.dumps(Generator().article(0) | {"id": "one-more"}))
    try:
        more = run(settings, "seed", source)
    finally:
        added.unlink()
    less = run(settings, "seed", "--prune", source)
    return f"with nothing changed in {nothing:.1f} s, with an article more in {more:.1f} s, without it in {less:.1f} s"


def measure(name: str, articles: int, source: Path, settings: Settings) -> Measured:
    """Seed a corpus unless it is there, and ask it everything. In a process of its own, for the memory's sake."""
    lines = []
    if not settings.data.exists() or settings.database_url:
        took = run(settings, "seed", source)
        rate = f"{articles / took:,.0f} articles/s (target {TARGETS['seeded']:,})"
        lines.append(f"{name}: seeded in {took:,.1f} s: {rate}")
    if settings.database_url:
        lines.append(f"{name}: copied and indexed by a new machine in {run(settings, 'index'):,.1f} s")
    start = time.perf_counter()
    api = Api(settings)
    ask(api, "/articles")
    took = time.perf_counter() - start
    times = {}
    with relaxed_gc():
        for kind, url in QUESTIONS.items():
            ask(api, url)
            asked = [ask(api, url) for _ in range(ROUNDS)]
            times[kind] = statistics.median(asked), max(asked)
    api.close()
    lines.append(f"{name}: seeded again {again(settings, source)}")
    lines.append(
        f"{name}: a server's first answer after {first_answer(settings):.2f} s (target {TARGETS['start']:.0f}), "
        f"{took:.2f} s of them with its modules loaded; {stored(settings)}; "
        f"{own_memory():,.0f} MB of memory (target {TARGETS['memory']})"
    )
    return Measured(lines, times)


def summary(name: str, times: dict[str, tuple[float, float]]) -> str:
    """The class in the middle, and the one that takes longest, beside what is aimed at."""
    medians = {kind: median for kind, (median, _) in times.items()}
    others = {kind: median for kind, median in medians.items() if kind != FACETS}
    worst = max(others, key=lambda kind: others[kind])
    return (
        f"{name}: the middle class {statistics.median(medians.values()):.2f} ms (target {TARGETS['median']:.0f}); "
        f"the worst, {worst}, {others[worst]:.0f} ms (target {TARGETS['worst']:.0f}); "
        f"{sum(median > TARGETS['worst'] for median in others.values())} of {len(others)} are over that; "
        f"{FACETS} {medians[FACETS]:.0f} ms (target {TARGETS['facets']:.0f})"
    )


def parse_arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale", description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL, too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    return parser.parse_args()


def main() -> None:
    """Print a table, a column for each size and database."""
    forget_settings()
    options = parse_arguments()
    columns: dict[str, Measured] = {}
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = options.keep or scratch
        create = stack.enter_context(databases()) if options.postgresql else None
        context = multiprocessing.get_context("spawn")
        for articles in options.articles:
            source = folder / f"articles-{articles}"
            corpora = {f"{articles:,}": Settings(data=folder / f"data-{articles}", cache=0)}
            if create:
                url = create()
                corpora[f"{articles:,} PG"] = Settings(data=scratch / f"pg-{articles}", database_url=url, cache=0)
            if not source.exists():
                write(articles, source)
            for name, settings in corpora.items():
                with ProcessPoolExecutor(1, context) as process:
                    columns[name] = process.submit(measure, name, articles, source, settings).result()
                print("\n".join(columns[name].lines), flush=True)
    print(f"\n{'milliseconds, median / worst':30}" + "".join(f"{name:>18}" for name in columns))
    for kind in QUESTIONS:
        cells = "".join("{:9.2f} /{:7.2f}".format(*column.times[kind]) for column in columns.values())
        print(f"{kind:30}{cells}")
    for name, column in columns.items():
        print(summary(name, column.times))
    newest = [column.times["newest"][0] for column in columns.values()]
    if len(newest) > 1:
        print(f"newest, the last column against the first: {newest[-1] / newest[0]:.2f} (target {TARGETS['growth']})")


if __name__ == "__main__":
    main()
