"""spaCy DocBin: a zip of `.spacy` files, which spaCy reads as a folder of training data. Needs the extra `spacy`."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app.export.archive import stream_zip
from app.export.document import Document, Report, join_paragraphs, take_outermost
from app.rendering import JsonObject

if TYPE_CHECKING:
    from spacy.tokens import Doc

DOCUMENTS: Final = 200
"""Articles in a file: a DocBin is written as a whole, so that more of them take more memory."""


def write_docbin(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a zip of DocBins.

    `ents` has the outer or first of nested and crossing mentions, `spans["mentions"]` all of them; what does not
    end where spaCy's tokens do is counted as omitted.
    """
    return stream_zip(docbin_files(articles, report))


def docbin_files(articles: Iterable[JsonObject], report: Report) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file."""
    from spacy.tokens import DocBin  # noqa: PLC0415  (Loading spaCy takes seconds.)

    docbin, number = DocBin(store_user_data=True), 0
    for article in articles:
        docbin.add(make_doc(join_paragraphs(article), report))
        report.articles += 1
        if len(docbin) == DOCUMENTS:
            yield f"part-{number:05}.spacy", docbin.to_bytes()
            docbin, number = DocBin(store_user_data=True), number + 1
    if len(docbin) or not number:
        yield f"part-{number:05}.spacy", docbin.to_bytes()


def make_doc(document: Document, report: Report) -> "Doc":
    """Return spaCy's document of an article."""
    doc: Doc = load_tokenizer(document.article["language"].split("-")[0])(document.text)
    doc.user_data["article"] = document.id
    spans = [
        doc.char_span(span.start, span.end, label=span.type, kb_id=span.entity["id"] if span.entity else "")
        for span in document.spans
    ]
    aligned = [(span, token_span) for span, token_span in zip(document.spans, spans, strict=True) if token_span]
    report.mentions += len(aligned)
    report.omitted["not at the bounds of tokens"] += len(spans) - len(aligned)
    doc.spans["mentions"] = [token_span for _, token_span in aligned]
    outermost = set(map(id, take_outermost([span for span, _ in aligned])[0]))
    doc.ents = [token_span for span, token_span in aligned if id(span) in outermost]
    return doc


@cache
def load_tokenizer(language: str) -> Any:
    """Return spaCy's tokenizer for a language, or the one for any language."""
    import spacy  # noqa: PLC0415  (Loading spaCy takes seconds.)

    try:
        return spacy.blank(language).tokenizer
    except ImportError:
        return spacy.blank("xx").tokenizer
