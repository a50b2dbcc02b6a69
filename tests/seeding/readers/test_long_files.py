"""A file of many records is cut into chunks in constant memory, also within an archive or compressed."""

import gzip
import tarfile
import tracemalloc
import zipfile

import pytest

from app.seeding import readers
from app.seeding.article import Finding
from app.seeding.readers import split_file
from app.seeding.scanner import scan

WORDS = " ".join(f"ferry{number}" for number in range(100))
RECORDS = {
    "a.jsonl": ("", '{{"title": "T{0}", "text": "{1}"}}\n', ""),
    "a.csv": ("title,text\n", "T{0},{1}\n", ""),
    "a.conll": ("", "-DOCSTART- O\n\nT{0} O\n" + WORDS.replace(" ", "_") + " O\n\n", ""),
    "a.mbox": ("", "From a@example.org Mon Jan  6 10:00:00 2025\nSubject: T{0}\n\n{1}\n\n", ""),
    "a.rss": ("<rss><channel>", "<item><title>T{0}</title><description>{1}</description></item>\n", "</channel></rss>"),
}


def write_records(path, count):
    before, record, after = RECORDS[path.name]
    path.parent.mkdir(parents=True)
    path.write_text(before + "".join(record.format(number, WORDS) for number in range(count)) + after)
    return path


def compress(path):
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 1))


def pack_zip(path):
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)


def pack_tar(path):
    with tarfile.open(path.with_suffix(".tar.gz"), "w:gz") as archive:
        archive.add(path, path.name)


def measure_splitting(folder):
    """Return how many chunks the one file of a folder has, and the most memory that cutting it took."""
    (file,) = scan([folder]).files
    tracemalloc.start()
    count = 0
    for chunk in split_file(file):
        assert not isinstance(chunk, Finding), chunk
        count += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return count, peak


@pytest.mark.parametrize(
    ("name", "pack"),
    [*((name, None) for name in RECORDS), *(("a.jsonl", pack) for pack in (compress, pack_zip, pack_tar))],
)
def test_long_file_takes_no_more_memory_than_a_shorter_one(tmp_path, monkeypatch, name, pack):
    monkeypatch.setattr(readers, "CHUNK_BYTES", 20_000)
    # Archives are too repetitive to be articles.
    monkeypatch.setattr("app.seeding.files.archives.MOST_UNPACKED", 10_000)
    measured = []
    for count in (1, 500, 2_000):
        path = write_records(tmp_path / str(count) / name, count)
        if pack:
            pack(path)
            path.unlink()
        measured.append(measure_splitting(tmp_path / str(count)))
    _, (few, before), (many, after) = measured

    assert many > 2.5 * few
    assert after < 1.3 * before
