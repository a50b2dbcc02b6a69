"""The registry of a seeding run: which row each entity and each tag has."""

from sqlalchemy import Connection

from app.seeding.catalogue import Catalogue
from app.seeding.registry.entities import EntityRegistry
from app.seeding.registry.entity_store import ZERO_COUNTS, EntityRow
from app.seeding.registry.tags import TagRegistry, TagRow

__all__ = ["ZERO_COUNTS", "EntityRow", "Registry", "TagRow"]


class Registry:
    """The entities and the tags of the corpus, updated from the catalogue."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.entities = EntityRegistry(connection, catalogue)
        self.tags = TagRegistry(connection, catalogue)

    @property
    def has_changed(self) -> bool:
        """Whether the run added or updated an entity, or updated a tag."""
        return self.entities.store.has_changed or self.tags.has_changed

    def flush(self) -> None:
        """Insert the buffered rows."""
        self.entities.store.flush()
        self.tags.flush()

    def delete_unused(self) -> None:
        """Delete the entities and tags that no article refers to, except for the catalogue's entities."""
        self.entities.delete_unused()
        self.tags.delete_unused()
