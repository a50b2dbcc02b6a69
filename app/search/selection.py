"""Selection: the articles or paragraphs that a query selects in a snapshot, their pages, total and counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import tantivy
from tantivy import FieldType, Occur, Query

from app.search.counts.term_counter import MAX_BUCKETS, SINGLE_VALUED_FIELDS, TermCounter, count_top
from app.search.counts.value_counts import Value, ValueCounts
from app.search.index.schema import Kind
from app.search.page_cache import LONG_PAGE
from app.search.paging import TIE_LOOKAHEAD, Page, Pager, SeekKey, Sorting, restrict
from app.search.snapshot import Snapshot, match_all

MAX_LIMIT: Final = 100
"""The most hits of a page."""

LONGEST_FIRST_PAGE: Final = 2_000
"""Hits of a first page that is cached, at most; it takes 450 kB."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a selection is sorted by relevance."""

    query: Callable[[], Query]
    """Builds the query that selects the same documents, with scores."""
    scoring_query: Callable[[Kind], Query]
    """Builds the query that scores the documents of a kind, for a selection of the other kind."""
    lookahead: int = TIE_LOOKAHEAD
    """Hits read beyond a page to find those with the same score as its last one."""


class Selection:
    """The articles or paragraphs that a query selects."""

    def __init__(
        self, snapshot: Snapshot, kind: Kind, query: Callable[[], Query], ranking: Ranking | None = None
    ) -> None:
        self.snapshot = snapshot
        self.kind = kind
        self.build_query = query
        self.ranking = ranking
        """None if all hits have the same score."""
        self.open_index = snapshot.kinds[kind]
        self.searcher = self.open_index.searcher
        self.counts_by_field: dict[str, list[Value]] = {}
        """What `counts` returned, by field: a list of entities may have a facet of them, too."""

    @cached_property
    def query(self) -> Query:
        """The query that selects, built on first use: a page by relevance does without."""
        return self.build_query()

    @property
    def pager(self) -> Pager:
        """The pager of these documents."""
        return Pager(self.open_index, self.kind, self.query)

    @cached_property
    def total(self) -> int:
        """The number of hits. A first page counts them along the way."""
        result: Any = self.searcher.search(self.query, 1)
        return int(result.count)

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """Return the next hits after `edge`, or, backwards, the last ones before it, always in reading order."""
        page = self.pager.page(sorting, limit, edge, backwards=backwards)
        if edge is None:
            self.total = page.remaining
        return page

    def by_relevance(self, ranking: Ranking, offset: int, limit: int) -> Page:
        """Return the hits from `offset` on, best first; of equal scores the newest first, then by id."""
        pager = Pager(self.open_index, self.kind, ranking.query())
        page = pager.by_relevance(offset, limit, ranking.lookahead)
        self.total = page.remaining
        return page

    def counts(self, field: str) -> list[Value]:
        """Return how many hits have each value of a field, the most frequent first, then by value."""
        if field not in self.counts_by_field:
            counter = self.term_counter(field)
            if field in SINGLE_VALUED_FIELDS:
                self.counts_by_field[field], self.total = counter.single_valued()
            else:
                self.counts_by_field[field] = counter.all()
        return self.counts_by_field[field]

    def top(self, field: str, size: int) -> list[Value]:
        """Return the first `size` of these counts."""
        return self.tops([field], size)[field]

    def tops(self, fields: Sequence[str], size: int) -> dict[str, list[Value]]:
        """Return the first `size` counts of each of several fields; these take little more time than one."""
        counted = self.counts_by_field
        known = {field: self.snapshot.value_counts(self.kind, field) for field in fields if field not in counted}
        tops = count_top(self.open_index, self.query, lambda: self.total, size, known)
        return {field: counted[field][:size] if field in counted else tops[field] for field in fields}

    def count_of(self, field: str, value: str) -> int:
        """Return how many hits have a value."""
        return self.term_counter(field).count_of(value)

    def term_counter(self, field: str) -> TermCounter:
        """Return the counter of the hits by the values of a field."""
        return TermCounter(self.open_index, self.query, field, lambda: self.total)

    def article_keys(self) -> Iterator[int]:
        """Yield the keys of the hits' articles in the database, each once, in ascending order."""
        terms = {"field": "article", "size": MAX_BUCKETS, "segment_size": MAX_BUCKETS, "order": {"_key": "asc"}}
        query = self.query
        while True:
            buckets = self.searcher.aggregate(query, {"keys": {"terms": terms}})["keys"]["buckets"]
            keys = [int(bucket["key"]) for bucket in buckets]
            yield from keys
            if len(keys) < MAX_BUCKETS:
                return
            schema = self.open_index.schema
            others = Query.range_query(schema, "article", FieldType.Unsigned, keys[-1] + 1, None)
            query = restrict(self.query, others)

    def as_kind(self, kind: Kind) -> "Selection":
        """Return the selection of the articles of these paragraphs, or of all paragraphs of these articles."""
        if kind == self.kind:
            return self
        schema = self.snapshot.kinds[kind].schema
        articles = Query.term_set_query(schema, "row", [*map(str, self.article_keys())])
        ranking = self.ranking
        if ranking is None:
            return Selection(self.snapshot, kind, lambda: articles)
        clauses = [(Occur.Must, Query.const_score_query(articles, 0.0)), (Occur.Should, ranking.scoring_query(kind))]
        ranking = replace(ranking, query=lambda: Query.boolean_query(clauses), lookahead=TIE_LOOKAHEAD)
        return Selection(self.snapshot, kind, lambda: articles, ranking)


class CachedSelection(Selection):
    """A selection that many requests make: its total, first pages and counts are cached in the snapshot by its name."""

    def __init__(self, snapshot: Snapshot, kind: Kind, name: str, query: Callable[[], Query]) -> None:
        super().__init__(snapshot, kind, query)
        self.name = name

    @cached_property
    def total(self) -> int:
        """The number of hits, of which the cached first page knows."""
        return self.page("newest", 1).remaining

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """Return a page as any selection does, cut from a longer one that is cached."""
        if backwards or limit > (MAX_LIMIT if edge else LONGEST_FIRST_PAGE):
            return super().page(sorting, limit, edge, backwards=backwards)
        cache = self.snapshot.page_caches[self.name, sorting]
        page = cache.cut(edge, limit, self.pager.seek_key)
        return page or cache.add(edge, super().page(sorting, max(limit, LONG_PAGE), edge), limit)

    def counts(self, field: str) -> list[Value]:
        """Return the cached counts."""
        cache = self.snapshot.counts_cache
        if (self.name, field) not in cache:
            cache[self.name, field] = ValueCounts(super().counts(field), self.total)
        return cache[self.name, field].values

    def tops(self, fields: Sequence[str], size: int) -> dict[str, list[Value]]:
        """Return the first `size` of the cached counts of each field."""
        return {field: self.counts(field)[:size] for field in fields}


class MatchAll(CachedSelection):
    """All articles, or all paragraphs."""

    def __init__(self, snapshot: Snapshot, kind: Kind) -> None:
        super().__init__(snapshot, kind, kind, lambda: match_all(snapshot.kinds[kind].schema))

    @cached_property
    def total(self) -> int:
        """The number of hits."""
        return self.snapshot.size(self.kind)

    def as_kind(self, kind: Kind) -> Selection:
        """Return all documents of this kind: each article has a paragraph, its title."""
        return MatchAll(self.snapshot, kind)

    def counts(self, field: str) -> list[Value]:
        """Return the cached counts."""
        return self.snapshot.value_counts(self.kind, field).values


class Excluding(Selection):
    """All documents but those left out, which are fewer to count; its first page mostly lies among the first of all."""

    def __init__(self, snapshot: Snapshot, kind: Kind, query: Callable[[], Query], excluded: Query) -> None:
        super().__init__(snapshot, kind, query)
        self.excluded = Selection(snapshot, kind, lambda: excluded)

    @cached_property
    def total(self) -> int:
        """The number of hits."""
        return self.snapshot.size(self.kind) - self.excluded.total

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """Return a page as any selection does; the first is looked for among the first 100 documents of all."""
        first = [] if edge or backwards else MatchAll(self.snapshot, self.kind).page(sorting, MAX_LIMIT).hits
        if first:
            last, _ = first[-1]
            near = self.open_index.index.parse_query(f"{sorting}_order:[* TO {last}]")
            result = Pager(self.open_index, self.kind, restrict(self.query, near)).page(sorting, limit)
            if result.more:
                return result._replace(remaining=self.total)
        return super().page(sorting, limit, edge, backwards=backwards)


def between(schema: tantivy.Schema, field: str, first: int | None, last: int | None) -> Query:
    """Build the query for documents whose number lies between these, both included; None leaves an end open."""
    return Query.range_query(schema, field, FieldType.Integer, first, last)
