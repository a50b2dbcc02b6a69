"""Tags of the corpus: resolve names to rows, update them from the catalogue, and delete unused ones."""

from typing import Any

from sqlalchemy import Connection, delete, exists, select, update
from sqlmodel import col

from app.database.batching import stream_rows
from app.database.engine import add_rows
from app.models import ArticleTag, Tag
from app.seeding.catalogue import Catalogue, TagEntry
from app.seeding.slugs import MAX_ID_LENGTH, slug_symbols

TagRow = dict[str, Any]
"""The columns of `models.Tag` by name."""


class TagRegistry:
    """Holds all tags by id. New rows are buffered until `flush`."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.has_changed = False
        self.renamed: set[int] = set()
        """Keys of tags whose name has changed, so that stored articles show the old one."""
        rows = connection.execute(stream_rows(select(Tag))).mappings()
        self.by_id: dict[str, TagRow] = {row["id"]: dict(row) for row in rows}
        self.next_key = 1 + max((row["key"] for row in self.by_id.values()), default=0)
        self.buffer: list[TagRow] = []
        for entry in catalogue.tags.values():
            self.apply_entry(entry)

    def resolve(self, name: str) -> TagRow:
        """Return the tag of this id or name, new if unknown."""
        entry = self.catalogue.find_tag(name) or TagEntry(slug_symbols(name)[:MAX_ID_LENGTH].rstrip("-") or "tag", name)
        row = self.by_id.get(entry.id)
        if row is None:
            row = {"key": self.next_key, "id": entry.id, **tag_values(entry)}
            self.next_key += 1
            self.by_id[entry.id] = row
            self.buffer.append(row)
        return row

    def apply_entry(self, entry: TagEntry) -> None:
        """Update the tag of a catalogue entry, if an article has it."""
        row, values = self.by_id.get(entry.id), tag_values(entry)
        if row is None or all(row[column] == value for column, value in values.items()):
            return
        if row["name"] != entry.name:
            self.renamed.add(row["key"])
        row.update(values)
        self.connection.execute(update(Tag).where(col(Tag.key) == row["key"]).values(values))
        self.has_changed = True

    def flush(self) -> None:
        """Insert the buffered rows."""
        columns = Tag.model_fields
        add_rows(self.connection, Tag, [[row[name] for name in columns] for row in self.buffer])
        self.buffer = []

    def delete_unused(self) -> None:
        """Delete the tags that no article has."""
        is_used = exists().where(col(ArticleTag.tag) == col(Tag.key))
        self.connection.execute(delete(Tag).where(~is_used))


def tag_values(entry: TagEntry) -> TagRow:
    """Return the columns of a tag that its catalogue entry determines."""
    return {"name": entry.name, "description": entry.description, "iptc": entry.iptc}
