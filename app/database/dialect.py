"""The dialect: the interface to everything that one kind of database does differently from another."""

from collections.abc import Sequence
from threading import Event
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from app.database.errors import Diagnosis

LOCK_TIMEOUT_SECONDS = 10
"""How long a writer waits for another one."""


class Dialect(Protocol):
    """What each kind of database does in its own way."""

    error: type[Exception]
    """The base class of what its driver raises."""

    is_local: bool
    """Whether a server reads the database itself; of any other, each machine keeps a copy in SQLite."""

    def open(self, url: str, stopping: Event) -> Engine:
        """Return an engine for this URL; connect to nothing yet. The engine's own URL is shown, so without a password.

        Once `stopping` is set, nothing waits for a server any more.
        """

    def prepare(self, engine: Engine) -> None:
        """Create what must be there before the first connection. Raises `DatabaseError`."""

    def begin(self, connection: Connection) -> None:
        """Begin a transaction: one that reads sees a single state, and one that writes excludes other writers."""

    def insert(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows, whose values are those that the driver takes."""

    def diagnose(self, error: BaseException, database: str | None) -> Diagnosis | None:
        """Return what the driver's error means for this database; None for an unknown error."""


def dialect_of(target: Engine | Connection) -> Dialect:
    """Return the dialect of an engine that `open_database` opened, or of one of its connections."""
    dialect: Dialect = target.get_execution_options()["dialect"]
    return dialect


def is_writing(connection: Connection) -> bool:
    """Return whether the connection's transaction was begun by `write_transaction`."""
    return bool(connection.get_execution_options().get("writes", False))


def quote_columns(columns: Sequence[str]) -> str:
    """Return the names of columns, quoted because some are words of SQL, and joined by commas."""
    return ", ".join(f'"{column}"' for column in columns)
