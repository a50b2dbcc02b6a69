"""The catalogue: known entities and tags, and the ways to look them up."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import orjson

from app.models import EntityType
from app.seeding.article import Identity
from app.text import fold_name

APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u02b9\uff07", "'"))


def fold_spelling(name: str) -> str:
    """Return a name without differences of white space, apostrophes and compatible letters, such as full-width ones."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).translate(APOSTROPHES)


@dataclass(frozen=True, slots=True)
class EntityEntry:
    """An entity of the catalogue."""

    id: str
    name: str
    type: EntityType
    description: str | None = None
    wikidata: str | None = None
    aliases: tuple[str, ...] = ()
    """Other names of the entity, including adjectives."""
    formerly: tuple[str, ...] = ()
    """Former ids, which still lead to the entity."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name, followed by the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class TagEntry:
    """A tag of the catalogue."""

    id: str
    name: str
    description: str | None = None
    iptc: str | None = None
    """The code of an IPTC media topic."""


@dataclass(frozen=True)
class Catalogue:
    """The entities and tags that are known before an article is read."""

    entities: Mapping[str, EntityEntry]
    """By id."""
    tags: Mapping[str, TagEntry]
    """By id."""

    @cached_property
    def digest(self) -> str:
        """Return a hash of all entries in any order: catalogues with equal digests annotate equally."""
        entries = [
            [self.entities[id] for id in sorted(self.entities)],
            [self.tags[id] for id in sorted(self.tags)],
        ]
        return hashlib.sha256(orjson.dumps(entries)).hexdigest()

    def find_entity(self, reference: str) -> EntityEntry | None:
        """Return the entity with this id, former id or Wikidata id, or None."""
        return (
            self.entities.get(reference)
            or self.entity_by_former_id.get(reference)
            or self.entity_by_wikidata_id.get(reference)
        )

    def match_identity(self, identity: Identity) -> EntityEntry | None:
        """Return the entity with its Wikidata id, else the only one with its type and name (or alias), or None."""
        if identity.wikidata and (known := self.entity_by_wikidata_id.get(identity.wikidata)):
            return known
        namesakes = [
            entry
            for entry in self.entities_by_name.get(fold_spelling(identity.name), ())
            if entry.type == identity.type
            # Two Wikidata ids are two entities, even if they share a name.
            and not (identity.wikidata and entry.wikidata)
        ]
        return namesakes[0] if len(namesakes) == 1 else None

    def find_tag(self, name: str) -> TagEntry | None:
        """Return the tag with this id, or with this name regardless of case, accents and spacing, or None."""
        return self.tags.get(name) or self.tag_by_folded_name.get(fold_name(name))

    @cached_property
    def entity_by_wikidata_id(self) -> dict[str, EntityEntry]:
        """Map Wikidata ids to entities."""
        return {entry.wikidata: entry for entry in self.entities.values() if entry.wikidata}

    @cached_property
    def entity_by_former_id(self) -> dict[str, EntityEntry]:
        """Map former ids to entities."""
        return {former: entry for entry in self.entities.values() for former in entry.formerly}

    @cached_property
    def entities_by_name(self) -> dict[str, list[EntityEntry]]:
        """Map names and aliases to the entities that share them."""
        by_name: dict[str, list[EntityEntry]] = {}
        for entry in self.entities.values():
            for name in dict.fromkeys(map(fold_spelling, entry.names)):
                by_name.setdefault(name, []).append(entry)
        return by_name

    @cached_property
    def tag_by_folded_name(self) -> dict[str, TagEntry]:
        """Map folded names to tags."""
        return {fold_name(entry.name): entry for entry in self.tags.values()}
