"""brat standoff: a zip with `.txt` and `.ann` of each article, and `annotation.conf` with the types."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from app.export.archive import stream_zip
from app.export.document import Document, Report, Span, read_documents
from app.models import EntityType, enumerate_values
from app.rendering import JsonObject

CONFIGURATION: Final = "\n".join(
    [
        "[entities]",
        *enumerate_values(EntityType),
        "",
        "[relations]",
        "",
        "[events]",
        "",
        "[attributes]",
        "",
    ]
)
LINE_BREAK: Final = re.compile("[\n\r]")


def write_brat(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a zip archive, with `.ann` files whose offsets count the code points of the `.txt` files."""
    return stream_zip(brat_files(articles, report))


def brat_files(articles: Iterable[JsonObject], report: Report) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file."""
    yield "annotation.conf", CONFIGURATION.encode()
    for document in read_documents(articles, report):
        yield f"{document.id}.txt", document.text.encode()
        yield f"{document.id}.ann", format_annotations(document, report).encode()


def format_annotations(document: Document, report: Report) -> str:
    """Return a line for each mention, and a note with the entity for each that is identified."""
    lines = []
    for number, span in enumerate(document.spans, 1):
        pieces = split_lines(document.text, span)
        if not pieces:
            report.mentions -= 1
            report.omitted["nothing but line breaks"] += 1
            continue
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(document.text[start:end] for start, end in pieces)
        lines.append(f"T{number}\t{span.type} {offsets}\t{words}\n")
        if entity := span.entity:
            lines.append(f"#{number}\tAnnotatorNotes T{number}\t{entity['id']}\n")
    return "".join(lines)


def split_lines(text: str, span: Span) -> list[tuple[int, int]]:
    """Return the start and end of a span's part in each line, since brat's annotations don't reach across lines."""
    pieces, start = [], span.start
    for line_break in LINE_BREAK.finditer(text, span.start, span.end):
        pieces.append((start, line_break.start()))
        start = line_break.end()
    return [(start, end) for start, end in [*pieces, (start, span.end)] if start < end]
