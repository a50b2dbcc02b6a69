"""An article's documents in the indexes: one of its own, and one for each paragraph."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.dates import spell
from app.search.directory import fold
from app.search.schema import GAP, ROLES, SEARCHED, letters, paired, stemmer

LAST = "~"
"""Sorts behind every date."""

Document = dict[str, Any]
"""Values by field."""


def article_document(article: Mapping[str, Any]) -> Document:
    """An article, from its row with `paragraphs`, `mentions` and `tags`."""
    name = stemmer(article["language"])
    written = [(it.role, letters(paired(it.text)[0])) for it in article["paragraphs"]]
    texts = {role: [text for its, text in written if its == role] for role in ROLES}
    document = {
        **shared(article),
        **{f"{order}_order": start + ending(article["id"]) for order, start in sort_keys(article).items()},
        **named(article["mentions"]),
        "role": [role for role in ROLES if texts[role]],
    }
    texts["text"] = [text for role, text in written if role in SEARCHED]
    for field, pieces in texts.items():
        if pieces:
            document[f"{field}_{name}"] = GAP.join(pieces)
            document[f"{field}_written"] = " ".join(pieces)
    return document


def paragraph_documents(article: Mapping[str, Any]) -> Iterator[Document]:
    """The paragraphs of an article, from the same row."""
    name = stemmer(article["language"])
    common, orders = shared(article), sort_keys(article)
    mentions = defaultdict(list)
    for mention in article["mentions"]:
        mentions[mention.position].append(mention)
    for paragraph in article["paragraphs"]:
        end = ending(article["id"], paragraph.position)
        text = letters(paired(paragraph.text)[0])
        yield {
            **common,
            **{f"{order}_order": start + end for order, start in orders.items()},
            **named(mentions[paragraph.position]),
            "position": paragraph.position,
            "role": paragraph.role,
            f"text_{name}": text,
            "text_written": text,
        }


def shared(article: Mapping[str, Any]) -> Document:
    """What an article and its paragraphs have in common."""
    document: Document = {
        "kind": "document",
        "row": str(article["key"]),
        "article": article["key"],
        "id": article["id"],
        "language": article["language"],
        "source": [] if article["source"] is None else article["source"],
        "author": list(dict.fromkeys(article["authors"])),
        "tag": article["tags"],
    }
    at: datetime | None = article["published_at"]
    if at is not None:
        document["published"] = seconds(at)
        spelled = spell(at, article["published_precision"]) or ""
        lengths = {"year": 4, "month": 7, "day": 10}
        document |= {unit: spelled[:length] for unit, length in lengths.items() if len(spelled) >= length}
    return document


def named(mentions: Sequence[Any]) -> Document:
    """Whom and what a document names, each once, so that counts count documents."""
    return {
        "entity_type": sorted({mention.type for mention in mentions}),
        "entity": sorted({mention.id for mention in mentions if mention.id is not None}),
    }


def sort_keys(article: Mapping[str, Any]) -> dict[str, str]:
    """How the keys begin that lists are sorted by, each in ascending order; they end in id and position."""
    at: datetime | None = article["published_at"]
    moment = None if at is None else seconds(at) - EARLIEST
    return {
        "newest": spelled(LAST if moment is None else f"{LATEST - moment:012}"),
        "oldest": spelled(LAST if moment is None else f"{moment:012}"),
        "title": spelled(fold(article["title"])[:100]),
    }


def ending(id: str, position: int | None = None) -> str:
    """How a sort key ends, which makes it the only one."""
    return spelled(f"\0{id}" if position is None else f"\0{id}\0{position:08}")


def spelled(key: str) -> str:
    """A sort key, in letters that the engine's range queries take as they are; their order is that of code points."""
    return key.encode().hex()


def seconds(at: datetime) -> int:
    """Since 1970, in UTC."""
    return int(at.astimezone(UTC).timestamp())


EARLIEST = seconds(datetime(1, 1, 1, tzinfo=UTC))
LATEST = seconds(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) - EARLIEST
