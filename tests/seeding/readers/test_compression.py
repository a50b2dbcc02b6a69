"""Compressed files of every format are read as they are without compression, within limits."""

import bz2
import gzip
import sys

import pytest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "zst": zstd.compress}
CONTENTS = {
    "a.txt": b"Ferries stop\n\nNo ferry left.\n",
    "a.md": b"# Ferries stop\n\nNo ferry left.\n",
    "a.jsonl": b'{"title": "Ferries stop", "text": "No ferry left."}\n',
    "a.csv": b"title,text\nFerries stop,No ferry left.\n",
    "a.xml": b"<rss><item><title>Ferries stop</title><description>No ferry left.</description></item></rss>",
    "a.eml": b"Subject: Ferries stop\n\nNo ferry left.\n",
    "a.conll": b"Ferries O\nstop O\n\nNo O\nferry O\nleft O\n. O\n",
}


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("name", CONTENTS)
def test_compressed_file_is_read_as_the_file_in_it(article, name, suffix):
    parsed = article(f"{name}.{suffix}", PACKERS[suffix](CONTENTS[name]))

    assert [paragraph.text for paragraph in parsed.paragraphs] == ["Ferries stop", "No ferry left."]


@pytest.mark.parametrize(("suffix", "kind"), [("gz", "gzip"), ("bz2", "bzip2"), ("zst", "Zstandard")])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_damaged_file_names_its_compression(reading, name, suffix, kind):
    packed = PACKERS[suffix](CONTENTS[name] * 50)
    for damaged in (packed[:-9], b"nonsense"):
        _, findings = reading(f"{name}.{suffix}", damaged)

        assert findings[-1].message.startswith(f"The {kind} file is damaged")


@pytest.mark.parametrize(("suffix", "kind"), [("gz", "gzip"), ("bz2", "bzip2"), ("zst", "Zstandard")])
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_bomb_ends_in_a_sentence(reading, name, suffix, kind):
    packed = PACKERS[suffix](b"title,text\n" + (b"a," + b"b" * 1_000_000 + b"\n") * 14)
    _, findings = reading(f"{name}.{suffix}", packed)

    assert findings[-1].message in {
        f"The {kind} file unpacks to more than 100 times its size; expected articles.",
        "The file is longer than 10 MB; expected less (only JSON Lines may be of any size).",
    }
