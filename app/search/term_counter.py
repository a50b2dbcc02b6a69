"""How many of a selection have each value: exact, in whichever way takes least."""

from collections.abc import Callable
from heapq import heappush, heappushpop
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from tantivy import Occur, Query

from app.search.index.storage import OpenIndex
from app.search.value_counts import Value, ValueCounts

UNLIMITED = 10_000_000
"""More values than any field has."""

OVERSAMPLING = 1_000
"""How many values are counted besides those that are asked for, to be sure that no other is as frequent."""

DENSE_SHARE = 5
"""Of more than one in so many documents, all values are counted faster by reading where each of them stands."""

SINGLE_VALUED_FIELDS = ("source", "language", "year", "month", "day")
"""Fields of which a document has one value or none, so that these and all documents are counted at once."""


class TermCounter(NamedTuple):
    """The documents that are to be counted by the values of a field."""

    searched: OpenIndex
    query: Query
    field: str
    total: Callable[[], int]
    """How many documents these are, for whom it helps to know."""

    def all(self) -> list[Value]:
        """All values, the most frequent first, then by value."""
        searcher = self.searched.searcher
        if self.total() > searcher.num_docs // DENSE_SHARE:
            return searcher.terms_with_prefix(self.field, "", filter_query=self.query)
        values, _ = self.counted(UNLIMITED)
        return order_values(values)

    def lone(self) -> tuple[list[Value], int]:
        """All values of a field of which a document has one or none, and how many documents there are."""
        values, _ = self.counted(UNLIMITED, missing="")
        return order_values([it for it in values if it[0]]), sum(number for _, number in values)

    def most(self, size: int, known: ValueCounts) -> list[Value]:
        """The first `size` of these.

        Two values are asked for in the time in which one value of each document is counted. So where documents have
        many, the few that may be the first are asked for by themselves.
        """
        few = 2 * known.density
        worth = int(few * self.total() / max(self.searched.searcher.num_docs, 1))
        if size < worth and (found := self.likely(size, known.values, worth)) is not None:
            return found
        asked = size + OVERSAMPLING
        values, missed = self.counted(asked)
        if len(values) < asked:
            return order_values(values)[:size]
        # Each segment left out what is rare in it, so that counts may be too small by `missed` altogether.
        least = values[size - 1][1]
        if values[-1][1] + missed >= least:
            return self.all()[:size]
        if missed:
            near = [value for value, number in values if number + missed >= least]
            if len(near) < few:
                values = [(value, self.one(value)) for value in near]
            else:
                values, _ = self.counted(len(near), include=near)
        return order_values(values)[:size]

    def likely(self, size: int, known: list[Value], worth: int) -> list[Value] | None:
        """The first ones, asked for in the order that they have in all documents, until no other can be among them.

        None where that is not known after so many as it is worth.
        """
        values: list[Value] = []
        largest: list[int] = []
        for value, most in known:
            if len(largest) == size and most < largest[0]:
                break
            if len(values) == worth:
                return None
            number = self.one(value)
            values.append((value, number))
            (heappush if len(largest) < size else heappushpop)(largest, number)
        return order_values([value for value in values if value[1]])[:size]

    def one(self, value: str) -> int:
        """How many of the documents have a value."""
        has = Query.term_query(self.searched.schema, self.field, value, "basic")
        both = Query.boolean_query([(Occur.Must, self.query), (Occur.Must, has)])
        found: Any = self.searched.searcher.search(both, 1)
        return int(found.count)

    def counted(self, size: int, **options: Any) -> tuple[list[Value], int]:
        """The most frequent values of each segment with their counts, and by how much these may be too small."""
        terms = {"field": self.field, "size": size, "segment_size": size, **options}
        found = self.searched.searcher.aggregate(self.query, {"it": {"terms": terms}})["it"]
        missed = found["doc_count_error_upper_bound"] if self.searched.searcher.num_segments > 1 else 0
        return [*map(itemgetter("key", "doc_count"), found["buckets"])], missed


def order_values(values: list[Value]) -> list[Value]:
    """The most frequent first, then by value."""
    falling = sorted(values, key=itemgetter(1), reverse=True)
    return [value for _, equal in groupby(falling, itemgetter(1)) for value in sorted(equal)]
