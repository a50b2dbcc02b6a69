"""One identity across the corpus: which row an entity or a tag has, made where it is missing."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import col

from app.models import ArticleTag, Entity, Mention, Tag
from app.seeding.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.documents import Identity
from app.seeding.ids import slug
from app.shapes import EntityReference, TagReference

Key = TypeVar("Key", int, str)


class Identities:
    """The entities and tags of the database, with what a run adds to them."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.changed = False
        self.entities: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, Any]] = {}
        for row in connection.execute(select(Entity)).mappings():
            self.entities[row["id"]] = dict(row)
        for row in connection.execute(select(Tag)).mappings():
            self.tags[row["id"]] = dict(row)
        self.next_entity = 1 + max((row["key"] for row in self.entities.values()), default=0)
        self.next_tag = 1 + max((row["key"] for row in self.tags.values()), default=0)
        self.by_wikidata = {row["wikidata"]: id for id, row in self.entities.items() if row["wikidata"]}
        self.former = {old: id for id, row in self.entities.items() for old in row["formerly"]}
        self.by_name = {(row["name"], row["type"]): id for id, row in self.entities.items()}
        for entry in catalogue.entities.values():
            self.learn(entry)

    def learn(self, entry: EntityEntry) -> None:
        """Let the database say of an entity what the catalogue says; a known Wikidata id makes it the same."""
        if entry.id not in self.entities and (old := self.by_wikidata.get(entry.wikidata or "")):
            self.rename(old, entry)
        row = self.entities.get(entry.id)
        said = {
            "name": entry.name, "type": entry.type, "description": entry.description,
            "wikidata": entry.wikidata, "aliases": list(entry.aliases), "formerly": list(entry.formerly),
        }  # fmt: skip
        if row is None:
            self.create(entry.id, said)
        elif any(row[column] != value for column, value in said.items() if column != "formerly") or not set(
            entry.formerly
        ) <= set(row["formerly"]):
            said["formerly"] = sorted({*row["formerly"], *entry.formerly})
            self.amend(entry.id, said)

    def rename(self, old: str, entry: EntityEntry) -> None:
        """An entity that a document brought is one that the catalogue now knows under its own id."""
        row = self.entities.pop(old)
        self.entities[entry.id] = row
        self.by_wikidata[row["wikidata"]] = entry.id
        self.amend(entry.id, {"id": entry.id, "formerly": sorted({*row["formerly"], old})})

    def amend(self, id: str, said: dict[str, Any]) -> None:
        """Change a row, here and in the database."""
        row = self.entities[id]
        holder = self.by_wikidata.get(said.get("wikidata") or "", id)
        if holder != id:
            self.amend(holder, {"wikidata": None})
        row.update(said)
        self.note(row)
        self.connection.execute(update(Entity).where(col(Entity.key) == row["key"]).values(said))
        self.changed = True

    def create(self, id: str, said: dict[str, Any]) -> None:
        """A new row, here and in the database."""
        holder = self.by_wikidata.get(said["wikidata"] or "", id)
        if holder != id:
            self.amend(holder, {"wikidata": None})
        row = {
            "key": self.next_entity,
            "id": id,
            **said,
            "articles": 0,
            "mentions": 0,
            "first": None,
            "last": None,
        }
        self.next_entity += 1
        self.entities[id] = row
        self.note(row)
        self.connection.execute(insert(Entity), row)
        self.changed = True

    def note(self, row: dict[str, Any]) -> None:
        """Let a row be found under all that it answers to."""
        self.by_name[row["name"], row["type"]] = row["id"]
        self.former |= dict.fromkeys(row["formerly"], row["id"])
        if row["wikidata"]:
            self.by_wikidata[row["wikidata"]] = row["id"]

    def entity(self, reference: str | Identity) -> dict[str, Any] | None:
        """The row of an entity, by id, former id or Wikidata id (None: unknown), or by identity (made if unknown)."""
        if isinstance(reference, str):
            entry = self.catalogue.entity(reference)
            id = entry.id if entry else reference
            return self.entities.get(id) or self.entities.get(self.by_wikidata.get(id) or self.former.get(id) or "")
        known = self.catalogue.named(reference)
        id = known.id if known else self.known(reference) or self.bring(reference)
        return self.entities[id]

    def known(self, identity: Identity) -> str | None:
        """The id of an entity that an earlier document brought; a Wikidata id says more than a name."""
        if identity.wikidata:
            return self.by_wikidata.get(identity.wikidata)
        return self.by_name.get((identity.name, identity.type))

    def bring(self, identity: Identity) -> str:
        """A new entity; its id is its slugged name, with its type, then with numbers if that is taken."""
        stem = slug(identity.name) or identity.type
        id, count = stem, 1
        while id in self.entities or id in self.former:
            id = f"{stem}-{identity.type}" if count == 1 else f"{stem}-{identity.type}-{count}"
            count += 1
        self.create(id, {
            "name": identity.name, "type": identity.type, "description": None,
            "wikidata": identity.wikidata, "aliases": [], "formerly": [],
        })  # fmt: skip
        return id

    def tag(self, name: str) -> dict[str, Any]:
        """The row of a tag, by id or name; made if unknown."""
        entry = self.catalogue.tag(name)
        if entry is None:
            id = slug(name) or "tag"
            entry = TagEntry(id=id, name=name, description=None, iptc=None)
        said = {"name": entry.name, "description": entry.description, "iptc": entry.iptc}
        row = self.tags.get(entry.id)
        if row is None:
            row = self.tags[entry.id] = {"key": self.next_tag, "id": entry.id, **said}
            self.next_tag += 1
            self.connection.execute(insert(Tag), row)
        elif entry.id in self.catalogue.tags and any(row[column] != value for column, value in said.items()):
            row.update(said)
            self.connection.execute(update(Tag).where(col(Tag.key) == row["key"]).values(said))
            self.changed = True
        return row

    def forget(self) -> None:
        """Drop what neither the catalogue nor any article knows any more."""
        mentioned = select(col(Mention.entity)).where(col(Mention.entity).is_not(None))
        unknown = [row["key"] for id, row in self.entities.items() if id not in self.catalogue.entities]
        for keys in chunks(unknown):
            self.connection.execute(delete(Entity).where(col(Entity.key).in_(keys), col(Entity.key).not_in(mentioned)))
        self.connection.execute(delete(Tag).where(col(Tag.key).not_in(select(col(ArticleTag.tag)))))


def entity_reference(row: dict[str, Any]) -> EntityReference:
    """An entity as a mention names it."""
    return {"id": row["id"], "name": row["name"], "type": row["type"]}


def tag_reference(row: dict[str, Any]) -> TagReference:
    """A tag as an article names it."""
    return {"id": row["id"], "name": row["name"]}


def chunks(keys: Iterable[Key], size: int = 500) -> Iterable[list[Key]]:
    """Pieces small enough for one statement's parameters."""
    listed = list(keys)
    return (listed[start : start + size] for start in range(0, len(listed), size))
