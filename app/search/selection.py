"""What a question selects of one snapshot: pages of it, how many there are, and what they have in common."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import tantivy
from tantivy import FieldType, Occur, Query

from app.search.index.schema import Kind
from app.search.paging import TIE_LOOKAHEAD, Page, Pager, SeekKey, Sorting, both
from app.search.snapshot import Snapshot, match_all
from app.search.term_counter import SINGLE_VALUED_FIELDS, UNLIMITED, TermCounter
from app.search.value_counts import Value

LONGEST: Final = 100
"""How many hits a page has at most."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How hits are put in order by relevance."""

    query: Callable[[], Query]
    """The same documents, weighed."""
    worth: Callable[[Kind], Query]
    """What weighs the other kind, where this one is selected."""
    ahead: int = TIE_LOOKAHEAD
    """How far behind a page hits are looked at that may be as relevant."""


class Selection:
    """The articles or paragraphs that a question selects."""

    def __init__(
        self, snapshot: Snapshot, kind: Kind, query: Callable[[], Query], ranking: Ranking | None = None
    ) -> None:
        self.snapshot = snapshot
        self.kind = kind
        self.ask = query
        self.ranking = ranking
        """None where all hits are equally relevant."""
        self.searched = snapshot.kinds[kind]
        self.searcher = self.searched.searcher

    @cached_property
    def query(self) -> Query:
        """What selects them: made when it is needed, as a page by relevance does without."""
        return self.ask()

    @property
    def paging(self) -> Pager:
        """What pages are made by."""
        return Pager(self.searched, self.kind, self.query)

    @cached_property
    def total(self) -> int:
        """How many there are. Pages that come from the start count them along the way."""
        found: Any = self.searcher.search(self.query, 1)
        return int(found.count)

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """The next hits behind `edge`, or, backwards, the last ones before it, always in reading order."""
        return self.counted(self.paging.page(sorting, limit, edge, backwards=backwards))

    def ranked(self, ranking: Ranking, offset: int, limit: int) -> Page:
        """The hits from `offset` on, the best first; of equal ones the newest first, then by id."""
        paging = Pager(self.searched, self.kind, ranking.query())
        return self.counted(paging.ranked(offset, limit, ranking.ahead))

    def counted(self, page: Page) -> Page:
        """The same page; what was counted along the way need not be counted again."""
        if page.total is not None:
            self.total = page.total
        return page

    def counts(self, field: str) -> list[Value]:
        """How many of them have each value, the most frequent first, then by value."""
        counting = self.counting(field)
        if field not in SINGLE_VALUED_FIELDS:
            return counting.all()
        values, self.total = counting.lone()
        return values

    def most(self, field: str, size: int) -> list[Value]:
        """The first `size` of these counts."""
        return self.counting(field).most(size, self.snapshot.known(self.kind, field))

    def number(self, field: str, value: str) -> int:
        """How many of them have a value."""
        return self.counting(field).one(value)

    def counting(self, field: str) -> TermCounter:
        """What counts them by the values of a field."""
        return TermCounter(self.searched, self.query, field, lambda: self.total)

    def as_kind(self, kind: Kind) -> "Selection":
        """The articles of these paragraphs, or all paragraphs of these articles."""
        if kind == self.kind:
            return self
        terms = {"field": "article", "size": UNLIMITED, "segment_size": UNLIMITED}
        found = self.searcher.aggregate(self.query, {"it": {"terms": terms}})["it"]["buckets"]
        schema = self.snapshot.kinds[kind].schema
        articles = Query.term_set_query(schema, "row", [str(int(it["key"])) for it in found])
        ranking = self.ranking
        if ranking is None:
            return Selection(self.snapshot, kind, lambda: articles)
        weighed = [(Occur.Must, Query.const_score_query(articles, 0.0)), (Occur.Should, ranking.worth(kind))]
        whole = replace(ranking, query=lambda: Query.boolean_query(weighed), ahead=TIE_LOOKAHEAD)
        return Selection(self.snapshot, kind, lambda: articles, whole)


class MatchAll(Selection):
    """All articles, or all paragraphs: what is asked of them most is found once and then known."""

    def __init__(self, snapshot: Snapshot, kind: Kind) -> None:
        super().__init__(snapshot, kind, lambda: match_all(snapshot.kinds[kind].schema))

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return self.snapshot.size(self.kind)

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """As of any selection; the first page is known."""
        if edge is not None or backwards or limit > LONGEST:
            return super().page(sorting, limit, edge, backwards=backwards)
        first = self.snapshot.first.get((self.kind, sorting))
        if first is None:
            first = self.snapshot.first[self.kind, sorting] = super().page(sorting, LONGEST)
        return Page(first.places[:limit], first.hits[:limit], first.more or len(first.places) > limit, self.total)

    def counts(self, field: str) -> list[Value]:
        """As of any selection, but known."""
        return self.snapshot.known(self.kind, field).values

    def most(self, field: str, size: int) -> list[Value]:
        """The first `size` of these counts."""
        return self.snapshot.known(self.kind, field).values[:size]


class Excluding(Selection):
    """All but what is left out, which is less to count; and the first of everything are mostly enough for a page."""

    def __init__(self, snapshot: Snapshot, kind: Kind, query: Callable[[], Query], left_out: Query) -> None:
        super().__init__(snapshot, kind, query)
        self.left_out = Selection(snapshot, kind, lambda: left_out)

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return self.snapshot.size(self.kind) - self.left_out.total

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """As of any selection."""
        first = [] if edge or backwards else MatchAll(self.snapshot, self.kind).page(sorting, LONGEST).hits
        if first:
            last, _ = first[-1]
            near = self.searched.index.parse_query(f"{sorting}_order:[* TO {last}]")
            found = Pager(self.searched, self.kind, both(self.query, near)).page(sorting, limit)
            if found.more:
                return found._replace(total=self.total)
        return super().page(sorting, limit, edge, backwards=backwards)


def between(schema: tantivy.Schema, field: str, first: int | None, last: int | None) -> Query:
    """Documents whose number lies between these, both included."""
    return Query.range_query(schema, field, FieldType.Integer, first, last)
