"""Exports of a generated corpus: items in a second of CPU time, and by how much the memory of the process grows.

    uv run --group test python -m tests.benchmarks.exports [ARTICLES] [--keep FOLDER] [--only LIST.SUFFIX ...]

Without a number: 10,000 articles, of 33 mentions each. Exports are made in this process, as `articles export` makes
them. Datasette streams its table of mentions as CSV, narrower rows of the same number, if it can be had. With --keep
the generated folder and the database stay there, and are used again.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from app.api.deps import Corpus
from app.api.exports.export import ExportSource
from app.api.query_string import QueryString, validate_params
from app.cli.export import LISTS
from app.serving.service import CorpusService
from app.settings import Settings
from app.system.gc import relaxed_gc
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import write
from tests.benchmarks.http import servers
from tests.benchmarks.http.relational import export as export_tables
from tests.conftest import seed_into

TABLES = "articles.jsonl articles.csv paragraphs.jsonl mentions.jsonl mentions.csv mentions.parquet entities.csv"
TEXTS = "txt md annotations.jsonld schema.jsonld ninjs.jsonl tei.xml brat.zip conll conllu doccano.jsonl"
EXPORTS = [*TABLES.split(), *(f"articles.{suffix}" for suffix in TEXTS.split())]

TARGETS = {"articles.jsonl": 15_000, "mentions.csv": 200_000, "mentions.parquet": 200_000}
"""Items a second of CPU time."""

MEGABYTE = 2**20


class Result(NamedTuple):
    """What an export held and took."""

    items: int
    size: int
    """Bytes."""
    seconds: float
    """Of CPU time."""
    growth: int
    """Bytes by which the resident memory grew, at most, after the first piece."""


def main() -> None:
    """Generate, export and print."""
    forget_settings()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.exports")
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="+", default=EXPORTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        settings = Settings(data=folder / f"data-{options.articles}")
        if not settings.data.exists():
            print(f"{options.articles:,} articles are generated and seeded.", file=sys.stderr)
            seed_into(settings, write(options.articles, folder / f"articles-{options.articles}"))
        measure(settings, options.only)
        measure_datasette(settings.data, folder / f"datasette-{options.articles}")


def measure(settings: Settings, names: list[str]) -> None:
    """Print a line for each export."""
    service = CorpusService(settings)
    service.open()
    service.refresh()
    assert service.snapshot
    print(f"{'export':32}{'items':>10}{'items/s':>10}{'MB/s':>7}{'MB more':>9}")
    with relaxed_gc():
        for name in names:
            result = run(name, Corpus(service.snapshot, ""))
            rate = result.items / result.seconds
            target = TARGETS.get(name)
            aim = f"   aimed at: {target:,}" if target else ""
            print(
                f"{name:32}{result.items:10,}{rate:10,.0f}{result.size / result.seconds / 1e6:7.0f}"
                f"{result.growth / MEGABYTE:9.1f}{aim}",
                flush=True,
            )
    service.close()


def run(name: str, corpus: Corpus) -> Result:
    """Make an export, and drop its pieces."""
    kind, _, suffix = name.partition(".")
    exported = LISTS[kind]
    source = ExportSource(corpus, QueryString(f"/{kind}", []), "")
    export = exported.export(suffix, validate_params(exported.model, []), source)
    process = psutil.Process()
    began = time.process_time()
    size = len(next(export.pieces))
    before = most = process.memory_info().rss
    for number, piece in enumerate(export.pieces):
        size += len(piece)
        if number % 64 == 0:
            most = max(most, process.memory_info().rss)
    seconds = time.process_time() - began
    most = max(most, process.memory_info().rss)
    return Result(max(export.report.rows, export.report.articles), size, seconds, most - before)


def measure_datasette(data: Path, folder: Path) -> None:
    """Print the line of Datasette, or why there is none."""
    try:
        with servers.datasette(*export_tables(data / "articles.db", folder)) as server:
            before = server.cpu()
            answer = server.get("/corpus/mention.csv?_stream=on&_size=max")
            seconds = server.cpu() - before
            memory = server.memory()
    except servers.ServerError as error:
        print(f"{error}: it is left out.")
        return
    rows = answer.body.count(b"\n") - 1
    print(f"{'Datasette, mention.csv':32}{rows:10,}{rows / seconds:10,.0f}{len(answer.body) / seconds / 1e6:7.0f}")
    print(f"Datasette's whole process: {memory:.0f} MB.")


if __name__ == "__main__":
    main()
