"""Name index: find ids by a whole name or by the prefix of any of its words, without case and accents."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice, takewhile
from operator import itemgetter
from typing import Final, Protocol

from app.system.release import release_gradually
from app.system.threads import leave_event_loop
from app.text import fold_name

WORD = re.compile(r"[^\W_]+")

LONG_LOOKUP: Final = 2_000
"""A lookup of more names than this leaves the event loop."""

SLICED_LETTERS: Final = 3
"""Names are sorted in slices that begin with the same letters, because no other thread runs while a list is sorted: for
50,000 names it would take 25 ms."""

MANY_ALIASES: Final = 50
"""So does comparing more names of one thing than this, since a page may list many such things."""


class Nameable(Protocol):
    """A thing with a name and aliases."""

    @property
    def name(self) -> str:
        """Its preferred name."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""


class NameIndex:
    """Finds ids by name, or by the prefix of any word of a name."""

    def __init__(self, entries: Mapping[str, Nameable]) -> None:
        self.entries = entries
        self.folded: dict[str, str] = {}
        """The folded name of each id."""
        self.ids_by_name: dict[str, list[str]] = {}
        """The ids of each folded name."""
        self.suffixes: list[tuple[str, str, int]] = []
        """Every folded name from each of its words on, with its id and its place among that id's names; sorted, so that
        all with the same prefix are neighbours."""
        slices: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
        for id, entry in entries.items():
            for place, name in enumerate((entry.name, *entry.aliases)):
                folded = fold_name(name)
                self.folded.setdefault(id, folded)
                self.ids_by_name.setdefault(folded, []).append(id)
                for start in word_starts(folded):
                    slices[folded[start : start + SLICED_LETTERS]].append((folded[start:], id, place))
        for letters in sorted(slices):
            self.suffixes += sorted(slices[letters])
        release_gradually(self, self.folded, self.ids_by_name, self.suffixes)

    def exact(self, name: str) -> list[str]:
        """Return the ids with this name or alias."""
        return [*dict.fromkeys(self.ids_by_name.get(fold_name(name), ()))]

    def with_prefix(self, prefix: str) -> list[str]:
        """Return the ids with a word of a name or alias that has this prefix, those of later aliases first."""
        folded = fold_name(prefix)
        first = bisect_left(self.suffixes, (folded,))
        last = bisect_right(self.suffixes, folded, first, key=lambda suffix: suffix[0][: len(folded)])
        if last - first > LONG_LOOKUP:
            leave_event_loop()
        matches = sorted(self.suffixes[first:last], key=itemgetter(2), reverse=True) if folded else []
        return [*dict.fromkeys(map(itemgetter(1), matches))]

    @cached_property
    def spellings(self) -> list[str]:
        """Every folded name from each of its words on, each once."""
        spellings = [*dict.fromkeys(map(itemgetter(0), self.suffixes))]
        release_gradually(self, spellings)
        return spellings

    def with_ending(self, folded: str) -> list[str]:
        """Return the ids with a name or alias that is this, or has it for its last words."""
        first = bisect_left(self.suffixes, (folded,))
        same = takewhile(lambda entry: entry[0] == folded, islice(self.suffixes, first, None))
        return [*dict.fromkeys(map(itemgetter(1), same))]

    def matching(self, name: str | None, prefix: str | None) -> set[str] | None:
        """Return the ids with this name and this prefix, each of which may be None; None if both are."""
        matches = [{*self.exact(name)}] if name is not None else []
        matches += [{*self.with_prefix(prefix)}] if prefix is not None else []
        return set.intersection(*matches) if matches else None

    def matched_name(self, id: str, name: str | None, prefix: str | None) -> str:
        """Return the first name of an id that is this name, or, without one, that has this prefix."""
        entry = self.entries[id]
        if not entry.aliases:
            return entry.name
        if len(entry.aliases) > MANY_ALIASES:
            leave_event_loop()
        searched = fold_name(name or prefix or "")
        for spelled in (entry.name, *entry.aliases):
            folded = fold_name(spelled)
            if folded == searched or (
                name is None and any(folded.startswith(searched, start) for start in word_starts(folded))
            ):
                return spelled
        return entry.name


def word_starts(folded: str) -> Iterator[int]:
    """Return where the words of a folded name begin."""
    return (word.start() for word in WORD.finditer(folded))
