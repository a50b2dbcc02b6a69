"""Articles as the index needs them, gathered from the tables."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import Article, ArticleTag, Entity, Mention, Paragraph, Precision, Tag

AT_ONCE = 128
"""So many articles at most are gathered together: those whose keys are neighbours."""


class Text(NamedTuple):
    """A paragraph."""

    position: int
    role: str
    text: str


class Gathered(NamedTuple):
    """An article, with what belongs to it."""

    key: int
    id: str
    title: str
    source: str | None
    language: str
    authors: list[str]
    published_at: datetime | None
    published_precision: Precision | None
    texts: list[Text]
    mentions: dict[int, list[tuple[str, str | None]]]
    """By the paragraph's position: types, and the ids of entities."""
    tags: list[str]


ARTICLE = [col(getattr(Article, name)) for name in Gathered._fields if hasattr(Article, name)]


def articles(connection: Connection, live: Any) -> Iterator[Gathered]:
    """Every article of the condition."""
    keys = list(connection.scalars(select(col(Article.key)).where(live).order_by(col(Article.key))))
    for _, neighbours in groupby(keys, lambda key: key // AT_ONCE):
        several = [*neighbours]
        yield from gathered(connection, live, several[0], several[-1])


def gathered(connection: Connection, live: Any, first: int, last: int) -> Iterator[Gathered]:
    """The articles of the condition from one key to another, in four statements."""
    texts: dict[int, list[Text]] = defaultdict(list)
    mentions: dict[int, dict[int, list[tuple[str, str | None]]]] = defaultdict(lambda: defaultdict(list))
    tags: dict[int, list[str]] = defaultdict(list)
    for article, *text in connection.execute(
        select(col(Paragraph.article), col(Paragraph.position), col(Paragraph.role), col(Paragraph.text))
        .where(col(Paragraph.article).between(first, last))
        .order_by(col(Paragraph.article), col(Paragraph.position))
    ).all():
        texts[article].append(Text._make(text))
    for article, position, type, entity in connection.execute(
        select(col(Mention.article), col(Mention.position), col(Mention.type), col(Entity.id))
        .outerjoin(Entity, col(Entity.key) == col(Mention.entity))
        .where(col(Mention.article).between(first, last))
    ).all():
        mentions[article][position].append((type, entity))
    for article, tag in connection.execute(
        select(col(ArticleTag.article), col(Tag.id))
        .join(Tag, col(Tag.key) == col(ArticleTag.tag))
        .where(col(ArticleTag.article).between(first, last))
    ).all():
        tags[article].append(tag)
    for row in connection.execute(select(*ARTICLE).where(live, col(Article.key).between(first, last))):
        yield Gathered._make([*row, texts[row.key], mentions[row.key], tags[row.key]])
