"""Which reader reads which files, and what each of them gives: articles, and what is to be said of them."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from app.seeding.documents import Article, Finding, SourceFile
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


class Reading(NamedTuple):
    """What a file gives."""

    articles: list[Article]
    findings: list[Finding]


def suffix_of(path: str) -> str | None:
    """The suffix by which a file is known to hold articles; None if it isn't."""
    name = PurePosixPath(path).name.lower()
    return next((suffix for suffix in READERS if name.endswith(suffix) and name != suffix), None)


def read(file: SourceFile, language: str) -> Reading:
    """Every article of a file. What is wrong with it is a finding; nothing is raised for it.

    `language` is that of articles that neither they nor their defaults say.
    """
    articles: list[Article] = []
    findings: list[Finding] = []
    suffix = suffix_of(file.path) or ".txt"
    try:
        with opened(file, suffix) as stream:
            for item in READERS[suffix](file, file.path[: -len(suffix)], stream):
                if isinstance(item, Finding):
                    findings.append(item)
                    continue
                article = settle(item, file.defaults, language)
                findings += item.findings
                if article:
                    articles.append(article)
    except Fault as fault:
        findings.append(Finding(file.name, fault.line, fault.message))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        findings.append(Finding(file.name, 1, f"The gzip file is damaged ({error}); expected a whole one."))
    except OSError as error:
        findings.append(Finding(file.name, 1, f"The file can't be read: {error.strerror}."))
    return Reading(articles, findings)


def opened(file: SourceFile, suffix: str) -> BufferedIOBase:
    """The bytes of a file, unpacked."""
    path = Path(file.name)
    return gzip.open(path) if suffix.endswith(".gz") else path.open("rb")
