"""Entity directory: the entities and tags of one revision, found by id, former id, Wikidata id or name."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from heapq import nsmallest
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import EntityType, Revision
from app.search.names.name_index import LONG_LOOKUP, NameIndex
from app.search.names.suggestions import SUGGESTIONS, find_similar
from app.system.release import release_gradually
from app.system.threads import leave_event_loop
from app.text import fold_name


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
    local: bool
    """Whether it was made from a name in the articles, and no document and no catalogue describes it."""
    aliases: tuple[str, ...]
    formerly: tuple[str, ...]


LAST_REVISIONS: Final = 5
"""How many revisions are told of, of which only the newest is served."""

ENTITIES = """
    SELECT id, name, type, description, wikidata, articles, mentions, substr(first, 1, 10), substr(last, 1, 10),
        local, aliases, formerly
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
    """The entities and tags of one revision, in memory, so that no response mixes two revisions."""

    def __init__(self, connection: Connection) -> None:
        newest = select(Revision).order_by(col(Revision.number).desc()).limit(LAST_REVISIONS)
        self.revisions: list[dict[str, Any]] = [dict(row) for row in connection.execute(newest).mappings()]
        """The last few revisions, this one first."""
        self.revision = self.revisions[0]
        # Straight from the driver: a server starts with this, and there may be hundreds of thousands.
        rows: Any = connection.connection.cursor()
        rows.execute(ENTITIES)
        self.entities = {
            row[0]: KnownEntity._make([*row[:-3], bool(row[-3]), parse_list(row[-2]), parse_list(row[-1])])
            for row in rows
        }
        rows.execute(TAGS)
        self.tags = {row[0]: KnownTag(*row) for row in rows}
        self.other_ids = {old: entity.id for entity in self.entities.values() for old in entity.formerly}
        self.other_ids |= {entity.wikidata: entity.id for entity in self.entities.values() if entity.wikidata}
        release_gradually(self, self.entities, self.other_ids)

    @cached_property
    def entity_names(self) -> NameIndex:
        """The names of entities."""
        return NameIndex(self.entities)

    @cached_property
    def tag_names(self) -> NameIndex:
        """The names of tags."""
        return NameIndex(self.tags)

    @cached_property
    def ids_by_kind(self) -> dict[tuple[EntityType, bool], set[str]]:
        """The ids of entities by their type, and by whether they are local."""
        ids: defaultdict[tuple[EntityType, bool], set[str]] = defaultdict(set)
        for entity in self.entities.values():
            ids[entity.type, entity.local].add(entity.id)
        release_gradually(self, *ids.values())
        return dict(ids)

    def select_ids(self, types: Collection[EntityType], local: bool | None) -> set[str] | None:
        """Return the ids of the entities of these types, local or not; None if neither is asked for."""
        if not types and local is None:
            return None
        if len(self.entities) > LONG_LOOKUP:
            leave_event_loop()
        kinds = self.ids_by_kind.items()
        return {
            id
            for (type, is_local), ids in kinds
            if (not types or type in types) and local in (None, is_local)
            for id in ids
        }

    def warm_up(self) -> tuple[NameIndex, NameIndex]:
        """Build both name indexes now, so that no request waits for them."""
        return self.entity_names, self.tag_names

    def entity(self, reference: str) -> KnownEntity | None:
        """Return the entity with this id, former id or Wikidata id, whose Q may be small."""
        if known := self.entities.get(reference):
            return known
        return self.entities.get(self.other_ids.get(reference) or self.other_ids.get(reference.upper(), ""))

    def suggest_entities(self, reference: str) -> list[KnownEntity]:
        """Return the entities that somebody who wrote this may have meant, the likeliest first."""
        ids = suggest_ids(reference, self.entity_names, lambda id: -self.entities[id].articles)
        return [self.entities[id] for id in ids]

    def suggest_tags(self, reference: str) -> list[KnownTag]:
        """Return the tags that somebody who wrote this may have meant, the likeliest first."""
        return [self.tags[id] for id in suggest_ids(reference, self.tag_names, lambda id: 0)]


def suggest_ids(reference: str, names: NameIndex, order: Callable[[str], int]) -> list[str]:
    """Return the first few of `find_similar_ids`, each once."""
    ids: dict[str, None] = {}
    for id in find_similar_ids(reference, names, order):
        ids[id] = None
        if len(ids) == SUGGESTIONS:
            break
    return [*ids]


def find_similar_ids(reference: str, names: NameIndex, order: Callable[[str], int]) -> Iterator[str]:
    """Yield ids with this name, this alias, a word that has this prefix, a similar name, and then similar ids.

    A name may also be similar from any of its words on: `Gorbachov` is like `Mikhail Gorbachev`. To look for similar
    ones takes 10 ms in 50,000 entities: they come last, and most callers stop before.
    """
    written = reference.replace("-", " ")
    exact = names.exact(reference) or names.exact(written)
    exact.sort(key=lambda id: (names.folded[id] not in (fold_name(reference), fold_name(written)), order(id)))
    yield from exact
    yield from nsmallest(SUGGESTIONS, names.with_prefix(written), key=order)
    for place in find_similar(fold_name(written), names.spellings, SUGGESTIONS):
        spelling = names.spellings[place]
        whole = names.ids_by_name.get(spelling, ())
        yield from sorted(names.with_ending(spelling), key=lambda id: (id not in whole, order(id)))
    ids = [*names.entries]
    yield from (ids[place] for place in find_similar(fold_name(reference), ids, SUGGESTIONS))


def parse_list(column: str) -> tuple[str, ...]:
    """Parse a column of JSON; most are empty, and need no parser."""
    return () if column == "[]" else tuple(orjson.loads(column))
