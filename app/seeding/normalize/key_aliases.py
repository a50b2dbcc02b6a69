"""Keys as authors write them: map spellings and usual other names to the document's keys, and find misspelt ones."""

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.seeding.document import ArticleDocument

DOCUMENT_KEYS = tuple(ArticleDocument.model_fields)

ALIASES = {
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
"""Characters. A longer key resembles none of ours, and comparing it would be slow."""


@lru_cache(10_000)
def fold_key(key: str) -> str:
    """Return a key in lower case, without spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", key).lower()


CANONICAL_KEYS = {**ALIASES, **{fold_key(key): key for key in DOCUMENT_KEYS}}
"""Document keys by folded key or alias."""
SUGGESTIONS = {**{alias: alias for alias in ALIASES}, **{fold_key(key): key for key in DOCUMENT_KEYS}}
"""Keys to suggest, as they are usually spelled, by folded key."""


def canonical_key(key: str) -> str | None:
    """Return the document key that a key stands for; None for an unknown key."""
    return CANONICAL_KEYS.get(fold_key(key)) if len(key) <= LONGEST_KEY else None


def suggest_key(key: str) -> str | None:
    """Return the known key that an unknown one seems to misspell, if any."""
    return suggest_for_folded_key(fold_key(key)) if len(key) <= LONGEST_KEY else None


@lru_cache(10_000)
def suggest_for_folded_key(folded: str) -> str | None:
    """Return the known key that a folded one resembles, if any."""
    matches = difflib.get_close_matches(folded, SUGGESTIONS, n=1, cutoff=0.8)
    return SUGGESTIONS[matches[0]] if matches else None


def canonicalize_keys(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a document under canonical keys, and a message for every key, as written, that is wrong."""
    canonical: dict[str, Any] = {}
    messages: dict[str, str] = {}
    written: dict[str, str] = {}
    for key, value in document.items():
        known = canonical_key(key)
        if known in written:
            both = f"`{key}` and `{written[known]}` both give `{known}`"
            messages[key] = f"{both}; one of them was expected."
        elif known:
            written[known] = key
            if value is not None:
                canonical[known] = value
        elif suggestion := suggest_key(key):
            messages[key] = f"`{key}` is not a key; did you mean `{suggestion}`? (If not, write it under `extra`.)"
        else:
            canonical[key] = value
    return canonical, messages
