"""The forms in which names stand in a text, and whom each of them may mean."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from app.seeding.catalogue import EntityEntry

# One character for one, so that offsets into a levelled text are offsets into the text.
_ALIKE = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "‑": "-",
    "‐": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\n": " ",
    "\t": " ",
}
_NOT_PARTICLES = frozenset({"of", "the", "and"})
_GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr."})


class Form(NamedTuple):
    """A string to be found, and the entities that it may stand for."""

    text: str
    named: tuple[EntityEntry, ...] = ()
    """Those that have it as a name or an alias."""
    surnamed: tuple[EntityEntry, ...] = ()
    """The persons that have it as their surname, but not as a name or an alias."""

    def is_part(self, entry: EntityEntry) -> bool:
        """Whether it is but a part of a person's full name, so that the words around it matter."""
        return entry.type == "person" and (entry in self.surnamed or " " not in self.text)


def normalize_punctuation(text: str) -> str:
    """Return the text, character for character, with one kind of apostrophe, hyphen and space."""
    if not text.isascii() or "\n" in text or "\t" in text:
        for character, plain in _ALIKE.items():
            text = text.replace(character, plain)
    return text


def within_word(character: str) -> bool:
    """Whether a word goes on through this character: a letter, a digit or a combining mark."""
    return character.isalnum() or (character > "\u02ff" and unicodedata.category(character)[0] == "M")


def surnames(name: str) -> tuple[str, ...]:
    """Return the forms of the surname in a person's full name: `de Gaulle` also as `De Gaulle`.

    The surname is the last word, with the particles in front of it. Names of one word, of popes and
    monarchs (`John XXIII`), of less than three letters or with `of` and `the` have none.
    """
    words = name.split()
    while words and words[-1] in _GENERATIONS:
        words.pop()
    surname, first = words[-1:], len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
        surname.insert(0, words[first])
    if first < 1 or len(surname[-1]) < 3 or surname[-1][0].islower() or not surname[-1][0].isalpha():
        return ()
    if _NOT_PARTICLES.intersection(surname) or set(surname[-1]) <= set("IVX"):
        return ()
    form = " ".join(surname)
    return tuple(dict.fromkeys((form, form[0].upper() + form[1:])))


def forms_of(entries: Iterable[EntityEntry]) -> dict[str, Form]:
    """Return every form of every entity, by its levelled text."""
    named: dict[str, dict[str, EntityEntry]] = {}
    surnamed: dict[str, dict[str, EntityEntry]] = {}
    for entry in entries:
        for name in entry.names:
            named.setdefault(normalize_punctuation(name), {})[entry.id] = entry
        for surname in surnames(normalize_punctuation(entry.name)) if entry.type == "person" else ():
            surnamed.setdefault(surname, {})[entry.id] = entry
    forms = {}
    for text in sorted(named.keys() | surnamed.keys()):
        bearers = named.get(text, {})
        others = tuple(entry for id_, entry in surnamed.get(text, {}).items() if id_ not in bearers)
        forms[text] = Form(text, tuple(bearers.values()), others)
    return forms
