"""The snapshot loader: open the current index as a snapshot, once it and the database hold the same revision."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import tantivy
from sqlalchemy import Engine

from app.database.document_store import DocumentStore
from app.database.engine import read_transaction
from app.database.errors import build_error
from app.database.revisions import newest_revision
from app.database.sqlite import DAMAGED
from app.search.index import schema
from app.search.index.storage import BrokenIndexError, IndexState, current_index, open_index, read_state
from app.search.index.version import index_version
from app.search.names.directory import EntityDirectory
from app.search.snapshot import Snapshot
from app.system.gc import exclude_from_gc

log = logging.getLogger("articles")

Indexes = Mapping[schema.Kind, tantivy.Index]


class SnapshotLoader:
    """Opens snapshots of an index, and remembers which state of its files was opened last."""

    def __init__(self, folder: Path, set_status: Callable[[str], None]) -> None:
        self.folder = folder
        self.set_status = set_status
        self.state: IndexState | None = None
        """The state of the index that was loaded last."""
        self.index_stamp: object = None
        """Identifies the files of the index that was read last."""
        self.last_tried: Path | None = None
        """The index that was tried last, whether or not it could be served."""

    def has_untried_index(self) -> bool:
        """Tell whether there is a current index that was not tried yet."""
        try:
            return current_index(self.folder) != self.last_tried
        except (BrokenIndexError, OSError):
            return False

    def load(
        self, engine: Engine, documents: DocumentStore, root_path: str, publish: Callable[[Snapshot], None]
    ) -> None:
        """Publish the snapshot of the current index, if it is another one than before and fits the database.

        Until it is published, its index counts as untried: requests wait for it. Raises `DatabaseError`.
        """
        try:
            path = current_index(self.folder)
        except (BrokenIndexError, OSError):
            return
        try:
            if opened := self.open(path):
                with exclude_from_gc():
                    if snapshot := self.build(*opened, engine, documents, root_path):
                        publish(snapshot)
        finally:
            self.last_tried = path

    def open(self, path: Path) -> tuple[Indexes, IndexState, object] | None:
        """Return the indexes in this folder with their state and stamp; None if they were loaded, or can't be."""
        try:
            stats = [(path / kind / "meta.json").stat() for kind in schema.KINDS]
            stamp = [path, *((stat.st_ino, stat.st_mtime_ns) for stat in stats)]
            if stamp == self.index_stamp:
                return None
            indexes, state = open_indexes(path)
        except (BrokenIndexError, OSError):
            return None
        if self.state == state:
            self.index_stamp = stamp
            return None
        return indexes, state, stamp

    def build(
        self,
        indexes: Indexes,
        state: IndexState,
        stamp: object,
        engine: Engine,
        documents: DocumentStore,
        root_path: str,
    ) -> Snapshot | None:
        """Return the snapshot of these indexes; None if they do not fit the database. Raises `DatabaseError`."""
        directory = load_directory(engine, state)
        if directory is None:
            return None
        if directory.revision["root_path"] != root_path:
            sentence = "The corpus was seeded for another ARTICLES_ROOT_PATH: run 'articles seed' again."
            self.set_status(sentence)
            log.warning("%s", sentence)
            self.index_stamp = stamp
            return None
        snapshot = Snapshot.of(indexes, state, directory, documents)
        self.state, self.index_stamp = state, stamp
        return snapshot


def open_indexes(path: Path) -> tuple[Indexes, IndexState]:
    """Return the indexes of articles and of paragraphs with the state of both.

    Raises `BrokenIndexError`, also if they differ or another version made them; `OSError`.
    """
    indexes = {kind: open_index(path / kind) for kind in schema.KINDS}
    state, other_state = (read_state(index) for index in indexes.values())
    if state != other_state or state.version != index_version():
        raise BrokenIndexError("it is being written, or another version made it")
    return indexes, state


def load_directory(engine: Engine, state: IndexState) -> EntityDirectory | None:
    """Return the entities and tags of the newest revision; None if it is not that of the index.

    Raises `DatabaseError`.
    """
    with read_transaction(engine) as connection:
        revision = newest_revision(connection)
        if revision is None or revision["id"] != state.id:
            return None
        try:
            return EntityDirectory(connection)
        except (ValueError, TypeError) as error:
            # SQLite does not notice damage within a value.
            raise build_error(engine, DAMAGED) from error
