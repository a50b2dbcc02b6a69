"""What a question selects of one snapshot: pages of it, how many there are, and what they have in common."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import tantivy
from tantivy import FieldType, Occur, Query

from app.search.counting import EVERY, Counting
from app.search.known import Value
from app.search.paging import AHEAD, Edge, Page, Paging, Sorting
from app.search.schema import Kind
from app.search.snapshot import Snapshot, everything

LONGEST: Final = 100
"""How many hits a page has at most."""


class Selection:
    """The articles or paragraphs that a question selects."""

    def __init__(
        self, snapshot: Snapshot, kind: Kind, query: Query, worth: Callable[[Kind], Query | None] = lambda kind: None,
        *, level: bool = False, ahead: int = AHEAD,
    ) -> None:  # fmt: skip
        self.snapshot = snapshot
        self.kind = kind
        self.query = query
        self.worth = worth
        """What ranks the other kind, where this one was selected."""
        self.level = level
        """Whether all hits are known to be equally relevant."""
        self.searched = snapshot.kinds[kind]
        self.searcher = self.searched.searcher
        self.paging = Paging(self.searched, kind, query, ahead)

    @cached_property
    def total(self) -> int:
        """How many there are. Pages that come from the start count them along the way."""
        found: Any = self.searcher.search(self.query, 1)
        return int(found.count)

    def page(self, sorting: Sorting, limit: int, edge: Edge | None = None, *, backwards: bool = False) -> Page:
        """The next hits behind `edge`, or, backwards, the last ones before it, always in reading order."""
        return self.counted(self.paging.page(sorting, limit, edge, backwards=backwards))

    def ranked(self, offset: int, limit: int) -> Page:
        """The hits from `offset` on, the best first; of equal ones the newest first, then by id."""
        return self.counted(self.paging.ranked(offset, limit))

    def counted(self, page: Page) -> Page:
        """The same page; what was counted along the way need not be counted again."""
        if page.total is not None:
            self.total = page.total
        return page

    def counts(self, field: str) -> list[Value]:
        """How many of them have each value, the most frequent first, then by value."""
        return self.counting(field).all()

    def most(self, field: str, size: int) -> list[Value]:
        """The first `size` of these counts."""
        return self.counting(field).most(size, self.snapshot.known(self.kind, field))

    def number(self, field: str, value: str) -> int:
        """How many of them have a value."""
        return self.counting(field).one(value)

    def counting(self, field: str) -> Counting:
        """What counts them by the values of a field."""
        return Counting(self.searched.schema, self.searcher, self.query, field, self.total)

    def as_kind(self, kind: Kind) -> "Selection":
        """The articles of these paragraphs, or all paragraphs of these articles."""
        if kind == self.kind:
            return self
        terms = {"field": "article", "size": EVERY, "segment_size": EVERY}
        found = self.searcher.aggregate(self.query, {"it": {"terms": terms}})["it"]["buckets"]
        schema = self.snapshot.kinds[kind].schema
        articles = Query.term_set_query(schema, "article", [int(it["key"]) for it in found])
        worth = self.worth(kind)
        if worth is not None:
            selected = Query.const_score_query(articles, 0.0)
            articles = Query.boolean_query([(Occur.Must, selected), (Occur.Should, worth)])
        return Selection(self.snapshot, kind, articles, level=self.level)


class Everything(Selection):
    """All articles, or all paragraphs: what is asked of them most is found once and then known."""

    def __init__(self, snapshot: Snapshot, kind: Kind) -> None:
        super().__init__(snapshot, kind, everything(snapshot.kinds[kind].schema))

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return self.snapshot.size(self.kind)

    def page(self, sorting: Sorting, limit: int, edge: Edge | None = None, *, backwards: bool = False) -> Page:
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


def between(schema: tantivy.Schema, field: str, first: int | None, last: int | None) -> Query:
    """Documents whose number lies between these, both included."""
    return Query.range_query(schema, field, FieldType.Integer, first, last)
