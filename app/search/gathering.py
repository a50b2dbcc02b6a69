"""Articles as the index needs them, gathered from the tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import Article, ArticleTag, Entity, Mention, Paragraph, Tag

INDEXED = ("key", "id", "title", "source", "language", "authors", "published_at", "published_precision")
"""What the index needs of an article's row."""


def articles(connection: Connection, live: Any) -> Iterator[dict[str, Any]]:
    """Every article of the condition, with its paragraphs, mentions and tags."""
    keys = list(connection.scalars(select(col(Article.key)).where(live).order_by(col(Article.key))))
    for start in range(0, len(keys), 500):
        yield from gathered(connection, keys[start : start + 500])


def gathered(connection: Connection, keys: Sequence[int]) -> Iterator[dict[str, Any]]:
    """These articles, with what belongs to each, in four statements."""
    paragraphs: dict[int, list[Any]] = defaultdict(list)
    mentions: dict[int, list[Any]] = defaultdict(list)
    tags: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(
        select(col(Paragraph.article), col(Paragraph.position), col(Paragraph.role), col(Paragraph.text))
        .where(col(Paragraph.article).in_(keys))
        .order_by(col(Paragraph.article), col(Paragraph.position))
    ):
        paragraphs[row.article].append(row)
    for row in connection.execute(
        select(col(Mention.article), col(Mention.position), col(Mention.type), col(Entity.id))
        .outerjoin(Entity, col(Entity.key) == col(Mention.entity))
        .where(col(Mention.article).in_(keys))
    ):
        mentions[row.article].append(row)
    for article, tag in connection.execute(
        select(col(ArticleTag.article), col(Tag.id))
        .join(Tag, col(Tag.key) == col(ArticleTag.tag))
        .where(col(ArticleTag.article).in_(keys))
    ):
        tags[article].append(tag)
    columns = [col(getattr(Article, name)) for name in INDEXED]
    for found in connection.execute(select(*columns).where(col(Article.key).in_(keys))).mappings():
        key = found["key"]
        yield {**found, "paragraphs": paragraphs[key], "mentions": mentions[key], "tags": tags[key]}
