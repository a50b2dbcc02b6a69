"""An index that lies damaged is built anew, whatever is the matter with it."""

import os
import shutil
from pathlib import Path

import pytest

from app.search import schema
from app.search.opening import current
from tests.conftest import seed_into, write_documents
from tests.search.test_follow import WHOLE, document, restarted


@pytest.fixture
def folder(tmp_path):
    return write_documents(tmp_path / "seeds", [document(id, f"Word {id}.") for id in "abc"])


@pytest.fixture
def index(settings, folder):
    """The folder of the index of a seeded corpus."""
    seed_into(settings, folder)
    return current(settings.index)


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
def test_a_damaged_index_is_built_anew_and_the_log_says_so(settings, index, caplog, harm):
    harm(index)
    caplog.set_level("INFO", "articles")

    assert restarted(settings) == WHOLE
    assert "The index is built anew: " in caplog.text
    assert current(settings.index) != index


def test_a_run_does_not_build_on_damage(settings, index, folder, caplog):
    flip(next(index.glob("articles/*.term")))
    write_documents(folder, [document("a", "Word a."), document("d", "Word d.")])
    caplog.set_level("INFO", "articles")
    seed_into(settings, folder)

    assert "is damaged" in caplog.text
    assert restarted(settings) == ({"a", "d"}, 2, 2)
