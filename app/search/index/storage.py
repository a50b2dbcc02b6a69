"""An index as it lies in its folder: opened, asked what it holds, and compared with its checksums."""

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

PIECE = 2**20
"""So many bytes of a file are summed up at once."""


GONE = (FileNotFoundError, NotADirectoryError)


class BrokenIndexError(Exception):
    """An index can't be used; the message says why."""


class IndexState(NamedTuple):
    """What an index says of itself. It is a document of the index, so it changes in the same commit."""

    revision: int
    """The number of the revision that it holds."""
    id: str
    """The random id of that revision, which tells one database from another."""
    stemmers: list[str]
    """The stemmers that its texts need."""
    version: str
    """Of the way it was made."""


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """The index of one kind, as it was at one moment."""

    index: tantivy.Index
    schema: tantivy.Schema
    searcher: tantivy.Searcher


def current_index(folder: Path) -> Path:
    """The folder of the index that is served. Raises `BrokenIndexError` where there is none."""
    try:
        name = (folder / "current").read_bytes()
    except FileNotFoundError:
        raise BrokenIndexError("there is none yet") from None
    if not re.fullmatch(b"[0-9a-f]{16}", name):
        raise BrokenIndexError("it is not said which one it is")
    return folder / name.decode()


def open_index(path: Path) -> tantivy.Index:
    """The index in this folder, reading what was committed last.

    The engine compares the length and the footer of every file that was committed. Raises `BrokenIndexError`;
    `OSError` where the system does not let a file be read that may be sound.
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
    """Which revision an index holds. Raises `BrokenIndexError`."""
    try:
        searcher = index.searcher()
        hits = searcher.search(tantivy.Query.term_query(index.schema, "row", "state", "basic"), 1).hits
        return IndexState(*orjson.loads(searcher.doc(hits[0][1])["state"][0]))
    except (ValueError, OSError, LookupError, TypeError) as error:
        raise BrokenIndexError("it doesn't say what it holds") from error


def verify(path: Path) -> None:
    """Compare every file that was committed with its checksum. Raises `BrokenIndexError`, or `OSError` as above.

    Beside them may lie others, of a writer that is at work or was killed.
    """
    for kind in schema.KINDS:
        try:
            segments = orjson.loads((path / kind / "meta.json").read_bytes())["segments"]
            names = [segment["segment_id"].replace("-", "") for segment in segments]
        except (*GONE, ValueError, LookupError, TypeError, AttributeError) as error:
            raise BrokenIndexError(f"meta.json of {kind} can't be read") from error
        # Reading and summing up leave the interpreter to other threads.
        with ThreadPoolExecutor() as threads:
            list(threads.map(verify_file, [file for name in names for file in (path / kind).glob(f"{name}.*")]))
        # Only now, for the engine panics over some kinds of damage.
        index = open_index(path / kind)
        if index.schema != schema.build_schema(kind, read_state(index).stemmers):
            raise BrokenIndexError("its fields are others")


def verify_file(file: Path) -> None:
    """Compare a file with the checksum that the engine wrote at its end. Raises `BrokenIndexError`.

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
        # In pieces, for memory that is filled again and again need not be asked for anew.
        piece, found = memoryview(bytearray(PIECE)), 0
        while rest > 0 and (count := stream.readinto(piece[:rest])):
            found = zlib.crc32(piece[:count], found)
            rest -= count
    if found != expected:
        raise BrokenIndexError(f"{file.name} is damaged")
