"""The memory of a seeding run does not grow with the folder, but for a documented number of bytes an article."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.search.index.loader import ArticleRows
from app.seeding import workers
from app.seeding.catalogue import Catalogue
from app.seeding.readers import CHUNK_BYTES
from app.seeding.scanner import scan
from app.seeding.seed import check
from app.seeding.workers import AnnotatedChunk, Batch, annotate, annotate_in_processes, split_into_batches
from tests.conftest import write_documents

README = (Path(__file__).parent.parent.parent / "app" / "README.md").read_text(encoding="utf-8")

PEAKS = """
import gc, json, sys, tracemalloc
from pathlib import Path
# Garbage collection is relaxed in a run; here garbage must not count.
gc.set_threshold(500)
gc.set_threshold = lambda *thresholds: None
from app.database.engine import open_database
from app.database.migrations import migrate
from app.search.index.updater import update_index
from app.seeding import readers, workers
from app.seeding.revision import writer
from app.seeding.seed import seed
# The interpreter's table of interned strings doubles now and then, by megabytes; it must not while it is measured.
interned = [sys.intern(f"interned {number}") for number in range(100_000)]
# Buffers that are bounded in bytes are full in small corpora.
readers.CHUNK_BYTES = workers.CHUNK_BYTES = 5_000
writer.FLUSH_BYTES = 10_000
for folder in map(Path, sys.argv[1:]):
    engine = open_database(f"sqlite:///{folder}.db")
    migrate(engine)
    steps = {
        "first": lambda: seed(engine, [folder]),
        "derived anew": lambda: seed(engine, [folder], root_path="/news", language="de"),
        "index": lambda: update_index(engine, folder.with_suffix(".index")),
    }
    peaks = {}
    for name, step in steps.items():
        # Without older objects, no garbage waits for them to grow by a quarter before it is collected.
        gc.collect()
        gc.freeze()
        gc.collect()
        tracemalloc.start()
        step()
        peaks[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    print(json.dumps(peaks))
"""


def write_files(folder: Path, count: int) -> Path:
    """Write so many files of one article each, and no catalogue."""
    write_documents(folder, []).joinpath("articles.jsonl").unlink()
    for number in range(count):
        text = "A text of some words, which are always the same. " * 10
        document = {"id": f"article-{number:07}", "title": f"Title {number}", "text": text, "mentions": []}
        (folder / f"{number:07}.json").write_text(json.dumps(document))
    return folder


def test_memory_grows_by_no_more_bytes_an_article_than_documented(tmp_path):
    [documented] = re.findall(r"([\d,]+) bytes an article", README)
    folders = [write_files(tmp_path / str(count), count) for count in (60, 80, 240)]
    ended = subprocess.run([sys.executable, "-c", PEAKS, *folders], capture_output=True, text=True, check=True)
    # The first folder only loads what is loaded once.
    _, before, after = map(json.loads, ended.stdout.splitlines())
    growth = {name: (after[name] - before[name]) / 160 for name in before}
    print(growth)

    assert {name: bytes for name, bytes in growth.items() if bytes > int(documented.replace(",", ""))} == {}
    assert growth["index"] < 100


def test_long_files_are_in_batches_of_their_own(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("A title\n\n" + "A text. " * 100_000)
    (tmp_path / "d.txt").write_text("A title\n\nA text.")

    assert [len(batch.chunks) for batch in split_into_batches(scan([tmp_path]).files)] == [1, 1, 1, 1]


@pytest.mark.parametrize(("size", "most"), [(CHUNK_BYTES, 2 * (os.cpu_count() or 1) + 2), (50_000_000, 1)])
def test_reading_ahead_is_bounded_in_bytes(tmp_path, size, most):
    (tmp_path / "a.txt").write_text("A title\n\nA text.")
    [file] = scan([tmp_path]).files
    drawn = []

    def draw():
        for _ in range(20):
            drawn.append(size)
            yield Batch([AnnotatedChunk(file, [], [])], size)

    annotated = annotate_in_processes(draw(), "en")
    next(annotated)
    ahead = len(drawn)

    assert ahead <= most
    assert len([*annotated]) == 19


class KilledAnnotator:
    """Ends its process as the operating system does when memory runs out."""

    name = "killed"

    def annotate(self, _article):
        os.kill(os.getpid(), signal.SIGKILL)


def test_killed_worker_process_is_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "loaded_annotators", [KilledAnnotator()])
    (tmp_path / "a.txt").write_text("A title\n\nA text.")
    [batch] = split_into_batches(scan([tmp_path]).files)

    with pytest.raises(ChildProcessError, match=r"reads files was killed, .* memory runs out; .*taskset -c 0"):
        list(annotate_in_processes([batch], "en"))


def test_annotators_are_released_after_the_last_file(tmp_path):
    (tmp_path / "a.txt").write_text("A title\n\nA text.")

    assert len([*annotate(scan([tmp_path]).files, Catalogue({}, {}), "en")]) == 1
    assert workers.loaded_annotators == []


def test_rows_of_one_article_at_a_time_are_in_memory():
    drawn = []
    parts = ArticleRows(drawn.append(row) or row for row in [(1, "a"), (1, "b"), (3, "c"), (3, "d"), (4, "e")])

    assert [*parts.of(1)] == [(1, "a"), (1, "b")]
    assert len(drawn) == 3
    assert [[*parts.of(key)] for key in (2, 3, 5)] == [[], [(3, "c"), (3, "d")], []]


def test_check_stores_no_article(tmp_path, monkeypatch):
    tables = []
    monkeypatch.setattr("app.seeding.revision.writer.add_rows", lambda connection, table, rows: tables.append(table))
    monkeypatch.setattr("app.seeding.revision.writer.FLUSH_BYTES", 1)

    assert check([write_files(tmp_path / "seeds", 3)]).added == 3
    assert tables == []
