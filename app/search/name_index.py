"""Names as they are looked for: whole, or by the beginning of any of their words, whatever their case and accents."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Final, Protocol

from app.system.threads import leave_event_loop
from app.text import fold_name

WORD = re.compile(r"[^\W_]+")

MANY: Final = 2_000
"""More names than these are not looked through on the event loop."""

MANY_ALIASES: Final = 50
"""Nor are more names of one thing than these, of which there may be many on a page."""


class Nameable(Protocol):
    """What has names."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""


class NameIndex:
    """Which ids a name, or the beginning of any word of a name, leads to."""

    def __init__(self, known: Mapping[str, Nameable]) -> None:
        self.known = known
        self.folded: dict[str, str] = {}
        """The name of each id, as names are compared."""
        self.whole: dict[str, list[str]] = {}
        """The ids that have each name."""
        self.ends: list[tuple[str, str, int]] = []
        """Every name from each of its words on, with its place among the names of its id: what begins with a
        prefix stands together."""
        for id, it in known.items():
            for place, name in enumerate((it.name, *it.aliases)):
                folded = fold_name(name)
                self.folded.setdefault(id, folded)
                self.whole.setdefault(folded, []).append(id)
                self.ends += [(folded[start:], id, place) for start in starts(folded)]
        self.ends.sort()

    def called(self, name: str) -> list[str]:
        """The ids of all that have this name or alias."""
        return [*dict.fromkeys(self.whole.get(fold_name(name), ()))]

    def beginning(self, prefix: str) -> list[str]:
        """The ids of all of which a word of a name or alias begins so, those of later aliases first."""
        folded = fold_name(prefix)
        first = bisect_left(self.ends, (folded,))
        last = bisect_left(self.ends, (folded + "\U0010ffff",))
        if last - first > MANY:
            leave_event_loop()
        found = sorted(self.ends[first:last], key=itemgetter(2), reverse=True) if folded else []
        return [*dict.fromkeys(map(itemgetter(1), found))]

    def fitting(self, name: str | None, prefix: str | None) -> set[str] | None:
        """The ids of what has the name and the prefix, as far as they are given; None where neither is."""
        given = [{*self.called(name)}] if name is not None else []
        given += [{*self.beginning(prefix)}] if prefix is not None else []
        return set.intersection(*given) if given else None

    def matched(self, id: str, name: str | None, prefix: str | None) -> str:
        """The first name of what fits that does: the whole one, where it is given."""
        it = self.known[id]
        if not it.aliases:
            return it.name
        if len(it.aliases) > MANY_ALIASES:
            leave_event_loop()
        wanted = fold_name(name or prefix or "")
        for spelled in (it.name, *it.aliases):
            folded = fold_name(spelled)
            if folded == wanted if name is not None else any(folded.startswith(wanted, at) for at in starts(folded)):
                return spelled
        return it.name


def starts(folded: str) -> Iterator[int]:
    """Where the words of a name begin."""
    return (word.start() for word in WORD.finditer(folded))
