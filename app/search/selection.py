"""One snapshot's answer: which articles or paragraphs, how many, in which order, and what they have in common."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import tantivy
from tantivy import DocAddress, FieldType, Occur, Order, Query

from app.documents import Documents
from app.search.counting import EVERY, Counting, Known, Value
from app.search.directory import Directory
from app.search.follow import State
from app.search.names import Names, fold
from app.search.schema import Kind, name_key

Sorting = Literal["newest", "oldest", "title"]

LONGEST = 100
"""How many hits a page has at most."""

SHORTEST = 3
"""What begins with so many letters or fewer is remembered: for each number, it is no more than there are words."""

AHEAD = 32
"""How many hits are looked at behind a page by relevance, for those that are as relevant as its last one."""

WIDER = 16
"""How many times as many are looked at where these are not all."""


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
    known: dict[tuple[Kind, str], Known] = field(default_factory=dict, compare=False)
    """Counts over everything, once somebody has asked for them."""
    summed: dict[tuple[Kind, str], dict[str, int]] = field(default_factory=dict, compare=False)
    """The same by value."""
    ranked: dict[tuple[Kind, str], dict[str, int]] = field(default_factory=dict, compare=False)
    """Where each value stands among them."""
    begun: dict[tuple[Kind, str, str], list[tuple[str, int]]] = field(default_factory=dict, compare=False)
    """The counts of what has a name that begins so, for the shortest beginnings, once somebody has asked for them."""
    first: dict[tuple[Kind, Sorting], "Page"] = field(default_factory=dict, compare=False)
    """The longest first page of everything in each order, once somebody has asked for it."""

    @classmethod
    def of(
        cls, indexes: Mapping[Kind, tantivy.Index], state: State, directory: Directory, documents: Documents
    ) -> "Snapshot":
        """What these indexes hold now."""
        kinds = {kind: Searched(index, index.schema, index.searcher()) for kind, index in indexes.items()}
        return cls(state, directory, kinds, documents)

    def known_values(self, kind: Kind, field: str) -> Known:
        """How many of all articles or paragraphs have each value."""
        if (kind, field) not in self.known:
            values = Selection(self, kind, everything(self.kinds[kind].schema)).counts(field)
            density = sum(number for _, number in values) / max(self.size(kind), 1)
            self.known[kind, field] = Known(values, density)
        return self.known[kind, field]

    def counts(self, kind: Kind, field: str) -> list[Value]:
        """The same, the most frequent first, then by value."""
        return self.known_values(kind, field).values

    def totals(self, kind: Kind, field: str) -> dict[str, int]:
        """The same by value."""
        if (kind, field) not in self.summed:
            self.summed[kind, field] = dict(self.counts(kind, field))
        return self.summed[kind, field]

    def ranks(self, kind: Kind, field: str) -> dict[str, int]:
        """Where each value stands in the counts of all."""
        if (kind, field) not in self.ranked:
            values = self.counts(kind, field)
            self.ranked[kind, field] = {value: rank for rank, (value, _) in enumerate(values)}
        return self.ranked[kind, field]

    def named(
        self, kind: Kind, field: str, names: Names, name: str | None, prefix: str | None
    ) -> list[tuple[str, int]]:  # fmt: skip
        """The counts over everything of what has the name and the prefix, as far as they are given."""
        begun = None if prefix is None or name is not None else (kind, field, fold(prefix))
        if begun in self.begun:
            return self.begun[begun]
        known, fitting = self.counts(kind, field), names.fitting(name, prefix)
        if fitting is None:
            return known
        ranks = self.ranks(kind, field)
        found = [known[rank] for rank in sorted(ranks[id] for id in fitting if id in ranks)]
        if begun is not None and len(begun[-1]) <= SHORTEST and found:
            self.begun[begun] = found
        return found

    def size(self, kind: Kind) -> int:
        """How many articles or paragraphs there are."""
        return int(self.directory.revision[kind])


class Place(NamedTuple):
    """A hit: where its document is in the database."""

    article: int
    position: int | None
    """Of the paragraph; None for an article."""


Hit = tuple[Any, DocAddress]
"""A document, and what it is sorted by."""

Edge = tuple[int | str, str]
"""Where a hit stands in an order: what it is sorted by, and its name."""


class Page(NamedTuple):
    """Some hits in their order."""

    places: list[Place]
    hits: list[Hit]
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
        """How many there are. Pages that come from the start count them along the way."""
        found: Any = self.searcher.search(self.query, 1)
        return int(found.count)

    def page(self, sorting: Sorting, limit: int, edge: Edge | None = None, *, backwards: bool = False) -> Page:
        """The next hits behind `edge`, or, backwards, the last ones before it, always in reading order."""
        field, order = f"{sorting}_order", Order.Desc if backwards else Order.Asc
        query = self.query if edge is None else both(self.query, self.behind(field, edge, backwards))
        found: Any = self.searcher.search(query, limit + 1, count=edge is None, order_by_field=field, order=order)
        if edge is None:
            self.total = found.count
        hits, more = found.hits, len(found.hits) > limit
        if more and hits[limit - 1][0] == hits[limit][0]:
            # The page ends among equal hits, of which others may come first.
            cut = hits[limit][0]
            equal = both(query, Query.term_query(self.searched.schema, field, cut, "basic"))
            hits = [hit for hit in hits if hit[0] != cut]
            named = self.searcher.search(equal, limit - len(hits), False, "name_order", order=order).hits
            hits = [*self.settled(hits, backwards=backwards), *((cut, address) for _, address in named)]
        else:
            hits = self.settled(hits[:limit], backwards=backwards)
        if backwards:
            hits.reverse()
        return Page(self.places([address for _, address in hits]), hits, more)

    def behind(self, field: str, edge: Edge, backwards: bool) -> Query:
        """What stands behind an edge, or before it."""
        value, name = edge
        beyond = "{{* TO {}}}" if backwards else "{{{} TO *}}"
        equal = f"({field}:{value} AND name_order:{beyond.format(name)})"
        return self.searched.index.parse_query(f"{field}:{beyond.format(value)} OR {equal}")

    def edge(self, hit: Hit) -> Edge:
        """Where a hit of a page stands."""
        value, address = hit
        return value, name_key(*self.name(address))

    def settled(self, hits: list[Hit], *, backwards: bool = False) -> list[Hit]:
        """The hits, with equal ones in the order of their names."""
        if len({value for value, _ in hits}) == len(hits):
            return hits
        ordered: list[Hit] = []
        for _, group in groupby(hits, itemgetter(0)):
            equal = [*group]
            ordered += sorted(equal, key=lambda hit: self.name(hit[1]), reverse=backwards) if len(equal) > 1 else equal
        return ordered

    def ranked(self, offset: int, limit: int) -> Page:
        """The hits from `offset` on, the best first; of equal ones the newest first, then by id."""
        end = offset + limit
        found: Any = self.searcher.search(self.query, end + AHEAD)
        self.total, hits = found.count, found.hits
        while end < len(hits) < self.total and hits[-1][0] == hits[end - 1][0]:
            hits = self.searcher.search(self.query, WIDER * len(hits), count=False).hits
        addresses: list[DocAddress] = []
        for _, group in groupby(first(hits, end, lambda hit: -hit[0]), itemgetter(0)):
            equal = [address for _, address in group]
            addresses += equal if len(equal) == 1 else self.newest(equal, end - len(addresses))
        return Page(self.places(addresses[offset:end]), [], self.total > end)

    def newest(self, addresses: list[DocAddress], enough: int) -> list[DocAddress]:
        """Equally relevant hits from the newest to the oldest and the undated, then by id; at least the first ones."""
        ages = self.searcher.fast_field_values("newest_order", addresses)
        hits = sorted(zip(ages, addresses, strict=True), key=itemgetter(0))
        return [address for _, address in self.settled(first(hits, enough, itemgetter(0)))]

    def name(self, address: DocAddress) -> tuple[str, int | None]:
        """What a hit is called outside, for putting equal ones in order."""
        return self.searcher.doc(address)["id"][0], self.positions([address])[0]

    def places(self, addresses: list[DocAddress]) -> list[Place]:
        """Where these hits are in the database."""
        articles: Any = self.searcher.fast_field_values("article", addresses)
        return [*map(Place, articles, self.positions(addresses))]

    def positions(self, addresses: list[DocAddress]) -> list[int | None]:
        """Which paragraph of its article each of these hits is; None for articles."""
        if self.kind == "articles":
            return [None] * len(addresses)
        found: Any = self.searcher.fast_field_values("position", addresses)
        return list(found)

    def counts(self, field: str) -> list[Value]:
        """How many of them have each value, the most frequent first, then by value."""
        return self.counting(field).all()

    def most(self, field: str, size: int) -> list[Value]:
        """The first `size` of these counts."""
        return self.counting(field).most(size, self.snapshot.known_values(self.kind, field))

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
        return Page(first.places[:limit], first.hits[:limit], first.more or len(first.places) > limit)

    def counts(self, field: str) -> list[Value]:
        """As of any selection, but known."""
        return self.snapshot.counts(self.kind, field)

    def most(self, field: str, size: int) -> list[Value]:
        """The first `size` of these counts."""
        return self.snapshot.counts(self.kind, field)[:size]


def first(hits: list[Hit], enough: int, key: Callable[[Hit], Any]) -> list[Hit]:
    """The first of some hits that are in order, and all that are equal to the last of these."""
    return hits[: bisect_right(hits, key(hits[enough - 1]), key=key)] if enough < len(hits) else hits


def both(query: Query, condition: Query) -> Query:
    """The same documents where they fulfil a condition, too, which does not change how relevant they are."""
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(condition, 0.0))])


def everything(schema: tantivy.Schema) -> Query:
    """All documents but the one that holds the index's state."""
    return Query.term_query(schema, "kind", "document", "basic")


def between(schema: tantivy.Schema, field: str, first: int | None, last: int | None) -> Query:
    """Documents whose number lies between these, both included."""
    return Query.range_query(schema, field, FieldType.Integer, first, last)
