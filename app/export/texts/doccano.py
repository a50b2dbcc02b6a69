"""doccano: JSON Lines of texts with spans, as its import of sequence labelling takes them."""

from collections.abc import Iterable, Iterator

import orjson

from app.export.document import Report, read_documents
from app.rendering import JsonObject


def write_doccano(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a line for each article; spans are start, end and type, in code points."""
    for document in read_documents(articles, report):
        line = {
            "text": document.text,
            "label": [[span.start, span.end, span.type] for span in document.spans],
            "entities": [span.entity and span.entity["id"] for span in document.spans],
            "article": document.id,
        }
        yield orjson.dumps(line) + b"\n"
