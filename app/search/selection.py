"""One snapshot's answer: which articles or paragraphs, how many, in which order, and what they have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, Literal, NamedTuple

import tantivy
from tantivy import FieldType, Occur, Order, Query

from app.documents import Documents
from app.search.directory import Directory
from app.search.follow import State
from app.search.schema import Kind

Sorting = Literal["newest", "oldest", "title"]

LONGEST = 100
"""How many hits a page has at most."""

EVERY = 10_000_000
"""More values than any field has: counts are then exact."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The index of one kind, as it was at one moment."""

    index: tantivy.Index
    schema: tantivy.Schema
    searcher: tantivy.Searcher


@dataclass(frozen=True)
class Snapshot:
    """The indexes and the directory at one revision. It never changes; a new revision is a new snapshot."""

    state: State
    directory: Directory
    kinds: Mapping[Kind, Searched]
    documents: Documents
    """What its hits look like, by their keys."""
    known: dict[tuple[Kind, str], dict[str, int]] = field(default_factory=dict, compare=False)
    """Counts over everything, once somebody has asked for them."""
    first: dict[tuple[Kind, Sorting], "Page"] = field(default_factory=dict, compare=False)
    """The longest first page of everything in each order, once somebody has asked for it."""

    @classmethod
    def of(
        cls, indexes: Mapping[Kind, tantivy.Index], state: State, directory: Directory, documents: Documents
    ) -> "Snapshot":
        """What these indexes hold now."""
        kinds = {kind: Searched(index, index.schema, index.searcher()) for kind, index in indexes.items()}
        return cls(state, directory, kinds, documents)

    def counts(self, kind: Kind, field: str) -> dict[str, int]:
        """How many of all articles or paragraphs have each value."""
        if (kind, field) not in self.known:
            whole = Selection(self, kind, everything(self.kinds[kind].schema))
            self.known[kind, field] = dict(whole.counts(field))
        return self.known[kind, field]

    def size(self, kind: Kind) -> int:
        """How many articles or paragraphs there are."""
        return int(self.directory.revision[kind])


class Place(NamedTuple):
    """A hit: where its document is in the database."""

    article: int
    position: int | None
    """Of the paragraph; None for an article."""


class Page(NamedTuple):
    """Some hits in their order."""

    places: list[Place]
    edges: list[str]
    """The sort key of each hit."""
    more: bool
    """Whether others follow in the direction of reading."""


class Selection:
    """The articles or paragraphs that a question selects."""

    def __init__(
        self, snapshot: Snapshot, kind: Kind, query: Query, worth: Callable[[Kind], Query | None] = lambda kind: None,
        *, level: bool = False,
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

    @cached_property
    def total(self) -> int:
        """How many there are."""
        found: Any = self.searcher.search(self.query, 1)
        return int(found.count)

    def page(self, sorting: Sorting, limit: int, edge: str | None = None, *, backwards: bool = False) -> Page:
        """The next hits behind `edge`, or, backwards, the last ones before it, always in reading order."""
        field = f"{sorting}_order"
        query = self.query
        if edge is not None:
            span = f"{field}:{{* TO {edge}}}" if backwards else f"{field}:{{{edge} TO *}}"
            behind = Query.const_score_query(self.searched.index.parse_query(span), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, behind)])
        order = Order.Desc if backwards else Order.Asc
        hits = self.searcher.search(query, limit + 1, count=False, order_by_field=field, order=order).hits
        kept = hits[:limit][::-1] if backwards else hits[:limit]
        return Page(self.places([address for _, address in kept]), [key for key, _ in kept], len(hits) > limit)

    def ranked(self, offset: int, limit: int) -> Page:
        """The hits from `offset` on, the best first; of equal ones the newest first, then by id."""
        hits = self.searcher.search(self.query, offset + limit + 1, count=False).hits
        while hits and len(hits) > offset + limit and hits[-1][0] == hits[offset + limit - 1][0]:
            wider = self.searcher.search(self.query, 2 * len(hits), count=False).hits
            if len(wider) == len(hits):
                break
            hits = wider
        page = self.settle(hits)[offset : offset + limit]
        return Page(self.places([address for _, address in page]), [], len(hits) > offset + limit)

    def settle(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> Sequence[tuple[float, tantivy.DocAddress]]:
        """Hits in the order of their scores; equal ones from the newest to the oldest and the undated, then by id."""
        if len({score for score, _ in hits}) == len(hits):
            return hits
        dates = self.searcher.fast_field_values("published", [address for _, address in hits])
        keyed = [
            (-score, date is None, -(date or 0), hit) for (score, _), date, hit in zip(hits, dates, hits, strict=True)
        ]
        settled = []
        for _, group in groupby(sorted(keyed, key=lambda it: it[:3]), key=lambda it: it[:3]):
            tied = [hit for *_, hit in group]
            settled += sorted(tied, key=self.name) if len(tied) > 1 else tied
        return settled

    def name(self, hit: tuple[float, tantivy.DocAddress]) -> tuple[str, int | None]:
        """What a hit is called outside, for putting equal ones in order."""
        id = self.searcher.doc(hit[1])["id"][0]
        return id, self.places([hit[1]])[0].position

    def places(self, addresses: list[tantivy.DocAddress]) -> list[Place]:
        """Where these hits are in the database."""
        articles = self.searcher.fast_field_values("article", addresses)
        if self.kind == "articles":
            return [Place(int(article or 0), None) for article in articles]
        positions = self.searcher.fast_field_values("position", addresses)
        return [Place(int(article or 0), int(position or 0))
                for article, position in zip(articles, positions, strict=True)]  # fmt: skip

    def counts(self, field: str, size: int = EVERY) -> list[tuple[str, int]]:
        """How many of them have each value, the most frequent first, then by value; the first `size` of these."""
        terms = {"field": field, "size": min(size + 1, EVERY), "segment_size": EVERY}
        found = self.searcher.aggregate(self.query, {"it": {"terms": terms}})["it"]["buckets"]
        if len(found) > size and found[size]["doc_count"] == found[size - 1]["doc_count"]:
            # Which of the equally frequent ones come first only the whole list tells.
            return self.counts(field)[:size]
        counted = ((it["key"], it["doc_count"]) for it in found)
        return sorted(counted, key=lambda it: (-it[1], it[0]))[:size]

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

    def page(self, sorting: Sorting, limit: int, edge: str | None = None, *, backwards: bool = False) -> Page:
        """As of any selection; the first page is known."""
        if edge is not None or backwards or limit > LONGEST:
            return super().page(sorting, limit, edge, backwards=backwards)
        first = self.snapshot.first.get((self.kind, sorting))
        if first is None:
            first = self.snapshot.first[self.kind, sorting] = super().page(sorting, LONGEST)
        return Page(first.places[:limit], first.edges[:limit], first.more or len(first.places) > limit)

    def counts(self, field: str, size: int = EVERY) -> list[tuple[str, int]]:
        """As of any selection, but known."""
        return list(self.snapshot.counts(self.kind, field).items())[:size]


def everything(schema: tantivy.Schema) -> Query:
    """All documents but the one that holds the index's state."""
    return Query.term_query(schema, "kind", "document", "basic")


def between(schema: tantivy.Schema, field: str, first: int | None, last: int | None) -> Query:
    """Documents whose number lies between these, both included."""
    return Query.range_query(schema, field, FieldType.Integer, first, last)
