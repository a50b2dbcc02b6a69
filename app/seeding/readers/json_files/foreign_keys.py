"""Foreign keys: sort the keys of another program's record into those of an article document and `extra`."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from app.seeding.limits import MOST_KEYS
from app.seeding.normalize import is_web_url
from app.seeding.normalize.date_formats import is_date
from app.seeding.normalize.key_aliases import canonical_key, fold_key
from app.seeding.normalize.raw import RawArticle, shorten
from app.seeding.slugs import MAX_ID_LENGTH, slug

DATE_KEYS = {"published_at", "updated_at"}
TEXT_KEYS = {"title", "source", "source_url", "language", "rights", "caption", "credit", "text", *DATE_KEYS}
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
        elif known in DATE_KEYS and known not in document and type(value) is int:
            document[known] = str(value)
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


LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def set_aside_unusable(raw: RawArticle) -> None:
    """Move a date, an address or a language of another program that is none to `extra`, with a warning."""
    document = raw.document
    if isinstance(document.get("language"), str):
        document["language"] = document["language"].strip().replace("_", "-")
    for key in DATE_KEYS:
        if isinstance(document.get(key), str):
            document[key] = format_date(document[key].strip())
    for key, (is_valid, what) in CHECKS.items():
        value = document.get(key)
        if value is not None and not (isinstance(value, str) and is_valid(value)):
            raw.add_warning(f"`{key}` is '{shorten(str(value))}', which is no {what}; it was kept under `extra`.", key)
            document["extra"] = {**document.get("extra", {}), key: document.pop(key)}


def format_date(text: str) -> str:
    """Return a date of RFC 822 as RFC 3339, and any other date as it is."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "language": (lambda text: LANGUAGE.fullmatch(text) is not None, "language tag"),
    "published_at": (is_date, "date that is understood"),
    "source_url": (is_web_url, "web address"),
}
