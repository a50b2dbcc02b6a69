"""Concordances: mentions in the order of the words around them, which is made once for all pages of a list."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

import orjson

from app.api.deps import Corpus
from app.api.errors import invalid_params
from app.api.exports.sources import divide, iterate_keys
from app.api.lists.mention_pages import READ_SIZE
from app.api.query_string import QueryString
from app.database.document_store import DocumentStore
from app.export.tables import ArticleValues, MentionRows, Row, cut_context
from app.search.selection import Selection
from app.search.snapshot import MentionKey
from app.text import fold_name

MOST_SORTED: Final = 10_000
"""Mentions that are sorted by their context, at most: 4,000 take 90 to 160 ms, most of which is reading them."""

SORT_CONTEXT: Final = 60
"""Characters of context that mentions are sorted by."""

MOST_ORDERS: Final = 8
"""Orders that a snapshot keeps, the newest ones; each takes up to 2 MB."""


def order_by_context(
    query: QueryString, corpus: Corpus, selection: Selection, rows: MentionRows, side: str
) -> Sequence[MentionKey]:
    """Return what `sort_by_context` returns, for all pages of a list. Raises `Problem` if there are too many."""
    orders, list_hash = corpus.snapshot.mention_orders, query.hash
    order = orders.get(list_hash)
    if order is None:
        order = orders[list_hash] = sort_by_context(selection, corpus.documents, rows, side)
        for old in [*orders][:-MOST_ORDERS]:
            orders.pop(old, None)
    return order


def sort_by_context(
    selection: Selection, documents: DocumentStore, rows: MentionRows, side: str
) -> Sequence[MentionKey]:
    """Return all mentions, sorted by what follows them (`right`), or precedes them word by word (`left`).

    Raises `Problem` if there are too many. Equal ones keep the order of their paragraphs, the newest first.
    """
    size = max(rows.context, SORT_CONTEXT)
    mentions: list[tuple[list[str], MentionKey]] = []
    for keys in divide(iterate_keys(selection, "-published"), READ_SIZE):
        places = [(article, position or 0) for article, position in keys]
        for place, stored in zip(places, documents.read_paragraphs(places), strict=True):
            if not rows.may_list(stored):
                continue
            paragraph = orjson.loads(stored)
            for number in rows.numbers(paragraph):
                mention = paragraph["mentions"][number]
                before, after = cut_context(paragraph["text"], mention["start"], mention["end"], size)
                words = fold_name(before).split()[::-1] if side == "left" else fold_name(after).split()
                mentions.append((words, (*place, number)))
        if len(mentions) > MOST_SORTED:
            message = (
                f"`sort` by context takes at most {MOST_SORTED:,} mentions; narrow them, for example with `of` or "
                "`exact`."
            )
            raise invalid_params([{"parameter": "sort", "message": message}])
    mentions.sort(key=itemgetter(0))
    return [key for _, key in mentions]


def read_rows(mentions: Sequence[MentionKey], documents: DocumentStore, rows: MentionRows) -> list[Row]:
    """Return the rows of mentions, in their order."""
    places = [*{(article, position) for article, position, _ in mentions}]
    articles = [*{article for article, _ in places}]
    heads = dict(zip(articles, map(orjson.loads, documents.read_items(articles)), strict=True))
    row_of: dict[MentionKey, Row] = {}
    for (article, position), stored in zip(places, documents.read_paragraphs(places), strict=True):
        paragraph = orjson.loads(stored)
        numbered = zip(rows.numbers(paragraph), rows.rows(ArticleValues.of(heads[article]), paragraph), strict=True)
        row_of |= {(article, position, number): row for number, row in numbered}
    return [row_of[mention] for mention in mentions]
