"""Database engines: open one for a URL, run transactions on it, and translate the errors of its driver."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pkgutil import resolve_name
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.database.dialect import Dialect, dialect_of
from app.database.errors import DatabaseError, Diagnosis, build_error

DIALECTS = {
    "sqlite": "app.database.sqlite:SQLite",
    "postgresql": "app.database.postgresql:PostgreSQL",
    "postgres": "app.database.postgresql:PostgreSQL",
}
"""The class of the dialect by URL scheme; a name, because the driver of PostgreSQL takes .16 s of CPU to load."""


def open_database(url: str, variable: str = "ARTICLES_DATABASE_URL", stopping: Event | None = None) -> Engine:
    """Return an engine for the URL that this environment variable holds; connect to nothing yet.

    Once `stopping` is set, nothing waits for a server any more. Raises `DatabaseError` if the URL can't be used.
    """
    driver, mark, _ = url.partition("://")
    if not mark:
        raise DatabaseError(f"{variable} is not a database URL such as sqlite:////data/articles.db.")
    scheme = driver.partition("+")[0]
    if scheme not in DIALECTS:
        raise DatabaseError(f"{variable} names '{driver}'; expected one of {', '.join(DIALECTS)}.")
    try:
        dialect: Dialect = resolve_name(DIALECTS[scheme])()
    except ModuleNotFoundError as error:
        extra = "annotated-articles[postgresql]"
        raise DatabaseError(
            f"{variable} names '{driver}', but {error.name} is not installed: install `{extra}`."
        ) from None
    try:
        engine = dialect.open(url, stopping or Event())
    except (ArgumentError, dialect.error):
        raise DatabaseError(f"{variable} is not a URL that {driver} can read.") from None
    engine.update_execution_options(dialect=dialect)
    event.listen(engine, "begin", dialect.begin)
    return engine


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that excludes other writers; commit it at the end of the block, or roll it back."""
    with translate_errors(engine), engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            yield connection


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that sees a single state of the database."""
    with translate_errors(engine), engine.connect() as connection, connection.begin():
        yield connection


def add_rows(connection: Connection, model: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows to a model's table, in the dialect's fastest way. Each row has a value for every column."""
    if not rows:
        return
    columns, dialect = model.__table__.columns, connection.dialect
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    if any(processors):
        values = zip(processors, zip(*rows, strict=True), strict=True)
        rows = list(zip(*(map(process, cells) if process else cells for process, cells in values), strict=True))
    dialect_of(connection).insert(connection, model.__tablename__, columns.keys(), rows)


@contextmanager
def defer_indexes(connection: Connection, models: Iterable[Any]) -> Iterator[None]:
    """Drop the secondary indexes of these models' tables, and make them again after the block.

    The block fills the tables, in the same transaction. The index by entity of 2,500,000 mentions does not fit SQLite's
    page cache: without it the rows of 100,000 articles are written in 49 s instead of 68, of which 3 sort the index.
    """
    indexes = [index for model in models for index in model.__table__.indexes]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


@contextmanager
def translate_errors(engine: Engine) -> Iterator[None]:
    """Raise `DatabaseError` for the errors of the driver, with messages that are safe to show."""
    try:
        yield
    except (DBAPIError, dialect_of(engine).error) as error:
        raise translate_error(engine, error) from error


def translate_error(engine: Engine, error: BaseException) -> DatabaseError:
    """Return an error of the driver as a sentence without SQL that names the database and the way out."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    diagnosis = dialect_of(engine).diagnose(cause, engine.url.database)
    return build_error(engine, diagnosis or Diagnosis("failed", str(cause).strip().partition("\n")[0].strip(".")))
