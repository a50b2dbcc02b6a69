"""One identity across the corpus: which row an entity or a tag has, made where it is missing."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, delete, exists, select, update
from sqlmodel import col

from app.database.engine import add_rows
from app.models import ArticleTag, Entity, Mention, Tag
from app.rendering import JsonObject
from app.seeding.article import Identity
from app.seeding.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.slugs import MAX_ID_LENGTH, slug

EntityRow = dict[str, Any]
Item = TypeVar("Item")
Query = TypeVar("Query", bound=Executable)

UNCOUNTED = {"articles": 0, "mentions": 0, "first": None, "last": None}


class EntityRegistry:
    """The entities and tags of the database, with what a run changes about them.

    New rows wait for `flush`, so that they are written many at a time.
    """

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.changed = False
        self.renamed: set[int] = set()
        """Keys of entities that articles have to call otherwise now."""
        self.renamed_tags: set[int] = set()
        self.entities: dict[str, EntityRow] = {}
        self.by_wikidata: dict[str, EntityRow] = {}
        self.former: dict[str, EntityRow] = {}
        """By an id that it had once."""
        self.brought: dict[tuple[str, str], list[EntityRow]] = {}
        """What only documents know, by name and type."""
        for row in connection.execute(streamed(select(Entity))).mappings():
            self.note(dict(row))
        tags = connection.execute(streamed(select(Tag))).mappings()
        self.tags: dict[str, EntityRow] = {row["id"]: dict(row) for row in tags}
        self.next_entity = 1 + max((row["key"] for row in self.entities.values()), default=0)
        self.next_tag = 1 + max((row["key"] for row in self.tags.values()), default=0)
        self.waiting: dict[int, EntityRow] = {}
        """Entities that are not in the database yet, by key."""
        self.waiting_tags: list[EntityRow] = []
        self.hints = 100
        """For so many more wrong ids the nearest right one is looked up."""
        for entry in catalogue.entities.values():
            self.learn(entry)
        for tag in catalogue.tags.values():
            self.learn_tag(tag)

    def note(self, row: EntityRow) -> None:
        """Let an entity be found under all that it answers to."""
        self.entities[row["id"]] = row
        self.former |= dict.fromkeys(row["formerly"], row)
        if row["wikidata"]:
            self.by_wikidata[row["wikidata"]] = row
        if row["id"] not in self.catalogue.entities:
            self.brought.setdefault((row["name"], row["type"]), []).append(row)

    def unnote(self, row: EntityRow) -> None:
        """Let an entity be found no more."""
        names: list[tuple[dict[str, EntityRow], str]] = [
            (self.entities, row["id"]),
            (self.by_wikidata, row["wikidata"]),
        ]
        for known, name in [*names, *((self.former, old) for old in row["formerly"])]:
            if known.get(name) is row:
                del known[name]
        namesakes = self.brought.get((row["name"], row["type"]), [])
        namesakes[:] = [it for it in namesakes if it is not row]

    def learn(self, entry: EntityEntry) -> None:
        """Let the database say of an entity what the catalogue says.

        What has its Wikidata id, or an id that it had once, is the same entity, whoever brought it.
        """
        same = [self.by_wikidata.get(entry.wikidata or ""), *map(self.entities.get, entry.formerly)]
        others = {row["key"]: row for row in same if row and row["id"] not in self.catalogue.entities}
        row = self.entities.get(entry.id)
        if row is None and others:
            row = others.pop(min(others))
            self.amend(row, {"id": entry.id, "formerly": [*row["formerly"], row["id"]]})
        said = {
            "name": entry.name, "type": entry.type, "description": entry.description,
            "wikidata": entry.wikidata, "aliases": list(entry.aliases),
        }  # fmt: skip
        if row is None:
            row = self.create(entry.id, {**said, "formerly": list(entry.formerly)})
        for other in others.values():
            self.absorb(other, row)
        said["formerly"] = sorted({*row["formerly"], *entry.formerly})
        self.amend(row, {column: value for column, value in said.items() if row[column] != value})

    def amend(self, row: EntityRow, said: EntityRow) -> None:
        """Change an entity, here and in the database."""
        if not said:
            return
        self.release(said.get("wikidata"), row)
        self.unnote(row)
        row.update(said)
        self.note(row)
        if row["key"] not in self.waiting:
            self.connection.execute(update(Entity).where(col(Entity.key) == row["key"]).values(said))
        if not said.keys().isdisjoint(("id", "name", "type")):
            self.renamed.add(row["key"])
        self.changed = True

    def release(self, wikidata: str | None, row: EntityRow | None) -> None:
        """Take a Wikidata id from the entity that has it, if that is not this one."""
        holder = self.by_wikidata.get(wikidata or "")
        if holder is not None and holder is not row:
            self.amend(holder, {"wikidata": None})

    def absorb(self, other: EntityRow, row: EntityRow) -> None:
        """Two entities turn out to be one: all that names the other names this one from now on."""
        self.flush()
        self.unnote(other)
        mentions = update(Mention).where(col(Mention.entity) == other["key"]).values(entity=row["key"])
        self.connection.execute(mentions)
        self.connection.execute(delete(Entity).where(col(Entity.key) == other["key"]))
        self.amend(row, {"formerly": sorted({*row["formerly"], *other["formerly"], other["id"]})})
        self.renamed.add(row["key"])

    def create(self, id: str, said: EntityRow) -> EntityRow:
        """A new entity."""
        self.release(said["wikidata"], None)
        row = {"key": self.next_entity, "id": id, **said, **UNCOUNTED}
        self.next_entity += 1
        self.note(row)
        self.waiting[row["key"]] = row
        self.changed = True
        return row

    def entity(self, reference: str | Identity) -> EntityRow | None:
        """The row of an entity, by id, former id or Wikidata id (None: unknown), or by identity (made if unknown)."""
        if isinstance(reference, str):
            return self.entities.get(reference) or self.former.get(reference) or self.by_wikidata.get(reference)
        if entry := self.catalogue.named(reference):
            return self.entities[entry.id]
        return self.known(reference) or self.bring(reference)

    def known(self, identity: Identity) -> EntityRow | None:
        """The entity that an earlier document brought; two Wikidata ids are two entities, whatever they are called."""
        wikidata = identity.wikidata
        if wikidata and (same := self.by_wikidata.get(wikidata)):
            return same
        namesakes = self.brought.get((identity.name, identity.type), [])
        row = next((row for row in namesakes if not (wikidata and row["wikidata"])), None)
        if row and wikidata:
            self.amend(row, {"wikidata": wikidata})
        return row

    def bring(self, identity: Identity) -> EntityRow:
        """A new entity; its id is its slugged name, with its type, then with numbers if that is taken."""
        # The shorter by as much as type and number may add.
        stem = slug(identity.name)[: MAX_ID_LENGTH - 20].rstrip("-") or identity.type
        id, count = stem, 1
        while id in self.entities or id in self.former:
            id = f"{stem}-{identity.type}" if count == 1 else f"{stem}-{identity.type}-{count}"
            count += 1
        return self.create(id, {
            "name": identity.name, "type": identity.type, "description": None,
            "wikidata": identity.wikidata, "aliases": [], "formerly": [],
        })  # fmt: skip

    def nearest(self, reference: str) -> str | None:
        """The id in the catalogue that somebody who wrote this may have meant."""
        # To compare with all ids takes milliseconds, or much longer in a large catalogue.
        self.hints -= 1
        near = get_close_matches(slug(reference)[:MAX_ID_LENGTH], self.catalogue.entities, 1) if self.hints >= 0 else []
        return near[0] if near else None

    def learn_tag(self, entry: TagEntry) -> None:
        """Let the database say of a tag that it has what the catalogue says."""
        row = self.tags.get(entry.id)
        said = {"name": entry.name, "description": entry.description, "iptc": entry.iptc}
        if row is None or all(row[column] == value for column, value in said.items()):
            return
        if row["name"] != entry.name:
            self.renamed_tags.add(row["key"])
        row.update(said)
        self.connection.execute(update(Tag).where(col(Tag.key) == row["key"]).values(said))
        self.changed = True

    def tag(self, name: str) -> EntityRow:
        """The row of a tag, by id or name; made if unknown."""
        entry = self.catalogue.tag(name) or TagEntry(slug(name)[:MAX_ID_LENGTH].rstrip("-") or "tag", name)
        row = self.tags.get(entry.id)
        if row is None:
            row = {
                "key": self.next_tag, "id": entry.id, "name": entry.name,
                "description": entry.description, "iptc": entry.iptc,
            }  # fmt: skip
            self.next_tag += 1
            self.tags[entry.id] = row
            self.waiting_tags.append(row)
        return row

    def flush(self) -> None:
        """Write what waits."""
        for table, rows in ((Entity, self.waiting.values()), (Tag, self.waiting_tags)):
            columns = table.model_fields
            add_rows(self.connection, table, [[row[name] for name in columns] for row in rows])
        self.waiting = {}
        self.waiting_tags = []

    def forget(self) -> None:
        """Drop what neither the catalogue nor any article knows any more."""
        unknown = (row["key"] for id, row in self.entities.items() if id not in self.catalogue.entities)
        named = exists().where(col(Mention.entity) == col(Entity.key))
        for keys in chunks(unknown):
            self.connection.execute(delete(Entity).where(col(Entity.key).in_(keys), ~named))
        borne = exists().where(col(ArticleTag.tag) == col(Tag.key))
        self.connection.execute(delete(Tag).where(~borne))


def entity_reference(row: EntityRow) -> JsonObject:
    """An entity as a mention names it."""
    return {"id": row["id"], "name": row["name"], "type": row["type"]}


def tag_reference(row: EntityRow) -> JsonObject:
    """A tag as an article names it."""
    return {"id": row["id"], "name": row["name"]}


def streamed(query: Query) -> Query:
    """Let a server send the rows of a query little by little."""
    return query.execution_options(yield_per=1000)


def chunks(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Pieces small enough for one statement's parameters."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
