"""The manners of SQLite."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, event, make_url
from sqlmodel import create_engine

from app.manners import PATIENCE, is_writing, quoted


class SQLite:
    """One file. Readers never wait for the writer."""

    error: type[Exception] = sqlite3.Error

    troubles = {
        sqlite3.SQLITE_BUSY: "is locked: another run is writing to it",
        sqlite3.SQLITE_FULL: "has no room left on its disk; nothing was changed",
        sqlite3.SQLITE_NOTADB: "is not a database; name another one",
        sqlite3.SQLITE_CORRUPT: "is damaged; delete it and seed again",
        sqlite3.SQLITE_CANTOPEN: "can't be opened: its folder must be there, and one that may be written to",
        sqlite3.SQLITE_READONLY: "can't be written to",
        sqlite3.SQLITE_IOERR: "can't be read or written: its disk fails, or is full",
    }

    def open(self, url: str) -> Engine:
        """As `Manners` says; connections may be used by any thread, one at a time."""
        parsed = make_url(url)
        arguments = {"check_same_thread": False} | ({} if "timeout" in parsed.query else {"timeout": PATIENCE})
        engine = create_engine(parsed, connect_args=arguments, json_deserializer=orjson.loads)
        event.listen(engine, "connect", self.teach)
        return engine

    def teach(self, connection: sqlite3.Connection, _record: object) -> None:
        """References hold, and transactions begin when SQLAlchemy says so, not when the driver thinks so."""
        connection.isolation_level = None
        # Of a new database: rows of articles are long, and in pages of the usual 4 KB a tenth more is written.
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA journal_mode = WAL")

    def begin(self, connection: Connection) -> None:
        """A writer takes the write lock at once, so that it never has to give up half-way."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(connection) else "BEGIN")

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """By one statement, run for every row."""
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({quoted(columns)}) VALUES ({marks})"  # noqa: S608  (Names of our tables.)
        connection.connection.cursor().executemany(statement, rows)

    def trouble(self, error: BaseException) -> str | None:
        """By the low byte of the code that SQLite gives; the high ones say more of it."""
        return self.troubles.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
