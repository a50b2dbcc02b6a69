"""Load articles from the database for the index, each with its paragraphs, mentions and tags."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, inspect, select
from sqlmodel import col

from app.models import Article
from app.rendering import read_dates

KEY_SPAN = 128
"""Articles whose keys differ by less than this are loaded together, in four statements."""


class SourceMention(NamedTuple):
    """What a paragraph names: a type, and the id of the entity if it is known."""

    type: str
    entity: str | None
    local: int | None
    """1 if the entity is local, 0 if not; None without one."""
    origin: str
    confidence: float | None


class SourceParagraph(NamedTuple):
    """A paragraph with its mentions and dates in reading order."""

    position: int
    role: str
    text: str
    mentions: Sequence[SourceMention]
    dates: Sequence[str]
    """The values of the dates that it talks about."""


class IndexSource(NamedTuple):
    """An article with everything that the index holds of it."""

    article: Article
    """A row of the table, with all its columns; no ORM object, which takes longer to make and isn't needed."""
    paragraphs: Sequence[SourceParagraph]
    tags: Sequence[str]
    """Ids."""


ARTICLE_COLUMNS = inspect(Article).columns

PARAGRAPHS = """
    SELECT article, position, role, text, rendered FROM paragraph
    WHERE article BETWEEN ? AND ? ORDER BY article, position
"""

MENTIONS = """
    SELECT article, position, mention.type, entity.id, entity.local, origin, confidence
    FROM mention LEFT JOIN entity ON entity.key = mention.entity
    WHERE article BETWEEN ? AND ? ORDER BY article, number
"""

TAGS = """
    SELECT article, tag.id FROM article_tag JOIN tag ON tag.key = article_tag.tag
    WHERE article BETWEEN ? AND ? ORDER BY article, article_tag.tag
"""


def load_articles(connection: Connection, condition: ColumnElement[bool]) -> Iterator[IndexSource]:
    """Yield every article that meets the condition, in the order of keys."""
    keys = array("q", connection.scalars(select(col(Article.key)).where(condition).order_by(col(Article.key))))
    for _, group in groupby(keys, lambda key: key // KEY_SPAN):
        neighbours = [*group]
        yield from load_between(connection, condition, neighbours[0], neighbours[-1])


def load_between(
    connection: Connection, condition: ColumnElement[bool], first: int, last: int
) -> Iterator[IndexSource]:
    """Yield the articles from one key to another, merging the rows of four statements in the order of keys."""
    # Straight from the driver: an index is made from a local SQLite database, and most rows are mentions, which
    # SQLAlchemy takes longer to hand over than SQLite to read: 168 us an article in all, and now 147.
    driver: Any = connection.connection
    statements = (PARAGRAPHS, MENTIONS, TAGS)
    paragraphs, mentions, tags = (ArticleRows(driver.cursor().execute(each, (first, last))) for each in statements)
    rows = select(*ARTICLE_COLUMNS).where(condition, col(Article.key).between(first, last)).order_by(col(Article.key))
    for row in connection.execute(rows):
        mentions_at: dict[int, list[SourceMention]] = defaultdict(list)
        for _, position, *columns in mentions.of(row.key):
            mentions_at[position].append(SourceMention._make(columns))
        yield IndexSource(
            cast("Article", row),
            [
                SourceParagraph(
                    position,
                    role,
                    text,
                    mentions_at.get(position, ()),
                    [date["value"] for date in read_dates(rendered)],
                )
                for _, position, role, text, rendered in paragraphs.of(row.key)
            ],
            [tag for _, tag in tags.of(row.key)],
        )


class ArticleRows:
    """Rows that begin with the key of their article, in the order of keys; only one article's are in memory."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.groups: Iterator[tuple[float, Iterator[Any]]] = groupby(rows, itemgetter(0))
        self.key, self.rows = next(self.groups, END)

    def of(self, key: int) -> Iterable[Any]:
        """Return the rows of an article, skipping those of earlier ones."""
        while self.key < key:
            self.key, self.rows = next(self.groups, END)
        return self.rows if self.key == key else ()


END: tuple[float, Iterator[Any]] = inf, iter(())
"""Sorts after the last group."""
