"""Time lexicons: the words of a language that name times, as data.

To add a language, write `languages/fr.yaml`, named by its tag, with those keys of `en.yaml` that it needs. Words are
written as they are within a sentence: `Monday` in small letters is no weekday.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from app.seeding.time_expressions.numbers import NumericOrder, classify_number

FOLDER = Path(__file__).parent / "languages"

WORD = re.compile(r"([^\W\d_]+|\d+(?:[.,:/–-]\d+)*|[^\w\s])")
"""A run of letters, a number with the signs within it, or a punctuation mark."""

CLASSES: Final = {
    "months": "M",
    "weekdays": "W",
    "seasons": "S",
    "units": "U",
    "weekends": "K",
    "parts": "Q",
    "numbers": "N",
    "ordinals": "O",
    "days": "T",
    "day_parts": "H",
    "previous": "L",
    "current": "C",
    "following": "X",
    "previous_anywhere": "l",
    "following_anywhere": "x",
    "ago": "A",
    "before": "B",
    "phases": "E",
    "of": "f",
    "articles": "t",
    "suffixes": "o",
    "plural": "s",
    "prepositions": "i",
    "other_prepositions": "j",
    "quantities": "q",
    "counted": "c",
    "named_days": "I",
}
"""The letter of each class of words, which is a key of a language's file. Numbers have others (numbers.py)."""

BEGINNINGS: Final = r"MWDrOYZyRINBLlXxCEUKSQTn'"
"""The classes with which a time expression can begin: looking at them first makes the search eight times as fast."""

SIGNS = {
    **dict.fromkeys("-–—‑", "-"),
    **dict.fromkeys("'’ʼ", "'"),
    **dict.fromkeys("$£€¥#№", "$"),
    ".": ".",
    ",": ",",
    "/": "/",
    "%": "c",
}
"""The letters of punctuation marks."""

LONGEST: Final = 20
"""Characters of a number that are looked at: the longest that is a date has 10."""


class Classes(dict[str, str]):
    """The letter of each word; those of numbers are computed, and that of any other word is `_`."""

    order: NumericOrder = ""

    def __missing__(self, word: str) -> str:
        return classify_number(word[:LONGEST], self.order)[0] if word[0].isdecimal() else "_"


class TimeLexicon(NamedTuple):
    """The words of one language."""

    classes: Classes
    values: dict[str, Any]
    """What a word says: the number of a month, the name of a unit, how far a day is from today."""
    future: frozenset[str]
    """Words after which a day without a date is to come."""
    past: frozenset[str]
    """Words after which it is over."""
    beginnings: frozenset[bytes]
    """The words with which a time expression without numbers can begin, in UTF-8."""

    def get_value(self, word: str) -> Any:
        """Return what a word says; None if nothing."""
        if word in self.values:
            return self.values[word]
        return classify_number(word[:LONGEST], self.classes.order)[1] if word[0].isdecimal() else None


@lru_cache(64)
def load_time_lexicon(language: str) -> TimeLexicon:
    """Return the words of a language such as `en`, read once a process; without a file, numbers name times only."""
    path = FOLDER / f"{language}.yaml"
    # A language tag is made of letters and digits: it does not lead out of the folder.
    keys = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    classes, values = Classes(SIGNS), {}
    classes.order = keys.get("order", "")
    for key, letter in CLASSES.items():
        for word, value in list_words(keys.get(key, "")):
            for form in (word, word[0].upper() + word[1:], word.upper()):
                classes[form], values[form] = letter, value
    future, past = (frozenset(str(keys.get(key, "")).split()) for key in ("future", "past"))
    beginnings = frozenset(word.encode() for word, letter in classes.items() if letter in BEGINNINGS)
    return TimeLexicon(classes, values, future, past, beginnings)


def list_words(entry: str | dict[Any, str]) -> Iterator[tuple[str, Any]]:
    """Yield the words of a class with their values."""
    if isinstance(entry, str):
        yield from ((word, None) for word in entry.split())
    else:
        for value, words in entry.items():
            yield from ((word, value) for word in str(words).split())
