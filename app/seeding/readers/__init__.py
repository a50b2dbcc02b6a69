"""Which reader reads which files, piece by piece, and what each gives: articles, and what is to be said of them."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase, BytesIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from app.seeding.documents import Article, Finding, SourceFile
from app.seeding.readers.decoding import LONGEST_LINE
from app.seeding.readers.markdown import read_markdown
from app.seeding.readers.plain import read_plain
from app.seeding.readers.structured import read_json, read_json_lines
from app.seeding.settle import settle
from app.seeding.settle.draft import Draft, Fault

READERS: dict[str, Callable[[SourceFile, str, BufferedIOBase], Iterator[Draft | Finding]]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".json": read_json,
    ".json.gz": read_json,
    ".jsonl": read_json_lines,
    ".jsonl.gz": read_json_lines,
}
"""By suffix. Each takes the file, its path without suffix, and its bytes."""


PIECE = 500_000
"""So many bytes of a JSON Lines file, and the rest of the line, are read at a time."""

TROUBLES = (Fault, EOFError, zlib.error, OSError)
"""What may be wrong with a file."""


class Piece(NamedTuple):
    """What is read at a time: some lines of a JSON Lines file, or any other file as a whole."""

    file: SourceFile
    lines: bytes | None = None
    line: int = 1
    """Where the lines begin."""
    offset: int = 0
    """The bytes before them."""


class Reading(NamedTuple):
    """What a piece gives."""

    articles: list[Article]
    findings: list[Finding]


def suffix_of(path: str) -> str | None:
    """The suffix by which a file is known to hold articles; None if it isn't."""
    name = PurePosixPath(path).name.lower()
    return next((suffix for suffix in READERS if name.endswith(suffix) and name != suffix), None)


def pieces(file: SourceFile) -> Iterator[Piece | Finding]:
    """A file in pieces, or what keeps it from being read."""
    suffix = suffix_of(file.path) or ".txt"
    if READERS[suffix] is not read_json_lines:
        yield Piece(file)
        return
    try:
        with opened(file, suffix) as stream:
            line, offset = 1, 0
            while lines := stream.read(PIECE):
                lines += stream.readline(LONGEST_LINE + 1)
                yield Piece(file, lines, line, offset)
                line += lines.count(b"\n")
                offset += len(lines)
                if len(lines) - 1 - lines.rfind(b"\n", 0, -1) > LONGEST_LINE:
                    return
            if not offset:
                raise Fault("The file is empty; expected articles, one a line.")
    except TROUBLES as error:
        yield complaint(file, error)


def read(piece: Piece, language: str) -> Reading:
    """Every article of a piece. What is wrong with it is a finding; nothing is raised for it.

    `language` is that of articles that neither they nor their defaults say.
    """
    articles: list[Article] = []
    findings: list[Finding] = []
    try:
        for item in drafts(piece):
            if isinstance(item, Finding):
                findings.append(item)
                continue
            article = settle(item, piece.file.defaults, language)
            findings += item.findings
            if article:
                articles.append(article)
    except TROUBLES as error:
        findings.append(complaint(piece.file, error))
    return Reading(articles, findings)


def drafts(piece: Piece) -> Iterator[Draft | Finding]:
    """What the reader of a piece makes of it."""
    file = piece.file
    if piece.lines is not None:
        yield from read_json_lines(file, "", BytesIO(piece.lines), piece.line, piece.offset)
        return
    suffix = suffix_of(file.path) or ".txt"
    with opened(file, suffix) as stream:
        yield from READERS[suffix](file, file.path[: -len(suffix)], stream)


def complaint(file: SourceFile, error: Exception) -> Finding:
    """What is to be said of a file."""
    match error:
        case Fault():
            return Finding(file.name, error.line, error.message)
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return Finding(file.name, 1, f"The gzip file is damaged ({error}); expected a whole one.")
        case OSError():
            return Finding(file.name, 1, f"The file can't be read: {error.strerror}.")
    raise error


def opened(file: SourceFile, suffix: str) -> BufferedIOBase:
    """The bytes of a file, unpacked."""
    path = Path(file.name)
    return gzip.open(path) if suffix.endswith(".gz") else path.open("rb")
