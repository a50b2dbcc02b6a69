"""The database: its engine, its transactions, and its migrations."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, column, event, inspect, select, table
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.database.dialect import DamagedDatabaseError, DatabaseError, Dialect, Trouble
from app.database.sqlite import SQLite

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"

HISTORY = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The names of all migrations, the newest last."""

ALEMBIC = table("alembic_version", column("version_num"))
"""Where Alembic keeps the name of the last one."""


@cache
def dialect_of(kind: str) -> Dialect:
    """Return the dialect of a kind of database. Raises `LookupError` where it is not supported."""
    match kind:
        case "sqlite":
            return SQLite()
        case "postgresql" | "postgres":
            # Only here, for its driver takes a while to load.
            from app.database.postgresql import PostgreSQL  # noqa: PLC0415

            return PostgreSQL()
    raise LookupError(kind)


def open_database(url: str, variable: str = "ARTICLES_DATABASE_URL", stopping: Event | None = None) -> Engine:
    """An engine for the URL that this variable holds. Nothing is connected to and nothing is made yet.

    Once `stopping` is set, nothing waits for a server any more.
    """
    kind, mark, _ = url.partition("://")
    if not mark:
        raise DatabaseError(f"{variable} is not a database URL such as sqlite:////data/articles.db.")
    try:
        dialect = dialect_of(kind.partition("+")[0])
    except LookupError:
        raise DatabaseError(f"{variable} names '{kind}'; sqlite and postgresql are what is supported.") from None
    try:
        engine = dialect.open(url, stopping or Event())
    except (ArgumentError, dialect.error):
        raise DatabaseError(f"{variable} is not a URL that {kind} can read.") from None
    event.listen(engine, "begin", dialect.begin)
    return engine


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """The one transaction of a writer: all of it happens, or nothing."""
    with translate_errors(engine), engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            yield connection


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database."""
    with translate_errors(engine), engine.connect() as connection, connection.begin():
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
    dialect_of(dialect.name).add(connection, model.__tablename__, columns.keys(), rows)


@contextmanager
def translate_errors(engine: Engine) -> Iterator[None]:
    """Turn what a driver says of a broken database into a sentence, without SQL and without a password."""
    try:
        yield
    except (DBAPIError, dialect_of(engine.dialect.name).error) as error:
        raise explain(engine, error) from error


def explain(engine: Engine, error: BaseException) -> DatabaseError:
    """Return what a driver's error means, in a sentence that names the database and the way out."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    trouble = dialect_of(engine.dialect.name).explain_error(cause, engine.url.database)
    return describe(engine, trouble or Trouble("failed", str(cause).strip().partition("\n")[0].strip(".")))


def describe(engine: Engine, trouble: Trouble) -> DatabaseError:
    """Return the error that tells of trouble with this database."""
    message = f"The database {display_name(engine)} {trouble.description}: {trouble.remedy}."
    summary = f"The database {trouble.description}"
    if trouble.is_damage:
        return DamagedDatabaseError(message, summary, engine.url.database)
    return DatabaseError(message, summary)


def display_name(engine: Engine) -> str:
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
        if not Path(engine.url.database).exists():
            # An empty file is a new database; where it can't be made, opening it says why.
            with suppress(OSError):
                Path(engine.url.database).touch()
    if is_migrated(engine):
        return
    with write_transaction(engine) as connection:
        # Another process may have been faster.
        if version(connection) != HISTORY[-1]:
            upgrade(connection)


def is_migrated(engine: Engine) -> bool:
    """Whether the database has this version's tables. Raises `DatabaseError` as above."""
    with read_transaction(engine) as connection:
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
