"""What a revision says of itself: totals, and counts of entities."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlmodel import col

from app.models import Article as ArticleRow
from app.models import Entity, Mention, Paragraph
from app.seeding.article import NewArticle
from app.seeding.registry import UNCOUNTED, EntityRegistry, EntityRow, chunks


class CorpusCounters:
    """Keeps how much there is, and how many articles name each entity, how often, and from when to when.

    What comes is added to what was and what goes is taken off, so that a run costs no more than what it changes.
    """

    def __init__(self, connection: Connection, identities: EntityRegistry, before: Mapping[str, Any]) -> None:
        self.connection = connection
        self.identities = identities
        self.totals: dict[str, int] = {name: before[name] for name in ("articles", "paragraphs", "mentions")}
        """How much is live."""
        self.moved: dict[int, EntityRow] = {}
        """Entities that other articles name than before, by key."""
        self.unsettled: set[int] = set()
        """Keys of those to be counted anew."""

    def add(self, article: NewArticle, entities: Iterable[EntityRow | None]) -> None:
        """An article came; for each of its mentions, the entity that it names."""
        self.total(articles=1, paragraphs=len(article.paragraphs), mentions=len(article.mentions))
        at = article.published and article.published.at
        named: dict[int, EntityRow] = {}
        for row in filter(None, entities):
            row["mentions"] += 1
            named[row["key"]] = row
        for row in named.values():
            row["articles"] += 1
            if at:
                row["first"] = min(row["first"] or at, at)
                row["last"] = max(row["last"] or at, at)
        self.moved |= named

    def take_off(self, keys: Sequence[int]) -> None:
        """These articles go, with their mentions, which are still there."""
        paragraphs = select(func.count()).where(col(Paragraph.article).in_(keys))
        self.total(articles=-len(keys), paragraphs=-(self.connection.scalar(paragraphs) or 0))
        named = (
            select(col(Mention.entity), col(ArticleRow.published_at), func.count())
            .join(ArticleRow, col(ArticleRow.key) == col(Mention.article))
            .where(col(Mention.article).in_(keys))
            .group_by(col(Mention.article), col(Mention.entity), col(ArticleRow.published_at))
        )
        for key, at, number in self.connection.execute(named):
            self.total(mentions=-number)
            if key is not None:
                row = self.moved[key] = self.entities[key]
                row["mentions"] -= number
                row["articles"] -= 1
                if at and at in (row["first"], row["last"]):
                    self.unsettled.add(key)

    @cached_property
    def entities(self) -> dict[int, EntityRow]:
        """All of them by key: asked for when the last article has come."""
        return {row["key"]: row for row in self.identities.entities.values()}

    def total(self, **more: int) -> None:
        """There is so much more."""
        for name, number in more.items():
            self.totals[name] += number

    def close(self) -> dict[str, int]:
        """Write down what is said of entities; the totals."""
        anew = (row for keys in chunks(self.unsettled) for row in counted(self.connection, keys))
        known = (row for key, row in self.moved.items() if key not in self.unsettled)
        rows = [{"of": row["key"], **{f"new_{name}": row[name] for name in UNCOUNTED}} for row in chain(anew, known)]
        columns: EntityRow = {name: bindparam(f"new_{name}") for name in UNCOUNTED}
        if rows:
            self.connection.execute(update(Entity).where(col(Entity.key) == bindparam("of")).values(columns), rows)
        return self.totals


def counted(connection: Connection, keys: Sequence[int]) -> Iterable[EntityRow]:
    """These entities, counted among all mentions."""
    fresh: dict[int | None, EntityRow] = {key: {"key": key, **UNCOUNTED} for key in keys}
    mentions = (
        select(col(Mention.entity), func.count(col(Mention.article).distinct()), func.count(),
               func.min(col(ArticleRow.published_at)), func.max(col(ArticleRow.published_at)))
        .join(ArticleRow, col(ArticleRow.key) == col(Mention.article))
        .where(col(Mention.entity).in_(keys))
        .group_by(col(Mention.entity))
    )  # fmt: skip
    for key, *values in connection.execute(mentions):
        fresh[key] |= zip(UNCOUNTED, values, strict=True)
    return fresh.values()
