"""Stored JSON as it is, or loaded, changed as a question wants it, and written again."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson

from app.shapes import OffsetUnit

Change = Callable[[dict[str, Any]], dict[str, Any]]
"""What is done to a loaded item."""


def present(items: list[bytes], changes: list[Change]) -> list[bytes]:
    """The items with all changes; as they are stored where there is none."""
    if not changes:
        return items
    changed = []
    for raw in items:
        item = orjson.loads(raw)
        for change in changes:
            item = change(item)
        changed.append(orjson.dumps(item))
    return changed


def recount(unit: OffsetUnit) -> list[Change]:
    """Offsets in another unit."""
    return [] if unit == "codepoint" else [lambda item: recounted(item, unit)]


def choose(fields: Collection[str]) -> list[Change]:
    """Only these fields of each item; all where none is named."""
    return [lambda item: {name: value for name, value in item.items() if name in fields}] if fields else []


def recounted(item: dict[str, Any], unit: OffsetUnit) -> dict[str, Any]:
    """An article or a paragraph with its offsets in another unit."""
    if "offset_unit" in item:
        item["offset_unit"] = unit
    for paragraph in item.get("paragraphs", [item] if "mentions" in item else []):
        offsets = measure(paragraph["text"], unit)
        for span in (*paragraph["mentions"], *paragraph.get("matches", ())):
            respan(span, offsets)
    if piece := item.get("extract"):
        offsets = measure(item["paragraphs"][piece["position"]]["text"], unit)
        for span in (piece, *piece.get("matches", ())):
            respan(span, offsets)
    return item


def respan(span: dict[str, Any], offsets: Sequence[int]) -> None:
    """Count a span's code points in another unit."""
    span["start"], span["end"] = offsets[span["start"]], offsets[span["end"]]


def measure(text: str, unit: OffsetUnit) -> Sequence[int]:
    """Where each code point of a text begins, and where the last one ends, in this unit."""
    if text.isascii():
        return range(len(text) + 1)
    offsets = [0]
    for letter in text:
        size = (1 + (letter > "\uffff")) if unit == "utf16" else len(letter.encode())
        offsets.append(offsets[-1] + size)
    return offsets
