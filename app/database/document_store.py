"""The document store: read stored JSON by key from a SQLite database, without SQLAlchemy, which takes far longer."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from operator import itemgetter
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from weakref import finalize

import orjson
from sqlalchemy import Engine

from app.database.engine import translate_error, translate_errors
from app.database.errors import Diagnosis, build_error
from app.database.sqlite import DAMAGED

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Query = Callable[Concatenate["DocumentStore", sqlite3.Connection, Parameters], Result]
Read = Callable[Concatenate["DocumentStore", Parameters], Result]

MISSING = Diagnosis(
    "lacks articles that are served",
    "it is damaged, or no newer revision could be followed for over ten minutes",
)
REPLACED = Diagnosis("was replaced while it was in use", "the new file is served as soon as its revision is read")

HAS_ID = "id = ? AND since <= ? AND (until IS NULL OR until > ?)"


def retryable(query: Query[Parameters, Result]) -> Read[Parameters, Result]:
    """Give a method a connection for the time of its call, and let it raise `DatabaseError` if it fails.

    A read that failed is kept, so that another store can try it again.
    """

    @wraps(query)
    def try_read(documents: "DocumentStore", *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        connection = documents.take_connection()
        try:
            return query(documents, connection, *args, **kwargs)
        except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
            documents.failed_read = lambda other_store: try_read(other_store, *args, **kwargs)
            match error:
                case sqlite3.Error():
                    raise translate_error(documents.engine, error) from error
                case LookupError():
                    raise build_error(documents.engine, MISSING) from error
                case _:
                    raise build_error(documents.engine, DAMAGED) from error
        finally:
            documents.idle.append(connection)

    return cast("Read[Parameters, Result]", try_read)


class DocumentStore:
    """Stored JSON of a SQLite database, on connections of its own. All reads raise `DatabaseError`.

    Threads that read at once have a connection each: since Python 3.12 those of one connection share prepared
    statements without a lock, and one thread gets the rows of another.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Before connecting, so that a file which replaces this one meanwhile is noticed.
        self.file = identify(engine)
        self.connections: list[sqlite3.Connection] = []
        self.close = finalize(self, close_connections, self.connections)
        """Closes the connections, which are also closed when no snapshot refers to the store any more."""
        self.idle = [self.connect()]
        """The connections that no thread reads on; the last one is taken first, for it has most pages in memory."""
        self.failed_read: Callable[[DocumentStore], Any] | None = None
        """The read that failed last, for another store to try again; None as long as all succeed."""

    def take_connection(self) -> sqlite3.Connection:
        """Return an idle connection, or else a new one. Raises `DatabaseError`."""
        try:
            return self.idle.pop()
        except IndexError:
            return self.connect()

    def connect(self) -> sqlite3.Connection:
        """Open one more connection to the same file. Raises `DatabaseError`."""
        with translate_errors(self.engine):
            borrowed = self.engine.raw_connection()
            connection: Any = borrowed.driver_connection
            borrowed.detach()
            self.connections.append(connection)
            # Articles that are asked for at random are read as fast with 8 MB of pages as with 32.
            connection.execute("PRAGMA cache_size = -8192")
        if not self.belongs_to(self.engine):
            raise build_error(self.engine, REPLACED)
        return cast("sqlite3.Connection", connection)

    def belongs_to(self, engine: Engine) -> bool:
        """Return whether the store reads through this engine, and from the file that is there now."""
        return self.engine is engine and self.file == identify(engine)

    @retryable
    def read_items(self, connection: sqlite3.Connection, keys: Sequence[int]) -> list[bytes]:
        """Return the list items of these articles, in the order of the keys."""
        # CROSS JOIN keeps SQLite from reordering: 20 items in 26 us, instead of 33 with one placeholder for each key.
        query = "SELECT rendered FROM json_each(?) AS wanted CROSS JOIN article ON article.key = wanted.value"
        items = [rendered for (rendered,) in connection.execute(query, (orjson.dumps(keys),))]
        if len(items) < len(keys):
            raise LookupError
        return check_json(items)

    @retryable
    def read_paragraphs(self, connection: sqlite3.Connection, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """Return the paragraphs at these places, which are pairs of an article's key and a position; in this order."""
        if not places:
            return []
        # SQLite looks each of these up in the index; a list of pairs after IN it would compare with every row.
        condition = " OR ".join(["(article = ? AND position = ?)"] * len(places))
        rows = connection.execute(
            f"SELECT article, position, rendered FROM paragraph WHERE {condition}",  # noqa: S608
            [number for place in places for number in place],
        )
        paragraphs = {(article, position): rendered for article, position, rendered in rows}
        return check_json([paragraphs[place] for place in places])

    @retryable
    def read_paragraphs_between(
        self, connection: sqlite3.Connection, article: int, first: int, last: int
    ) -> list[tuple[int, bytes]]:
        """Return the positions and paragraphs of an article from one position to another, both included."""
        query = "SELECT position, rendered FROM paragraph WHERE article = ? AND position BETWEEN ? AND ?"
        rows = connection.execute(f"{query} ORDER BY position", (article, first, last)).fetchall()
        check_json([rendered for _, rendered in rows])
        return cast("list[tuple[int, bytes]]", rows)

    @retryable
    def read_paragraph(self, connection: sqlite3.Connection, article: int, position: int) -> bytes | None:
        """Return the paragraph at this position of an article; None if the article has fewer."""
        query = "SELECT rendered FROM paragraph WHERE article = ? AND position = ?"
        rows = connection.execute(query, (article, position)).fetchall()
        return check_json([row[0] for row in rows])[0] if rows else None

    @retryable
    def read_article(
        self, connection: sqlite3.Connection, id: str, revision: int
    ) -> tuple[bytes, list[bytes], bytes] | None:
        """Return the list item, the paragraphs and the extra keys of an article in this revision; None without one."""
        query = f"SELECT key, rendered, extra FROM article WHERE {HAS_ID}"  # noqa: S608
        row = connection.execute(query, (id, revision, revision)).fetchone()
        if row is None:
            return None
        key, item, extra = row
        query = "SELECT rendered FROM paragraph WHERE article = ? ORDER BY position"
        paragraphs = [rendered for (rendered,) in connection.execute(query, (key,))]
        check_json([item, extra, *paragraphs])
        return item, paragraphs, extra

    @retryable
    def read_articles(
        self, connection: sqlite3.Connection, keys: Sequence[int]
    ) -> list[tuple[bytes, list[bytes], bytes]]:
        """Return the list item, the paragraphs and the extra keys of each of these articles, in this order."""
        placeholders = build_placeholders(keys)
        query = f"SELECT key, rendered, extra FROM article WHERE key IN ({placeholders})"  # noqa: S608
        heads = {key: parts for key, *parts in connection.execute(query, keys)}
        paragraphs: dict[int, list[bytes]] = {key: [] for key in keys}
        query = f"SELECT article, rendered FROM paragraph WHERE article IN ({placeholders}) ORDER BY article, position"  # noqa: S608
        for key, rendered in connection.execute(query, keys):
            paragraphs[key].append(rendered)
        check_json([part for parts in heads.values() for part in parts])
        return [(heads[key][0], check_json(paragraphs[key]), heads[key][1]) for key in keys]

    @retryable
    def read_languages(self, connection: sqlite3.Connection, keys: Sequence[int]) -> dict[str, str]:
        """Return the languages of these articles, by their ids."""
        query = f"SELECT id, language FROM article WHERE key IN ({build_placeholders(keys)})"  # noqa: S608
        return dict(connection.execute(query, keys))

    @retryable
    def find_key(self, connection: sqlite3.Connection, id: str, revision: int) -> int | None:
        """Return the key of the article that has this id in this revision; None if there is none."""
        query = f"SELECT key FROM article WHERE {HAS_ID}"  # noqa: S608
        row = connection.execute(query, (id, revision, revision)).fetchone()
        return int(row[0]) if row else None


@contextmanager
def pin_documents(engine: Engine) -> Iterator[DocumentStore]:
    """Open documents in one read transaction: what is there now stays, also if a later run purges it.

    One thread reads them at a time, so that all is read on the connection of the transaction. While it is open SQLite
    cannot shorten its write-ahead log. Raises `DatabaseError`.
    """
    documents = DocumentStore(engine)
    try:
        with translate_errors(engine):
            (connection,) = documents.idle
            # Documents are read once, in long rows: a cache of 2 MB serves them as well as one of 64.
            connection.execute("PRAGMA cache_size = -2048")
            connection.execute("BEGIN")
            # The first read decides which state is seen.
            connection.execute("SELECT 1 FROM revision LIMIT 1").fetchone()
        yield documents
    finally:
        documents.close()


def close_connections(connections: list[sqlite3.Connection]) -> None:
    """Close these connections."""
    for connection in connections:
        connection.close()


def identify(engine: Engine) -> tuple[int, int] | None:
    """Return the device and inode of a database's file, by which another one in its place is noticed; None if gone."""
    try:
        stat = Path(engine.url.database or "").stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def check_json(documents: list[bytes]) -> list[bytes]:
    """Return these JSON objects if each ends with a brace. Raises `ValueError`.

    SQLite notices damage to a page that leads on to another one, but not to the last page of a long value.
    """
    if not {*map(LAST_BYTE, documents)} <= BRACE:
        raise ValueError("not a JSON object")
    return documents


LAST_BYTE = itemgetter(-1)
BRACE = {ord("}")}


def build_placeholders(keys: Sequence[int]) -> str:
    """Return one placeholder for each key, joined by commas."""
    return ",".join("?" * len(keys))
