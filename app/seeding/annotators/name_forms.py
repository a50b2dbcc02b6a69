"""Name forms: the strings by which a text may name an entity, and the entities that each string may mean."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.seeding.catalogue import EntityEntry

# One character for one, so that offsets stay the same.
PUNCTUATION = {
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
NOT_PARTICLES = frozenset({"of", "the", "and"})
GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr."})


PEOPLES = {
    "British": "Britons",
    "Czech": "Czechs",
    "Danish": "Danes",
    "Finnish": "Finns",
    "Greek": "Greeks",
    "Philippine": "Filipinos",
    "Polish": "Poles",
    "Slovak": "Slovaks",
    "Spanish": "Spaniards",
    "Swedish": "Swedes",
    "Thai": "Thais",
    "Turkish": "Turks",
}
"""Names of peoples that do not follow from the adjective."""

Entries = tuple[EntityEntry, ...]


class NameForm(NamedTuple):
    """A string to search for, and the entities that it may mean."""

    text: str
    by_name: tuple[EntityEntry, ...] = ()
    """Entities of which it is a name or an alias."""
    by_surname: tuple[EntityEntry, ...] = ()
    """Persons of whom it is the surname, but not a name or an alias."""
    is_plural: bool = False
    """Whether it names a people: `Russians`."""

    def is_part_of_name(self, entry: EntityEntry) -> bool:
        """Tell whether it is only a part of a person's full name, so that the words around it matter."""
        return entry.type == "person" and (entry in self.by_surname or " " not in self.text)


def normalize_punctuation(text: str) -> str:
    """Return a text of the same length with one kind of apostrophe, hyphen and space."""
    if not text.isascii() or "\n" in text or "\t" in text:
        for character, plain in PUNCTUATION.items():
            text = text.replace(character, plain)
    return text


def is_word_character(character: str) -> bool:
    """Tell whether a character continues a word: a letter, a digit or a combining mark."""
    return character.isalnum() or (character > "\u02ff" and unicodedata.category(character)[0] == "M")


def derive_surnames(name: str) -> tuple[str, ...]:
    """Return the forms of the surname in a person's full name: `de Gaulle`, and `De Gaulle`.

    The surname is the last word, with the particles before it. There is none in a name of one word, in those of popes
    and monarchs (`John XXIII`), in those with `of` or `the`, and none of less than three letters.
    """
    words = name.split()
    while words and words[-1] in GENERATIONS:
        words.pop()
    surname, first = words[-1:], len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
        surname.insert(0, words[first])
    if first < 1 or len(surname[-1]) < 3 or surname[-1][0].islower() or not surname[-1][0].isalpha():
        return ()
    if NOT_PARTICLES.intersection(surname) or set(surname[-1]) <= set("IVX"):
        return ()
    form = " ".join(surname)
    return tuple(dict.fromkeys((form, form[0].upper() + form[1:])))


def collect_forms(entries: Iterable[EntityEntry]) -> dict[str, NameForm]:
    """Return all forms of all entities by their text, which has normalized punctuation."""
    by_name: dict[str, dict[str, EntityEntry]] = {}
    by_surname: dict[str, dict[str, EntityEntry]] = {}
    for entry in entries:
        for name in entry.names:
            by_name.setdefault(normalize_punctuation(name), {})[entry.id] = entry
        for surname in derive_surnames(normalize_punctuation(entry.name)) if entry.type == "person" else ():
            by_surname.setdefault(surname, {})[entry.id] = entry
    forms = {}
    for text in sorted(by_name.keys() | by_surname.keys()):
        named = by_name.get(text, {})
        others = tuple(entry for id, entry in by_surname.get(text, {}).items() if id not in named)
        forms[text] = NameForm(text, tuple(named.values()), others)
    for text, places in pluralize_adjectives(by_name):
        forms.setdefault(text, NameForm(text, places, is_plural=True))
    return forms


def pluralize_adjectives(by_name: Mapping[str, Mapping[str, EntityEntry]]) -> Iterator[tuple[str, Entries]]:
    """Yield the names of peoples (`Russians`, `Iraqis`, `Costa Ricans`) that follow from adjectives of places."""
    for text, named in by_name.items():
        places = tuple(entry for entry in named.values() if entry.type == "place" and entry.name != text)
        regular = f"{text}s" if text.endswith(("an", "i")) and len(text) > 4 else ""
        if places and (plural := PEOPLES.get(text, regular)):
            yield plural, places
