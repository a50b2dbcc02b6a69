"""Rendering: turn articles and paragraphs into JSON, once, when they are seeded.

The JSON is made of plain dicts, not of the models of app/schemas.py: an article of 12 paragraphs takes 72 us, not 307.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote

import orjson

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
    dates: Sequence[JsonObject],
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
        "dates": list(dates),
    }


def read_dates(rendered: bytes) -> list[JsonObject]:
    """Return the dates of a rendered paragraph; they are stored nowhere else. Older programs rendered none."""
    # Quotation marks in texts are escaped, so that only the key itself is found; parsing all takes 40 times as long.
    _, key, dates = rendered.rpartition(b',"dates":')
    return cast("list[JsonObject]", orjson.loads(dates[:-1])) if key else []


def render_article(
    root_path: str,
    article: Mapping[str, Any],
    paragraphs: Sequence[JsonObject],
    tags: Sequence[JsonObject],
    entities: Mapping[str, Mapping[str, Any]],
) -> JsonObject:
    """Return an article in the shape of `schemas.ArticleSummary`.

    `article` has the columns of its row, and `entities` those of the entities that it mentions, by id.
    """

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
        "updated_at": format_date(article["updated_at"], article["updated_precision"], article["updated_offset"]),
        "word_count": article["word_count"],
        "tags": list(tags),
        "entities": count_entities(paragraphs, entities),
        "offset_unit": "codepoint",
        "links": {
            "similar": f"{url}/similar",
            "paragraphs": f"{root_path}/paragraphs?id={id}&sort=published",
        },
    }


def count_entities(paragraphs: Sequence[JsonObject], entities: Mapping[str, Mapping[str, Any]]) -> list[JsonObject]:
    """Return the entities that paragraphs mention as `schemas.CountedEntity`, the most frequent first, then by id."""
    counts: dict[str, JsonObject] = {}
    for paragraph in paragraphs:
        for mention in paragraph["mentions"]:
            if entity := mention["entity"]:
                row = entities[entity["id"]]
                more = {"wikidata": row["wikidata"], "local": row["local"], "count": 0}
                counts.setdefault(entity["id"], {**entity, **more})["count"] += 1
    return sorted(counts.values(), key=lambda entity: (-entity["count"], entity["id"]))


def join_article(rendered: bytes, paragraphs: Sequence[bytes], extra: bytes) -> bytes:
    """Return the JSON of a whole article (`schemas.Article`), joined from its stored parts."""
    return b'%b,"paragraphs":[%b],"extra":%b}' % (rendered[:-1], b",".join(paragraphs), extra)
