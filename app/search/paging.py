"""Pages of hits: in the order of dates or titles, or of relevance; what is equal there, in the order of names."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, TypeVar

from tantivy import DocAddress, Occur, Order, Query

from app.search.index.schema import Kind, tiebreak_key
from app.search.index.storage import OpenIndex

Sorting = Literal["newest", "oldest", "title"]

TIE_LOOKAHEAD: Final = 32
"""How many hits are looked at behind a page by relevance, for those that are as relevant as its last one."""

PHRASE_TIE_LOOKAHEAD: Final = 800
"""The same where finding takes far longer than looking."""

LOOKAHEAD_GROWTH: Final = 8
"""How many times as many are looked at where these are not all."""


Row = TypeVar("Row")


DocumentKey = tuple[int, int | None]
"""Where a hit's document is in the database: the article's key, and of a paragraph its position."""

Hit = tuple[Any, DocAddress]
"""A document, and what it is sorted by."""

SeekKey = tuple[int | str, str]
"""Where a hit stands in an order: what it is sorted by, and its name."""


class Page(NamedTuple):
    """Some hits in their order."""

    places: list[DocumentKey]
    hits: list[Hit]
    more: bool
    """Whether others follow in the direction of reading."""
    total: int | None
    """How many there are altogether, where they were counted along the way."""


class Pager(NamedTuple):
    """The documents that pages are made of."""

    searched: OpenIndex
    kind: Kind
    query: Query

    def page(self, sorting: Sorting, limit: int, edge: SeekKey | None = None, *, backwards: bool = False) -> Page:
        """The next hits behind `edge`, or, backwards, the last ones before it, always in reading order."""
        field, order = f"{sorting}_order", Order.Desc if backwards else Order.Asc
        query = self.query if edge is None else both(self.query, self.behind(field, edge, backwards))
        search, whole = self.searched.searcher.search, edge is None
        found: Any = search(query, limit + 1, count=whole, order_by_field=field, order=order)
        hits, more = found.hits, len(found.hits) > limit
        if more and hits[limit - 1][0] == hits[limit][0]:
            # The page ends among equal hits, of which others may come first.
            cut = hits[limit][0]
            equal = both(query, Query.term_query(self.searched.schema, field, cut, "basic"))
            hits = [hit for hit in hits if hit[0] != cut]
            named = search(equal, limit - len(hits), count=False, order_by_field="name_order", order=order).hits
            hits = [*self.settled(hits, backwards=backwards), *((cut, address) for _, address in named)]
        else:
            hits = self.settled(hits[:limit], backwards=backwards)
        if backwards:
            hits.reverse()
        return Page(self.places([address for _, address in hits]), hits, more, found.count if whole else None)

    def behind(self, field: str, edge: SeekKey, backwards: bool) -> Query:
        """What stands behind an edge, or before it."""
        value, name = edge
        beyond = "{{* TO {}}}" if backwards else "{{{} TO *}}"
        equal = f"({field}:{value} AND name_order:{beyond.format(name)})"
        return self.searched.index.parse_query(f"{field}:{beyond.format(value)} OR {equal}")

    def edge(self, hit: Hit) -> SeekKey:
        """Where a hit of a page stands."""
        value, address = hit
        [position] = self.positions([address])
        return value, tiebreak_key(self.id(address), position)

    def settled(self, hits: list[Hit], *, backwards: bool = False) -> list[Hit]:
        """The hits, with equal ones in the order of their names."""
        if len({value for value, _ in hits}) == len(hits):
            return hits
        met = Counter([value for value, _ in hits])
        names = iter(self.names([address for value, address in hits if met[value] > 1]))
        named = [(value, next(names) if met[value] > 1 else None, address) for value, address in hits]
        named.sort(key=itemgetter(0, 1), reverse=backwards)
        return [(value, address) for value, _, address in named]

    def ranked(self, offset: int, limit: int, ahead: int = TIE_LOOKAHEAD) -> Page:
        """The hits from `offset` on, the best first; of equal ones the newest first, then by id."""
        search, end = self.searched.searcher.search, offset + limit
        found: Any = search(self.query, end + ahead)
        total, hits = found.count, found.hits
        while end < len(hits) < total and hits[-1][0] == hits[end - 1][0]:
            hits = search(self.query, LOOKAHEAD_GROWTH * len(hits), count=False).hits
        # A page may begin, and end, among equal hits: all of these are put in order.
        start = bisect_left(hits, worse(hits[offset]), key=worse) if offset < len(hits) else len(hits)
        hits = first(hits[start:], end - start, worse)
        ages: Any = self.searched.searcher.fast_field_values("newest_order", [address for _, address in hits])
        aged = sorted(zip([score for score, _ in hits], ages, hits, strict=True), key=itemgetter(1))
        aged.sort(key=itemgetter(0), reverse=True)
        ranked = [((-score, age), address) for score, age, (_, address) in first(aged, end - start, older)]
        page = [address for _, address in self.settled(ranked)[offset - start :][:limit]]
        return Page(self.places(page), [], total > end, total)

    def id(self, address: DocAddress) -> str:
        """The id of a hit's article."""
        return str(self.searched.searcher.doc(address)["id"][0])

    def names(self, addresses: list[DocAddress]) -> list[tuple[str, int | None]]:
        """What hits are called outside: each by its article's id and its position there."""
        places = self.places(addresses)
        articles = {article: address for (article, _), address in zip(places, addresses, strict=True)}
        ids = {article: self.id(address) for article, address in articles.items()}
        return [(ids[article], position) for article, position in places]

    def places(self, addresses: list[DocAddress]) -> list[DocumentKey]:
        """Where these hits are in the database."""
        articles: Any = self.searched.searcher.fast_field_values("article", addresses)
        return [*zip(articles, self.positions(addresses), strict=True)]

    def positions(self, addresses: list[DocAddress]) -> list[int | None]:
        """Which paragraph of its article each of these hits is; None for articles."""
        if self.kind == "articles":
            return [None] * len(addresses)
        found: Any = self.searched.searcher.fast_field_values("position", addresses)
        return list(found)


def worse(hit: Hit) -> float:
    """What hits stand in order by: the worse, the more."""
    return -float(hit[0])


def older(aged: tuple[float, int, Hit]) -> tuple[float, int]:
    """What hits stand in order by, of equal ones by their age: the worse and the older, the more."""
    return -aged[0], aged[1]


def first(hits: list[Row], enough: int, key: Callable[[Row], Any]) -> list[Row]:
    """The first of some hits that are in order, and all that are equal to the last of these."""
    return hits[: bisect_right(hits, key(hits[enough - 1]), key=key)] if enough < len(hits) else hits


def both(query: Query, condition: Query) -> Query:
    """The same documents where they fulfil a condition, too, which does not change how relevant they are."""
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(condition, 0.0))])
