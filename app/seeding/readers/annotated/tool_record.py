"""A record of an annotation tool: a text, the spans in it, and whatever else the record holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.schemas import OffsetUnit
from app.seeding.normalize.raw import shorten
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.annotated.spans import Span

STARTS = ("start", "start_offset", "startOffset", "begin")
ENDS = ("end", "end_offset", "endOffset")
LABELS = ("label", "labels", "entity_group", "type", "tag")


@dataclass
class ToolRecord:
    """A record as a tool exports it, before it becomes an article."""

    text: str
    spans: list[Span]
    rest: Mapping[str, Any]
    """Its other keys."""
    unit: OffsetUnit = "codepoint"
    warnings: Sequence[str] = field(default_factory=list)


def read_spans(items: Sequence[Any]) -> list[Span]:
    """Return the spans of a list of `[start, end, label]` or of objects. Raises ValueError with what is wrong."""
    return [span for item in items for span in (read_list(item) if isinstance(item, list) else read_object(item))]


def read_list(item: Sequence[Any]) -> list[Span]:
    """Return the span of `[start, end, label]`."""
    match item:
        case [int(start), int(end), str(label), *_]:
            return [Span(start, end, label)]
    raise ValueError(f"A span is {shorten(str(item))}; expected its start, its end and its label.")


def read_object(item: Any) -> list[Span]:
    """Return the spans of an object, one for each of its labels."""
    if isinstance(item, dict):
        start, end, label = (next((item[key] for key in keys if key in item), None) for keys in (STARTS, ENDS, LABELS))
        labels = label if isinstance(label, list) else [label]
        words = [word for word in labels if isinstance(word, str)]
        if isinstance(start, int) and isinstance(end, int) and words == labels and words:
            exact = item["text"] if isinstance(item.get("text"), str) else None
            entity = to_entity(item.get("kb_id", item.get("link")))
            score = item.get("score", item.get("confidence"))
            confidence = score if isinstance(score, float) and 0 <= score <= 1 else None
            return [Span(start, end, word, exact, entity, confidence) for word in words]
    raise ValueError(f"A span is {shorten(str(item))}; expected `start`, `end` and `label`.")
