"""Who and what the corpus knows: the entities and tags of one revision, found by id, by name, by Wikidata id."""

from collections.abc import Callable
from functools import cached_property
from heapq import nsmallest
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import EntityType, Revision
from app.search.name_index import NameIndex
from app.search.suggestions import suggest

SUGGESTIONS: Final = 3
"""How many are made for a value that nothing has."""


class KnownEntity(NamedTuple):
    """An entity as the newest revision knows it."""

    id: str
    name: str
    type: EntityType
    description: str | None
    wikidata: str | None
    articles: int
    mentions: int
    first: str | None
    """A day, as the next one."""
    last: str | None
    aliases: tuple[str, ...]
    formerly: tuple[str, ...]


ENTITIES = """
    SELECT id, name, type, description, wikidata, articles, mentions, substr(first, 1, 10), substr(last, 1, 10),
        aliases, formerly
    FROM entity
"""


class KnownTag(NamedTuple):
    """A tag as the newest revision knows it."""

    id: str
    name: str
    description: str | None
    iptc: str | None
    aliases: tuple[str, ...] = ()


TAGS = "SELECT id, name, description, iptc FROM tag"


class EntityDirectory:
    """The entities and tags of one revision, held in memory: answers about them never mix two revisions."""

    def __init__(self, connection: Connection) -> None:
        newest = select(Revision).order_by(col(Revision.number).desc()).limit(1)
        self.revision: dict[str, Any] = dict(connection.execute(newest).mappings().one())
        # Straight from the driver: a server starts with this, and there may be very many.
        rows: Any = connection.connection.cursor()
        rows.execute(ENTITIES)
        self.entities = {
            row[0]: KnownEntity._make([*row[:-2], parse_list(row[-2]), parse_list(row[-1])]) for row in rows
        }
        rows.execute(TAGS)
        self.tags = {row[0]: KnownTag(*row) for row in rows}
        self.other_ids = {old: it.id for it in self.entities.values() for old in it.formerly}
        self.other_ids |= {it.wikidata: it.id for it in self.entities.values() if it.wikidata}

    @cached_property
    def entity_names(self) -> NameIndex:
        """What the names of entities lead to."""
        return NameIndex(self.entities)

    @cached_property
    def tag_names(self) -> NameIndex:
        """What the names of tags lead to."""
        return NameIndex(self.tags)

    def gather_names(self) -> tuple[NameIndex, NameIndex]:
        """Both, gathered now, so that nobody who asks for them waits."""
        return self.entity_names, self.tag_names

    def entity(self, reference: str) -> KnownEntity | None:
        """By id, by a former id or by Wikidata id."""
        return self.entities.get(reference) or self.entities.get(self.other_ids.get(reference, ""))

    def suggest_entities(self, reference: str) -> list[KnownEntity]:
        """Return the entities that somebody who wrote this may have meant, the likeliest first."""
        ids = suggest_ids(reference, self.entity_names, lambda id: -self.entities[id].articles)
        return [self.entities[id] for id in ids]

    def suggest_tags(self, reference: str) -> list[KnownTag]:
        """Return the tags that somebody who wrote this may have meant, the likeliest first."""
        return [self.tags[id] for id in suggest_ids(reference, self.tag_names, lambda id: 0)]


def suggest_ids(reference: str, names: NameIndex, order: Callable[[str], int]) -> list[str]:
    """Return the ids that are meant by this name, then those of names with a word that begins so, then similar ids."""
    written = reference.replace("-", " ")
    called = names.called(reference) or names.called(written)
    beginning = nsmallest(SUGGESTIONS, names.beginning(written), key=order)
    similar = suggest(reference, names.known, SUGGESTIONS)
    return [*dict.fromkeys([*sorted(called, key=order), *beginning, *similar])][:SUGGESTIONS]


def parse_list(given: str) -> tuple[str, ...]:
    """What a column holds as JSON; mostly nothing."""
    return () if given == "[]" else tuple(orjson.loads(given))
