"""Progress of a run: it grows while a large file is read, and ends with all."""

import gzip
import json
from itertools import pairwise
from pathlib import Path

import pytest

from app.database.engine import open_database
from app.database.migrations import migrate
from app.seeding.reports.progress import ReadProgress
from app.seeding.scanner import scan
from app.seeding.seed import seed


def seed_reports(folder: Path) -> list[tuple[int, int]]:
    reports: list[tuple[int, int]] = []
    engine = open_database("sqlite://")
    migrate(engine)
    seed(engine, [folder], progress=lambda done, total: reports.append((done, total)))
    engine.dispose()
    return reports


def lines(number: int) -> bytes:
    text = "A text of many words. " * 40
    return "".join(
        json.dumps({"id": f"a{n}", "title": "T", "text": text, "mentions": []}) + "\n" for n in range(number)
    ).encode()


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_progress_grows_within_a_large_file(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "small.txt").write_text("Title\n\nText.")
    data = lines(3_000)
    (tmp_path / f"large{suffix}").write_bytes(gzip.compress(data, 0) if suffix.endswith("gz") else data)
    reports = seed_reports(tmp_path)
    totals = {total for _, total in reports}

    assert len(totals) == 1
    assert all(before <= after for (before, _), (after, _) in pairwise(reports))
    assert len({done for done, _ in reports}) >= 5
    assert reports[-1] == (max(totals), max(totals))


def test_small_files_are_counted_as_one_each(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Title {number}\n\nText.")

    assert seed_reports(tmp_path) == [(1, 3), (2, 3), (3, 3)]


def test_more_chunks_than_estimated_are_not_counted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Title\n\nText.")
    reports: list[tuple[int, int]] = []
    first, second = scan([tmp_path]).files
    progress = ReadProgress([first, second], lambda done, total: reports.append((done, total)))
    for file in (first, first, first, second):
        progress.add_chunk(file)

    assert reports == [(1, 2), (1, 2), (1, 2), (2, 2)]
