"""What the catalogue says of an entity and of a tag, and the ways to look them up."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import orjson

from app.models import EntityType
from app.seeding.article import Identity
from app.text import fold_name


@dataclass(frozen=True, slots=True)
class EntityEntry:
    """What a catalogue says of an entity."""

    id: str
    name: str
    type: EntityType
    description: str | None = None
    wikidata: str | None = None
    aliases: tuple[str, ...] = ()
    """Other names, adjectives among them; whoever writes one means this entity."""
    formerly: tuple[str, ...] = ()
    """Ids that it once had; they go on leading to it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, then its aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class TagEntry:
    """What a catalogue says of a tag."""

    id: str
    name: str
    description: str | None = None
    iptc: str | None = None
    """Its code among the IPTC media topics."""


@dataclass(frozen=True)
class Catalogue:
    """The identities that the corpus knows before it has read an article."""

    entities: Mapping[str, EntityEntry]
    """By id."""
    tags: Mapping[str, TagEntry]
    """By id."""

    @cached_property
    def digest(self) -> str:
        """A hash of every entry, whatever their order: equal digests annotate equally, on any machine."""
        entries = [
            [self.entities[id_] for id_ in sorted(self.entities)],
            [self.tags[id_] for id_ in sorted(self.tags)],
        ]
        return hashlib.sha256(orjson.dumps(entries)).hexdigest()

    def entity(self, reference: str) -> EntityEntry | None:
        """Return the entity of that id, former id or Wikidata id."""
        return (
            self.entities.get(reference)
            or self._entity_by_former_id.get(reference)
            or self._entity_by_wikidata.get(reference)
        )

    def named(self, identity: Identity) -> EntityEntry | None:
        """Return the entity of that Wikidata id, else the only one of that type and name (or alias)."""
        if identity.wikidata and (known := self._entity_by_wikidata.get(identity.wikidata)):
            return known
        namesakes = [
            entry
            for entry in self._entities_by_name.get(unicodedata.normalize("NFC", identity.name), ())
            if entry.type == identity.type
            # Two Wikidata ids are two entities, whatever they are called.
            and not (identity.wikidata and entry.wikidata)
        ]
        return namesakes[0] if len(namesakes) == 1 else None

    def tag(self, name: str) -> TagEntry | None:
        """Return the tag of that id, or of that name in whatever case, accents and spacing."""
        return self.tags.get(name) or self._tag_by_folded_name.get(fold_name(name))

    @cached_property
    def _entity_by_wikidata(self) -> dict[str, EntityEntry]:
        return {entry.wikidata: entry for entry in self.entities.values() if entry.wikidata}

    @cached_property
    def _entity_by_former_id(self) -> dict[str, EntityEntry]:
        return {former: entry for entry in self.entities.values() for former in entry.formerly}

    @cached_property
    def _entities_by_name(self) -> dict[str, list[EntityEntry]]:
        by_name: dict[str, list[EntityEntry]] = {}
        for entry in self.entities.values():
            for name in dict.fromkeys(entry.names):
                by_name.setdefault(name, []).append(entry)
        return by_name

    @cached_property
    def _tag_by_folded_name(self) -> dict[str, TagEntry]:
        return {fold_name(entry.name): entry for entry in self.tags.values()}
