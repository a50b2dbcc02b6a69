"""Stored JSON as it is, or loaded, changed as a question wants it, and written again."""

from collections.abc import Callable, Collection
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


def options(fields: Collection[str], unit: OffsetUnit) -> list[Change]:
    """What `fields` and `offset_unit` do to an item."""
    changes: list[Change] = []
    if unit != "codepoint":
        changes.append(lambda item: recount(item, unit))
    if fields:
        changes.append(lambda item: {name: value for name, value in item.items() if name in fields})
    return changes


def recount(item: dict[str, Any], unit: OffsetUnit) -> dict[str, Any]:
    """An article or a paragraph with its offsets in another unit."""
    if "offset_unit" in item:
        item["offset_unit"] = unit
    for paragraph in item.get("paragraphs", [item] if "mentions" in item else []):
        text = paragraph["text"]
        if text.isascii():
            continue
        offsets = measure(text, unit)
        for mention in paragraph["mentions"]:
            mention["start"], mention["end"] = offsets[mention["start"]], offsets[mention["end"]]
    return item


def measure(text: str, unit: OffsetUnit) -> list[int]:
    """Where each code point of a text begins, and where it ends, in this unit."""
    offsets = [0]
    for letter in text:
        size = (1 + (letter > "\uffff")) if unit == "utf16" else len(letter.encode())
        offsets.append(offsets[-1] + size)
    return offsets
