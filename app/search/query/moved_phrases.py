"""Moved phrases: build the query for a phrase with slop, which tries its placings only where its words are close."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, Final, NamedTuple

from tantivy import Occur, Query

from app.search.index.storage import OpenIndex
from app.search.paging import restrict
from app.search.query.clauses import any_of
from app.search.query.phrases import placings

MAX_CANDIDATES: Final = 5_000
"""If the words are close in more articles, the placings are searched for in all: 80 to 380 ms in 100,000 articles. With
10 candidates it takes 4 ms, with 2,900 110."""

FEW_ARTICLES: Final = 100
"""Up to so many articles are looked up one by one, in 3 us each; a set of any size takes 200."""


class MovedPhrase(NamedTuple):
    """A phrase with slop, and the field of an index in which it is searched for. Its words are not all the same.

    Tantivy's own slop is exact for two different words only: for more, a ranked list, an unranked list and a total can
    disagree. So each placing is a phrase of its own: three words with slop 5 have 40.
    """

    open_index: OpenIndex
    field: str
    words: Sequence[str]
    slop: int

    def query(self) -> Query:
        """Build the query for the phrase, which scores as often as a placing occurs."""
        all_placings = sorted(placings(tuple(range(len(self.words))), self.slop), key=first_gap)
        close_words = Query.boolean_query([(Occur.Must, pair) for pair in self.close_pairs()])
        candidates = self.find_articles(close_words)
        if len(candidates) > MAX_CANDIDATES:
            return any_of([*map(self.phrase, all_placings)])
        queries: list[Query] = []
        for _, group in groupby(all_placings, first_gap):
            same_gap = [*group]
            first_words = self.phrase(same_gap[0][:2])
            articles = self.find_articles(restrict(first_words, self.among(candidates)))
            if len(articles) > MAX_CANDIDATES:
                # Many paragraphs of few articles: the list lacks some of them.
                articles = candidates
            if articles:
                queries += [restrict(self.phrase(places), self.among(articles)) for places in same_gap]
        return any_of(queries)

    def phrase(self, places: Sequence[int]) -> Query:
        """Build the query for the words in these places, or for as many of the first words as there are places."""
        return Query.phrase_query(self.open_index.schema, self.field, [*zip(places, self.words, strict=False)])

    def close_pairs(self) -> Iterator[Query]:
        """Yield a query for each word and the next, and for the first and the last, where they differ.

        In all placings, their distance differs from that in the phrase by its slop at most.
        """
        positions = range(len(self.words))
        for first, second in [*pairwise(positions), (0, positions[-1])]:
            words = self.words[first], self.words[second]
            if words[0] != words[1]:
                pair = zip((first, second), words, strict=True)
                yield Query.phrase_query(self.open_index.schema, self.field, [*pair], self.slop)

    def find_articles(self, query: Query) -> list[Any]:
        """Return the key of each hit's article; of very many hits, one more than `MAX_CANDIDATES`."""
        searcher = self.open_index.searcher
        hits = searcher.search(query, MAX_CANDIDATES + 1, count=False).hits
        return [*searcher.fast_field_values("article", [address for _, address in hits])]

    def among(self, articles: Iterable[int]) -> Query:
        """Build the query for articles with these keys, or their paragraphs."""
        rows, schema = sorted({*map(str, articles)}), self.open_index.schema
        if len(rows) > FEW_ARTICLES:
            return Query.term_set_query(schema, "row", rows)
        return any_of([Query.term_query(schema, "row", row, "basic") for row in rows])


def first_gap(places: Sequence[int]) -> int:
    """Return by how many positions the second word of a placing follows the first."""
    return places[1] - places[0]
