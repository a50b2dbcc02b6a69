"""Articles as the index needs them, gathered from the tables."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import Article, ArticleTag, Entity, Mention, Paragraph, Precision, Tag

AT_ONCE = 128
"""So many articles at most are asked for together: those whose keys are neighbours."""


class SourceParagraph(NamedTuple):
    """A paragraph."""

    position: int
    role: str
    text: str


class IndexSource(NamedTuple):
    """An article, with what belongs to it."""

    key: int
    id: str
    title: str
    source: str | None
    language: str
    authors: list[str]
    published_at: datetime | None
    published_precision: Precision | None
    texts: list[SourceParagraph]
    mentions: dict[int, list[tuple[str, str | None]]]
    """By the paragraph's position: types, and the ids of entities."""
    tags: list[str]


ARTICLE = [col(getattr(Article, name)) for name in IndexSource._fields if hasattr(Article, name)]


def load_articles(connection: Connection, live: Any) -> Iterator[IndexSource]:
    """Every article of the condition."""
    keys = array("q", connection.scalars(select(col(Article.key)).where(live).order_by(col(Article.key))))
    for _, neighbours in groupby(keys, lambda key: key // AT_ONCE):
        several = [*neighbours]
        yield from gathered(connection, live, several[0], several[-1])


def gathered(connection: Connection, live: Any, first: int, last: int) -> Iterator[IndexSource]:
    """The articles of the condition from one key to another, in four statements that are read side by side."""
    texts = Parts(
        connection.execute(
            select(col(Paragraph.article), col(Paragraph.position), col(Paragraph.role), col(Paragraph.text))
            .where(col(Paragraph.article).between(first, last))
            .order_by(col(Paragraph.article), col(Paragraph.position))
        )
    )
    mentions = Parts(
        connection.execute(
            select(col(Mention.article), col(Mention.position), col(Mention.type), col(Entity.id))
            .outerjoin(Entity, col(Entity.key) == col(Mention.entity))
            .where(col(Mention.article).between(first, last))
            .order_by(col(Mention.article), col(Mention.number))
        )
    )
    tags = Parts(
        connection.execute(
            select(col(ArticleTag.article), col(Tag.id))
            .join(Tag, col(Tag.key) == col(ArticleTag.tag))
            .where(col(ArticleTag.article).between(first, last))
            .order_by(col(ArticleTag.article), col(ArticleTag.tag))
        )
    )
    rows = select(*ARTICLE).where(live, col(Article.key).between(first, last)).order_by(col(Article.key))
    for row in connection.execute(rows):
        named: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
        for _, position, type, entity in mentions.of(row.key):
            named[position].append((type, entity))
        own_texts = [SourceParagraph._make(text) for _, *text in texts.of(row.key)]
        yield IndexSource._make([*row, own_texts, named, [tag for _, tag in tags.of(row.key)]])


class Parts:
    """Rows that begin with the key of their article and are in its order: only those of one are held at a time."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.groups: Iterator[tuple[float, Iterator[Any]]] = groupby(rows, itemgetter(0))
        self.key, self.rows = next(self.groups, NONE)

    def of(self, key: int) -> Iterable[Any]:
        """The rows of an article; those of earlier ones are passed over."""
        while self.key < key:
            self.key, self.rows = next(self.groups, NONE)
        return self.rows if self.key == key else ()


NONE: tuple[float, Iterator[Any]] = inf, iter(())
"""Stands behind the last group."""
