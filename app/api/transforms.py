"""Response transforms: change stored JSON where a request selects fields, HTML or another offset unit."""

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field
from typing_extensions import TypeAliasType

from app.markup import mark_mentions
from app.schemas import OffsetUnit
from app.system.threads import leave_event_loop
from app.text import offset_table

Markup = TypeAliasType(
    "Markup",
    Annotated[
        Literal["mentions"],
        Field(
            description="`mentions`: return the text also as `html`, with a `<span>` around each mention, which has "
            "its type and the id of its entity."
        ),
    ],
)

Change = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a parsed item and returns it changed."""


SLOW_TO_PARSE = 500_000
"""More bytes of JSON are parsed in a thread: parsing and writing them takes over 2 ms."""


def apply_changes(items: list[bytes], changes: list[Change]) -> list[bytes]:
    """Return the items with all changes, as JSON; as stored if there are none."""
    if not changes:
        return items
    if sum(map(len, items)) > SLOW_TO_PARSE:
        leave_event_loop()
    return [orjson.dumps(apply(changes, orjson.loads(item))) for item in items]


def apply(changes: Sequence[Change], item: dict[str, Any]) -> dict[str, Any]:
    """Return an item with all changes."""
    for change in changes:
        item = change(item)
    return item


def mark_up(markup: Markup | None) -> list[Change]:
    """Return the change that adds the text of a paragraph as HTML; none without `markup`."""
    return [] if markup is None else [add_html]


def add_html(paragraph: dict[str, Any]) -> dict[str, Any]:
    """Return a paragraph, whose offsets count code points, with its text as HTML."""
    return {**paragraph, "html": mark_mentions(paragraph["text"], paragraph["mentions"])}


def change_offset_unit(unit: OffsetUnit) -> list[Change]:
    """Return the change to another offset unit; none if it is the stored one."""
    return [] if unit == "codepoint" else [lambda item: convert_offsets(item, unit)]


def select_fields(fields: Collection[str]) -> list[Change]:
    """Return the change that keeps only these fields; none if no fields are named."""
    return [lambda item: {name: value for name, value in item.items() if name in fields}] if fields else []


def convert_offsets(item: dict[str, Any], unit: OffsetUnit) -> dict[str, Any]:
    """Return a paragraph with its offsets in this unit, or an article (without paragraphs) with `offset_unit` set."""
    if "offset_unit" in item:
        item["offset_unit"] = unit
    if "mentions" in item:
        offsets = offset_table(item["text"], unit)
        for span in (*item["mentions"], *item.get("dates", ()), *item.get("matches", ())):
            convert_span(span, offsets)
    return item


def convert_span(span: dict[str, Any], offsets: Sequence[int]) -> None:
    """Convert a span from code points by a table of offsets, in place."""
    span["start"], span["end"] = offsets[span["start"]], offsets[span["end"]]
