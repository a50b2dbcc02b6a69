"""Time expressions: find the dates that texts talk about, and say them in ISO 8601 by the date of the article.

A text becomes a string of one letter a word (`lexicon.py`); regular expressions find the sequences that name times
(`rules.py`), and a function for each kind says which time it is (`calendar_dates.py`, `relative_dates.py`).

A value is a year (`1986`), month, day, decade (`198X`) or century (`19XX`), or an interval of two of them
(`1986-04/1986-06`). Without a date of the article, or with one that is less exact, what depends on it is left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import accumulate, repeat
from typing import Any, Final, NamedTuple

from app.models import Precision
from app.seeding.article import NewArticle, NewDate, PreciseDate
from app.seeding.time_expressions.expression import Expression
from app.seeding.time_expressions.lexicon import WORD, TimeLexicon, load_time_lexicon
from app.seeding.time_expressions.rules import RULES, TIME_EXPRESSION

EXACTNESS: Final[dict[Precision, int]] = {"year": 4, "month": 7, "day": 10, "second": 10}
"""The length of the most exact value that can be reckoned from a date."""

LOOK_BACK: Final = 25
"""How many words before an expression may say whether it is past or to come."""

DIGIT: Final = re.compile(r"\d")

LETTERS: Final = bytes(byte if chr(byte).isalpha() else ord(" ") for byte in range(128)).ljust(256)
"""Turns every byte of ASCII but letters into a space."""


class TimeExpression(NamedTuple):
    """A date that a text talks about: `text[start:end]`, in code points."""

    start: int
    end: int
    value: str


def find_dates(article: NewArticle) -> Iterator[NewDate]:
    """Yield the dates that an article talks about, in order, in all paragraphs but credits."""
    lexicon = load_time_lexicon(article.language.partition("-")[0])
    for position, paragraph in enumerate(article.paragraphs):
        if paragraph.role != "credit":
            for expression in find_time_expressions(paragraph.text, lexicon, article.published):
                yield NewDate(position, *expression)


def find_time_expressions(text: str, lexicon: TimeLexicon, published: PreciseDate | None) -> Iterator[TimeExpression]:
    """Yield the time expressions of a text whose meaning is known, in order."""
    has_number = DIGIT.search(text) is not None
    if not has_number and text.isascii() and lexicon.beginnings.isdisjoint(split_letters(text)):
        return  # This takes a sixth of the time of what follows.
    pieces = WORD.split(text)
    words = pieces[1::2]  # The others are what stands between them.
    # Without numbers, no class has to be computed.
    letters = map(lexicon.classes.__getitem__, words) if has_number else map(lexicon.classes.get, words, repeat("_"))
    classes = "".join(letters)
    ends: list[int] = []
    for match in TIME_EXPRESSION.finditer(classes):
        ends = ends or [*accumulate(map(len, pieces))]
        first, last = match.span()
        start, end = ends[2 * first], ends[2 * last - 1]
        if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():
            continue
        value = resolve(match, words, lexicon, published)
        if value is not None:
            yield TimeExpression(start, end, value)


def split_letters(ascii_text: str) -> list[bytes]:
    """Return the runs of letters of a text in ASCII."""
    return ascii_text.encode().translate(LETTERS).split()


def resolve(
    match: re.Match[str], words: Sequence[str], lexicon: TimeLexicon, published: PreciseDate | None
) -> str | None:
    """Return what an expression means; None if it means nothing, or depends on a date that is not known as exactly."""
    first, last = match.span()
    values: dict[str, list[Any]] = defaultdict(list)
    for letter, word in zip(match[0], words[first:last], strict=True):
        values["Y" if letter in "Zy" else letter].append(lexicon.get_value(word))
    rule = RULES[match.lastgroup or ""]
    try:
        return rule.resolve(Expression(values))
    except (ValueError, OverflowError):
        if published is None:
            return None
    is_future = tells_of_future(words[max(first - LOOK_BACK, 0) : first], lexicon)
    try:
        value = rule.resolve(Expression(values, published.at.astimezone(UTC).date(), is_future))
    except (ValueError, OverflowError):
        return None
    return value if len(value.partition("/")[0]) <= EXACTNESS[published.precision] else None


def tells_of_future(words: Sequence[str], lexicon: TimeLexicon) -> bool:
    """Tell whether the words of a sentence before an expression say that it is to come; the last that tells counts."""
    for word in reversed(words):
        if word == "." or word in lexicon.past:
            return False
        if word in lexicon.future:
            return True
    return False
