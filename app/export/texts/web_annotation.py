"""W3C Web Annotation: an annotation a mention, with selectors of its place in the plain text of its article."""

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from app.export.document import Document, Report, Span, entities_url, read_documents
from app.rendering import JsonObject

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"

QUOTE_CONTEXT: Final = 32
"""Characters of a quote's `prefix` and `suffix`, as annotation tools give them."""


def write_web_annotations(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield one AnnotationCollection with all mentions of all articles in its first page, and at last their number."""
    yield (
        b'{"@context":"%b","type":"AnnotationCollection","first":{"type":"AnnotationPage","startIndex":0,"items":['
        % (CONTEXT.encode())
    )
    separator = b"\n"
    for document in read_documents(articles, report):
        for number, span in enumerate(document.spans):
            yield separator + orjson.dumps(annotate_span(document, span, number))
            separator = b",\n"
    yield b'\n]},"total":%d}\n' % report.mentions


def annotate_span(document: Document, span: Span, number: int) -> JsonObject:
    """Return the annotation of a mention; positions count the code points of the article's plain text."""
    text, (start, end) = document.text, span[:2]
    url = document.article["url"]
    return {
        "id": f"{url}.annotations.jsonld#{number}",
        "type": "Annotation",
        "motivation": "identifying" if span.entity else "classifying",
        "generator": {"type": "Software", "name": span.mention["origin"]},
        "body": list(annotation_bodies(span, entities_url(document.article))),
        "target": {
            "source": f"{url}.txt",
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {
                    "type": "TextQuoteSelector",
                    "exact": text[start:end],
                    "prefix": text[max(0, start - QUOTE_CONTEXT) : start],
                    "suffix": text[end : end + QUOTE_CONTEXT],
                },
            ],
        },
    }


def annotation_bodies(span: Span, entities: str) -> Iterator[JsonObject]:
    """Yield what a mention is: its type, and its entity if it is known."""
    yield {"type": "TextualBody", "purpose": "classifying", "value": span.type}
    if entity := span.entity:
        yield {"type": "SpecificResource", "purpose": "identifying", "source": f"{entities}{entity['id']}"}
        yield {"type": "TextualBody", "purpose": "tagging", "value": entity["name"]}
