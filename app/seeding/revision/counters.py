"""Counters of a revision: totals of the corpus, and per entity articles, mentions, first and last date."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlmodel import col

from app.database.batching import batched
from app.models import Article, Entity, Mention, Paragraph
from app.seeding.article import NewArticle
from app.seeding.registry import ZERO_COUNTS, EntityRow
from app.seeding.registry.entity_store import EntityStore


class CorpusCounters:
    """Counts incrementally: a run costs no more than what it changes.

    Only the first and last date of an entity can't be kept by subtraction: entities that lose an article with such a
    date are recounted.
    """

    def __init__(self, connection: Connection, entities: EntityStore, previous: Mapping[str, Any]) -> None:
        self.connection = connection
        self.entities = entities
        self.totals: dict[str, int] = {name: previous[name] for name in ("articles", "paragraphs", "mentions")}
        """Of all live articles."""
        self.updated: dict[int, EntityRow] = {}
        """Entities whose counts have changed, by key."""
        self.outdated: set[int] = set()
        """Keys of entities to recount."""

    def add(self, article: NewArticle, entities: Iterable[EntityRow | None]) -> None:
        """Add an article; `entities` has one for each of its mentions."""
        self.increase(articles=1, paragraphs=len(article.paragraphs), mentions=len(article.mentions))
        date = article.published and article.published.at
        mentioned: dict[int, EntityRow] = {}
        for row in filter(None, entities):
            self.entities.touch(row)
            row["mentions"] += 1
            mentioned[row["key"]] = row
        for row in mentioned.values():
            row["articles"] += 1
            if date:
                row["first"] = min(row["first"] or date, date)
                row["last"] = max(row["last"] or date, date)
        self.updated |= mentioned

    def subtract(self, keys: Sequence[int]) -> None:
        """Subtract articles; their paragraphs and mentions must still be in the database."""
        paragraphs = select(func.count()).where(col(Paragraph.article).in_(keys))
        self.increase(articles=-len(keys), paragraphs=-(self.connection.scalar(paragraphs) or 0))
        mentions = (
            select(col(Mention.entity), col(Article.published_at), func.count())
            .join(Article, col(Article.key) == col(Mention.article))
            .where(col(Mention.article).in_(keys))
            .group_by(col(Mention.article), col(Mention.entity), col(Article.published_at))
        )
        for key, date, count in self.connection.execute(mentions):
            self.increase(mentions=-count)
            if key is not None:
                row = self.updated[key] = self.entities_by_key[key]
                self.entities.touch(row)
                row["mentions"] -= count
                row["articles"] -= 1
                if date and date in (row["first"], row["last"]):
                    self.outdated.add(key)

    @cached_property
    def entities_by_key(self) -> dict[int, EntityRow]:
        """All entities; first used when the last article has been added."""
        return {row["key"]: row for row in self.entities.by_id.values()}

    def increase(self, **numbers: int) -> None:
        """Add numbers to the totals of these names."""
        for name, number in numbers.items():
            self.totals[name] += number

    def save(self) -> dict[str, int]:
        """Store the counts of entities, and return the totals."""
        recounted = [row for keys in batched(self.outdated) for row in count_entities(self.connection, keys)]
        for row in recounted:
            if known := self.entities_by_key.get(row["key"]):
                known.update(row)
        updated = (row for key, row in self.updated.items() if key not in self.outdated)
        rows = [
            {"entity_key": row["key"], **{f"new_{name}": row[name] for name in ZERO_COUNTS}}
            for row in chain(recounted, updated)
        ]
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ZERO_COUNTS}
        if rows:
            statement = update(Entity).where(col(Entity.key) == bindparam("entity_key"))
            self.connection.execute(statement.values(columns), rows)
        return self.totals


def count_entities(connection: Connection, keys: Sequence[int]) -> Iterable[EntityRow]:
    """Count entities among all mentions; the rows returned have their keys and counted columns only."""
    counts: dict[int | None, EntityRow] = {key: {"key": key, **ZERO_COUNTS} for key in keys}
    mentions = (
        select(
            col(Mention.entity),
            func.count(col(Mention.article).distinct()),
            func.count(),
            func.min(col(Article.published_at)),
            func.max(col(Article.published_at)),
        )
        .join(Article, col(Article.key) == col(Mention.article))
        .where(col(Mention.entity).in_(keys))
        .group_by(col(Mention.entity))
    )
    for key, *values in connection.execute(mentions):
        counts[key] |= zip(ZERO_COUNTS, values, strict=True)
    return counts.values()
