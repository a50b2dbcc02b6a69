"""Surname context: tell whether a surname stands alone, or is a part of another name.

`Sakharov` in `Maria Sakharov` is not Andrei Sakharov, and `Kennedy` in `Kennedy Space Center` is not the president; in
`President Kennedy`, `But Kennedy` and `Soviet Sakharov` they are. A capitalized neighbour that is joined by one space
or hyphen makes another name, with exceptions:

* before the surname: a word that is marked itself, a possessive, a title, a day or a month, a word that opens
  sentences, one of the person's own names or initials, or a word that the same article also writes in lower case
  (`Director`, `Yesterday`); the last covers what no list can, in every language.
* after the surname: a word that is marked itself, a day or a month, or any word in a title or heading, where every
  word may be capitalized.

In doubt, the surname is not marked: a wrong mark is worse than none.
"""

import re
from collections.abc import Container
from functools import lru_cache

from app.models import Role
from app.seeding.annotators.name_forms import is_word_character
from app.seeding.annotators.word_lists import CALENDAR, GIVEN_NAMES, OPENERS, TITLES
from app.seeding.catalogue import EntityEntry

INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
LONGEST_WORD = 100
"""Characters in which the beginning of the word before a surname is searched for."""
NOT_NAMES = CALENDAR | TITLES | OPENERS


def is_standalone_surname(
    text: str, start: int, end: int, entry: EntityEntry, *, borders: Container[int], role: Role
) -> bool:
    """Tell whether the surname `text[start:end]` can mean a person, judging by the words around it.

    `text` is that of an `ArticleText`; `borders` are the offsets at which its marks begin and end.
    """
    return fits_word_before(text, start, entry, borders) and fits_word_after(text, end, borders, role)


def fits_word_before(text: str, start: int, entry: EntityEntry, borders: Container[int]) -> bool:
    """Tell whether the word before a surname is not a part of another person's name."""
    stop = start - 1
    if text[stop] not in " -" or stop in borders:
        return True
    least = max(stop - LONGEST_WORD, 0)
    begin = max(text.rfind(" ", least, stop), text.rfind("\0", least, stop), least - 1) + 1
    word = text[begin:stop].rpartition("-")[2].lstrip("\"'“”«»„([{—–…")
    if not word or not word[0].isupper():
        return True
    own_names = [part for name in entry.names for part in name.split()]
    if INITIALS.fullmatch(word) and word.rstrip(".") not in TITLES:
        return any(part.startswith(word[0]) for part in own_names)
    if not is_word_character(word[-1]) or word.endswith("'s"):
        return True
    if word in NOT_NAMES or word.removesuffix("s") in TITLES or word.casefold() in map(str.casefold, own_names):
        return True
    return word not in GIVEN_NAMES and word.lower() in split_words(text)


@lru_cache(1)  # Once an article: searching its text for each surname would take quadratic time.
def split_words(text: str) -> frozenset[str]:
    """Return the strings between the spaces of a text."""
    return frozenset(text.split(" ")[1:-1])


def fits_word_after(text: str, end: int, borders: Container[int], role: Role) -> bool:
    """Tell whether the word after a surname does not continue a name."""
    if text[end] not in " -" or not text[end + 1].isupper() or role in {"title", "heading"}:
        return True
    stop = end + 1
    while is_word_character(text[stop]):
        stop += 1
    return end + 1 in borders or text[end + 1 : stop] in CALENDAR
