"""What a revision says of itself: counts of entities, and totals."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, bindparam, func, select, update
from sqlmodel import col

from app.models import Article, Entity, Mention, Paragraph
from app.seeding.identities import UNCOUNTED, Row, chunks


class Accounts:
    """Keeps how many articles name each entity, how often, and from when to when.

    What comes is added to what was; where something goes, or moves, all is counted anew.
    """

    def __init__(self) -> None:
        self.gained: dict[int, Row] = {}
        """Entities that more articles name, by key."""
        self.unsettled: set[int] = set()
        """Keys of those to be counted anew."""

    def add(self, entities: Iterable[Row], at: datetime | None) -> None:
        """An article of this moment came; it names these, one for each mention."""
        named: dict[int, Row] = {}
        for row in entities:
            row["mentions"] += 1
            named[row["key"]] = row
        for row in named.values():
            row["articles"] += 1
            if at:
                row["first"] = min(row["first"] or at, at)
                row["last"] = max(row["last"] or at, at)
        self.gained |= named

    def close(self, connection: Connection) -> None:
        """Write it down."""
        anew = (row for keys in chunks(self.unsettled) for row in counted(connection, keys))
        added = (row for key, row in self.gained.items() if key not in self.unsettled)
        rows = [{"of": row["key"], **{f"new_{name}": row[name] for name in UNCOUNTED}} for row in chain(anew, added)]
        columns: Row = {name: bindparam(f"new_{name}") for name in UNCOUNTED}
        if rows:
            connection.execute(update(Entity).where(col(Entity.key) == bindparam("of")).values(columns), rows)


def counted(connection: Connection, keys: Sequence[int]) -> Iterable[Row]:
    """These entities, counted among all mentions."""
    fresh: dict[int | None, Row] = {key: {"key": key, **UNCOUNTED} for key in keys}
    mentions = (
        select(col(Mention.entity), func.count(col(Mention.article).distinct()), func.count(),
               func.min(col(Article.published_at)), func.max(col(Article.published_at)))
        .join(Article, col(Article.key) == col(Mention.article))
        .where(col(Mention.entity).in_(keys))
        .group_by(col(Mention.entity))
    )  # fmt: skip
    for key, *values in connection.execute(mentions):
        fresh[key] |= zip(UNCOUNTED, values, strict=True)
    return fresh.values()


def sum_up(connection: Connection) -> dict[str, int]:
    """How much is live. What is retired, and still there, has no mentions any more."""
    retired = col(Article.until).is_not(None)
    paragraphs = select(func.count()).select_from(Paragraph)
    gone = paragraphs.join(Article, col(Article.key) == col(Paragraph.article)).where(retired)
    articles = select(func.count()).select_from(Article).where(~retired)
    return {
        "articles": connection.scalar(articles) or 0,
        "paragraphs": (connection.scalar(paragraphs) or 0) - (connection.scalar(gone) or 0),
        "mentions": connection.scalar(select(func.count()).select_from(Mention)) or 0,
    }
