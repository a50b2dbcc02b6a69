"""Value counts: how many of all articles or paragraphs have each value of a field."""

from functools import cached_property
from typing import Final

from app.search.names.name_index import NameIndex
from app.system.release import release_gradually
from app.text import fold_name

Value = tuple[str, int]
"""A value, and the number of documents with it."""

CACHED_PREFIX_LENGTH: Final = 3
"""Results for prefixes of at most this many letters are cached: for each length, no more than there are words."""


class ValueCounts:
    """The values of a field in all documents, with their counts."""

    def __init__(self, values: list[Value], documents: int) -> None:
        self.values = values
        """The most frequent first, then by value."""
        self.density = sum(number for _, number in values) / max(documents, 1)
        """The mean number of values a document."""
        self.by_prefix: dict[str, list[Value]] = {}
        """The values that have a name with a prefix, for the short prefixes used so far."""
        release_gradually(self, self.values)

    @cached_property
    def totals(self) -> dict[str, int]:
        """The count of each value."""
        totals = dict(self.values)
        release_gradually(self, totals)
        return totals

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each value in the order."""
        ranks = {value: rank for rank, (value, _) in enumerate(self.values)}
        release_gradually(self, ranks)
        return ranks

    def named(self, names: NameIndex, name: str | None, prefix: str | None, ids: set[str] | None = None) -> list[Value]:
        """Return the values with this name and this prefix, of these ids, each of which may be None."""
        folded = None if prefix is None or name is not None or ids is not None else fold_name(prefix)
        if folded in self.by_prefix:
            return self.by_prefix[folded]
        sets = [each for each in (names.matching(name, prefix), ids) if each is not None]
        if not sets:
            return self.values
        ranks = self.ranks
        values = [self.values[rank] for rank in sorted(ranks[id] for id in set.intersection(*sets) if id in ranks)]
        if folded is not None and len(folded) <= CACHED_PREFIX_LENGTH and values:
            self.by_prefix[folded] = values
        return values
