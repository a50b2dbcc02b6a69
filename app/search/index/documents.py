"""An article's documents in the indexes: one of its own, and one for each paragraph."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from app.dates import format_date
from app.search.index.loader import IndexSource
from app.search.index.schema import (
    PARAGRAPH_GAP,
    ROLES,
    SEARCHED,
    stemmer_for,
    strip_punctuation,
    tiebreak_key,
    to_bigrams,
)
from app.text import fold_name

Fields = dict[str, Any]
"""Values by name."""


def index_documents(article: IndexSource) -> tuple[str, list[str]]:
    """An article's document and those of its paragraphs, in JSON."""
    common = orjson.dumps(shared(article))
    words = [strip_punctuation(to_bigrams(it.text)[0]) for it in article.texts]
    return (
        joined(common, article_fields(article, words)),
        [joined(common, fields) for fields in paragraph_fields(article, words)],
    )


def joined(common: bytes, own: Fields) -> str:
    """A document of two parts."""
    return (b"%b,%b" % (common[:-1], orjson.dumps(own)[1:])).decode()


def shared(article: IndexSource) -> Fields:
    """What an article and its paragraphs have in common."""
    fields: Fields = {
        "kind": "document",
        "row": str(article.key),
        "article": article.key,
        "id": article.id,
        "language": article.language,
        "source": [] if article.source is None else article.source,
        "author": list(dict.fromkeys(article.authors)),
        "tag": article.tags,
        **orders(article),
    }
    at = article.published_at
    if at is not None:
        fields["published"] = seconds(at)
        spelled = format_date(at, article.published_precision) or ""
        lengths = {"year": 4, "month": 7, "day": 10}
        fields |= {unit: spelled[:length] for unit, length in lengths.items() if len(spelled) >= length}
    return fields


def article_fields(article: IndexSource, words: list[str]) -> Fields:
    """What an article has for itself; `words` are its paragraphs as the analyzers read them."""
    name = stemmer_for(article.language)
    texts: dict[str, list[str]] = {role: [] for role in ROLES}
    for it, its in zip(article.texts, words, strict=True):
        texts[it.role].append(its)
    roles = [role for role, pieces in texts.items() if pieces]
    texts["text"] = [its for it, its in zip(article.texts, words, strict=True) if it.role in SEARCHED]
    return {
        "name_order": tiebreak_key(article.id, None),
        **named(mention for mentions in article.mentions.values() for mention in mentions),
        "role": roles,
        **{f"{field}_{name}": PARAGRAPH_GAP.join(pieces) for field, pieces in texts.items() if pieces},
        **{f"{field}_written": " ".join(pieces) for field, pieces in texts.items() if pieces},
    }


def paragraph_fields(article: IndexSource, words: list[str]) -> Iterator[Fields]:
    """What each paragraph has for itself."""
    field = f"text_{stemmer_for(article.language)}"
    for it, its in zip(article.texts, words, strict=True):
        yield {
            "name_order": tiebreak_key(article.id, it.position),
            **named(article.mentions.get(it.position, ())),
            "position": it.position,
            "role": it.role,
            field: its,
            "text_written": its,
        }


def named(mentions: Iterable[tuple[str, str | None]]) -> Fields:
    """Whom and what a document names, each once, so that counts count documents."""
    pairs = {*mentions}
    return {"entity_type": [*{type for type, _ in pairs}], "entity": [*{id for _, id in pairs if id is not None}]}


def orders(article: IndexSource) -> Fields:
    """What lists are sorted by, in ascending order; undated articles stand last in both directions."""
    at = article.published_at
    moment = None if at is None else seconds(at) - EARLIEST
    return {
        "newest_order": UNDATED if moment is None else LATEST - moment,
        "oldest_order": UNDATED if moment is None else moment,
        "title_order": fold_name(article.title)[:100].encode().hex() + "00",
    }


def seconds(at: datetime) -> int:
    """Since 1970, in UTC."""
    return int(at.astimezone(UTC).timestamp())


EARLIEST = seconds(datetime(1, 1, 1, tzinfo=UTC))
LATEST = seconds(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) - EARLIEST
UNDATED = LATEST + 1
"""Sorts behind every date."""
