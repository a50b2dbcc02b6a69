"""Co-occurrence: how many of the selected documents have both of two values of a field."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from app.search.counts.npmi import association
from app.search.counts.term_counter import MAX_BUCKETS
from app.search.counts.value_counts import Value
from app.search.selection import Selection


class Pair(NamedTuple):
    """Two values that occur together."""

    first: str
    """The more frequent one; of equally frequent ones, that with the smaller value."""
    second: str
    documents: int
    """Number of selected documents with both."""
    association: float
    """Normalised pointwise mutual information among the selected documents."""


def count_pairs(selection: Selection, field: str, values: Sequence[Value], min_count: int) -> list[Pair]:
    """Return the pairs of these values in at least `min_count` selected documents, the most frequent first.

    `values` have their counts in the selection, the most frequent first. One aggregation counts all pairs.
    """
    if not values:
        return []
    names = [value for value, _ in values]
    terms = {"field": field, "size": MAX_BUCKETS, "segment_size": MAX_BUCKETS, "include": names}
    aggregation = {"values": {"terms": terms, "aggs": {"others": {"terms": terms}}}}
    result = selection.searcher.aggregate(selection.query, aggregation)
    together = {
        (bucket["key"], other["key"]): int(other["doc_count"])
        for bucket in result["values"]["buckets"]
        for other in bucket["others"]["buckets"]
    }
    pairs = [
        Pair(first, second, count, association(count, first_count, second_count, selection.total))
        for (first, first_count), (second, second_count) in combinations(values, 2)
        if (count := together.get((first, second), 0)) >= min_count
    ]
    return sorted(pairs, key=lambda pair: (-pair.documents, pair.first, pair.second))
