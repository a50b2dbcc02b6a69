"""An article's documents in the indexes: one of its own, and one for each paragraph."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from app.dates import spell
from app.search.directory import fold
from app.search.gathering import Gathered
from app.search.schema import GAP, ROLES, SEARCHED, letters, paired, stemmer

LAST = "f" * 10
"""Sorts behind every date."""

Fields = dict[str, Any]
"""Values by name."""


def documents(article: Gathered) -> tuple[str, list[str]]:
    """An article's document and those of its paragraphs, in JSON."""
    common, keys = orjson.dumps(shared(article)), sort_keys(article)
    words = [letters(paired(it.text)[0]) for it in article.texts]
    return (
        joined(common, keys | article_fields(article, words)),
        [joined(common, fields) for fields in paragraph_fields(article, words, keys)],
    )


def joined(common: bytes, own: Fields) -> str:
    """A document of two parts."""
    return (b"%b,%b" % (common[:-1], orjson.dumps(own)[1:])).decode()


def shared(article: Gathered) -> Fields:
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
    }
    at = article.published_at
    if at is not None:
        fields["published"] = seconds(at)
        spelled = spell(at, article.published_precision) or ""
        lengths = {"year": 4, "month": 7, "day": 10}
        fields |= {unit: spelled[:length] for unit, length in lengths.items() if len(spelled) >= length}
    return fields


def article_fields(article: Gathered, words: list[str]) -> Fields:
    """What an article has for itself; `words` are its paragraphs as the analyzers read them."""
    name = stemmer(article.language)
    texts: dict[str, list[str]] = {role: [] for role in ROLES}
    for it, its in zip(article.texts, words, strict=True):
        texts[it.role].append(its)
    roles = [role for role, pieces in texts.items() if pieces]
    texts["text"] = [its for it, its in zip(article.texts, words, strict=True) if it.role in SEARCHED]
    return {
        **named(mention for mentions in article.mentions.values() for mention in mentions),
        "role": roles,
        **{f"{field}_{name}": GAP.join(pieces) for field, pieces in texts.items() if pieces},
        **{f"{field}_written": " ".join(pieces) for field, pieces in texts.items() if pieces},
    }


def paragraph_fields(article: Gathered, words: list[str], keys: Fields) -> Iterator[Fields]:
    """What each paragraph has for itself; `keys` are its article's to sort by."""
    field = f"text_{stemmer(article.language)}"
    for it, its in zip(article.texts, words, strict=True):
        end = f"00{it.position:08x}"
        yield {
            **{order: key + end for order, key in keys.items()},
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


def sort_keys(article: Gathered) -> Fields:
    """What lists are sorted by, in ascending order; each key ends in the id, which makes it the only one.

    They are hexadecimal, which the engine's range queries take as it is; their order is that of code points.
    """
    at = article.published_at
    moment = None if at is None else seconds(at) - EARLIEST
    end = "00" + article.id.encode().hex()
    return {
        "newest_order": (LAST if moment is None else f"{LATEST - moment:010x}") + end,
        "oldest_order": (LAST if moment is None else f"{moment:010x}") + end,
        "title_order": fold(article.title)[:100].encode().hex() + end,
    }


def seconds(at: datetime) -> int:
    """Since 1970, in UTC."""
    return int(at.astimezone(UTC).timestamp())


EARLIEST = seconds(datetime(1, 1, 1, tzinfo=UTC))
LATEST = seconds(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) - EARLIEST
