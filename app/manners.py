"""What databases do differently, and what is the same for all of them."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

PATIENCE = 10
"""For how many seconds a writer waits for another one, and a server for a connection."""


class DatabaseError(Exception):
    """The database can't do what was asked of it; the message is one sentence for people."""


class Manners(Protocol):
    """What is done differently in each database."""

    error: type[Exception]
    """What its driver raises."""

    def open(self, url: str) -> Engine:
        """An engine; nothing is connected to. Its own URL has no password, and is used for its name alone."""

    def begin(self, connection: Connection) -> None:
        """Begin a transaction: one that reads sees one state, and one that writes is the only one."""

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows, as the driver takes them."""

    def trouble(self, error: BaseException) -> str | None:
        """What is the matter, as the end of a sentence that begins with the database; None: nothing well known."""


def is_writing(connection: Connection) -> bool:
    """Whether a transaction was begun to write."""
    return bool(connection.get_execution_options().get("writes", False))


def quoted(columns: Sequence[str]) -> str:
    """The names of columns, some of which are words of SQL."""
    return ", ".join(f'"{column}"' for column in columns)
