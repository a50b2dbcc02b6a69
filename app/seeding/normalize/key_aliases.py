"""Which keys an author may write: those of an article document, their usual other names, and no misspelt ones."""

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.seeding.document import ArticleDocument

KNOWN = tuple(ArticleDocument.model_fields)

OTHER_NAMES = {
    "date": "published_at",
    "published": "published_at",
    "pubdate": "published_at",
    "datepublished": "published_at",
    "author": "authors",
    "byline": "authors",
    "lang": "language",
    "headline": "title",
    "url": "source_url",
    "link": "source_url",
    "keywords": "tags",
    "body": "text",
    "content": "text",
    "copyright": "rights",
    "licence": "rights",
    "license": "rights",
}


LONGEST_KEY = 40
"""Longer words are not near to any key."""


@lru_cache(10_000)
def bare(key: str) -> str:
    """A key without what writers vary: capitals and the joints of its words."""
    return re.sub(r"[\s_-]+", "", key).lower()


SPELLED = {**{name: name for name in OTHER_NAMES}, **{bare(key): key for key in KNOWN}}
MEANT = {**OTHER_NAMES, **{bare(key): key for key in KNOWN}}


def canonical_key(key: str) -> str | None:
    """The known key that is meant by this one."""
    return MEANT.get(bare(key)) if len(key) <= LONGEST_KEY else None


@lru_cache(10_000)
def closest(key: str) -> str | None:
    """The key that this bare one is too near to be another."""
    close = difflib.get_close_matches(key, SPELLED, n=1, cutoff=0.8)
    return SPELLED[close[0]] if close else None


def nearest(key: str) -> str | None:
    """The key that this one is too near to be another."""
    return closest(bare(key)) if len(key) <= LONGEST_KEY else None


def canonicalize_keys(written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A document under the keys that are meant, and what is wrong with which key as it was written."""
    keys: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, value in written.items():
        known = canonical_key(key)
        if known in names:
            both = f"`{key}` and `{names[known]}` both give `{known}`"
            wrong[key] = f"{both}; one of them was expected."
        elif known:
            names[known] = key
            if value is not None:
                keys[known] = value
        elif near := nearest(key):
            wrong[key] = f"`{key}` is not a key; did you mean `{near}`? (If not, write it under `extra`.)"
        else:
            keys[key] = value
    return keys, wrong
