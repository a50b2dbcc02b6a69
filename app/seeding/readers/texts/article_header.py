"""Article headers: find the title, bylines and dateline above the first paragraph of a text."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.models import Role
from app.seeding.normalize.date_formats import parse_lone_date
from app.seeding.normalize.raw import RawArticle

BYLINE = re.compile(r"by\s+(?=\S)(?P<names>.+)", re.IGNORECASE | re.DOTALL)
LONGEST_BYLINE = 12
"""Words."""
BETWEEN_NAMES = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
CLOSING_PUNCTUATION = re.compile(r"[.!?…:;,。．！？：；，、؟؛۔।॥։።][\"'”’»›)\]）」』]*\s*$")


class Block(NamedTuple):
    """A piece of text that becomes a paragraph, and the line in which it begins."""

    role: Role
    text: str
    line: int
    is_main_heading: bool = False
    """Whether it is a Markdown heading of the first level."""


def take_title(raw: RawArticle, text: str, line: int) -> bool:
    """Tell whether a text is the title, so that it is no paragraph; keep it if the front matter has no title."""
    title = raw.document.get("title")
    if title is None:
        raw.document["title"] = text
        raw.lines = {**raw.lines, ("title",): line}
        return True
    return isinstance(title, str) and title.split() == text.split()


def take_bylines(raw: RawArticle, lines: Iterable[str], first: int) -> Iterator[Block]:
    """Keep the authors that bylines name, unless the front matter names some; yield the other lines as datelines."""
    for line, text in enumerate(lines, start=first):
        if authors := parse_byline(text):
            raw.document.setdefault("authors", authors)
        else:
            yield Block("dateline", text, line)


def is_byline_or_date(text: str) -> bool:
    """Tell whether a text is a byline or a date, and nothing else."""
    return parse_lone_date(text) is not None or parse_byline(text) is not None


def parse_byline(text: str) -> list[str] | None:
    """Return the authors that a line `By ...` names; None for any other line."""
    match = BYLINE.fullmatch(text.strip())
    if not match or len(text.split()) > LONGEST_BYLINE or ends_with_punctuation(text):
        return None
    names = [name for name in BETWEEN_NAMES.split(match["names"]) if name]
    # `By the end of the year` names nobody.
    return names if names and not any(name[0].islower() for name in names) else None


def ends_with_punctuation(text: str) -> bool:
    """Tell whether a text ends with a punctuation mark, as sentences do and headings do not."""
    return bool(CLOSING_PUNCTUATION.search(text))
