"""The database: its engine, the manners of SQLite and of PostgreSQL, and its migrations."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, column, event, inspect, make_url, select, table
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import create_engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"

HISTORY = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The names of all migrations, the newest last."""

ALEMBIC = table("alembic_version", column("version_num"))
"""Where Alembic keeps the name of the last one."""

PATIENCE = 10
"""For how many seconds a writer waits for another one, and a server for a connection."""

OLDEST = 15
"""The oldest PostgreSQL that is supported: the oldest one that its makers still mend."""


class DatabaseError(Exception):
    """The database can't do what was asked of it; the message is one sentence for people."""


class Manners(Protocol):
    """What is done differently in each database."""

    def open(self, url: str) -> Engine:
        """An engine; nothing is connected to. Its own URL has no password, and is used for its name alone."""

    def begin(self, connection: Connection) -> None:
        """Begin a transaction: one that reads sees one state, and one that writes is the only one."""

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows, as the driver takes them."""

    def trouble(self, error: BaseException) -> str | None:
        """What is the matter, as the end of a sentence that begins with the database; None: nothing well known."""


class SQLite:
    """One file. Readers never wait for the writer."""

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
        """As above."""
        parsed = make_url(url)
        arguments = {"check_same_thread": False} | ({} if "timeout" in parsed.query else {"timeout": PATIENCE})
        engine = create_engine(parsed, connect_args=arguments)
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


class PostgreSQL:
    """A server, or several of which any may answer (psycopg's and libpq's URLs)."""

    lock = 7_268_405_116_830_537_331
    """The advisory lock of whoever writes: a number that nobody else may be using."""

    troubles = {
        "57P": "can't be reached: its server is being stopped or started",
        "42501": "can't be written to: the rights are missing",
        "25006": "can't be written to: it is a replica",
        "53100": "has no room left on its disk; nothing was changed",
        "55P03": "is locked: another run is writing to it",
    }
    """By the beginning of its SQLSTATE."""

    defaults = {
        "connect_timeout": PATIENCE,
        "application_name": "annotated-articles",
        # A machine that is gone says nothing: what it owes is given up on soon.
        "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": PATIENCE * 1000,
    }  # fmt: skip

    def open(self, url: str) -> Engine:
        """As above. Everything that libpq understands may stand in the URL."""
        told: dict[str, Any] = conninfo_to_dict("postgresql://" + url.partition("://")[2])
        name = URL.create("postgresql+psycopg", host=told.get("host"), database=told.get("dbname") or told.get("user"))
        given = make_conninfo(**{**self.defaults, **told})
        engine = create_engine(name, creator=lambda: psycopg.connect(given), pool_pre_ping=True)
        event.listen(engine, "connect", self.teach, insert=True)
        return engine

    def teach(self, connection: psycopg.Connection[Any], _record: object) -> None:
        """Times are in UTC. A server that would not do is refused before anything else is asked of it."""
        if connection.info.server_version < OLDEST * 10_000:
            version = connection.info.server_version // 10_000
            raise DatabaseError(f"The database's server is PostgreSQL {version}; it has to be {OLDEST} or newer.")
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseError(f"The database holds text in {encoding}; make one with the encoding UTF8.")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    def begin(self, connection: Connection) -> None:
        """A writer takes the one lock that all writers take; it ends with the transaction."""
        if is_writing(connection):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({self.lock})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """By COPY."""
        cursor: Any = connection.connection.cursor()
        with cursor.copy(f"COPY {table} ({quoted(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def trouble(self, error: BaseException) -> str | None:
        """By its SQLSTATE; where there is none, there is no connection."""
        code = getattr(error, "sqlstate", None)
        if code is None:
            reason = str(error).strip().partition("\n")[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip(" .")
            return f"can't be reached: {reason}" if isinstance(error, psycopg.OperationalError) else None
        return next((said for start, said in self.troubles.items() if code.startswith(start)), None)


MANNERS: dict[str, Manners] = {"sqlite": SQLite(), "postgresql": PostgreSQL(), "postgres": PostgreSQL()}
"""By the name with which a URL begins."""


def open_database(url: str, variable: str = "ARTICLES_DATABASE_URL") -> Engine:
    """An engine for the URL that this variable holds. Nothing is connected to and nothing is made yet."""
    kind, mark, _ = url.partition("://")
    if not mark:
        raise DatabaseError(f"{variable} is not a database URL such as sqlite:////data/articles.db.")
    manners = MANNERS.get(kind.partition("+")[0])
    if manners is None:
        raise DatabaseError(f"{variable} names '{kind}'; sqlite and postgresql are what is supported.")
    try:
        engine = manners.open(url)
    except (ArgumentError, psycopg.Error):
        raise DatabaseError(f"{variable} is not a URL that {kind} can read.") from None
    event.listen(engine, "begin", manners.begin)
    return engine


def is_writing(connection: Connection) -> bool:
    """Whether a transaction was begun to write."""
    return bool(connection.get_execution_options().get("writes", False))


def quoted(columns: Sequence[str]) -> str:
    """The names of columns, some of which are words of SQL."""
    return ", ".join(f'"{column}"' for column in columns)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The one transaction of a writer: all of it happens, or nothing."""
    with told_plainly(engine), engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database."""
    with told_plainly(engine), engine.connect() as connection, connection.begin():
        yield connection


def add_rows(connection: Connection, model: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows to a model's table, in the fastest way that the database has. Each has a value for every column."""
    if not rows:
        return
    columns, dialect = model.__table__.columns, connection.dialect
    processors = [it.type.dialect_impl(dialect).bind_processor(dialect) for it in columns]
    if any(processors):
        values = zip(processors, zip(*rows, strict=True), strict=True)
        rows = list(zip(*(map(process, them) if process else them for process, them in values), strict=True))
    MANNERS[dialect.name].add(connection, model.__tablename__, columns.keys(), rows)


@contextmanager
def told_plainly(engine: Engine) -> Iterator[None]:
    """Turn what a driver says of a broken database into a sentence, without SQL and without a password."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        said = MANNERS[engine.dialect.name].trouble(cause) or "failed: " + str(cause).strip().partition("\n")[0]
        raise DatabaseError(f"The database {name_of(engine)} {said}.") from error


def name_of(engine: Engine) -> str:
    """A database as people call it: its file, or its name and where it is."""
    name = engine.url.database or "in memory"
    return f"'{name}' at {engine.url.host}" if engine.url.host else name


def migrate(engine: Engine) -> None:
    """Bring the database to this version's tables; make it where it is missing.

    Nothing is written, and no writer waited for, where it has them. Raises `DatabaseError` for a database of
    a newer version, and for one that belongs to another program.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        folder = Path(engine.url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"The folder {folder} of the database can't be made: {error.strerror}.") from error
    if is_migrated(engine):
        return
    with writing(engine) as connection:
        # Another process may have been faster.
        if version(connection) != HISTORY[-1]:
            upgrade(connection)


def is_migrated(engine: Engine) -> bool:
    """Whether the database has this version's tables. Raises `DatabaseError` as above."""
    with reading(engine) as connection:
        return version(connection) == HISTORY[-1]


def version(connection: Connection) -> str | None:
    """Which migration the database is at; None: it is empty. Raises `DatabaseError` if it isn't one of ours."""
    tables = set(inspect(connection).get_table_names())
    current = connection.scalar(select(ALEMBIC.c.version_num)) if ALEMBIC.name in tables else None
    if current is None:
        if tables - {ALEMBIC.name}:
            raise DatabaseError("The database has the tables of another program: name another one.")
    elif current not in HISTORY:
        raise DatabaseError("The database was made by a newer version of annotated-articles: update the program.")
    return current


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing."""
    # Only here, for it takes a while to load, and seldom has anything to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
