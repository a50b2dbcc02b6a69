"""Foreign keys: sort the keys of another program's record into those of an article document and `extra`."""

from collections.abc import Mapping
from typing import Any

from app.seeding.limits import MOST_KEYS
from app.seeding.normalize.key_aliases import canonical_key, fold_key
from app.seeding.slugs import MAX_ID_LENGTH, slug

TEXT_KEYS = {"title", "source", "source_url", "language", "rights", "published_at", "caption", "credit", "text"}
LIST_KEYS = {"authors", "tags"}

SYNONYMS = {
    "category": "tags",
    "categories": "tags",
    "section": "tags",
    "topic": "tags",
    "topics": "tags",
    "subject": "tags",
    "labels": "tags",
    "articletitle": "title",
    "articletext": "text",
    "fulltext": "text",
    "maintext": "text",
    "articlebody": "text",
    "story": "text",
    "publishdate": "published_at",
    "datecreated": "published_at",
    "publicationdate": "published_at",
    "datepublished": "published_at",
    "publishedat": "published_at",
    "time": "published_at",
    "timestamp": "published_at",
    "publisher": "source",
    "publication": "source",
    "newspaper": "source",
    "outlet": "source",
    "website": "source",
    "permalink": "source_url",
    "weburl": "source_url",
    "sourceurl": "source_url",
    "writer": "authors",
    "creator": "authors",
    "articleid": "id",
    "guid": "id",
    "uid": "id",
    "uuid": "id",
}
"""Keys of an article document by what data sets and programs call them, folded; those of our own files come first."""


def find_known_key(key: str) -> str | None:
    """Return the document key that another program's key stands for; None for an unknown key."""
    return canonical_key(key) or SYNONYMS.get(fold_key(key))


def to_document(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a record: known keys with usable values, and everything else under `extra`.

    The first of several keys with one meaning counts. An id that is no id of ours is made one, and kept under `extra`.
    """
    document: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in record.items():
        known = find_known_key(key)
        if value is None or value == "":
            continue
        if known == "id" and isinstance(value, str | int) and "id" not in document:
            if id := slug(str(value))[:MAX_ID_LENGTH].strip("-"):
                document["id"] = id
            if id != str(value):
                extra[key] = value
        elif known and known not in document and is_usable(known, value):
            document[known] = value
        else:
            extra[key] = value
    if extra:
        document["extra"] = dict(list(extra.items())[:MOST_KEYS])
    return document


def is_usable(key: str, value: Any) -> bool:
    """Tell whether a document may have a value under a key: a text, or a list of texts."""
    if isinstance(value, list):
        return key in LIST_KEYS and all(isinstance(item, str) for item in value)
    return isinstance(value, str) and key in TEXT_KEYS | LIST_KEYS
