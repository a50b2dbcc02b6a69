"""Rendering: turn articles and paragraphs into JSON, once, when they are seeded.

The JSON is made of plain dicts, not of the models of app/schemas.py: an article of 12 paragraphs takes 72 us, not 307.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from app.dates import format_date
from app.models import Role

JsonObject = dict[str, Any]


def render_paragraph(
    root_path: str,
    article: JsonObject,
    position: int,
    role: Role,
    section: str | None,
    text: str,
    mentions: Sequence[JsonObject],
) -> JsonObject:
    """Return a paragraph in the shape of `schemas.Paragraph`."""
    return {
        "article": article,
        "url": f"{root_path}/articles/{quote(article['id'])}/paragraphs/{position}",
        "position": position,
        "role": role,
        "section": section,
        "text": text,
        "mentions": list(mentions),
    }


def render_article(
    root_path: str, article: Mapping[str, Any], paragraphs: Sequence[JsonObject], tags: Sequence[JsonObject]
) -> JsonObject:
    """Return an article in the shape of `schemas.ArticleSummary`. `article` has the columns of its row."""

    def first_text(role: Role) -> str | None:
        return next((paragraph["text"] for paragraph in paragraphs if paragraph["role"] == role), None)

    id = quote(article["id"])
    url = f"{root_path}/articles/{id}"
    return {
        "id": article["id"],
        "url": url,
        "title": article["title"],
        "lead": first_text("body"),
        "caption": first_text("caption"),
        "credit": first_text("credit"),
        "source": article["source"],
        "source_url": article["source_url"],
        "language": article["language"],
        "authors": article["authors"],
        "rights": article["rights"],
        "published_at": format_date(
            article["published_at"], article["published_precision"], article["published_offset"]
        ),
        "word_count": article["word_count"],
        "tags": list(tags),
        "entities": count_entities(paragraphs),
        "offset_unit": "codepoint",
        "links": {
            "similar": f"{url}/similar",
            "paragraphs": f"{root_path}/paragraphs?id={id}&sort=published",
        },
    }


def count_entities(paragraphs: Sequence[JsonObject]) -> list[JsonObject]:
    """Return the entities that paragraphs mention as `schemas.CountedEntity`, the most frequent first, then by id."""
    counts: dict[str, JsonObject] = {}
    for paragraph in paragraphs:
        for mention in paragraph["mentions"]:
            if entity := mention["entity"]:
                counted = counts.setdefault(entity["id"], {**entity, "count": 0})
                counted["count"] += 1
    return sorted(counts.values(), key=lambda entity: (-entity["count"], entity["id"]))


def join_article(rendered: bytes, paragraphs: Sequence[bytes], extra: bytes) -> bytes:
    """Return the JSON of a whole article (`schemas.Article`), joined from its stored parts."""
    return b'%b,"paragraphs":[%b],"extra":%b}' % (rendered[:-1], b",".join(paragraphs), extra)
