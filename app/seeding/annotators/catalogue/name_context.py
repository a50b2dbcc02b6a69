"""Name context: tell whether a name stands alone, or is a part of another name.

`Sakharov` in `Maria Sakharov` is not Andrei Sakharov, and `Kennedy` in `Kennedy Space Center` is not the president; in
`President Kennedy`, `But Kennedy` and `Soviet Sakharov` they are. A capitalized neighbour that is joined by one space
or hyphen makes another name of a surname, with exceptions:

* before the surname: a word that is marked itself, a possessive, a title, a day or a month, a word that opens
  sentences, one of the person's own names or initials, or a word that the same article also writes in lower case
  (`Director`, `Yesterday`); the last covers what no list can, in every language. In a title or heading also a word of
  the lexicon.
* after the surname: a word that is marked itself, a day or a month, or any word in a title or heading, where every
  word may be capitalized.

Other names are known to stand in a longer one by the words of the language's lexicon: `Southeast Asia`, `Bank of
America`, `Air Canada`, `Michael Jordan`, `Chad Smith`, `George Washington University`, `USS Gerald R. Ford`; and where
a sign of money follows (`US$876`).

In doubt, a name is not marked: a wrong mark is worse than none.
"""

import re
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from app.models import Role
from app.seeding.annotators.lexicon import Lexicon
from app.seeding.annotators.name_forms import NameForm, is_word_character
from app.seeding.annotators.word_lists import CALENDAR, GIVEN_NAMES, OFFICES, OPENERS, TITLES, TITLES_OF_WOMEN
from app.seeding.catalogue import EntityEntry

INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
LONGEST_WORD = 100
"""Characters in which the beginning of the word before a name is searched for."""
MOST_WORDS_AFTER = 4
"""Capitalized words after a name that are looked at: `Moscow State Pedagogical University`."""
NOT_NAMES = CALENDAR | TITLES | OPENERS
SENTENCE_ENDS = "\0.!?:;\"“”'"
OPENING_MARKS = "\"'“”«»„([{—–…"
HEAD_OF_NAME = re.compile(r"(\w+) of (?:the )?\Z")


class Context(NamedTuple):
    """The text around the names of an article."""

    text: str
    """That of an `ArticleText`."""
    borders: Container[int]
    """The offsets at which marks begin and end."""
    lexicon: Lexicon

    def is_standalone_surname(self, start: int, end: int, entry: EntityEntry, role: Role) -> bool:
        """Tell whether the surname `text[start:end]` can mean a person, judging by the words around it."""
        return self.fits_word_before(start, entry, role) and self.fits_word_after(end, role)

    def fits_word_before(self, start: int, entry: EntityEntry, role: Role) -> bool:
        """Tell whether the word before a surname is not a part of another person's name."""
        word = self.find_word_before(start, " -")
        if not word or not word[0].isupper():
            return True
        own_names = [part for name in entry.names for part in name.split()]
        if INITIALS.fullmatch(word) and word.rstrip(".") not in TITLES:
            return any(part.startswith(word[0]) for part in own_names)
        if not is_word_character(word[-1]) or word.endswith("'s"):
            return True
        if word in NOT_NAMES or word.removesuffix("s") in TITLES or word.casefold() in map(str.casefold, own_names):
            return True
        if role in {"title", "heading"} and word.lower() in self.lexicon.words:
            return word not in self.lexicon.given_names
        return word not in GIVEN_NAMES and word.lower() in split_words(self.text)

    def fits_word_after(self, end: int, role: Role) -> bool:
        """Tell whether the word after a surname does not continue a name."""
        text = self.text
        if text[end] not in " -" or not text[end + 1].isupper() or role in {"title", "heading"}:
            return True
        return end + 1 in self.borders or text[end + 1 : self.find_word_end(end + 1)] in CALENDAR

    def is_part_of_longer_name(self, start: int, end: int, form: NameForm, role: Role) -> bool:
        """Tell whether the words around a name of any type make another, longer name of it."""
        if self.text[end] in "$£€¥":
            return True
        before = self.find_word_before(start, " ")
        continues = self.text[end] == " " and self.text[end + 1].isupper()
        if not (continues or before[:1].isupper() or before in {"of", "the"}):
            return False  # So it is for most names, in half the time of what follows.
        in_headline = role in {"title", "heading"}
        may_be_person = " " not in form.text and any(entry.type == "place" for entry in form.by_name)
        return (
            self.has_longer_ending(end, in_headline=in_headline)
            or (before in {"of", "the"} and self.has_head_before(start))
            or (before[:1].isupper() and self.begins_longer_name(before, start, in_headline=in_headline))
            or (may_be_person and before[:1].isupper() and self.is_first_name(before, start, in_headline=in_headline))
            or (
                may_be_person and not in_headline and before.lower() != "in" and self.is_followed_by_surname(start, end)
            )
        )

    def has_longer_ending(self, end: int, *, in_headline: bool) -> bool:
        """Tell whether the capitalized words after a name end a longer one, such as `University`."""
        endings = self.lexicon.get_pattern("longer_name_ends")
        for _ in range(1 if in_headline else MOST_WORDS_AFTER):
            if self.text[end] != " " or not self.text[end + 1].isupper() or end + 1 in self.borders:
                return False
            stop = self.find_word_end(end + 1)
            if self.text[end + 1 : stop] in endings:
                return True
            end = stop
        return False

    def has_head_before(self, start: int) -> bool:
        """Tell whether the words before a name are those of a longer one, such as `Bank of`."""
        head = HEAD_OF_NAME.search(self.text, max(start - LONGEST_WORD, 0), start)
        return head is not None and head[1] in self.lexicon.get_pattern("longer_name_heads")

    def begins_longer_name(self, word: str, start: int, *, in_headline: bool) -> bool:
        """Tell whether the capitalized word before a name is the beginning of a longer one, such as `Air`."""
        if word in self.lexicon.get_pattern("directions"):
            return True
        if word not in self.lexicon.get_pattern("longer_name_starts"):
            return False
        is_ordinary = word.lower() in self.lexicon.words
        return not (is_ordinary and (in_headline or self.opens_sentence(start - 1 - len(word))))

    def is_first_name(self, word: str, start: int, *, in_headline: bool) -> bool:
        """Tell whether the word before a name of one word makes it a surname: it is a given name, or no known word."""
        if not word.isalpha() or word.isupper() or word in NOT_NAMES or word in self.lexicon.get_pattern("groups"):
            return False
        if word.lower() not in self.lexicon.words:
            return bool(self.lexicon.words) and word.lower() not in split_words(self.text)
        is_ordinary = in_headline or self.opens_sentence(start - 1 - len(word))
        return word in self.lexicon.given_names and not is_ordinary

    def is_followed_by_surname(self, start: int, end: int) -> bool:
        """Tell whether a name that is also a given name stands before a surname."""
        text, lexicon = self.text, self.lexicon
        if text[start:end] not in lexicon.given_names or text[end] != " " or end + 1 in self.borders:
            return False
        word = text[end + 1 : self.find_word_end(end + 1)]
        if not word[:1].isupper() or word.isupper() or word in NOT_NAMES:
            return False
        return word in lexicon.family_names or word.lower() not in lexicon.words

    def follows_title(self, start: int, end: int) -> bool:
        """Tell whether a title stands before a surname that lets it mean its only bearer in the catalogue."""
        title = self.find_word_before(start, " ").removesuffix(".")
        is_frequent = self.text[start:end] in self.lexicon.family_names
        return title in OFFICES or (title in TITLES - TITLES_OF_WOMEN and not is_frequent)

    def find_word_before(self, start: int, joints: str) -> str:
        """Return the word before a name, unless another character than a joint stands between or it is marked."""
        text, stop = self.text, start - 1
        if text[stop] not in joints or stop in self.borders:
            return ""
        least = max(stop - LONGEST_WORD, 0)
        begin = max(text.rfind(" ", least, stop), text.rfind("\0", least, stop), least - 1) + 1
        return text[begin:stop].rpartition("-")[2].lstrip(OPENING_MARKS)

    def find_word_end(self, start: int) -> int:
        """Return the offset behind the word that begins at `start`."""
        while is_word_character(self.text[start]):
            start += 1
        return start

    def opens_sentence(self, start: int) -> bool:
        """Tell whether the word at this offset is the first of a sentence or a paragraph."""
        before = self.text[max(start - 2, 0) : start].rstrip(" ")
        return before[-1:] in SENTENCE_ENDS


@lru_cache(1)  # Once an article: searching its text for each surname would take quadratic time.
def split_words(text: str) -> frozenset[str]:
    """Return the strings between the spaces of a text."""
    return frozenset(text.split(" ")[1:-1])
