"""Fingerprints: hashes that tell whether a file, an article's source or its stored rows have changed."""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

import orjson

from app.seeding.article import NewArticle, NewMention

PIPELINE_VERSION: Final = "8"
"""Increment it when the same files should give other rows: the next run then derives every article again."""


def source_fingerprint(article: NewArticle) -> str:
    """Return the fingerprint of all that a file says of an article, except for where the article is."""
    paragraphs = [(paragraph.role, paragraph.text, paragraph.section) for paragraph in article.paragraphs]
    rest = replace(article, file="", line=0, paragraphs=(), entity_overrides={}, entity_lines={})
    return compute_fingerprint(
        orjson.dumps([PIPELINE_VERSION, rest, paragraphs], NewMention._asdict, orjson.OPT_SORT_KEYS)
    )


def compute_fingerprint(*parts: str | bytes) -> str:
    """Return a hash of these parts, in hexadecimal; ("ab", "c") differs from ("a", "bc")."""
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
