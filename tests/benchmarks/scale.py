"""How the service grows with the corpus: seeding, start, memory, disk, and latency in process by class of questions.

    uv run --group test python -m tests.benchmarks.scale [ARTICLES ...] [--keep FOLDER]

Without numbers: 1,000 and 10,000 generated articles; 1,000,000 are possible, and take their time. Each class asks 504
distinct questions through the whole application, without sockets, the response cache and other work.
"""

import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import orjson

from app.settings import Settings
from app.system.gc import relaxed_gc
from tests.benchmarks import asgi
from tests.benchmarks.corpus import (
    GeneratedCorpus,
    make_corpus,
    open_folder,
    parse_arguments,
    run_command,
)
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.figures import ROUNDS, Figure, compare, percentile, print_table, summarize
from tests.benchmarks.generated import Generator
from tests.benchmarks.http.client import Client
from tests.benchmarks.http.servers import serve_articles
from tests.benchmarks.questions import QUESTIONS, draw_questions
from tests.conftest import Api

PER_ROUND = 72
MIXED = 40_000
"""Questions of all classes, in random order, that a server answers before its memory is measured."""

RATE, START, START_OF_TWO, MEMORY, DISK, MIDDLE = 1_500, 1.0, 1.5, 300, 1_300, 0.8
"""Targets for 100,000 articles on two cores: articles a second; seconds; megabytes of memory and disk; milliseconds."""

Latency = dict[str, tuple[Figure, Figure]]
"""The median and the 99th percentile of the milliseconds of each class."""


def measure_latency(corpus: GeneratedCorpus) -> Latency:
    """Ask all classes in turns, each question once. In a process of its own, whose memory nothing else has filled."""
    api = Api(Settings(data=corpus.data, cache=0))
    questions = draw_questions(api.json, corpus.articles, ROUNDS * PER_ROUND)
    rounds: dict[str, list[list[float]]] = {question.name: [] for question in QUESTIONS}
    with relaxed_gc():
        for number in range(ROUNDS):
            for question, values in questions.items():
                part = values[number * PER_ROUND : (number + 1) * PER_ROUND]
                rounds[question.name].append([ask(api, url) for url in question.addresses(part)])
    api.close()
    return {
        name: (summarize(map(median, each)), summarize(percentile(round, 99) for round in each))
        for name, each in rounds.items()
    }


def ask(api: Api, url: str) -> float:
    """Return the milliseconds that an answer takes."""
    start = time.perf_counter()
    response = api.loop.run_until_complete(asgi.ask(api.app, url))
    seconds = time.perf_counter() - start
    assert response.status == 200, url
    return seconds * 1000


def measure_size(folder: Path) -> float:
    """Return the megabytes of the files under a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def measure_start(corpus: GeneratedCorpus, workers: int) -> Figure:
    """Return the seconds from the command to the first answer."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with serve_articles(corpus.data, workers=workers, pinned=False) as server:
            server.ask(["/articles"])
            seconds.append(time.perf_counter() - start)
    return summarize(seconds)


def measure_memory(corpus: GeneratedCorpus) -> tuple[float, float]:
    """Return the megabytes that a server has for itself, at its start and after many mixed questions."""
    with serve_articles(corpus.data, pinned=False) as server:
        questions = draw_questions(server.json, corpus.articles, ROUNDS * PER_ROUND)
        paths = [path for question, values in questions.items() for path in question.addresses(values)]
        before = server.memory()
        client = Client(server.port, 3)
        mixed = random.Random(1).choices(paths, k=MIXED)
        for first in range(0, MIXED, 500):
            client.ask(mixed[first : first + 500])
        client.close()
        return before, server.memory()


@contextmanager
def changed_files(source: Path) -> Iterator[int]:
    """Rewrite a tenth of the files with other articles of the same ids, at least one, and restore them afterwards."""
    files = sorted(source.glob("*.jsonl"))
    changed = files[: max(1, len(files) // 10)]
    originals = {file: file.read_bytes() for file in changed}
    generator, articles = Generator(seed=2), 0
    for file in changed:
        numbers = range(int(file.stem), int(file.stem) + len(originals[file].splitlines()))
        file.write_bytes(b"\n".join(orjson.dumps(generator.article(number)) for number in numbers))
        articles += len(numbers)
    try:
        yield articles
    finally:
        for file, content in originals.items():
            file.write_bytes(content)


def measure_reseeding(corpus: GeneratedCorpus, scratch: Path) -> tuple[float, float, float]:
    """Return the seconds of runs over nothing changed and one article more, and the rate at which changes are read.

    The runs work on a copy of the database.
    """
    shutil.copytree(corpus.data, scratch)
    try:
        nothing = run_command(scratch, "seed", corpus.source)
        added = corpus.source / "one-more.json"
        added.write_bytes(orjson.dumps(Generator().article(0) | {"id": "one-more"}))
        try:
            one = run_command(scratch, "seed", corpus.source)
            with changed_files(corpus.source) as articles:
                rate = articles / run_command(scratch, "seed", corpus.source)
        finally:
            added.unlink()
    finally:
        shutil.rmtree(scratch)
    return nothing, one, rate


def print_growth(rows: Sequence[tuple[str, list[str]]], corpora: Sequence[GeneratedCorpus]) -> None:
    """Print a table with a column for each corpus."""
    print_table(
        ["", *(f"{corpus.articles:,} articles" for corpus in corpora)], [[name, *cells] for name, cells in rows]
    )


def describe(corpus: GeneratedCorpus, scratch: Path) -> dict[str, str]:
    """Return what a corpus takes, each beside its target."""
    nothing, one, rate = measure_reseeding(corpus, scratch)
    start, after = measure_memory(corpus)
    database, index = (measure_size(folder) for folder in (corpus.data, corpus.data / "index"))
    seeding = "" if corpus.seeding is None else compare(corpus.articles / corpus.seeding, RATE, at_least=True)
    return {
        "seeding and indexing, articles/s": seeding,
        "a tenth of the files changed, articles/s": compare(rate, RATE, at_least=True),
        "nothing changed, s": compare(nothing, None),
        "one article more, s": compare(one, None),
        "first answer, s": compare(measure_start(corpus, 1), START),
        "first answer of two workers, s": compare(measure_start(corpus, 2), START_OF_TWO),
        "memory at start, MB": compare(start, None),
        f"memory after {MIXED:,} mixed questions, MB": compare(after, MEMORY),
        "disk, MB (of that, the index)": f"{compare(database, DISK)} ({index:,.0f})",
    }


def main() -> None:
    """Print two tables with a column for each size."""
    forget_settings()
    options = parse_arguments("tests.benchmarks.scale", __doc__.splitlines()[0], [1_000, 10_000])
    with open_folder(options.keep) as folder:
        corpora = [make_corpus(articles, folder) for articles in options.articles]
        columns = [describe(corpus, folder / "reseeded") for corpus in corpora]
        print("What a corpus takes (targets are those of 100,000 articles):\n")
        print_growth([(name, [column[name] for column in columns]) for name in columns[0]], corpora)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as process:
            latencies = list(process.map(measure_latency, corpora))
    print("Milliseconds of a new question in process, p50 / p99:\n")
    rows = [
        (question.name, ["{} / {}".format(*latency[question.name]) for latency in latencies]) for question in QUESTIONS
    ]
    middles = [median(p50.median for p50, _ in latency.values()) for latency in latencies]
    rows.append((f"**median of {len(QUESTIONS)} classes**", [compare(middle, MIDDLE) for middle in middles]))
    print_growth(rows, corpora)


if __name__ == "__main__":
    main()
