"""Index storage: find, open and verify the index in its folder."""

import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from errno import ENOENT, ENOTDIR
from os import SEEK_END
from pathlib import Path
from typing import NamedTuple

import orjson
import tantivy

from app.search.index import schema

CHUNK = 2**20
"""Bytes of a file that are checked at once."""


MISSING = (FileNotFoundError, NotADirectoryError)


class BrokenIndexError(Exception):
    """An index can't be used; the message says why."""


class IndexState(NamedTuple):
    """What an index holds. It is a document of the index, so it changes in the same commit."""

    revision: int
    """The number of the revision."""
    id: str
    """The random id of the revision, which tells one database from another."""
    stemmers: list[str]
    """The stemmers that its texts need."""
    version: str
    """The version of the code that made it (`index_version`)."""


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """The index of one kind, with a searcher that sees it as it was at one moment."""

    index: tantivy.Index
    schema: tantivy.Schema
    searcher: tantivy.Searcher


def current_index(folder: Path) -> Path:
    """Return the folder of the index that is served. Raises `BrokenIndexError` if there is none."""
    try:
        name = (folder / "current").read_bytes()
    except FileNotFoundError:
        raise BrokenIndexError("there is none yet") from None
    if not re.fullmatch(b"[0-9a-f]{16}", name):
        raise BrokenIndexError("it is not said which one it is")
    return folder / name.decode()


def open_index(path: Path) -> tantivy.Index:
    """Return the index in this folder, as of its last commit.

    Tantivy checks the length and the footer of every committed file. Raises `BrokenIndexError`, or `OSError` if the
    system refuses to read a file that may be sound.
    """
    try:
        index = tantivy.Index.open(str(path))
        index.config_reader("manual")
        index.reload()
    except ValueError as error:
        refused = re.search(r"Os \{ code: (\d+)", str(error))
        if refused and int(refused[1]) not in (ENOENT, ENOTDIR):
            raise OSError(int(refused[1]), os.strerror(int(refused[1])), str(path)) from error
        raise BrokenIndexError(f"it can't be opened: {error}") from error
    return index


def read_state(index: tantivy.Index) -> IndexState:
    """Return what an index holds. Raises `BrokenIndexError`."""
    try:
        searcher = index.searcher()
        hits = searcher.search(tantivy.Query.term_query(index.schema, "row", "state", "basic"), 1).hits
        return IndexState(*orjson.loads(searcher.doc(hits[0][1])["state"][0]))
    except (ValueError, OSError, LookupError, TypeError) as error:
        raise BrokenIndexError("it doesn't say what it holds") from error


def verify(path: Path) -> None:
    """Compare every committed file with its checksum. Raises `BrokenIndexError`, or `OSError` as `open_index` does.

    Other files may lie beside them, of a writer that is at work or was killed.
    """
    for kind in schema.KINDS:
        try:
            segments = orjson.loads((path / kind / "meta.json").read_bytes())["segments"]
            names = [segment["segment_id"].replace("-", "") for segment in segments]
        except (*MISSING, ValueError, LookupError, TypeError, AttributeError) as error:
            raise BrokenIndexError(f"meta.json of {kind} can't be read") from error
        # Reading and computing checksums release the interpreter lock.
        with ThreadPoolExecutor() as threads:
            list(threads.map(verify_file, [file for name in names for file in (path / kind).glob(f"{name}.*")]))
        # Only now: tantivy panics over some kinds of damage.
        index = open_index(path / kind)
        if index.schema != schema.build_schema(kind, read_state(index).stemmers):
            raise BrokenIndexError("its fields are others")


def verify_file(file: Path) -> None:
    """Compare a file with the checksum that tantivy wrote at its end. Raises `BrokenIndexError`.

    It ends in a JSON footer with the CRC-32 of what precedes it, the footer's length and a magic number,
    each in four bytes (tantivy, `directory/footer.rs`).
    """
    with file.open("rb", buffering=0) as stream:
        size = stream.seek(0, SEEK_END)
        stream.seek(max(0, size - 8))
        rest = size - 8 - int.from_bytes(stream.read(4), "little")
        stream.seek(max(0, rest))
        try:
            expected = orjson.loads(stream.read()[:-8])["crc"]
        except (ValueError, LookupError, TypeError):
            expected = None
        stream.seek(0)
        # In chunks, so that the same memory is filled again and again.
        chunk, checksum = memoryview(bytearray(CHUNK)), 0
        while rest > 0 and (count := stream.readinto(chunk[:rest])):
            checksum = zlib.crc32(chunk[:count], checksum)
            rest -= count
    if checksum != expected:
        raise BrokenIndexError(f"{file.name} is damaged")
