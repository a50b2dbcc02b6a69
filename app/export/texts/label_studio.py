"""Label Studio: a JSON array of tasks, whose offsets count UTF-16 code units."""

from collections.abc import Iterable, Iterator, Sequence

import orjson

from app.export.document import Document, Report, Span, read_documents
from app.rendering import JsonObject
from app.text import offset_table


def write_label_studio(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a task for each article, for a labelling interface with `<Labels name="label" toName="text">`."""
    yield b"["
    for number, document in enumerate(read_documents(articles, report)):
        yield (b",\n" if number else b"\n") + orjson.dumps(make_task(document))
    yield b"\n]\n"


def make_task(document: Document) -> JsonObject:
    """Return the task of an article."""
    offsets = offset_table(document.text, "utf16")
    regions = [make_region(document, span, offsets, number) for number, span in enumerate(document.spans)]
    data = {"text": document.text, "article": document.id, "title": document.article["title"]}
    return {"data": data, "annotations": [{"result": regions}]}


def make_region(document: Document, span: Span, offsets: Sequence[int], number: int) -> JsonObject:
    """Return the region of a mention."""
    region = {
        "id": f"mention-{number}",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {
            "start": offsets[span.start],
            "end": offsets[span.end],
            "text": document.text[span.start : span.end],
            "labels": [span.type],
        },
    }
    return {**region, "meta": {"text": [span.entity["id"]]}} if span.entity else region
