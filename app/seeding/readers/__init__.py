"""Which reader reads which files, piece by piece, and what each gives: articles, and what is to be said of them."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BytesIO
from pathlib import PurePosixPath
from typing import NamedTuple

from app.seeding.article import Finding, NewArticle, ScannedFile
from app.seeding.files import open_file
from app.seeding.limits import LEAST_UNPACKED, LONGEST_JSON, LONGEST_TEXT, MOST_FAULTS, MOST_UNPACKED
from app.seeding.normalize import normalize_article
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.failures import describe_failure
from app.seeding.readers.json_documents import read_json, read_json_lines
from app.seeding.readers.markdown import read_markdown
from app.seeding.readers.plain_text import read_plain

Read = Callable[[ScannedFile, str, BufferedIOBase], Iterator[RawArticle | Finding]]
"""Takes a file, its path without suffix, and its bytes."""


class Reader(NamedTuple):
    """How files with a suffix are read."""

    read: Read
    limit: int | None = None
    """The bytes that a file may have."""


READERS: dict[str, Reader] = {
    ".txt": Reader(read_plain, LONGEST_TEXT),
    ".md": Reader(read_markdown, LONGEST_TEXT),
    ".json": Reader(read_json, LONGEST_JSON),
    ".json.gz": Reader(read_json, LONGEST_JSON),
    ".jsonl": Reader(read_json_lines),
    ".jsonl.gz": Reader(read_json_lines),
}
"""By suffix."""


CHUNK_BYTES = 500_000
"""So many bytes of a JSON Lines file, and the rest of the line, are read at a time."""

READ_ERRORS = (Fault, EOFError, zlib.error, OSError)
"""What may be wrong with a file."""


class Chunk(NamedTuple):
    """What is read at a time: some lines of a JSON Lines file, or any other file as a whole."""

    file: ScannedFile
    lines: bytes | None = None
    line: int = 1
    """Where the lines begin."""
    offset: int = 0
    """The bytes before them."""

    @property
    def size(self) -> int:
        """About how many bytes it has, unpacked."""
        if self.lines is not None:
            return len(self.lines)
        return self.file.size * 10 if self.file.path.lower().endswith(".gz") else self.file.size


class ReadResult(NamedTuple):
    """What a piece gives."""

    articles: list[NewArticle]
    findings: list[Finding]


def suffix_of(path: str) -> str | None:
    """The suffix by which a file is known to hold articles; None if it isn't."""
    name = PurePosixPath(path).name.lower()
    return next((suffix for suffix in READERS if name.endswith(suffix) and name != suffix), None)


def limit_of(path: str) -> int | None:
    """The bytes that a file of this name may have; None: any number."""
    return READERS[suffix_of(path) or ".txt"].limit


def split_file(file: ScannedFile) -> Iterator[Chunk | Finding]:
    """A file in pieces, or what keeps it from being read."""
    suffix = suffix_of(file.path) or ".txt"
    if READERS[suffix].read is not read_json_lines:
        yield Chunk(file)
        return
    try:
        with open_unpacked(file, suffix) as stream:
            line, offset, empty = 1, 0, True
            while lines := stream.read(CHUNK_BYTES):
                lines += stream.readline(LONGEST_JSON + 1)
                too_long = len(lines) - 1 - lines.rfind(b"\n", 0, -1) > LONGEST_JSON
                if too_long or not lines.isspace():
                    empty = False
                    yield Chunk(file, lines, line, offset)
                if too_long:
                    return
                line += lines.count(b"\n")
                offset += len(lines)
            if empty:
                raise Fault("The file is empty; expected articles, one a line.")
    except READ_ERRORS as error:
        yield to_finding(file, error)


def read_chunk(piece: Chunk, language: str) -> ReadResult:
    """Every article of a piece. What is wrong with it is a finding; nothing is raised for it.

    `language` is that of articles that neither they nor their defaults say.
    """
    articles: list[NewArticle] = []
    findings: list[Finding] = []
    faults = 0
    try:
        for item in drafts(piece):
            if isinstance(item, Finding):
                findings.append(item)
                faults += 1
            else:
                if article := settle_safely(item, piece, language):
                    articles.append(article)
                findings += item.findings
                faults += bool(item.faults)
            if faults == MOST_FAULTS:
                last = piece.line + (piece.lines or b"").rstrip(b"\n").count(b"\n")
                rest = "the rest of the file" if piece.lines is None else f"what follows, up to line {last},"
                message = f"With this there are {MOST_FAULTS:,} bad articles; {rest} was not read."
                raise Fault(message, findings[-1].line)
    except READ_ERRORS as error:
        findings.append(to_finding(piece.file, error))
    except Exception as error:  # noqa: BLE001  (One file must not end the run; the fault says what failed.)
        findings.append(Finding(piece.file.name, piece.line, describe_failure(error)))
    return ReadResult(articles, findings)


def settle_safely(draft: RawArticle, piece: Chunk, language: str) -> NewArticle | None:
    """The article of a draft; None, with a fault, also where the program fails on it."""
    try:
        return normalize_article(draft, piece.file.defaults, language)
    except Exception as error:  # noqa: BLE001  (One article must not end the run; the fault says what failed.)
        draft.fault(describe_failure(error))
        return None


def drafts(piece: Chunk) -> Iterator[RawArticle | Finding]:
    """What the reader of a piece makes of it."""
    file = piece.file
    if piece.lines is not None:
        yield from read_json_lines(file, "", BytesIO(piece.lines), piece.line, piece.offset)
        return
    suffix = suffix_of(file.path) or ".txt"
    with open_unpacked(file, suffix) as stream:
        yield from READERS[suffix].read(file, file.path[: -len(suffix)], stream)


def to_finding(file: ScannedFile, error: Exception) -> Finding:
    """What is to be said of a file."""
    match error:
        case Fault():
            return Finding(file.name, error.line, error.message)
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return Finding(file.name, 1, f"The gzip file is damaged ({error}); expected a whole one.")
        case OSError():
            return Finding(file.name, 1, f"The file can't be read: {error.strerror}.")
    raise error


@contextmanager
def open_unpacked(file: ScannedFile, suffix: str) -> Iterator[BufferedIOBase]:
    """The bytes of a file, unpacked."""
    with open_file(file.real, READERS[suffix].limit) as stream:
        if suffix.endswith(".gz"):
            with BoundedGzip(stream, max(LEAST_UNPACKED, MOST_UNPACKED * file.size)) as unpacked:
                yield unpacked
        else:
            yield stream


class BoundedGzip(gzip.GzipFile):
    """A gzip file that ends in a fault where it unpacks to more than this."""

    def __init__(self, packed: BufferedIOBase, bound: int) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self.bound = bound

    def read(self, size: int | None = -1) -> bytes:
        """Return so many unpacked bytes."""
        return self.bounded(super().read(size))

    def readline(self, size: int | None = -1) -> bytes:
        """Return the rest of a line, or so many bytes of it."""
        return self.bounded(super().readline(size))

    def bounded(self, data: bytes) -> bytes:
        """Raise `Fault` where this is too much."""
        if self.tell() > self.bound:
            raise Fault(f"The gzip file unpacks to more than {MOST_UNPACKED} times its size; expected articles.")
        return data
