r"""Readers: read the articles of a file with the reader for its suffix, in chunks that are not too large.

To add a format, write a module with a function that yields the articles of a file:

    # app/seeding/readers/wikitext.py
    from collections.abc import Iterator
    from io import BufferedIOBase

    from app.seeding.article import ScannedFile
    from app.seeding.normalize.raw import RawArticle
    from app.seeding.readers.decoding import read_text


    def read_wikitext(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
        title, _, text = read_text(stream).text.partition("\n")
        yield RawArticle(file.name, name, {"title": title.strip("= "), "text": text})

then import the function here, and add one line to `READERS`:

    ".wiki": Reader(read_wikitext, LONGEST_TEXT),

A format that shares its suffix with others, comes in chunks or needs a library that takes long to load is a line of
`FORMATS` in formats.py instead.

`name` is the file's path without suffix, from which the id is made. The document may have any key of `ArticleDocument`.
Raise `Fault` for a file that cannot be read. With `RawArticle.lines`, messages name the lines of values.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase, BufferedReader, BytesIO
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from app.seeding.article import Finding, NewArticle, ScannedFile
from app.seeding.files.archives import remove_archive_suffixes
from app.seeding.files.compression import split_compression
from app.seeding.limits import LONGEST_JSON, LONGEST_TEXT, MOST_FAULTS
from app.seeding.normalize import normalize_article
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import recode_lines
from app.seeding.readers.failures import describe_failure
from app.seeding.readers.formats import HEAD_BYTES, LIMITS, SPLIT_SUFFIXES, choose_format, load_function, read_nothing
from app.seeding.readers.json_files.json_documents import read_json, read_json_lines
from app.seeding.readers.opening import open_decompressed
from app.seeding.readers.texts.markdown import read_markdown
from app.seeding.readers.texts.plain_text import read_plain_text


class Reader(NamedTuple):
    """How to read files with a suffix."""

    read: Callable[[ScannedFile, str, BufferedIOBase], Iterator[RawArticle | Finding]]
    """Takes a file, its path without suffix, and its decompressed bytes."""
    limit: int | None = None
    """Bytes that a file may have; None: any number."""


READERS: dict[str, Reader] = {
    ".txt": Reader(read_plain_text, LONGEST_TEXT),
    ".md": Reader(read_markdown, LONGEST_TEXT),
    ".markdown": Reader(read_markdown, LONGEST_TEXT),
    ".mdx": Reader(read_markdown, LONGEST_TEXT),
    ".json": Reader(read_json, LONGEST_JSON),
    ".jsonl": Reader(read_json_lines),
    ".ndjson": Reader(read_json_lines),
    **{suffix: Reader(read_nothing, limit) for suffix, limit in LIMITS.items()},
}
"""Readers by suffix, in lower case; each may be followed by the suffix of a compression."""

CHUNK_BYTES = 500_000
"""Bytes of a JSON Lines file, and the rest of the last line, that make a chunk."""

READ_ERRORS = (Fault, EOFError, zlib.error, OSError)
"""Exceptions for which a file is to blame."""


class Chunk(NamedTuple):
    """A unit of reading: some records of a file that has many, or any other file as a whole."""

    file: ScannedFile
    lines: bytes | None = None
    """None: the whole file."""
    line: int = 1
    """The number of the first of the lines."""
    offset: int = 0
    """Bytes of the file before them."""
    reader: str = ""
    """The reader of these lines, as in `Format`; none for JSON Lines."""

    @property
    def size(self) -> int:
        """About how many bytes it has, decompressed."""
        if self.lines is not None:
            return len(self.lines)
        return self.file.size * 10 if split_compression(self.file.path)[1] else self.file.size


class ReadResult(NamedTuple):
    """The articles and the findings of a chunk."""

    articles: list[NewArticle]
    findings: list[Finding]


def find_suffix(path: str) -> str | None:
    """Return the suffix by which a file holds articles, with that of its compression; None if it holds none."""
    name, compression = split_compression(PurePosixPath(path).name.lower())
    suffixes = (suffix for suffix in READERS if name.endswith(suffix) and name != suffix)
    return next((suffix + compression for suffix in suffixes), None)


def find_reader(suffix: str) -> Reader:
    """Return the reader for a suffix, with or without that of a compression."""
    return READERS[split_compression(suffix)[0]]


def size_limit(path: str) -> int | None:
    """Return the bytes that a file of articles may have by its name; None: any number."""
    return find_reader(find_suffix(path) or ".txt").limit


def name_format(file: ScannedFile) -> str:
    """Return what reports call the format of a file: its name, or else the suffix."""
    suffix = split_compression(find_suffix(file.path) or ".txt")[0]
    try:
        with open_decompressed(file, None) as stream:
            format = choose_format(file, suffix, peek_head(stream))
    except READ_ERRORS:
        return suffix
    return format.name if format else suffix


def split_file(file: ScannedFile) -> Iterator[Chunk | Finding]:
    """Yield the chunks of a file, or the finding that keeps it from being read."""
    suffix = find_suffix(file.path) or ".txt"
    reader = find_reader(suffix)
    if split_compression(suffix)[0] in SPLIT_SUFFIXES:
        yield from split_records(file, suffix)
        return
    if reader.read is not read_json_lines:
        yield Chunk(file)
        return
    try:
        with open_decompressed(file, reader.limit) as stream:
            line, offset, is_empty = 1, 0, True
            while lines := stream.read(CHUNK_BYTES):
                lines += stream.readline(LONGEST_JSON + 1)
                is_too_long = len(lines) - 1 - lines.rfind(b"\n", 0, -1) > LONGEST_JSON
                if is_too_long or not lines.isspace():
                    is_empty = False
                    yield Chunk(file, lines, line, offset)
                if is_too_long:
                    return
                line += lines.count(b"\n")
                offset += len(lines)
            if is_empty:
                raise Fault("The file is empty; expected articles, one a line.")
    except READ_ERRORS as error:
        yield to_finding(file, error)


def split_records(file: ScannedFile, suffix: str) -> Iterator[Chunk | Finding]:
    """Yield the chunks of a file that may hold many records, or the finding that keeps it from being read.

    The records of a chunk are a file of the same format.
    """
    try:
        with open_decompressed(file, find_reader(suffix).limit) as stream:
            format = choose_format(file, split_compression(suffix)[0], peek_head(stream))
            if format is None or not format.splitter:
                yield Chunk(file)
                return
            for records, line, offset in load_function(format.splitter)(file, stream, CHUNK_BYTES):
                yield Chunk(file, records, line, offset, format.reader)
    except READ_ERRORS as error:
        yield to_finding(file, error)


def peek_head(stream: "BufferedReader[Any]") -> bytes:
    """Return the first bytes of a stream without reading past them."""
    return stream.peek(HEAD_BYTES)[:HEAD_BYTES]


def read_chunk(chunk: Chunk, language: str) -> ReadResult:
    """Read and normalize all articles of a chunk; what is wrong with it becomes a finding, never an exception.

    `language` is that of articles that neither state one themselves nor have a default.
    """
    articles: list[NewArticle] = []
    findings: list[Finding] = []
    bad_count = 0
    try:
        for item in read_raw_articles(chunk):
            if isinstance(item, Finding):
                findings.append(item)
                bad_count += item.severity == "fault"
            else:
                if article := normalize_safely(item, chunk, language):
                    articles.append(article)
                findings += item.findings
                bad_count += bool(item.fault_count)
            if bad_count == MOST_FAULTS:
                last = chunk.line + (chunk.lines or b"").rstrip(b"\n").count(b"\n")
                rest = "the rest of the file" if chunk.lines is None else f"what follows, up to line {last},"
                message = f"With this there are {MOST_FAULTS:,} bad articles; {rest} was not read."
                raise Fault(message, findings[-1].line)
    except READ_ERRORS as error:
        findings.append(to_finding(chunk.file, error))
    except Exception as error:  # noqa: BLE001  (One file must not end the run; the fault says what failed.)
        findings.append(Finding(chunk.file.name, chunk.line, describe_failure(error)))
    return ReadResult(articles, findings)


def normalize_safely(raw: RawArticle, chunk: Chunk, language: str) -> NewArticle | None:
    """Normalize a raw article; an unexpected exception becomes a fault of this article."""
    try:
        return normalize_article(raw, chunk.file.defaults, language)
    except Exception as error:  # noqa: BLE001  (One article must not end the run; the fault says what failed.)
        raw.add_fault(describe_failure(error))
        return None


def read_raw_articles(chunk: Chunk) -> Iterator[RawArticle | Finding]:
    """Yield what the file's reader makes of a chunk."""
    file = chunk.file
    suffix = find_suffix(file.path) or ".txt"
    name = remove_archive_suffixes(file.path)[: -len(suffix)]
    if chunk.lines is not None:
        lines, warnings = recode_lines(chunk.lines, file.encoding)
        yield from (Finding(file.name, chunk.line, message, "warning") for message in warnings)
        read = load_function(chunk.reader) if chunk.reader else read_json_lines
        yield from read(file, name, BytesIO(lines), chunk.line, chunk.offset)
        return
    with open_decompressed(file, find_reader(suffix).limit) as stream:
        format = choose_format(file, split_compression(suffix)[0], peek_head(stream))
        read = load_function(format.reader) if format else find_reader(suffix).read
        yield from read(file, name, stream)


def to_finding(file: ScannedFile, error: Exception) -> Finding:
    """Turn one of `READ_ERRORS` into a finding about the file."""
    match error:
        case Fault():
            return Finding(file.name, error.line, error.message)
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return Finding(file.name, 1, f"The gzip file is damaged ({error}); expected a whole one.")
        case OSError():
            return Finding(file.name, 1, f"The file can't be read: {error.strerror}.")
    raise error
