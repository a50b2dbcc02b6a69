"""The SQLite dialect: one file, whose readers never wait for a writer."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import orjson
from sqlalchemy import Connection, Engine, NullPool, event, make_url
from sqlmodel import create_engine

from app.database.dialect import LOCK_TIMEOUT_SECONDS, Dialect, is_writing, quote_columns
from app.database.errors import DatabaseError, Diagnosis

LOCKED = Diagnosis("is locked", "another run is writing to it")
READ_ONLY = Diagnosis("can't be written to", "the file, its folder or its disk is read-only for this user")
NO_MEMORY = Diagnosis("can't be used at the moment", "the machine has no memory left for it")
NO_SHARED_MEMORY = Diagnosis(
    "can't be shared",
    "its -shm file can't be mapped into memory; its folder has no room left, or is on a network file system",
)
DAMAGED = Diagnosis(
    "is damaged",
    "unless the system's log reports a failing disk, restore a backup, or delete it together with the -wal and -shm "
    "files beside it and seed again",
    is_damage=True,
)

FAILING = Diagnosis(
    "can't be read or written at the moment",
    "its disk reports an input/output error; check the disk and try again: the database itself may be sound",
)
PROBES = 16
"""How many bytes of a file, evenly spread, are read to find out whether its disk can be read."""

DIAGNOSES = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_FULL: Diagnosis("has no room left on its disk", "make room and try again; nothing was changed"),
    sqlite3.SQLITE_NOTADB: Diagnosis(
        "is not a database, or its beginning is damaged",
        "name another one, or restore a backup",
        is_damage=True,
    ),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_FORMAT: DAMAGED,
    sqlite3.SQLITE_MISMATCH: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Diagnosis("can't be opened", "its folder must exist and be writable"),
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_READONLY_DBMOVED: Diagnosis("was moved or replaced while it was in use", "try again"),
    sqlite3.SQLITE_NOMEM: NO_MEMORY,
    sqlite3.SQLITE_IOERR_NOMEM: NO_MEMORY,
    sqlite3.SQLITE_IOERR_SHMOPEN: NO_SHARED_MEMORY,
    sqlite3.SQLITE_IOERR_SHMSIZE: NO_SHARED_MEMORY,
    sqlite3.SQLITE_IOERR_SHMMAP: NO_SHARED_MEMORY,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_NOLFS: Diagnosis("has grown too large", "its file system can't hold so large a file"),
    sqlite3.SQLITE_TOOBIG: Diagnosis("can't hold so much", "a text is larger than SQLite can store"),
}
"""The diagnosis by SQLite's extended or primary result code (https://sqlite.org/rescode.html)."""


class SQLite(Dialect):
    """One file in WAL mode."""

    error = sqlite3.Error

    is_local = True

    def open(self, url: str, _stopping: Event) -> Engine:
        """Return an engine for a file, or for memory; any thread may use its connections, one thread at a time.

        Each transaction on a file has a connection of its own. It reads the file that is there now, and is closed at
        its end, whatever became of the engine. To connect takes .3 ms; a pool would keep up to 32 MB of pages.
        """
        parsed = make_url(url)
        arguments = {"check_same_thread": False} | (
            {} if "timeout" in parsed.query else {"timeout": LOCK_TIMEOUT_SECONDS}
        )
        pool = {"poolclass": NullPool} if parsed.database else {}
        engine = create_engine(parsed, connect_args=arguments, json_deserializer=orjson.loads, **pool)
        event.listen(engine, "do_connect", open_existing)
        event.listen(engine, "connect", self.configure_connection)
        return engine

    def prepare(self, engine: Engine) -> None:
        """Create the file and its folder; an empty file is a new database. Raises `DatabaseError`."""
        if not engine.url.database:
            return
        path = Path(engine.url.database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"The folder {path.parent} of the database can't be created: {error.strerror}."
            raise DatabaseError(message) from error
        if not path.exists():
            # A file that can't be created is explained when it is opened.
            with suppress(OSError):
                path.touch()

    def configure_connection(self, connection: sqlite3.Connection, _record: object) -> None:
        """Leave transactions to SQLAlchemy instead of the driver, and set the pragmas."""
        connection.isolation_level = None
        try:
            self.set_pragmas(connection)
        except sqlite3.Error:
            connection.close()  # SQLAlchemy forgets a connection that it can't configure.
            raise

    def set_pragmas(self, connection: sqlite3.Connection) -> None:
        """Enforce foreign keys, and set sizes and the journal's mode."""
        # Rows of articles are long: in pages of the usual 4 KB a tenth more is written. Only a new database heeds this.
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32768")
        self.set_journal_mode(connection)

    def set_journal_mode(self, connection: sqlite3.Connection) -> None:
        """Switch to WAL, in which readers do not wait for a writer.

        If another process is creating the same database, SQLite refuses this at once instead of waiting: try again.
        """
        deadline = monotonic() + LOCK_TIMEOUT_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                is_busy = primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL)
                if not is_busy or monotonic() > deadline:
                    raise
                sleep(0.01)
            else:
                return

    def begin(self, connection: Connection) -> None:
        """Begin a transaction; a writer takes the write lock at once, so that it never has to give up half-way."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(connection) else "BEGIN")

    def insert(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows by one statement that is run for each."""
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({quote_columns(columns)}) VALUES ({marks})"  # noqa: S608  (Names of our tables.)
        connection.connection.cursor().executemany(statement, rows)

    def diagnose(self, error: BaseException, database: str | None) -> Diagnosis | None:
        """Return what SQLite's result code means; where it can't open a file, the operating system says why."""
        code, primary = getattr(error, "sqlite_errorcode", 0), primary_code(error)
        if code == 0 and str(error).startswith("Could not decode to UTF-8"):
            return DAMAGED
        reason = find_read_error(database) if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT) else None
        if reason and primary == sqlite3.SQLITE_CORRUPT:
            return FAILING
        diagnosis = DIAGNOSES.get(code) or DIAGNOSES.get(primary)
        return diagnosis._replace(remedy=reason) if diagnosis and reason else diagnosis


def open_existing(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    """Open the file only if it exists: a server that looks for a deleted database must not leave an empty one."""
    if arguments[0] != ":memory:" and not options.get("uri"):
        arguments[0] = f"file:{quote(os.fsencode(arguments[0]))}?mode=rw"
        options["uri"] = True


def primary_code(error: BaseException) -> int:
    """Return the primary result code of an error, which is the low byte of the extended one."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def find_read_error(database: str | None) -> str | None:
    """Return why the operating system can't open a database's file or read parts of it; None if it can.

    SQLite does not report why a file can't be opened, and calls a file damaged that its disk can't read.
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
