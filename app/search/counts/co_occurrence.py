"""Co-occurrence: how many of the selected documents have both of two values of a field."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

from tantivy import Occur, Query

from app.search.counts.npmi import association
from app.search.counts.term_counter import MAX_BUCKETS
from app.search.counts.value_counts import Value
from app.search.selection import Selection

FEW_VALUES: Final = 15
"""Pairs of at most so many values are searched for: 1 to 16 ms in 100,000 articles, where aggregation takes 8 to 60."""


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

    `values` have their counts in the selection, the most frequent first.
    """
    count_together = search_together if len(values) <= FEW_VALUES else aggregate_together
    together = count_together(selection, field, values)
    pairs = [
        Pair(first, second, count, association(count, first_count, second_count, selection.total))
        for (first, first_count), (second, second_count) in combinations(values, 2)
        if (count := together.get((first, second), 0)) >= min_count
    ]
    return sorted(pairs, key=lambda pair: (-pair.documents, pair.first, pair.second))


def search_together(selection: Selection, field: str, values: Sequence[Value]) -> dict[tuple[str, str], int]:
    """Return how many selected documents have both of two values, by a search for each pair."""
    schema = selection.open_index.schema
    queries = {value: Query.term_query(schema, field, value, "basic") for value, _ in values}
    counts = {}
    for (first, first_count), (second, second_count) in combinations(values, 2):
        if first_count == selection.total:  # All documents have it, as they have the entity that they are selected by.
            counts[first, second] = second_count
        else:
            clauses = [(Occur.Must, query) for query in (selection.query, queries[first], queries[second])]
            result: Any = selection.searcher.search(Query.boolean_query(clauses), 1)
            counts[first, second] = int(result.count)
    return counts


def aggregate_together(selection: Selection, field: str, values: Sequence[Value]) -> dict[tuple[str, str], int]:
    """Return the same by one aggregation."""
    names = [value for value, _ in values]
    terms = {"field": field, "size": MAX_BUCKETS, "segment_size": MAX_BUCKETS, "include": names}
    aggregation = {"values": {"terms": terms, "aggs": {"others": {"terms": terms}}}}
    result = selection.searcher.aggregate(selection.query, aggregation)
    return {
        (bucket["key"], other["key"]): int(other["doc_count"])
        for bucket in result["values"]["buckets"]
        for other in bucket["others"]["buckets"]
    }
