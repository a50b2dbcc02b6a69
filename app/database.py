"""The database: its engine, its manners, its migrations, and documents by key."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import create_engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class DatabaseError(Exception):
    """The database can't do what was asked of it; the message is one sentence for people."""


def open_database(url: str) -> Engine:
    """An engine for this URL. Nothing is connected to and nothing is made yet."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError(
            "ARTICLES_DATABASE_URL is not a database URL such as sqlite:////data/articles.db."
        ) from None
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseError(f"ARTICLES_DATABASE_URL names '{parsed.drivername}'; sqlite is what is supported.")
    arguments = {"check_same_thread": False} | ({} if "timeout" in parsed.query else {"timeout": 10})
    engine = create_engine(parsed, connect_args=arguments)
    event.listen(engine, "connect", teach_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def teach_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """SQLite's manners: readers never wait for the writer, and references hold.

    Transactions begin when SQLAlchemy says so, not when the driver thinks so.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA journal_mode = WAL")


def begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once, so that it never has to give up half-way."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The one transaction of a writer: all of it happens, or nothing."""
    with told_plainly(engine.url), engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database."""
    with told_plainly(engine.url), engine.connect() as connection, connection.begin():
        yield connection


TROUBLE = {
    sqlite3.SQLITE_BUSY: "is locked: another run is writing to it",
    sqlite3.SQLITE_FULL: "has no room left on its disk; nothing was changed",
    sqlite3.SQLITE_NOTADB: "is not a database; name another one",
    sqlite3.SQLITE_CORRUPT: "is damaged; delete it and seed again",
    sqlite3.SQLITE_CANTOPEN: "can't be opened: its folder must be there, and one that may be written to",
    sqlite3.SQLITE_READONLY: "can't be written to",
    sqlite3.SQLITE_IOERR: "can't be read or written: its disk fails, or is full",
}
"""What is the matter, by the code that SQLite gives."""


@contextmanager
def told_plainly(url: URL) -> Iterator[None]:
    """Turn what a driver says of a broken database into a sentence, without SQL and without a password."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        # The low byte is the code, the high ones say more of it.
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        name = url.database or url.render_as_string(hide_password=True)
        raise DatabaseError(f"The database {name} {TROUBLE.get(code, f'failed: {cause}')}.") from error


def migrate(engine: Engine) -> None:
    """Bring the database to this version's tables; make it where it is missing.

    Nothing is written, and no writer waited for, where it has them. Raises `DatabaseError` for a database of
    a newer version, and for one that belongs to another program.
    """
    if engine.url.database:
        folder = Path(engine.url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"The folder {folder} of the database can't be made: {error.strerror}.") from error
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with reading(engine) as connection:
        if version(connection, script) == script.get_current_head():
            return
    with writing(engine) as connection:
        # Another process may have been faster.
        if version(connection, script) != script.get_current_head():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def version(connection: Connection, script: ScriptDirectory) -> str | None:
    """Which migration the database is at; None: it is empty. Raises `DatabaseError` if it isn't one of ours."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        if set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise DatabaseError("The database has the tables of another program: name another one.")
    elif current not in {migration.revision for migration in script.walk_revisions()}:
        raise DatabaseError("The database was made by a newer version of annotated-articles: update the program.")
    return current


class Documents:
    """Documents by key, on a connection of its own: the shortest way from a key to bytes."""

    def __init__(self, engine: Engine) -> None:
        with told_plainly(engine.url):
            borrowed = engine.raw_connection()
        self.connection: Any = borrowed.driver_connection
        borrowed.detach()

    def rendered(self, keys: Sequence[int]) -> list[bytes]:
        """What lists show of these articles, in the order of the keys.

        Raises KeyError where an article is gone: the revision was retired too long ago.
        """
        found = dict(self.connection.execute(
            f"SELECT key, rendered FROM article WHERE key IN ({marks(keys)})", keys  # noqa: S608
        ))  # fmt: skip
        return [found[key] for key in keys]

    def paragraphs(self, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """The paragraphs at these (article key, position) places, in this order; KeyError as above."""
        if not places:
            return []
        # SQLite looks each of these up in the index; a list of pairs after IN it would compare with every row.
        condition = " OR ".join(["(article = ? AND position = ?)"] * len(places))
        rows = self.connection.execute(
            f"SELECT article, position, rendered FROM paragraph WHERE {condition}",  # noqa: S608
            [number for place in places for number in place],
        )
        found = {(article, position): rendered for article, position, rendered in rows}
        return [found[place] for place in places]

    def whole(self, keys: Sequence[int]) -> list[tuple[bytes, list[bytes], bytes]]:
        """All parts of these articles: list form, paragraphs, extra; in this order; KeyError as above."""
        heads = {key: parts for key, *parts in self.connection.execute(
            f"SELECT key, rendered, extra FROM article WHERE key IN ({marks(keys)})", keys  # noqa: S608
        )}  # fmt: skip
        paragraphs: dict[int, list[bytes]] = {key: [] for key in keys}
        for key, rendered in self.connection.execute(
            f"SELECT article, rendered FROM paragraph WHERE article IN ({marks(keys)}) "  # noqa: S608
            "ORDER BY article, position", keys
        ):  # fmt: skip
            paragraphs[key].append(rendered)
        return [(heads[key][0], paragraphs[key], heads[key][1]) for key in keys]

    def languages(self, keys: Sequence[int]) -> dict[str, str]:
        """The languages of these articles, by their ids."""
        query = f"SELECT id, language FROM article WHERE key IN ({marks(keys)})"  # noqa: S608
        return dict(self.connection.execute(query, keys))

    def key(self, id: str, revision: int) -> int | None:
        """The key of the article that has this id in this revision."""
        row = self.connection.execute(
            "SELECT key FROM article WHERE id = ? AND since <= ? AND (until IS NULL OR until > ?)",
            (id, revision, revision),
        ).fetchone()
        return int(row[0]) if row else None


def marks(keys: Sequence[int]) -> str:
    """As many place holders as there are keys."""
    return ",".join("?" * len(keys))
