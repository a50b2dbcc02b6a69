"""The replica: a local SQLite copy of a corpus in PostgreSQL.

It has the same tables. Short transactions bring it from revision to revision, so that no server has to keep an old
state for it, and it can be read while no server can be reached.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

from sqlalchemy import Engine, event, select
from sqlmodel import col

from app.database.engine import open_database, read_transaction
from app.database.errors import DamagedDatabaseError, DatabaseError, display_name
from app.database.migrations import is_migrated, migrate
from app.database.revisions import newest_revision
from app.models import Revision
from app.serving.copying import copy_newest_revision
from app.system.file_lock import try_lock

log = logging.getLogger("articles")


class Replica:
    """A copy of a database, in a file of this folder."""

    def __init__(self, database: Engine, folder: Path, stopping: Event, *, writable: bool) -> None:
        self.database = database
        self.folder = folder
        self.stopping = stopping
        self.writable = writable
        """Whether the database may be migrated: a replica on the server may not."""
        self.engine: Engine | None = None
        """The copy; None while there is none."""
        self.schema_checked = False
        """Whether the database is known to have the tables of this version."""
        self.damaged: Path | None = None
        """A damaged copy, which the next `sync` replaces."""

    def open(self) -> None:
        """Open the copy of an earlier process; if there is none, create the tables of the database if need be.

        A machine that has a copy answers from it at once, whether or not the database can be reached.
        Raises `DatabaseError`.
        """
        self.find_existing()
        if self.engine is None and self.writable:
            migrate(self.database)

    def find_existing(self) -> None:
        """Read the newest complete copy in the folder."""
        for path in sorted(self.folder.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True):
            if self.engine is not None and str(path) == self.engine.url.database:
                return
            engine = open_copy(path)
            with suppress(DatabaseError):
                if is_migrated(engine) and newest_revision_id(engine):
                    self.engine = engine
                    return

    def sync(self, progress: Callable[[int, int], None]) -> bool:
        """Bring the copy to the newest revision; False while another process does. Raises `DatabaseError`."""
        if self.engine is not None and not Path(self.engine.url.database or "").exists():
            # Another process has made a new copy, or this one was lost and is made again.
            self.engine = None
            self.find_existing()
        if not self.schema_checked:
            self.check_schema()
        newest = newest_revision_id(self.database)
        if newest is None or (not self.damaged and self.engine and newest_revision_id(self.engine) == newest):
            return True
        with try_lock(self.folder) as locked:
            if locked:
                self.check_schema()
                self.discard_damaged()
                self.copy_new_revision(progress)
            else:
                self.find_existing()
        return locked

    def recover(self, error: Exception) -> None:
        """Ask the server on new connections; a damaged copy is replaced as soon as it can be reached."""
        self.database.dispose()
        if isinstance(error, DamagedDatabaseError) and (path := Path(error.database or "")).parent == self.folder:
            self.damaged = path

    def stop(self) -> None:
        """Give up waiting for the server, now and from now on."""
        self.stopping.set()

    def discard_damaged(self) -> None:
        """Delete a damaged copy; connections that are open go on reading it."""
        if self.damaged:
            log.warning("The damaged copy %s is replaced.", self.damaged)
            self.engine = None
            delete_copy(self.damaged)
            self.damaged = None

    def check_schema(self) -> None:
        """Migrate the database if that is allowed. Raises `DatabaseError` if it has other tables than this version."""
        if self.writable:
            migrate(self.database)
        self.schema_checked = is_migrated(self.database)
        if not self.schema_checked:
            name = display_name(self.database)
            raise DatabaseError(
                f"The database {name} does not have the tables of this version: run 'articles migrate'."
            )

    def copy_new_revision(self, progress: Callable[[int, int], None]) -> None:
        """Copy what is new. Another corpus gets a file of its own; the old one is read until that is complete."""
        with read_transaction(self.database) as connection:
            first = connection.scalars(select(col(Revision.id)).order_by(col(Revision.number)).limit(1)).one()
        path = self.folder / f"{first}.db"
        engine = self.engine if self.engine and self.engine.url.database == str(path) else open_copy(path)
        if not path.exists() or not is_migrated(engine):
            # There is none, or one that an earlier version made.
            delete_copy(path)
            migrate(engine)
        copy_newest_revision(self.database, engine, progress)
        self.engine = engine
        for other_path in self.folder.glob("*.db"):
            if other_path != path:
                delete_copy(other_path)

    def close(self) -> None:
        """Close all connections to the server; those to the copy are closed with their transactions."""
        self.database.dispose()


def newest_revision_id(engine: Engine) -> str | None:
    """Return the id of the newest revision of a database. Raises `DatabaseError`."""
    with read_transaction(engine) as connection:
        row = newest_revision(connection)
    return row["id"] if row else None


def open_copy(path: Path) -> Engine:
    """Return the engine of a copy, without foreign keys: they do not hold while its rows arrive."""
    engine = open_database(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF"))
    return engine


def delete_copy(path: Path) -> None:
    """Delete a SQLite database; processes that have it open go on reading it."""
    for file in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
        file.unlink(missing_ok=True)
