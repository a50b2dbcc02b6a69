"""Clauses: combine tantivy queries by what documents must match."""

from collections.abc import Iterable, Sequence

from tantivy import Occur, Query


def any_of(queries: Iterable[Query]) -> Query:
    """Build the query for documents that match at least one of these."""
    clauses = [(Occur.Should, query) for query in queries]
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)


def all_except(queries: Sequence[Query]) -> Query:
    """Build the query for all documents except these."""
    everything = Query.const_score_query(Query.all_query(), 0.0)
    return Query.boolean_query([(Occur.Must, everything), *((Occur.MustNot, query) for query in queries)])
