"""An article's documents in the index: one of its own, and one for each paragraph."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import tantivy

from app.dates import spell
from app.search.directory import fold
from app.search.schema import SEARCHED, SLOP, paired, stemmer

LAST = "~"
"""Sorts behind every date."""


def article_document(article: Mapping[str, Any]) -> tantivy.Document:
    """An article, from its row with `paragraphs`, `mentions` and `tags`."""
    name = stemmer(article["language"])
    whole = document(article, sort_keys(article, None))
    add_mentions(whole, article["mentions"])
    for role in {paragraph.role for paragraph in article["paragraphs"]}:
        whole.add_text("role", role)
    for paragraph in article["paragraphs"]:
        text = paired(paragraph.text)[0]
        add_text(whole, paragraph.role, name, text)
        if paragraph.role in SEARCHED:
            add_text(whole, "text", name, text)
    return whole


def paragraph_documents(article: Mapping[str, Any]) -> Iterator[tantivy.Document]:
    """The paragraphs of an article, from the same row."""
    name = stemmer(article["language"])
    for paragraph in article["paragraphs"]:
        piece = document(article, sort_keys(article, paragraph.position))
        piece.add_unsigned("position", paragraph.position)
        piece.add_text("role", paragraph.role)
        add_mentions(piece, [mention for mention in article["mentions"] if mention.position == paragraph.position])
        text = paired(paragraph.text)[0]
        piece.add_text(f"text_{name}", text)
        piece.add_text("text_written", text)
        yield piece


def document(article: Mapping[str, Any], orders: Mapping[str, str]) -> tantivy.Document:
    """What both kinds of document have."""
    it = tantivy.Document()
    it.add_text("kind", "document")
    it.add_text("row", str(article["key"]))
    it.add_unsigned("article", article["key"])
    it.add_text("id", article["id"])
    it.add_text("language", article["language"])
    if article["source"] is not None:
        it.add_text("source", article["source"])
    for author in dict.fromkeys(article["authors"]):
        it.add_text("author", author)
    for tag in article["tags"]:
        it.add_text("tag", tag)
    at: datetime | None = article["published_at"]
    if at is not None:
        it.add_integer("published", seconds(at))
        spelled = spell(at, article["published_precision"]) or ""
        for name, length in (("year", 4), ("month", 7), ("day", 10)):
            if len(spelled) >= length:
                it.add_text(name, spelled[:length])
    for name, value in orders.items():
        it.add_text(f"{name}_order", value)
    return it


def add_mentions(document: tantivy.Document, mentions: Sequence[Any]) -> None:
    """Say whom and what the document names, each once, so that counts count documents."""
    for type_ in {mention.type for mention in mentions}:
        document.add_text("entity_type", type_)
    for entity in {mention.id for mention in mentions} - {None}:
        document.add_text("entity", entity)


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
