"""One identity per entity across the corpus: resolve references to entities, and merge what turns out to be one."""

from difflib import get_close_matches

from sqlalchemy import Connection

from app.seeding.article import Identity
from app.seeding.catalogue import Catalogue, EntityEntry
from app.seeding.registry.entity_store import EntityRow, EntityStore, match_key
from app.seeding.slugs import MAX_ID_LENGTH, RESERVED_ENTITY_IDS, slug

MAX_SUGGESTIONS = 100
"""How many unknown ids of a run get a suggestion: one costs milliseconds, and more in a large catalogue."""


class EntityRegistry:
    """Resolves references to entities, with the catalogue before what documents bring."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.store = EntityStore(connection, catalogue.entities.keys())
        self.suggestions_left = MAX_SUGGESTIONS
        self.local_entities: dict[str, list[EntityRow]] = {}
        """Local entities of earlier runs by the slug of their name."""
        for row in self.store.by_id.values():
            if row["local"]:
                self.local_entities.setdefault(slug(row["name"]), []).append(row)
        for entry in catalogue.entities.values():
            self.apply_entry(entry)

    def resolve(self, reference: str | Identity) -> EntityRow | None:
        """Return the entity with this id, former id or Wikidata id, or None; or the one of an identity, new if unknown.

        An identity is looked up by its id, then in the catalogue, then among the entities that documents brought.
        """
        if isinstance(reference, str):
            store = self.store
            return (
                store.by_id.get(reference) or store.by_former_id.get(reference) or store.by_wikidata_id.get(reference)
            )
        if row := self.match_id(reference):
            return row
        if entry := self.catalogue.match_identity(reference):
            return self.store.by_id[entry.id]
        if reference.local:
            return self.match_local_entity(reference) or self.create_from_document(reference)
        return self.match_document_entity(reference) or self.create_from_document(reference)

    def match_id(self, identity: Identity) -> EntityRow | None:
        """Return the entity that has the id of an identity, and its name and type, or None."""
        row = self.store.by_id.get(identity.id or "")
        has_same_name = row and match_key(row["name"], row["type"]) == match_key(identity.name, identity.type)
        return row if has_same_name else None

    def match_local_entity(self, identity: Identity) -> EntityRow | None:
        """Return the entity of this type that has the id of a local identity, or had it formerly, or None.

        The id follows from the name alone, so that it stays the same from run to run.
        """
        stem = create_stem(identity)
        for id in (stem, f"{stem}-{identity.type}"):
            row = self.store.by_id.get(id) or self.store.by_former_id.get(id)
            if row and row["type"] == identity.type:
                return row
        return None

    def match_document_entity(self, identity: Identity) -> EntityRow | None:
        """Return the entity of an earlier document with the same Wikidata id, else with the same name and type.

        Two Wikidata ids are two entities, even if they share a name. An entity without one gets the identity's.
        """
        wikidata_id = identity.wikidata
        if wikidata_id and (row := self.store.by_wikidata_id.get(wikidata_id)):
            return row
        namesakes = self.store.from_documents.get(match_key(identity.name, identity.type), [])
        namesake = next((row for row in namesakes if not (wikidata_id and row["wikidata"])), None)
        if namesake and wikidata_id:
            self.update(namesake, {"wikidata": wikidata_id})
        if namesake and namesake["local"]:
            self.update(namesake, {"local": False})
        return namesake

    def create_from_document(self, identity: Identity) -> EntityRow:
        """Create an entity with the id that it has elsewhere, or else with the slug of its name.

        Its type and a number are appended while that is taken.
        """
        stem = create_stem(identity)
        id, count = stem, 1
        while id in self.store.by_id or id in self.store.by_former_id or id in RESERVED_ENTITY_IDS:
            id = f"{stem}-{identity.type}" if count == 1 else f"{stem}-{identity.type}-{count}"
            count += 1
        values: EntityRow = {
            "name": identity.name,
            "type": identity.type,
            "description": None,
            "wikidata": identity.wikidata,
            "aliases": [],
            "formerly": [],
            "local": identity.local,
        }
        return self.create(id, values)

    def suggest_id(self, reference: str) -> str | None:
        """Return the id in the catalogue that is most similar to an unknown one, or None."""
        self.suggestions_left -= 1
        if self.suggestions_left < 0:
            return None
        matches = get_close_matches(slug(reference)[:MAX_ID_LENGTH], self.catalogue.entities, 1)
        return matches[0] if matches else None

    def apply_entry(self, entry: EntityEntry) -> None:
        """Create or update the entity of a catalogue entry.

        Entities of documents that have its Wikidata id, or an id that it had formerly, are merged into it, and local
        ones that have one of its names.
        """
        matches = [self.store.by_wikidata_id.get(entry.wikidata or ""), *map(self.store.by_id.get, entry.formerly)]
        row = self.store.by_id.get(entry.id)
        matches += self.find_claimed(entry, any_type=row is None)
        same = {match["key"]: match for match in matches if match and match["id"] not in self.catalogue.entities}
        if row is None and same:
            row = same.pop(min(same))
            self.update(row, {"id": entry.id, "formerly": [*row["formerly"], row["id"]]})
        values: EntityRow = {
            "name": entry.name,
            "type": entry.type,
            "description": entry.description,
            "wikidata": entry.wikidata,
            "aliases": list(entry.aliases),
            "local": False,
        }
        if row is None:
            row = self.create(entry.id, {**values, "formerly": list(entry.formerly)})
        for other in same.values():
            self.merge(other, row)
        values["formerly"] = sorted({*row["formerly"], *entry.formerly})
        self.update(row, {column: value for column, value in values.items() if row[column] != value})

    def find_claimed(self, entry: EntityEntry, *, any_type: bool) -> list[EntityRow]:
        """Return the local entities that have a name of a catalogue entry, and its type unless any is allowed.

        A new entry may say that a name has another type than the rules took it for.
        """
        if not self.local_entities:
            return []
        rows = (row for name in entry.names for row in self.local_entities.get(slug(name), ()))
        # An entry before may have taken one over.
        left = (row for row in rows if row["local"] and self.store.by_id.get(row["id"]) is row)
        return [row for row in left if any_type or row["type"] == entry.type]

    def create(self, id: str, values: EntityRow) -> EntityRow:
        """Create an entity; whichever had its Wikidata id loses it."""
        self.release_wikidata_id(values["wikidata"], None)
        return self.store.insert(id, values)

    def update(self, row: EntityRow, values: EntityRow) -> None:
        """Change columns of an entity; whichever had its new Wikidata id loses it."""
        if values:
            self.release_wikidata_id(values.get("wikidata"), row)
            self.store.update(row, values)

    def release_wikidata_id(self, wikidata_id: str | None, row: EntityRow | None) -> None:
        """Remove a Wikidata id, which must be unique, from the entity that has it, unless that is `row`."""
        holder = self.store.by_wikidata_id.get(wikidata_id or "")
        if holder is not None and holder is not row:
            self.update(holder, {"wikidata": None})

    def merge(self, other: EntityRow, row: EntityRow) -> None:
        """Merge another entity into `row`: its mentions, its id and its former ids."""
        self.store.replace(other, row)
        self.update(row, {"formerly": sorted({*row["formerly"], *other["formerly"], other["id"]})})

    def delete_unused(self) -> None:
        """Delete the entities that are neither in the catalogue nor mentioned."""
        rows = self.store.by_id.items()
        self.store.delete_unmentioned(row["key"] for id, row in rows if id not in self.catalogue.entities)


def create_stem(identity: Identity) -> str:
    """Return the id of an identity, or the slug of its name, short enough for 20 more: its type and a number."""
    return slug(identity.id or identity.name)[: MAX_ID_LENGTH - 20].rstrip("-") or identity.type
