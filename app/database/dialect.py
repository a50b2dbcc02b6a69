"""What databases do differently, and what is the same for all of them."""

from collections.abc import Sequence
from threading import Event
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

LOCK_TIMEOUT_SECONDS = 10
"""For how many seconds a writer waits for another one."""


class DatabaseError(Exception):
    """The database can't do what was asked of it; the message is one sentence for people."""

    def __init__(self, message: str, summary: str = "The database can't be read at the moment") -> None:
        super().__init__(message)
        self.summary = f"{summary}; the log of the service says more."
        """The same for clients: without the file, the server and the reason."""


class DamagedDatabaseError(DatabaseError):
    """What a database holds can't be read any more, on whatever disk and however often it is tried."""

    def __init__(self, message: str, summary: str, database: str | None) -> None:
        super().__init__(message, summary)
        self.database = database
        """Its file, or its name on the server."""


class Trouble(NamedTuple):
    """A failure of a database that is well known."""

    description: str
    """The end of a sentence that begins with the database."""
    remedy: str
    """The reason, and what to do about it."""
    is_damage: bool = False


class Dialect(Protocol):
    """What is done differently in each database."""

    error: type[Exception]
    """What its driver raises."""

    def open(self, url: str, stopping: Event) -> Engine:
        """An engine; nothing is connected to. Its own URL has no password, and is used for its name alone.

        Once `stopping` is set, nothing waits for a server any more.
        """

    def begin(self, connection: Connection) -> None:
        """Begin a transaction: one that reads sees one state, and one that writes is the only one."""

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows, as the driver takes them."""

    def explain_error(self, error: BaseException, database: str | None) -> Trouble | None:
        """Return what the driver's error means for this database; None where it is not well known."""


def is_writing(connection: Connection) -> bool:
    """Whether a transaction was begun to write."""
    return bool(connection.get_execution_options().get("writes", False))


def quote_columns(columns: Sequence[str]) -> str:
    """The names of columns, some of which are words of SQL."""
    return ", ".join(f'"{column}"' for column in columns)
