"""Feeds: what Atom and JSON Feed say about a question, and the ids that they give to its articles."""

from typing import NamedTuple
from urllib.parse import urlsplit

UNDATED = "1970-01-01T00:00:00Z"
"""When an article without a date was updated: a feed must say so, and a reader shows again what changes."""


class Feed(NamedTuple):
    """A question whose articles are the entries of a feed."""

    title: str
    url: str
    """URL of the feed itself."""
    list_url: str
    """URL of the same question as a list."""
    updated_at: str
    """When the corpus last changed (RFC 3339)."""


def tag_uri(url: str) -> str:
    """Return the `tag:` URI (RFC 4151) of a URL: an id that stays the same under another scheme or port."""
    parts = urlsplit(url)
    question = f"?{parts.query}" if parts.query else ""
    return f"tag:{parts.hostname or 'localhost'},2026:{parts.path}{question}"
