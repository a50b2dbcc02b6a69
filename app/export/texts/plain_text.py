"""Plain text: the paragraphs, separated by blank lines. The offsets of other formats count in this text."""

from collections.abc import Iterable, Iterator

from app.export.document import SEPARATOR, Report, read_documents
from app.rendering import JsonObject


def write_plain_text(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield the text of each article; two blank lines more separate one from the next."""
    for number, document in enumerate(read_documents(articles, report)):
        yield f"{SEPARATOR * 2 if number else ''}{document.text}\n".encode()
