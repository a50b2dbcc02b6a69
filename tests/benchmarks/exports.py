"""Exports of a generated corpus: items in a second of CPU time, and by how much the memory of the process grows.

    uv run --group test python -m tests.benchmarks.exports [ARTICLES] [--keep FOLDER] [--only LIST.SUFFIX ...]

Without a number: 10,000 articles, of 33 mentions each. Exports are made in this process, as `articles export` makes
them. Datasette streams its table of mentions as CSV, narrower rows of the same number, if it can be had. With --keep
the generated folder and the database stay there, and are used again. Last comes what other questions keep of their
throughput beside an export, in a server.
"""

import argparse
import time
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import psutil

from app.api.deps import Corpus
from app.api.exports.export import ExportSource
from app.api.query_string import QueryString, validate_params
from app.cli.export import LISTS
from app.serving.service import CorpusService
from app.settings import Settings
from app.system.gc import relaxed_gc
from tests.benchmarks.beside_exports import measure_throughput
from tests.benchmarks.corpus import GeneratedCorpus, make_corpus, open_folder
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.figures import compare, print_table
from tests.benchmarks.http.datasette import serve_datasette
from tests.benchmarks.http.servers import ServerError
from tests.benchmarks.http.tables import make_tables

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
    with open_folder(options.keep) as folder:
        corpus = make_corpus(options.articles, folder)
        rows = [*measure(Settings(data=corpus.data), options.only), measure_datasette(corpus)]
        print(f"Exports of {corpus.articles:,} articles, in a second of CPU time:\n")
        print_table(["export", "items", "items/s", "MB/s", "growth of memory, MB"], rows)
        measure_throughput(corpus)


def measure(settings: Settings, names: list[str]) -> list[list[object]]:
    """Return a row for each export."""
    rows: list[list[object]] = []
    service = CorpusService(settings)
    service.open()
    service.refresh()
    assert service.snapshot
    with relaxed_gc():
        for name in names:
            result = run(name, Corpus(service.snapshot, ""))
            rate = compare(result.items / result.seconds, TARGETS.get(name), at_least=True)
            speed = f"{result.size / result.seconds / 1e6:.0f}"
            rows.append([name, f"{result.items:,}", rate, speed, f"{result.growth / MEGABYTE:.1f}"])
    service.close()
    return rows


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


def measure_datasette(corpus: GeneratedCorpus) -> list[object]:
    """Return the row of Datasette, or why there is none."""
    try:
        with serve_datasette(make_tables(corpus)) as server:
            before = server.cpu()
            with urlopen(f"http://127.0.0.1:{server.port}/corpus/mention.csv?_stream=on&_size=max") as response:
                body = response.read()
            seconds, memory = server.cpu() - before, server.memory()
    except ServerError as error:
        return [f"{error}: it is left out", "", "", "", ""]
    rows, rate = body.count(b"\n") - 1, len(body) / seconds / 1e6
    return [
        "mentions.csv of Datasette",
        f"{rows:,}",
        f"{rows / seconds:,.0f}",
        f"{rate:.0f}",
        f"{memory:.0f} in all",
    ]


if __name__ == "__main__":
    main()
