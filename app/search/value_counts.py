"""What is known of all articles or paragraphs: how many have each value, once somebody has asked for it."""

from functools import cached_property
from typing import Final

from app.search.name_index import NameIndex
from app.text import fold_name

Value = tuple[str, int]
"""A value, and how many have it."""

CACHED_PREFIX_LENGTH: Final = 3
"""What begins with so many letters or fewer is remembered: for each number, it is no more than there are words."""


class ValueCounts:
    """The values of a field in all documents."""

    def __init__(self, values: list[Value], documents: int) -> None:
        self.values = values
        """The most frequent first, then by value."""
        self.density = sum(number for _, number in values) / max(documents, 1)
        """How many of them a document has, in the mean."""
        self.begun: dict[str, list[Value]] = {}
        """Those that have a name that begins so, for the shortest beginnings that somebody has asked for."""

    @cached_property
    def totals(self) -> dict[str, int]:
        """How many have each value."""
        return dict(self.values)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Where each value stands among the others."""
        return {value: rank for rank, (value, _) in enumerate(self.values)}

    def named(self, names: NameIndex, name: str | None, prefix: str | None) -> list[Value]:
        """Those that have the name and the prefix, as far as they are given."""
        begun = None if prefix is None or name is not None else fold_name(prefix)
        if begun in self.begun:
            return self.begun[begun]
        fitting = names.fitting(name, prefix)
        if fitting is None:
            return self.values
        found = [self.values[rank] for rank in sorted(self.ranks[id] for id in fitting if id in self.ranks)]
        if begun is not None and len(begun) <= CACHED_PREFIX_LENGTH and found:
            self.begun[begun] = found
        return found
