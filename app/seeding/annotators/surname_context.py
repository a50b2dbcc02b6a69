"""Whether a surname stands by itself, or its neighbours make it a part of another name.

`Sakharov` in `Maria Sakharov` is not Andrei Sakharov, and `Kennedy` in `Kennedy Space Center` not the
president; in `President Kennedy`, `But Kennedy` and `Soviet Sakharov` they are. A capitalised neighbour,
joined by one space or hyphen, makes another name unless it is

* in front: marked itself, a possessive, a title, a day or a month, a word that opens sentences, one of the
  person's own names or initials, or a word that the same article also writes in lower case (`Director`,
  `Yesterday`); the last covers what no list can, in every language.
* behind: marked itself, a day or a month, or in a title or heading, where every word may be a capital.

Where this errs, it errs towards no mark.
"""

import re
from collections.abc import Container
from functools import lru_cache

from app.models import Role
from app.seeding.annotators.name_forms import within_word
from app.seeding.annotators.word_lists import CALENDAR, GIVEN_NAMES, OPENERS, TITLES
from app.seeding.catalogue import EntityEntry

_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
_LONGEST_WORD = 100
"""No further is looked for where a word begins."""
_PLAIN = CALENDAR | TITLES | OPENERS


def is_standalone_surname(
    text: str, start: int, end: int, entry: EntityEntry, *, marked: Container[int], role: Role
) -> bool:
    """Whether the surname `text[start:end]` can be that person, going by the words around it.

    The text is levelled and has a null character around every paragraph; `marked` holds the offsets
    where marks of this article begin and end.
    """
    return _fits_before(text, start, entry, marked) and _fits_behind(text, end, marked, role)


def _fits_before(text: str, start: int, entry: EntityEntry, marked: Container[int]) -> bool:
    stop = start - 1
    if text[stop] not in " -" or stop in marked:
        return True
    least = max(stop - _LONGEST_WORD, 0)
    begin = max(text.rfind(" ", least, stop), text.rfind("\0", least, stop), least - 1) + 1
    word = text[begin:stop].rpartition("-")[2].lstrip("\"'“”«»„([{—–…")
    if not word or not word[0].isupper():
        return True
    own = [part for name in entry.names for part in name.split()]
    if _INITIALS.fullmatch(word) and word.rstrip(".") not in TITLES:
        return any(part.startswith(word[0]) for part in own)
    if not within_word(word[-1]) or word.endswith("'s"):
        return True
    if word in _PLAIN or word.removesuffix("s") in TITLES or word.casefold() in map(str.casefold, own):
        return True
    return word not in GIVEN_NAMES and word.lower() in _words_between_spaces(text)


@lru_cache(1)
def _words_between_spaces(text: str) -> frozenset[str]:
    # Once for an article: to look through its text for each surname would take the square of its length.
    return frozenset(text.split(" ")[1:-1])


def _fits_behind(text: str, end: int, marked: Container[int], role: Role) -> bool:
    if text[end] not in " -" or not text[end + 1].isupper() or role in {"title", "heading"}:
        return True
    stop = end + 1
    while within_word(text[stop]):
        stop += 1
    return end + 1 in marked or text[end + 1 : stop] in CALENDAR
