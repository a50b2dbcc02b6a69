"""An article's documents in the index: one of its own, and one for each paragraph."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import tantivy

from app.dates import spell
from app.search.directory import fold
from app.search.schema import SEARCHED, SLOP, Kind, paired, stemmer

LAST = "~"
"""Sorts behind every date."""


def index_article(writer: tantivy.IndexWriter, article: Mapping[str, Any]) -> None:
    """Add an article (a row with `paragraphs`, `mentions` and `tags`) to the index."""
    name = stemmer(article["language"])
    whole = document(article, "a", sort_keys(article, None))
    add_mentions(whole, "a", article["mentions"])
    for paragraph in article["paragraphs"]:
        text = paired(paragraph.text)[0]
        add_text(whole, f"a_{paragraph.role}", name, text)
        if paragraph.role in SEARCHED and paragraph.role != "title":
            add_text(whole, "a_text", name, text)
        piece = document(article, "p", sort_keys(article, paragraph.position))
        piece.add_unsigned("position", paragraph.position)
        piece.add_text("p_role", paragraph.role)
        here = [mention for mention in article["mentions"] if mention.position == paragraph.position]
        add_mentions(piece, "p", here)
        piece.add_text(f"p_text_{name}", text)
        piece.add_text("p_text_written", text)
        writer.add_document(piece)
    for role in {paragraph.role for paragraph in article["paragraphs"]}:
        whole.add_text("a_role", role)
    writer.add_document(whole)


def document(article: Mapping[str, Any], kind: Kind, orders: Mapping[str, str]) -> tantivy.Document:
    """What both kinds of document have."""
    it = tantivy.Document()
    it.add_text("kind", kind)
    it.add_text("row", str(article["key"]))
    it.add_unsigned("article", article["key"])
    it.add_text(f"{kind}_id", article["id"])
    it.add_text(f"{kind}_language", article["language"])
    if article["source"] is not None:
        it.add_text(f"{kind}_source", article["source"])
    for author in dict.fromkeys(article["authors"]):
        it.add_text(f"{kind}_author", author)
    for tag in article["tags"]:
        it.add_text(f"{kind}_tag", tag)
    at: datetime | None = article["published_at"]
    if at is not None:
        it.add_integer(f"{kind}_published", seconds(at))
        spelled = spell(at, article["published_precision"]) or ""
        for name, length in (("year", 4), ("month", 7), ("day", 10)):
            if len(spelled) >= length:
                it.add_text(f"{kind}_{name}", spelled[:length])
    for name, value in orders.items():
        it.add_text(f"{kind}_{name}_order", value)
    return it


def add_mentions(document: tantivy.Document, kind: Kind, mentions: Sequence[Any]) -> None:
    """Say whom and what the document names, each once, so that counts count documents."""
    for type_ in {mention.type for mention in mentions}:
        document.add_text(f"{kind}_entity_type", type_)
    for entity in {mention.id for mention in mentions} - {None}:
        document.add_text(f"{kind}_entity", entity)


def add_text(document: tantivy.Document, field: str, name: str, text: str) -> None:
    """Add a paragraph to a field that holds several, out of reach of a phrase from the one before.

    Each value, even an empty one, puts one position between itself and the next.
    """
    document.add_text(f"{field}_{name}", text)
    for _ in range(SLOP):
        document.add_text(f"{field}_{name}", "")
    document.add_text(f"{field}_written", text)


def sort_keys(article: Mapping[str, Any], position: int | None) -> dict[str, str]:
    """The unique keys that lists are sorted by, each in ascending order; ties end in id and position."""
    end = f"\0{article['id']}" + ("" if position is None else f"\0{position:08}")
    at: datetime | None = article["published_at"]
    moment = None if at is None else seconds(at) - EARLIEST
    return {
        "newest": spelled(LAST if moment is None else f"{LATEST - moment:012}", end),
        "oldest": spelled(LAST if moment is None else f"{moment:012}", end),
        "title": spelled(fold(article["title"])[:100], end),
    }


def spelled(value: str, end: str) -> str:
    """A sort key, in letters that the engine's range queries take as they are; their order is that of code points."""
    return (value + end).encode().hex()


def seconds(at: datetime) -> int:
    """Since 1970, in UTC."""
    return int(at.astimezone(UTC).timestamp())


EARLIEST = seconds(datetime(1, 1, 1, tzinfo=UTC))
LATEST = seconds(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) - EARLIEST
