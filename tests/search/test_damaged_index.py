"""An index that lies damaged is built anew, whatever is the matter with it."""

import os
import resource
import shutil
from pathlib import Path

import pytest

from app.search.index import schema
from app.search.index.storage import BrokenIndexError, current_index, open_index
from app.search.index.updater import verify_or_discard
from tests.conftest import Api, seed_into, write_documents
from tests.search.conftest import FOUND
from tests.support.documents import document


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def flip(path):
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0x55
    path.write_bytes(raw)


def files(pattern, harm):
    """Do harm to the first file of the index like this."""
    return lambda index: harm(next(index.glob(pattern)))


def current_says(garbage):
    """Write this where it should stand which index is served."""
    return lambda index: (index.parent / "current").write_bytes(garbage)


HARMS = {
    **{f"{kind}: short {end}": files(f"{kind}/*.{end}", truncate) for kind in schema.KINDS for end in ("term", "pos")},
    **{f"{kind}: wrong {end}": files(f"{kind}/*.{end}", flip) for kind in schema.KINDS for end in ("store", "fast")},
    "no meta": files("articles/meta.json", Path.unlink),
    "short meta": files("articles/meta.json", truncate),
    "empty meta": files("paragraphs/meta.json", lambda path: path.write_text("{}")),
    "no such folder": shutil.rmtree,
    "no current": files("../current", Path.unlink),
    "empty current": current_says(b""),
    "garbage in current": current_says(b"\xff\0"),
    "another folder in current": current_says(b"0" * 16),
    "the world outside in current": current_says(b"../../.."),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_damaged_index_is_rebuilt_and_logged(settings, index, caplog, harm, find_word):
    harm(index)
    caplog.set_level("INFO", "articles")

    assert find_word() == FOUND
    assert "The index is built anew: " in caplog.text
    assert current_index(settings.index) != index


def test_seeding_does_not_update_a_damaged_index(settings, index, folder, caplog, find_word):
    flip(next(index.glob("articles/*.term")))
    write_documents(folder, [document("a", "Word a."), document("d", "Word d.")])
    caplog.set_level("INFO", "articles")
    seed_into(settings, folder)

    assert "is damaged" in caplog.text
    assert find_word() == ({"a", "d"}, 2, 2)


def replace(path, raw):
    """Give a file other content, while whoever has it mapped into memory keeps the old one."""
    path.with_suffix(".new").write_bytes(raw)
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize("kind", schema.KINDS)
def test_index_with_a_truncated_file_is_not_opened(index, kind):
    paths = [path for path in (index / kind).iterdir() if path.suffix in SUFFIXES]

    assert {path.suffix for path in paths} == SUFFIXES
    for path in paths:
        raw = path.read_bytes()
        for size in (0, 3, len(raw) // 2, len(raw) - 1):
            replace(path, raw[:size])
            with pytest.raises(BrokenIndexError, match="it can't be opened"):
                open_index(index / kind)
        replace(path, raw)
    open_index(index / kind)


SUFFIXES = {".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term"}


def test_index_truncated_under_a_server_is_rebuilt_with_the_next_revision(settings, index, folder):
    api = Api(settings)
    path = next(index.glob("articles/*.idx"))
    replace(path, path.read_bytes()[:100])
    write_documents(folder, [document("a", "Word a."), document("d", "Word d.")])
    api.seed(folder)

    assert {item["id"] for item in api.walk("/articles?q=word")} == {"a", "d"}
    assert current_index(settings.index) != index
    api.close()


def test_index_that_the_system_refuses_to_read_is_kept(settings, index):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    # One more file can be opened: the lock.
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1, most[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            verify_or_discard(settings.index)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, most[1]))
        with pytest.raises(OSError, match="Too many open files"):
            open_index(index / "articles")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)

    assert current_index(settings.index) == index
