"""Entity rows: hold all entities of the database in memory, indexed, and write changes back."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update
from sqlmodel import col

from app.database.batching import batched, stream_rows
from app.database.engine import add_rows
from app.models import Entity, Mention
from app.seeding.catalogue.catalogue import fold_spelling

EntityRow = dict[str, Any]
"""The columns of `models.Entity` by name."""

ZERO_COUNTS: EntityRow = {"articles": 0, "mentions": 0, "first": None, "last": None}
"""The counted columns of an entity that no article mentions."""


def match_key(name: str, type: str) -> tuple[str, str]:
    """Return what entities of documents are matched by: name and type, whatever the white space and apostrophes."""
    return fold_spelling(name), type


class EntityStore:
    """All entities by id, former id, Wikidata id, and name and type.

    New rows are buffered until `flush`: many rows in one statement are written faster than one by one.
    """

    def __init__(self, connection: Connection, catalogue_ids: Collection[str]) -> None:
        self.connection = connection
        self.catalogue_ids = catalogue_ids
        self.has_changed = False
        self.renamed: set[int] = set()
        """Keys of entities of which something has changed that stored articles show, such as the name."""
        self.by_id: dict[str, EntityRow] = {}
        self.by_former_id: dict[str, EntityRow] = {}
        self.by_wikidata_id: dict[str, EntityRow] = {}
        self.from_documents: dict[tuple[str, str], list[EntityRow]] = {}
        """Entities that are not in the catalogue, by `match_key`."""
        rows = connection.execute(stream_rows(select(Entity)))
        columns = [*rows.keys()]
        for row in rows:
            self.index(dict(zip(columns, row, strict=True)))
        self.before: dict[int, EntityRow | None] = {}
        """The entities that the run has touched, as they were before it, by key; None for a new one."""
        self.next_key = 1 + max((row["key"] for row in self.by_id.values()), default=0)
        self.buffer: dict[int, EntityRow] = {}
        """Rows that are not in the database yet, by key."""

    def index(self, row: EntityRow) -> None:
        """Enter an entity under its id, former ids, Wikidata id and name."""
        self.by_id[row["id"]] = row
        for former_id in row["formerly"]:
            self.by_former_id[former_id] = row
        if row["wikidata"]:
            self.by_wikidata_id[row["wikidata"]] = row
        if row["id"] not in self.catalogue_ids:
            self.from_documents.setdefault(match_key(row["name"], row["type"]), []).append(row)

    def unindex(self, row: EntityRow) -> None:
        """Remove the entries of an entity that still lead to it."""
        entries: list[tuple[dict[str, EntityRow], str]] = [
            (self.by_id, row["id"]),
            (self.by_wikidata_id, row["wikidata"]),
            *((self.by_former_id, former_id) for former_id in row["formerly"]),
        ]
        for index, key in entries:
            if index.get(key) is row:
                del index[key]
        namesakes = self.from_documents.get(match_key(row["name"], row["type"]), [])
        namesakes[:] = [other for other in namesakes if other is not row]

    def touch(self, row: EntityRow) -> None:
        """Remember an entity as it is, before the run changes it for the first time."""
        if row["key"] not in self.before:
            self.before[row["key"]] = row.copy()

    def insert(self, id: str, values: EntityRow) -> EntityRow:
        """Add an entity with a new key, and return its row."""
        row = {"key": self.next_key, "id": id, **values, **ZERO_COUNTS}
        self.next_key += 1
        self.index(row)
        self.before[row["key"]] = None
        self.buffer[row["key"]] = row
        self.has_changed = True
        return row

    def update(self, row: EntityRow, values: EntityRow) -> None:
        """Change columns of an entity, in memory and in the database."""
        self.touch(row)
        self.unindex(row)
        row.update(values)
        self.index(row)
        if row["key"] not in self.buffer:
            self.connection.execute(update(Entity).where(col(Entity.key) == row["key"]).values(values))
        if not values.keys().isdisjoint(("id", "name", "type", "wikidata", "local")):
            self.renamed.add(row["key"])
        self.has_changed = True

    def replace(self, old: EntityRow, new: EntityRow) -> None:
        """Delete an entity, and let its mentions refer to another one."""
        self.flush()
        self.touch(old)
        self.touch(new)
        self.unindex(old)
        mentions = update(Mention).where(col(Mention.entity) == old["key"]).values(entity=new["key"])
        self.connection.execute(mentions)
        self.connection.execute(delete(Entity).where(col(Entity.key) == old["key"]))
        self.renamed.add(new["key"])

    def flush(self) -> None:
        """Insert the buffered rows."""
        columns = Entity.model_fields
        add_rows(self.connection, Entity, [[row[name] for name in columns] for row in self.buffer.values()])
        self.buffer = {}

    def delete_unmentioned(self, keys: Iterable[int]) -> None:
        """Delete those of these entities that no article mentions."""
        is_mentioned = exists().where(col(Mention.entity) == col(Entity.key))
        for batch in batched(keys):
            self.connection.execute(delete(Entity).where(col(Entity.key).in_(batch), ~is_mentioned))
