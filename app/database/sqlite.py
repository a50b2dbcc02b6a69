"""The SQLite dialect."""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import orjson
from sqlalchemy import Connection, Engine, event, make_url
from sqlmodel import create_engine

from app.database.dialect import LOCK_TIMEOUT_SECONDS, Trouble, is_writing, quote_columns

LOCKED = Trouble("is locked", "another run is writing to it")
READ_ONLY = Trouble("can't be written to", "the file, its folder or its disk is read-only for this user")
NO_MEMORY = Trouble("can't be used at the moment", "the machine has no memory left for it")
NO_SHARED_MEMORY = Trouble(
    "can't be shared",
    "its -shm file can't be mapped into memory; its folder has no room left, or is on a network file system",
)
DAMAGED = Trouble(
    "is damaged",
    "where the system's log tells of no failing disk, put back a backup, or delete it together with the -wal and -shm "
    "files beside it and seed again",
    is_damage=True,
)

FAILING = Trouble(
    "can't be read or written at the moment",
    "its disk reports an input/output error; look after the disk and try again: the database itself may be sound",
)
PROBES = 16
"""At so many places of a file is tried whether its disk lets it be read."""

TROUBLES = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_FULL: Trouble("has no room left on its disk", "make room and try again; nothing was changed"),
    sqlite3.SQLITE_NOTADB: Trouble(
        "is not a database, or its beginning is damaged",
        "name another one, or put back a backup",
        is_damage=True,
    ),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_FORMAT: DAMAGED,
    sqlite3.SQLITE_MISMATCH: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Trouble("can't be opened", "its folder must be there, and one that may be written to"),
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_READONLY_DBMOVED: Trouble("was moved or replaced while it was in use", "try again"),
    sqlite3.SQLITE_NOMEM: NO_MEMORY,
    sqlite3.SQLITE_IOERR_NOMEM: NO_MEMORY,
    sqlite3.SQLITE_IOERR_SHMOPEN: NO_SHARED_MEMORY,
    sqlite3.SQLITE_IOERR_SHMSIZE: NO_SHARED_MEMORY,
    sqlite3.SQLITE_IOERR_SHMMAP: NO_SHARED_MEMORY,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_NOLFS: Trouble("has grown too large", "its file system can't hold so large a file"),
    sqlite3.SQLITE_TOOBIG: Trouble("can't hold so much", "a text is larger than SQLite can store"),
}
"""By SQLite's extended result code, or by the primary one, its low byte (https://sqlite.org/rescode.html)."""


class SQLite:
    """One file. Readers never wait for the writer."""

    error: type[Exception] = sqlite3.Error

    def open(self, url: str, _stopping: Event) -> Engine:
        """As `Dialect` says; connections may be used by any thread, one at a time."""
        parsed = make_url(url)
        arguments = {"check_same_thread": False} | (
            {} if "timeout" in parsed.query else {"timeout": LOCK_TIMEOUT_SECONDS}
        )
        engine = create_engine(parsed, connect_args=arguments, json_deserializer=orjson.loads)
        event.listen(engine, "do_connect", open_existing)
        event.listen(engine, "connect", self.configure_connection)
        return engine

    def configure_connection(self, connection: sqlite3.Connection, _record: object) -> None:
        """References hold, and transactions begin when SQLAlchemy says so, not when the driver thinks so."""
        connection.isolation_level = None
        # Of a new database: rows of articles are long, and in pages of the usual 4 KB a tenth more is written.
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        self.switch_to_wal(connection)

    def switch_to_wal(self, connection: sqlite3.Connection) -> None:
        """Let readers not wait for a writer.

        Where another process is just making the same database, SQLite refuses this at once instead of waiting.
        """
        until = monotonic() + LOCK_TIMEOUT_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if primary(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL) or monotonic() > until:
                    raise
                sleep(0.01)
            else:
                return

    def begin(self, connection: Connection) -> None:
        """A writer takes the write lock at once, so that it never has to give up half-way."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(connection) else "BEGIN")

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """By one statement, run for every row."""
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({quote_columns(columns)}) VALUES ({marks})"  # noqa: S608  (Names of our tables.)
        connection.connection.cursor().executemany(statement, rows)

    def explain_error(self, error: BaseException, database: str | None) -> Trouble | None:
        """Return what SQLite's result code means; where it can't open a file, the system says why."""
        code, kind = getattr(error, "sqlite_errorcode", 0), primary(error)
        if code == 0 and str(error).startswith("Could not decode to UTF-8"):
            return DAMAGED
        reason = reason_of(database) if kind in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT) else None
        if reason and kind == sqlite3.SQLITE_CORRUPT:
            return FAILING
        trouble = TROUBLES.get(code) or TROUBLES.get(kind)
        return trouble._replace(remedy=reason) if trouble and reason else trouble


def open_existing(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    """Open the file only if there is one: a server that looks for a deleted database must not leave an empty one."""
    if arguments[0] != ":memory:" and not options.get("uri"):
        arguments[0] = f"file:{quote(os.fsencode(arguments[0]))}?mode=rw"
        options["uri"] = True


def primary(error: BaseException) -> int:
    """Return the primary result code of an error."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def reason_of(database: str | None) -> str | None:
    """Return why the system does not open a database's file, or read some places of it; None where it does.

    SQLite keeps to itself why a file can't be opened, and calls a file damaged that its disk does not let it read.
    """
    try:
        with Path(database or "").open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            for offset in range(0, size, size // PROBES + 1):
                os.pread(file.fileno(), 1, offset)
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror
    return None
