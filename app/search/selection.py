"""One snapshot's answer: which articles or paragraphs, how many, in which order, and what they have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import tantivy
from tantivy import DocAddress, FieldType, Occur, Order, Query

from app.documents import Documents
from app.search.directory import Directory
from app.search.follow import State
from app.search.names import Names, fold
from app.search.schema import Kind

Sorting = Literal["newest", "oldest", "title"]

LONGEST = 100
"""How many hits a page has at most."""

SHORTEST = 3
"""What begins with so many letters or fewer is remembered: for each number, it is no more than there are words."""

EVERY = 10_000_000
"""More values than any field has."""

WINDOW = 1_000
"""How many values are counted besides those that are asked for, to be sure that no other is as frequent."""

MANY = 8
"""Of more than one in so many documents, all values are counted faster by reading where each of them stands."""

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
    known: dict[tuple[Kind, str], list[tuple[str, int]]] = field(default_factory=dict, compare=False)
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

    def counts(self, kind: Kind, field: str) -> list[tuple[str, int]]:
        """How many of all articles or paragraphs have each value, the most frequent first, then by value."""
        if (kind, field) not in self.known:
            whole = Selection(self, kind, everything(self.kinds[kind].schema))
            self.known[kind, field] = whole.counts(field)
        return self.known[kind, field]

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
        """How many there are. Pages that come from the start count them along the way."""
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
        found: Any = self.searcher.search(query, limit + 1, count=edge is None, order_by_field=field, order=order)
        if edge is None:
            self.total = found.count
        hits = found.hits
        kept = hits[:limit][::-1] if backwards else hits[:limit]
        return Page(self.places([address for _, address in kept]), [key for key, _ in kept], len(hits) > limit)

    def ranked(self, offset: int, limit: int) -> Page:
        """The hits from `offset` on, the best first; of equal ones the newest first, then by id."""
        end = offset + limit
        found: Any = self.searcher.search(self.query, end + AHEAD)
        self.total, hits = found.count, found.hits
        while end < len(hits) < self.total and hits[-1][0] == hits[end - 1][0]:
            hits = self.searcher.search(self.query, WIDER * len(hits), count=False).hits
        if end < len(hits):
            hits = [hit for hit in hits if hit[0] >= hits[end - 1][0]]
        addresses: list[DocAddress] = []
        for _, group in groupby(hits, itemgetter(0)):
            tied = [address for _, address in group]
            addresses += tied if len(tied) == 1 else self.newest(tied, end - len(addresses))
        return Page(self.places(addresses[offset:end]), [], self.total > end)

    def newest(self, addresses: list[DocAddress], enough: int) -> list[DocAddress]:
        """Equally relevant hits from the newest to the oldest and the undated, then by id; at least the first ones."""
        dates = self.searcher.fast_field_values("published", addresses)
        ages = [inf if date is None else -date for date in dates]
        places = sorted(range(len(ages)), key=ages.__getitem__)
        if len({*ages}) == len(ages):
            return [addresses[place] for place in places[:enough]]
        ordered: list[DocAddress] = []
        for _, group in groupby(places, ages.__getitem__):
            twins = [addresses[place] for place in group]
            ordered += sorted(twins, key=self.name) if len(twins) > 1 else twins
            if len(ordered) >= enough:
                break
        return ordered

    def name(self, address: DocAddress) -> tuple[str, int | None]:
        """What a hit is called outside, for putting equal ones in order."""
        return self.searcher.doc(address)["id"][0], self.places([address])[0].position

    def places(self, addresses: list[DocAddress]) -> list[Place]:
        """Where these hits are in the database."""
        articles = self.searcher.fast_field_values("article", addresses)
        if self.kind == "articles":
            return [Place(int(article or 0), None) for article in articles]
        positions = self.searcher.fast_field_values("position", addresses)
        return [Place(int(article or 0), int(position or 0))
                for article, position in zip(articles, positions, strict=True)]  # fmt: skip

    def counts(self, field: str, size: int = EVERY) -> list[tuple[str, int]]:
        """How many of them have each value, the most frequent first, then by value; the first `size` of these."""
        if size == EVERY and self.total > self.searcher.num_docs // MANY:
            return self.searcher.terms_with_prefix(field, "", filter_query=self.query)
        asked = min(size + WINDOW, EVERY)
        found, missed = self.count(field, asked)
        if len(found) == asked:
            # Each segment left out what is rare in it, so that counts may be too small by `missed` altogether.
            least = found[size - 1][1]
            if found[-1][1] + missed >= least:
                return self.counts(field)[:size]
            if missed:
                near = [value for value, number in found if number + missed >= least]
                found, _ = self.count(field, len(near), include=near)
        ordered = [it for _, group in groupby(found, itemgetter(1)) for it in sorted(group)]
        return ordered[:size]

    def count(self, field: str, size: int, **options: Any) -> tuple[list[tuple[str, int]], int]:
        """The most frequent values of each segment with their counts, and by how much these may be too small."""
        terms = {"field": field, "size": size, "segment_size": size, **options}
        found = self.searcher.aggregate(self.query, {"it": {"terms": terms}})["it"]
        missed = found["doc_count_error_upper_bound"] if self.searcher.num_segments > 1 else 0
        return [(it["key"], it["doc_count"]) for it in found["buckets"]], missed

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
        return self.snapshot.counts(self.kind, field)[:size]


def everything(schema: tantivy.Schema) -> Query:
    """All documents but the one that holds the index's state."""
    return Query.term_query(schema, "kind", "document", "basic")


def between(schema: tantivy.Schema, field: str, first: int | None, last: int | None) -> Query:
    """Documents whose number lies between these, both included."""
    return Query.range_query(schema, field, FieldType.Integer, first, last)
