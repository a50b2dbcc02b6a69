"""Plain text: the paragraphs, separated by blank lines. The offsets of other formats count in this text."""

from collections.abc import Iterable, Iterator

from app.export.document import SEPARATOR, Report, join_paragraphs
from app.rendering import JsonObject


def write_plain_text(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield the text of each article; two blank lines more separate one from the next."""
    for number, article in enumerate(articles):
        report.articles += 1
        yield f"{SEPARATOR * 2 if number else ''}{join_paragraphs(article).text}\n".encode()
