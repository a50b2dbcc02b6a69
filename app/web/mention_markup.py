"""Mentions as HTML: the text of a paragraph with an element for each mention, and `<mark>` for matches of `q`."""

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup, escape

from app.rendering import JsonObject

ORIGINS = frozenset({"given", "catalogue", "rules"})
"""Origins that a reader can switch off; those of other annotators go by `other`."""


def mark_mentions(paragraph: JsonObject, root: str) -> Markup:
    """Return the text of a `schemas.Paragraph` as HTML; `root` is the prefix of links to entities.

    The text content is exactly the text. Mentions that cross are cut where the other begins or ends: the elements
    with the same `data-mention` together hold exactly what it mentions. A link can't hold another, so a mention with
    others within it links from each stretch of its own text.
    """
    text, mentions = paragraph["text"], paragraph["mentions"]
    matches = [(match["start"], match["end"]) for match in paragraph.get("matches", ())]
    order = sorted(range(len(mentions)), key=lambda number: (mentions[number]["start"], -mentions[number]["end"]))
    edges = sorted({0, len(text), *(mention[edge] for mention in mentions for edge in ("start", "end"))})
    html: list[str] = []
    opened: list[int] = []
    for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
        kept = next((depth for depth, number in enumerate(opened) if mentions[number]["end"] <= start), len(opened))
        reopened = [number for number in opened[kept:] if mentions[number]["end"] > start]
        html += ["</span>"] * (len(opened) - kept)
        begun = [number for number in order if mentions[number]["start"] == start < mentions[number]["end"]]
        del opened[kept:]
        for number in sorted([*reopened, *begun], key=lambda number: -mentions[number]["end"]):
            html.append(open_mention(number, mentions[number]))
            opened.append(number)
        if start < end:
            content = mark_matches(text, start, end, matches)
            html.append(link_entity(mentions[opened[-1]], content, root) if opened else content)
    return Markup("".join(html))  # noqa: S704 (the text is escaped piece by piece)


def open_mention(number: int, mention: JsonObject) -> str:
    """Return the start tag of a mention, with its type, origin and entity for style sheet and script."""
    entity = mention["entity"]
    data = f' data-entity="{escape(entity["id"])}"' if entity else ""
    classes = f"mention {escape(mention['type'])} from-{name_origin(mention)}"
    title = escape(describe_mention(mention))
    return f'<span class="{classes}" title="{title}" data-mention="{number}"{data}>'


def describe_mention(mention: JsonObject) -> str:
    """Return what a mention means, and who says so: `Minsk, place` or `Petrov, person by rules (surname, 80%)`."""
    entity, origin = mention["entity"], mention["origin"]
    name = entity["name"] if entity else mention["exact"]
    reasons = [mention["evidence"], mention["label"], mention["confidence"] and f"{mention['confidence']:.0%}"]
    reason = ", ".join(filter(None, reasons))
    source = "" if origin in ("given", "catalogue") else f" by {origin}"
    return f"{name}, {mention['type']}{source}{f' ({reason})' if reason else ''}"


def name_origin(mention: JsonObject) -> str:
    """Return the origin of a mention, as the switches of a page name it."""
    return mention["origin"] if mention["origin"] in ORIGINS else "other"


def link_entity(mention: JsonObject, content: str, root: str) -> str:
    """Return content as a link to the entity of a mention; as it is if the entity is unknown."""
    entity = mention["entity"]
    return f'<a href="{escape(root)}/entities/{escape(entity["id"])}.html">{content}</a>' if entity else content


def mark_matches(text: str, start: int, end: int, matches: Sequence[tuple[int, int]]) -> str:
    """Return a stretch of text as HTML, with the parts of matches within it in `<mark>`."""
    return "".join(iter_marked(text, start, end, matches))


def iter_marked(text: str, start: int, end: int, matches: Sequence[tuple[int, int]]) -> Iterator[Any]:
    """Yield the pieces of a stretch of text; `matches` are in the order of the text."""
    for match_start, match_end in matches:
        first, last = max(match_start, start), min(match_end, end)
        if first < last:
            yield escape(text[start:first])
            yield f"<mark>{escape(text[first:last])}</mark>"
            start = last
    yield escape(text[start:end])
