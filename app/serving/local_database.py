"""The local database: the SQLite database that a machine reads, its own or a replica of one in PostgreSQL."""

from collections.abc import Callable
from threading import Event

from sqlalchemy import Engine

from app.database.dialect import dialect_of
from app.database.document_store import identify
from app.database.engine import open_database
from app.database.errors import DatabaseError
from app.database.migrations import migrate
from app.serving.replica import Replica
from app.settings import Settings


class LocalDatabase:
    """The SQLite database that the settings name."""

    def __init__(self, database: Engine) -> None:
        self.database = self.engine = database
        self.file: object = None
        """Identifies the file that was opened."""

    def open(self) -> None:
        """Create or upgrade the tables. Raises `DatabaseError`."""
        migrate(self.database)
        self.file = identify(self.engine)

    def sync(self, _progress: Callable[[int, int], None]) -> bool:
        """Open the file again if it was replaced; there is nothing to copy, so return True. Raises `DatabaseError`."""
        file = identify(self.engine)
        if self.file != file and file is not None:
            migrate(self.engine)
            self.file = file
        return True

    def recover(self, _error: Exception) -> None:
        """Do nothing: each transaction reads on a new connection, which has no damaged pages in its memory."""

    def stop(self) -> None:
        """Do nothing: a file does not keep anybody waiting."""

    def close(self) -> None:
        """Do nothing: each transaction closes its connection."""


def open_local_database(settings: Settings) -> LocalDatabase | Replica:
    """Return the database that a machine with these settings reads. Raises `DatabaseError`."""
    read_url = settings.read_database_url
    stopping = Event()
    engine = open_database(settings.database, stopping=stopping)
    if read_url:
        engine = open_database(read_url, "ARTICLES_READ_DATABASE_URL", stopping)
    if not dialect_of(engine).is_local:
        return Replica(engine, settings.data.resolve() / "copies", stopping, writable=not read_url)
    if read_url:
        raise DatabaseError("ARTICLES_READ_DATABASE_URL names a SQLite file; only a database server has replicas.")
    return LocalDatabase(engine)
