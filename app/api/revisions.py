"""Revisions in responses: which one is served, and what the last ones changed."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from app.rendering import JsonObject
from app.schemas import Schema


class Revision(Schema):
    """A revision: one state of the corpus."""

    number: int
    """Number of the revision, from 1."""
    id: str
    """Identifier, unique across all corpora."""
    at: str
    """Time when the revision was created, in UTC."""


class ChangedIds(Schema):
    """Articles, or entities, of which something is said."""

    count: int
    """How many there are."""
    ids: Annotated[list[str], Field(examples=[["chernobyl"]])]
    """Their ids, at most ten."""


class ArticleChanges(Schema):
    """Articles that a revision changed."""

    added: ChangedIds
    """New articles."""
    changed: ChangedIds
    """Articles whose text, data or mentions differ."""
    removed: ChangedIds
    """Articles that are there no longer."""


class EntityChanges(Schema):
    """Entities that a revision changed."""

    added: ChangedIds
    """Entities that are mentioned, and were not before."""
    changed: ChangedIds
    """Entities that are described otherwise: by another name, alias, type, description or Wikidata id."""
    removed: ChangedIds
    """Entities that are no longer mentioned."""


class MentionCounts(Schema):
    """How often an entity is mentioned."""

    mentions: int
    """Number of mentions."""
    articles: Annotated[int, Field(examples=[3])]
    """Number of articles that mention it."""


class EntityCounts(Schema):
    """An entity that is mentioned more or less often."""

    id: str
    """Identifier of the entity."""
    before: MentionCounts
    """How often the revision before mentions it."""
    after: MentionCounts
    """How often the revision mentions it."""


class MentionChanges(Schema):
    """Mentions in the revision before, and in this one."""

    before: Annotated[int, Field(examples=[1804])]
    """Number of mentions before."""
    after: Annotated[int, Field(examples=[1822])]
    """Number of mentions after."""
    entities: list[EntityCounts]
    """The entities with the largest differences, at most ten."""


class RevisionChanges(Schema):
    """What a revision changed."""

    revision: Revision
    """The revision."""
    articles: ArticleChanges
    """Its articles."""
    entities: EntityChanges
    """Its entities."""
    mentions: MentionChanges
    """Its mentions."""


def render_revision(row: Mapping[str, Any]) -> JsonObject:
    """Return a revision as JSON."""
    return {"number": row["number"], "id": row["id"], "at": row["at"].isoformat().replace("+00:00", "Z")}


def render_changes(rows: Sequence[Mapping[str, Any]]) -> list[JsonObject]:
    """Return what revisions changed as JSON, without those of older programs, which do not know."""
    return [{"revision": render_revision(row), **row["changes"]} for row in rows if row["changes"]]
