"""Seek paging: pages of hits by date, title or relevance, with ties in the order of ids."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, TypeVar

from tantivy import DocAddress, Occur, Order, Query

from app.search.index.schema import Kind, tiebreak_key
from app.search.index.storage import OpenIndex

Sorting = Literal["newest", "oldest", "newest_update", "oldest_update", "longest", "shortest", "title"]

TIE_LOOKAHEAD: Final = 32
"""Hits read beyond a page by relevance, to find those with the same score as its last one."""

PHRASE_TIE_LOOKAHEAD: Final = 800
"""The same for queries with phrases: searching again costs far more than reading further hits."""

LOOKAHEAD_GROWTH: Final = 8
"""The factor by which more hits are read if all of them have the same score."""


Item = TypeVar("Item")


DocumentKey = tuple[int, int | None]
"""The key of a hit in the database: the article's, and of a paragraph its position."""

Hit = tuple[Any, DocAddress]
"""The sort value of a document, and its address in the index."""

SeekKey = tuple[int | str, str]
"""The place of a hit in an order: its sort value, and its tie-break key."""


class Page(NamedTuple):
    """Consecutive hits in their order."""

    keys: list[DocumentKey]
    hits: list[Hit]
    more: bool
    """Tells whether others follow, or, read backwards, precede."""
    remaining: int
    """The number of hits beyond the edge that the page begins at; without an edge, of all."""


class Pager(NamedTuple):
    """Cuts pages from the documents that a query selects."""

    open_index: OpenIndex
    kind: Kind
    query: Query

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """Return the next hits after `edge`, or, backwards, the last ones before it, always in reading order."""
        field, order = f"{sorting}_order", Order.Desc if backwards else Order.Asc
        query = self.query if edge is None else restrict(self.query, self.after(field, edge, backwards))
        search = self.open_index.searcher.search
        result: Any = search(query, limit + 1, order_by_field=field, order=order)
        hits, more = result.hits, len(result.hits) > limit
        if more and hits[limit - 1][0] == hits[limit][0]:
            # The page ends among hits of equal sort values: the tie-break decides which of them belong to it.
            cut = hits[limit][0]
            equal = restrict(query, Query.term_query(self.open_index.schema, field, cut, "basic"))
            hits = [hit for hit in hits if hit[0] != cut]
            named = search(equal, limit - len(hits), count=False, order_by_field="name_order", order=order).hits
            hits = [*self.order_ties(hits, backwards=backwards), *((cut, address) for _, address in named)]
        else:
            hits = self.order_ties(hits[:limit], backwards=backwards)
        if backwards:
            hits.reverse()
        return Page(self.keys([address for _, address in hits]), hits, more, result.count)

    def after(self, field: str, edge: SeekKey, backwards: bool) -> Query:
        """Return a query for the documents after a seek key, or before it."""
        value, name = edge
        beyond = "{{* TO {}}}" if backwards else "{{{} TO *}}"
        equal = f"({field}:{value} AND name_order:{beyond.format(name)})"
        return self.open_index.index.parse_query(f"{field}:{beyond.format(value)} OR {equal}")

    def seek_key(self, hit: Hit) -> SeekKey:
        """Return the place of a hit in its order."""
        value, address = hit
        [position] = self.positions([address])
        return value, tiebreak_key(self.id(address), position)

    def order_ties(self, hits: list[Hit], *, backwards: bool = False) -> list[Hit]:
        """Return the hits with those of equal sort values in the order of their tie-break keys."""
        if len({value for value, _ in hits}) == len(hits):
            return hits
        met = Counter([value for value, _ in hits])
        names = iter(self.names([address for value, address in hits if met[value] > 1]))
        named = [(value, next(names) if met[value] > 1 else None, address) for value, address in hits]
        named.sort(key=itemgetter(0, 1), reverse=backwards)
        return [(value, address) for value, _, address in named]

    def by_relevance(self, offset: int, limit: int, lookahead: int = TIE_LOOKAHEAD) -> Page:
        """Return the hits from `offset` on, best first; of equal scores the newest first, then by id."""
        search, end = self.open_index.searcher.search, offset + limit
        result: Any = search(self.query, end + lookahead)
        total, hits = result.count, result.hits
        while end < len(hits) < total and hits[-1][0] == hits[end - 1][0]:
            hits = search(self.query, LOOKAHEAD_GROWTH * len(hits), count=False).hits
        # A page may begin, and end, among hits of equal scores: all of these are sorted.
        start = bisect_left(hits, by_score(hits[offset]), key=by_score) if offset < len(hits) else len(hits)
        hits = take_with_ties(hits[start:], end - start, by_score)
        ages: Any = self.open_index.searcher.fast_field_values("newest_order", [address for _, address in hits])
        aged = sorted(zip([score for score, _ in hits], ages, hits, strict=True), key=itemgetter(1))
        aged.sort(key=itemgetter(0), reverse=True)
        ranked = [
            ((-score, age), address) for score, age, (_, address) in take_with_ties(aged, end - start, by_score_and_age)
        ]
        page = [address for _, address in self.order_ties(ranked)[offset - start :][:limit]]
        return Page(self.keys(page), [], total > end, total)

    def id(self, address: DocAddress) -> str:
        """Return the id of a hit's article."""
        return str(self.open_index.searcher.doc(address)["id"][0])

    def names(self, addresses: list[DocAddress]) -> list[tuple[str, int | None]]:
        """Return the tie-break key of each hit: its article's id, and its position there."""
        keys = self.keys(addresses)
        articles = {article: address for (article, _), address in zip(keys, addresses, strict=True)}
        ids = {article: self.id(address) for article, address in articles.items()}
        return [(ids[article], position) for article, position in keys]

    def keys(self, addresses: list[DocAddress]) -> list[DocumentKey]:
        """Return the keys of hits in the database."""
        articles: Any = self.open_index.searcher.fast_field_values("article", addresses)
        return [*zip(articles, self.positions(addresses), strict=True)]

    def positions(self, addresses: list[DocAddress]) -> list[int | None]:
        """Return the position of each hit in its article; None for articles."""
        if self.kind == "articles":
            return [None] * len(addresses)
        result: Any = self.open_index.searcher.fast_field_values("position", addresses)
        return list(result)


def by_score(hit: Hit) -> float:
    """Return the sort key of a hit: the lower the score, the larger."""
    return -float(hit[0])


def by_score_and_age(aged: tuple[float, int, Hit]) -> tuple[float, int]:
    """Return the sort key of a hit with its age: the lower the score and the older, the larger."""
    return -aged[0], aged[1]


def take_with_ties(hits: list[Item], enough: int, key: Callable[[Item], Any]) -> list[Item]:
    """Return the first `enough` of sorted hits, and all that are equal to the last of them."""
    return hits[: bisect_right(hits, key(hits[enough - 1]), key=key)] if enough < len(hits) else hits


def restrict(query: Query, condition: Query) -> Query:
    """Build the query for the same documents, with the same scores, as far as they meet a condition."""
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(condition, 0.0))])
