"""Short names for what articles are made of: what has an equal one need not be made again."""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

import orjson

from app.seeding.article import NewArticle, NewMention

PIPELINE_VERSION: Final = "3"
"""Raise it when the same files shall give other rows: every article is then derived anew."""


def source_fingerprint(article: NewArticle) -> str:
    """Names all that a file says of an article, but for where it stands."""
    paragraphs = [(paragraph.role, paragraph.text, paragraph.section) for paragraph in article.paragraphs]
    rest = replace(article, file="", line=0, paragraphs=(), settled={})
    return compute_fingerprint(
        orjson.dumps([PIPELINE_VERSION, rest, paragraphs], NewMention._asdict, orjson.OPT_SORT_KEYS)
    )


def compute_fingerprint(*parts: str | bytes) -> str:
    """A short name for exactly these parts."""
    hashed = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        hashed.update(len(raw).to_bytes(8, "big") + raw)
    return hashed.hexdigest()
