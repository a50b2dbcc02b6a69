"""Titles: tell a line that may be one from an address, a ruler or markup, and make one of a file's name."""

import re

from app.seeding.normalize.date_formats import DATED_NAME

LONGEST_FIRST_LINE = 200
"""Characters. The headlines of a year of newswire have at most 150; what is longer is a paragraph."""

URL = re.compile(r"https?://\S+")
RULER = re.compile(r"[-=*_~#+.·•—–\s]{3,}")
MARKUP = re.compile(r"<[!/a-zA-Z]|\{\{|\[\[|\{%|-DOCSTART-|[{\[]\s*\"")
HASHES = re.compile(r"#{1,6}\s+")


def may_be_title(line: str) -> bool:
    """Tell whether a line, the first of a text, may be its title."""
    return len(line) <= LONGEST_FIRST_LINE and not (URL.match(line) or is_ruler(line) or MARKUP.match(line))


def is_ruler(line: str) -> bool:
    """Tell whether a line is drawn, and not written: `=====`, `* * *`."""
    return RULER.fullmatch(line) is not None


def make_title(name: str) -> str:
    """Return the title that a path without suffix gives: its last part in words, without the date that leads it."""
    dated = DATED_NAME.fullmatch(name)
    parts = [part for part in name.split("/") if part.lower() not in {"index", "_index"}]
    last = dated["rest"] if dated else (parts or [name])[-1]
    if re.search(r"\s", last):
        return last.strip()
    words = re.sub(r"[-_.\s]+", " ", last).strip()
    return words[:1].upper() + words[1:]
