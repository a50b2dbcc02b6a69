"""Stored JSON as it is, or loaded, changed as a question wants it, and written again."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson

from app.schemas import OffsetUnit
from app.system.threads import leave_event_loop

Change = Callable[[dict[str, Any]], dict[str, Any]]
"""What is done to a loaded item."""


LARGE = 500_000
"""More bytes than these are not loaded on the event loop."""


def apply_changes(items: list[bytes], changes: list[Change]) -> list[bytes]:
    """The items with all changes; as they are stored where there is none."""
    if not changes:
        return items
    if sum(map(len, items)) > LARGE:
        leave_event_loop()
    return [orjson.dumps(apply(changes, orjson.loads(item))) for item in items]


def apply(changes: Sequence[Change], item: dict[str, Any]) -> dict[str, Any]:
    """Make all changes to an item."""
    for change in changes:
        item = change(item)
    return item


def recount(unit: OffsetUnit) -> list[Change]:
    """Offsets in another unit."""
    return [] if unit == "codepoint" else [lambda item: convert_offsets(item, unit)]


def select_fields(fields: Collection[str]) -> list[Change]:
    """Only these fields of each item; all where none is named."""
    return [lambda item: {name: value for name, value in item.items() if name in fields}] if fields else []


def convert_offsets(item: dict[str, Any], unit: OffsetUnit) -> dict[str, Any]:
    """A paragraph with its offsets in another unit, or an article without its paragraphs."""
    if "offset_unit" in item:
        item["offset_unit"] = unit
    if "mentions" in item:
        offsets = offset_table(item["text"], unit)
        for span in (*item["mentions"], *item.get("matches", ())):
            convert_span(span, offsets)
    return item


def convert_span(span: dict[str, Any], offsets: Sequence[int]) -> None:
    """Count a span's code points in another unit."""
    span["start"], span["end"] = offsets[span["start"]], offsets[span["end"]]


def offset_table(text: str, unit: OffsetUnit) -> Sequence[int]:
    """Where each code point of a text begins, and where the last one ends, in this unit."""
    if text.isascii():
        return range(len(text) + 1)
    offsets = [0]
    for letter in text:
        size = (1 + (letter > "\uffff")) if unit == "utf16" else len(letter.encode())
        offsets.append(offsets[-1] + size)
    return offsets
