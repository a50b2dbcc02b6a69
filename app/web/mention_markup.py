"""Mentions as HTML: the text of a paragraph with an element for each mention, and `<mark>` for matches of `q`."""

from collections import deque
from itertools import pairwise, takewhile
from typing import Final

from markupsafe import Markup, escape

from app.rendering import JsonObject

ORIGINS: Final = {"given": "In the file", "catalogue": "Catalogue", "rules": "Rules", "other": "Others"}
"""Origins that a page can switch off, and what they are called there; `other` are those of further annotators."""


def mark_mentions(paragraph: JsonObject, root: str) -> Markup:
    """Return the text of a `schemas.Paragraph` as HTML; `root` is the prefix of links to entities.

    The text content is exactly the text. Mentions that cross are cut where the other begins or ends: the elements
    with the same `data-mention` together hold exactly what it mentions. A link can't hold another, so a mention with
    others within it links from each stretch of its own text.
    """
    text, mentions = paragraph["text"], paragraph["mentions"]
    matches = deque((match["start"], match["end"]) for match in paragraph.get("matches", ()))
    starting: dict[int, list[int]] = {}
    for number, mention in enumerate(mentions):
        starting.setdefault(mention["start"], []).append(number)
    edges = sorted({0, len(text), *starting, *(mention["end"] for mention in mentions)})
    html: list[str] = []
    opened: list[int] = []
    for start, end in pairwise(edges):
        kept = next((depth for depth, number in enumerate(opened) if mentions[number]["end"] <= start), len(opened))
        html += ["</span>"] * (len(opened) - kept)
        cut = [number for number in opened[kept:] if mentions[number]["end"] > start]
        # The longest is the outermost.
        begun = sorted(cut + starting.get(start, []), key=lambda number: -mentions[number]["end"])
        html += [open_mention(number, mentions[number]) for number in begun]
        opened[kept:] = begun
        content = mark_matches(text, start, end, matches)
        html.append(link_entity(mentions[opened[-1]], content, root) if opened else content)
    html += ["</span>"] * len(opened)
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
    reasons = [mention.get("evidence"), mention["label"], mention["confidence"] and f"{mention['confidence']:.0%}"]
    reason = ", ".join(filter(None, reasons))
    source = "" if origin in ("given", "catalogue") else f" by {origin}"
    return f"{name}, {mention['type']}{source}{f' ({reason})' if reason else ''}"


def name_origin(mention: JsonObject) -> str:
    """Return the key of a mention's origin in `ORIGINS`."""
    return mention["origin"] if mention["origin"] in ORIGINS else "other"


def link_entity(mention: JsonObject, content: str, root: str) -> str:
    """Return content as a link to the entity of a mention; as it is if the entity is unknown."""
    entity = mention["entity"]
    return f'<a href="{escape(root)}/entities/{escape(entity["id"])}.html">{content}</a>' if entity else content


def mark_matches(text: str, start: int, end: int, matches: deque[tuple[int, int]]) -> str:
    """Return a stretch of text as HTML, with the parts of matches within it in `<mark>`.

    Stretches come in their order, and so do matches: those that end before this one are removed.
    """
    while matches and matches[0][1] <= start:
        matches.popleft()
    html = []
    for match_start, match_end in takewhile(lambda match: match[0] < end, matches):
        first, last = max(match_start, start), min(match_end, end)
        if first < last:
            html.append(f"{escape(text[start:first])}<mark>{escape(text[first:last])}</mark>")
            start = last
    return "".join([*html, escape(text[start:end])])
