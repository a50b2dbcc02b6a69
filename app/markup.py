"""Markup: the text of a paragraph as HTML with its mentions marked."""

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from html import escape
from typing import Any


def mark_mentions(text: str, mentions: Sequence[dict[str, Any]]) -> str:
    """Return a text as HTML with a `<span>` around each mention, which has its type and the id of its entity.

    A mention within another one is an element within its element. Of two that cross, the one that begins later is
    divided where the other one ends. The offsets of mentions count code points. Everything is escaped.
    """
    pieces: list[str] = []
    ends: list[int] = []
    position = 0

    def close_until(place: int) -> None:
        nonlocal position
        while ends and ends[-1] <= place:
            end = ends.pop()
            pieces.append(f"{escape(text[position:end])}</span>")
            position = end

    for start, end, mention in divide_crossing(mentions):
        close_until(start)
        pieces.append(escape(text[position:start]) + opening_tag(mention))
        position = start
        ends.append(end)
    close_until(len(text))
    pieces.append(escape(text[position:]))
    return "".join(pieces)


def divide_crossing(mentions: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield start, end and mention of spans that form a tree, in the order in which they open.

    A mention that crosses an earlier one comes in several spans, divided at the ends of those that it crosses.
    """
    queue = [(mention["start"], -mention["end"], number) for number, mention in enumerate(mentions)]
    heapify(queue)
    ends: list[int] = []
    while queue:
        start, negative_end, number = heappop(queue)
        end = -negative_end
        while ends and ends[-1] <= start:
            ends.pop()
        if ends and end > ends[-1]:
            heappush(queue, (ends[-1], negative_end, number))
            end = ends[-1]
        ends.append(end)
        yield start, end, mentions[number]


def opening_tag(mention: dict[str, Any]) -> str:
    """Return the tag that opens the element of a mention."""
    entity = mention["entity"]
    reference = f' data-entity="{escape(entity["id"])}"' if entity else ""
    return f'<span class="mention" data-type="{escape(mention["type"])}"{reference}>'
