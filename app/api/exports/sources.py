"""Export sources: the articles, paragraphs and mentions of a selection in their order, a few in memory at a time."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, TypeVar

import orjson
from tantivy import Query

from app.api.errors import invalid_params
from app.api.exports.pacing import Pacer
from app.api.lists.pagination import SORTINGS
from app.api.params import Sort
from app.database.document_store import DocumentStore
from app.export.document import Report
from app.export.tables import ArticleValues, Batch, MentionRows
from app.rendering import JsonObject, join_article
from app.search.index.schema import tiebreak_key
from app.search.paging import DocumentKey, SeekKey, Sorting
from app.search.selection import Selection

Item = TypeVar("Item")

KEYS: Final = 2_000
"""Keys that are found at once: each search looks through all that follow, so that fewer of them take less time."""

RANKED_KEYS: Final = 10_000
"""The same by relevance, where each search ranks again what precedes."""

ARTICLES: Final = 50
"""Articles whose values are read at once."""

PARAGRAPHS: Final = 100
"""Paragraphs that are read at once."""

ROWS: Final = 1_000
"""Rows that are written at once, about: with 500, Parquet takes a fifth longer; CSV takes the same."""

APPEND_NEWLINE: Final = orjson.OPT_APPEND_NEWLINE


def iterate_keys(selection: Selection, sort: Sort, after: str | None = None) -> Iterator[DocumentKey]:
    """Yield the keys of a selection in the order of its list, after the document with the id `after`.

    That is an article's id, and for a paragraph `id/position`. Raises `Problem` if it is not in the selection.
    """
    if sort == "relevance" and selection.ranking:
        start = 0 if after is None else rank_of(selection, after) + 1
        while True:
            page = selection.by_relevance(selection.ranking, start, RANKED_KEYS)
            yield from page.keys
            if not page.more:
                return
            start += len(page.keys)
    sorting = SORTINGS["-published" if sort == "relevance" else sort]
    edge = None if after is None else edge_of(selection, sorting, after)
    while True:
        page = selection.page(sorting, KEYS, edge)
        yield from page.keys
        if not page.more:
            return
        edge = selection.pager.seek_key(page.hits[-1])


def find_document(selection: Selection, after: str) -> Query:
    """Return the query for the document that `after` names."""
    id, _, position = after.partition("/")
    schema = selection.open_index.schema
    if selection.kind == "paragraphs" and position.isdecimal() and len(position) < 9:
        return Query.term_query(schema, "name_order", tiebreak_key(id, int(position)), "basic")
    return Query.term_query(schema, "name_order", tiebreak_key(id, None), "basic")


def edge_of(selection: Selection, sorting: Sorting, after: str) -> SeekKey:
    """Return the place of a document in an order. Raises `Problem` if the corpus does not hold it."""
    found = selection.searcher.search(find_document(selection, after), 1, order_by_field=f"{sorting}_order")
    if not found.hits:
        raise unknown_after(after)
    return selection.pager.seek_key(found.hits[0])


def rank_of(selection: Selection, after: str) -> int:
    """Return the place of a document by relevance, from 0. Raises `Problem` if the selection does not have it."""
    assert selection.ranking
    found = selection.searcher.search(find_document(selection, after), 1)
    if found.hits:
        [key] = selection.pager.keys([found.hits[0][1]])
        start = 0
        while True:
            page = selection.by_relevance(selection.ranking, start, RANKED_KEYS)
            if key in page.keys:
                return start + page.keys.index(key)
            if not page.more:
                break
            start += len(page.keys)
    raise unknown_after(after)


def unknown_after(after: str) -> Exception:
    """Return the error for an `after` that names nothing."""
    message = (
        f"`after`: nothing with the id '{after[:60]}' is in this selection; take the one before that arrived, or leave "
        "it out to start."
    )
    return invalid_params([{"parameter": "after", "message": message}])


def read_articles(keys: Iterator[DocumentKey], documents: DocumentStore) -> Iterator[bytes]:
    """Yield whole articles as stored JSON, one by one: each of them may be a book."""
    for key, _ in keys:
        [parts] = documents.read_articles([key])
        yield join_article(*parts)


def read_heads(keys: Iterator[DocumentKey], documents: DocumentStore) -> Iterator[bytes]:
    """Yield articles as lists show them."""
    for chunk in divide(keys, PARAGRAPHS):
        yield from documents.read_items([key for key, _ in chunk])


def read_paragraphs(keys: Iterator[DocumentKey], documents: DocumentStore) -> Iterator[bytes]:
    """Yield paragraphs as stored JSON."""
    for chunk in divide(keys, PARAGRAPHS):
        yield from documents.read_paragraphs([(article, position or 0) for article, position in chunk])


def read_mentions(keys: Iterator[DocumentKey], documents: DocumentStore, rows: MentionRows) -> Iterator[Batch]:
    """Yield the rows of the mentions in these paragraphs, in batches; the key of an article stands for them all."""
    batch: list[Sequence[Any]] = []
    groups = ((article, [position for _, position in group]) for article, group in groupby(keys, itemgetter(0)))
    for chunk in divide(groups, ARTICLES):
        heads = map(orjson.loads, documents.read_items([article for article, _ in chunk]))
        for (article, positions), head in zip(chunk, heads, strict=True):
            values = ArticleValues.of(head)
            for paragraph in read_positions(article, positions, documents):
                batch += rows.rows(values, orjson.loads(paragraph))
                if len(batch) >= ROWS:
                    yield batch
                    batch = []
    if batch:
        yield batch


def read_positions(article: int, positions: list[int | None], documents: DocumentStore) -> Iterator[bytes]:
    """Yield the paragraphs at these positions of an article, which ascend; all for a position of None."""
    wanted = None if None in positions else {*positions}
    first, last = (0, None) if wanted is None else (positions[0] or 0, positions[-1] or 0)
    while last is None or first <= last:
        end = first + PARAGRAPHS - 1
        found = documents.read_paragraphs_between(article, first, end if last is None else min(end, last))
        yield from (paragraph for position, paragraph in found if wanted is None or position in wanted)
        if last is None and len(found) < PARAGRAPHS:
            return
        first += PARAGRAPHS


def divide(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of this length."""
    while chunk := [*islice(items, size)]:
        yield chunk


def count_keys(keys: Iterator[DocumentKey], report: Report, pacer: Pacer) -> Iterator[DocumentKey]:
    """Yield the keys at the pace of the export, and count the documents that are read."""
    for key in keys:
        pacer.check()
        report.documents += 1
        yield key


def join_lines(
    items: Iterator[bytes], report: Report, change: Callable[[JsonObject], JsonObject] | None = None
) -> Iterator[bytes]:
    """Yield JSON Lines of stored JSON, as it is, or changed."""
    for item in items:
        report.rows += 1
        yield item + b"\n" if change is None else orjson.dumps(change(orjson.loads(item)), option=APPEND_NEWLINE)
