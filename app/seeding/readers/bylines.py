"""What may stand between a title and the first paragraph: who wrote it, and when."""

import re

from app.seeding.normalize.date_formats import lone_date

BYLINE = re.compile(r"by\s+(?=\S)(?P<names>.+)", re.IGNORECASE | re.DOTALL)
BETWEEN_NAMES = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
CLOSING = re.compile(r"[.!?…:;,。．！？：；，、؟؛۔।॥։።][\"'”’»›)\]）」』]*\s*$")


def ends_closed(words: str) -> bool:
    """Whether they end in a punctuation mark that closes a sentence or a part of it."""
    return bool(CLOSING.search(words))


def byline(words: str) -> list[str] | None:
    """The authors that a line `By ...` names; None for any other line."""
    named = BYLINE.fullmatch(words.strip())
    if not named or len(words.split()) > 12 or ends_closed(words):
        return None
    names = [name for name in BETWEEN_NAMES.split(named["names"]) if name]
    # `By the end of the year` names nobody.
    return names if names and not any(name[0].islower() for name in names) else None


def is_opening(words: str) -> bool:
    """Whether this is a byline or a date, and nothing else."""
    return lone_date(words) is not None or byline(words) is not None
