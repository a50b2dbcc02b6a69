"""Mention pages: one page of the mentions in a selection of paragraphs, by seeking in the index of paragraphs.

A page begins at a place in the order of paragraphs, so that a late one costs as much as the first. Words, which the
index does not know with their mentions, are looked for in the paragraphs: a page ends when `SCANNED` of them were read,
however few mentions it has by then, and the next one goes on from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Final, NamedTuple

import orjson

from app.api.deps import Corpus
from app.api.exports.sources import divide, iterate_keys, read_paragraphs
from app.api.lists.mention_selection import MentionFilterParams
from app.database.document_store import DocumentStore
from app.export.tables import ArticleValues, MentionRows, Row
from app.search.counts.mention_counter import count_mentions
from app.search.index.schema import tiebreak_key
from app.search.paging import DocumentKey, SeekKey, Sorting
from app.search.query.mention_conditions import MentionConditions
from app.search.selection import Selection

SCANNED: Final = 2_000
"""Paragraphs that are read for one page, at most: some 20 ms."""

PAGE_SIZES: Final = (80, 320)
"""Paragraphs that the index is asked for at once, after as many as are enough if each has one mention to list."""

READ_SIZE: Final = 80
"""Paragraphs that are read at once."""

COUNTED: Final = 10_000
"""Paragraphs that are read to count their mentions, at most: 10 to 20 us each, so that it takes up to 200 ms."""

END: Final = 1_000_000
"""A number beyond all mentions of a paragraph."""


class Place(NamedTuple):
    """The place of a mention in the list."""

    value: int | str
    """The sort value of its paragraph."""
    name: str
    """The tie-break key of its paragraph."""
    number: int
    """Its number in the paragraph."""


class MentionPage(NamedTuple):
    """Consecutive rows, and the places where their neighbours begin, if there are any."""

    rows: list[Row]
    before: Place | None
    after: Place | None


def edge_before(place: Place) -> SeekKey:
    """Return the place right before a paragraph, whose tie-break key ends in its position."""
    id, position = place.name[:-8], int(place.name[-8:], 16)
    return place.value, f"{id}{position - 1:08x}" if position else id


def edge_after(place: Place) -> SeekKey:
    """Return the place right after a paragraph."""
    return place.value, f"{place.name}0"


@dataclass(frozen=True, slots=True)
class MentionPager:
    """Cuts pages from the mentions in a selection of paragraphs."""

    selection: Selection
    documents: DocumentStore
    rows: MentionRows
    sorting: Sorting

    def page(self, limit: int, place: Place | None, *, backwards: bool, has_row: bool = False) -> MentionPage:
        """Return the rows after a place, or, backwards, the last ones before it, always in reading order.

        `has_row` says that a row is known to be at the place, which saves looking for one there.
        """
        found = [*islice(self.scan(place, limit + 1, backwards=backwards), limit + 1)]
        more = found[limit - 1][0] if len(found) > limit else None
        if found and found[-1][1] is None:
            more = found.pop()[0]
        rows = found[:limit]
        if backwards:
            rows.reverse()
        first, last = (rows[0][0], rows[-1][0]) if rows else (place, place)
        has_row = has_row and bool(rows)
        # Of the side that the page comes from it is enough to know whether there is anything.
        if backwards:
            after = last if last and (has_row or self.has_any(last, backwards=False)) else None
            return MentionPage([row for _, row in rows if row is not None], more, after)
        before = first if first and place and (has_row or self.has_any(first, backwards=True)) else None
        return MentionPage([row for _, row in rows if row is not None], before, more)

    def has_any(self, place: Place, *, backwards: bool) -> bool:
        """Return whether a row follows a place, or precedes it; also if none was found so far."""
        # The first paragraph may be that of the place, with nothing beyond it.
        return next(self.scan(place, 2, backwards=backwards), None) is not None

    def scan(self, start: Place | None, enough: int, *, backwards: bool) -> Iterator[tuple[Place, Row | None]]:
        """Yield the rows from a place on, or backwards; None, with the place, where scanning ends too early.

        `enough` is how many rows are likely to be taken.
        """
        edge = None if start is None else (edge_after(start) if backwards else edge_before(start))
        scanned = 0
        # Few of many paragraphs have the words, and the index returns 2,000 in hardly more time than 20.
        for size in repeat(SCANNED) if self.rows.literals else chain([enough], PAGE_SIZES, repeat(PAGE_SIZES[-1])):
            page = self.selection.page(self.sorting, size, edge, backwards=backwards)
            paragraphs = [(value, key) for (value, _), key in zip(page.hits, page.keys, strict=True)]
            for part in divide(reversed(paragraphs) if backwards else iter(paragraphs), READ_SIZE):
                for place, row in self.read(part, backwards=backwards):
                    if start is None or (place < start if backwards else place > start):
                        yield place, row
            scanned += len(paragraphs)
            if not page.more:
                return
            edge = self.selection.pager.seek_key(page.hits[0 if backwards else -1])
            if scanned >= SCANNED:
                yield Place(*edge, -1 if backwards else END), None
                return

    def read(
        self, paragraphs: Sequence[tuple[int | str, DocumentKey]], *, backwards: bool
    ) -> Iterator[tuple[Place, Row]]:
        """Yield the rows of paragraphs, which come with their sort values, each with its place."""
        keys = [(article, position or 0) for _, (article, position) in paragraphs]
        stored = zip(paragraphs, keys, self.documents.read_paragraphs(keys), strict=True)
        matches = [
            (value, key, paragraph, numbers)
            for (value, _), key, text in stored
            if self.rows.may_list(text)
            if (numbers := self.rows.numbers(paragraph := orjson.loads(text)))
        ]
        articles = [*{article for _, (article, _), *_ in matches}]
        heads = dict(zip(articles, self.documents.read_items(articles), strict=True))
        for value, (article, position), paragraph, numbers in matches:
            name = tiebreak_key(paragraph["article"]["id"], position)
            rows = self.rows.rows(ArticleValues.of(orjson.loads(heads[article])), paragraph)
            numbered = [*zip(numbers, rows, strict=True)]
            for number, row in reversed(numbered) if backwards else numbered:
                yield Place(value, name, number), row


def count_listed(params: MentionFilterParams, selection: Selection, corpus: Corpus) -> int | None:
    """Return the number of mentions to list in a selection of paragraphs; None if it takes too long to count them."""
    directory = corpus.snapshot.directory
    if not (params.narrows_paragraphs or params.exact):
        return int(directory.revision["mentions"])
    if countable := params.countable_values(directory):
        return count_mentions(selection, *countable, MentionConditions.of(params))
    if selection.total > COUNTED:
        return None
    rows = params.mention_rows(directory)
    paragraphs = read_paragraphs(iterate_keys(selection, "-published"), corpus.documents)
    return sum(len(rows.numbers(orjson.loads(paragraph))) for paragraph in paragraphs if rows.may_list(paragraph))
