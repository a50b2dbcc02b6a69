"""Documents by key: the shortest way from a key to bytes."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from operator import itemgetter
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from weakref import finalize

from sqlalchemy import Engine

from app.database.dialect import Trouble
from app.database.engine import describe, explain, translate_errors
from app.database.sqlite import DAMAGED

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Read = Callable[Concatenate["DocumentStore", Parameters], Result]

MISSING = Trouble(
    "lacks articles that are served",
    "it is damaged, or no newer revision could be followed for over ten minutes",
)


def reporting(read: Read[Parameters, Result]) -> Read[Parameters, Result]:
    """Let a method raise `DatabaseError` where it fails, and keep what it was asked, to be tried again."""

    @wraps(read)
    def report(documents: "DocumentStore", *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return read(documents, *args, **kwargs)
        except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
            documents.failed = lambda others: report(others, *args, **kwargs)
            match error:
                case sqlite3.Error():
                    raise explain(documents.engine, error) from error
                case LookupError():
                    raise describe(documents.engine, MISSING) from error
                case _:
                    raise describe(documents.engine, DAMAGED) from error

    return cast("Read[Parameters, Result]", report)


class DocumentStore:
    """Documents by key, of a SQLite database, on a connection of its own. All that read raise `DatabaseError`."""

    def __init__(self, engine: Engine) -> None:
        with translate_errors(engine):
            borrowed = engine.raw_connection()
        connection: Any = borrowed.driver_connection
        borrowed.detach()
        self.connection = connection
        self.close = finalize(self, connection.close)
        """Lets go of the database; so does the end of the last snapshot that these are of."""
        self.engine = engine
        self.file = identify(engine)
        self.failed: Callable[[DocumentStore], Any] | None = None
        """The read that failed last, to be tried on other documents; None while all went well."""

    def are_of(self, engine: Engine) -> bool:
        """Whether they are read through this engine, and from the file that is there now."""
        return self.engine is engine and self.file == identify(engine)

    @reporting
    def rendered(self, keys: Sequence[int]) -> list[bytes]:
        """What lists show of these articles, in the order of the keys."""
        found = dict(self.connection.execute(
            f"SELECT key, rendered FROM article WHERE key IN ({placeholders(keys)})", keys  # noqa: S608
        ))  # fmt: skip
        return checked([found[key] for key in keys])

    @reporting
    def paragraphs(self, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """The paragraphs at these (article key, position) places, in this order."""
        if not places:
            return []
        # SQLite looks each of these up in the index; a list of pairs after IN it would compare with every row.
        condition = " OR ".join(["(article = ? AND position = ?)"] * len(places))
        rows = self.connection.execute(
            f"SELECT article, position, rendered FROM paragraph WHERE {condition}",  # noqa: S608
            [number for place in places for number in place],
        )
        found = {(article, position): rendered for article, position, rendered in rows}
        return checked([found[place] for place in places])

    @reporting
    def paragraph(self, article: int, position: int) -> bytes | None:
        """The paragraph at this place of an article; None where it has not so many."""
        query = "SELECT rendered FROM paragraph WHERE article = ? AND position = ?"
        rows = self.connection.execute(query, (article, position)).fetchall()
        return checked([row[0] for row in rows])[0] if rows else None

    @reporting
    def whole(self, keys: Sequence[int]) -> list[tuple[bytes, list[bytes], bytes]]:
        """All parts of these articles: list form, paragraphs, extra; in this order."""
        heads = {key: parts for key, *parts in self.connection.execute(
            f"SELECT key, rendered, extra FROM article WHERE key IN ({placeholders(keys)})", keys  # noqa: S608
        )}  # fmt: skip
        paragraphs: dict[int, list[bytes]] = {key: [] for key in keys}
        for key, rendered in self.connection.execute(
            f"SELECT article, rendered FROM paragraph WHERE article IN ({placeholders(keys)}) "  # noqa: S608
            "ORDER BY article, position", keys
        ):  # fmt: skip
            paragraphs[key].append(rendered)
        checked([part for parts in heads.values() for part in parts])
        return [(heads[key][0], checked(paragraphs[key]), heads[key][1]) for key in keys]

    @reporting
    def languages(self, keys: Sequence[int]) -> dict[str, str]:
        """The languages of these articles, by their ids."""
        query = f"SELECT id, language FROM article WHERE key IN ({placeholders(keys)})"  # noqa: S608
        return dict(self.connection.execute(query, keys))

    @reporting
    def key(self, id: str, revision: int) -> int | None:
        """The key of the article that has this id in this revision."""
        row = self.connection.execute(
            "SELECT key FROM article WHERE id = ? AND since <= ? AND (until IS NULL OR until > ?)",
            (id, revision, revision),
        ).fetchone()
        return int(row[0]) if row else None


@contextmanager
def pin_documents(engine: Engine) -> Iterator[DocumentStore]:
    """Open documents in one read transaction: what is there now stays, also if a later run purges it.

    While it is open SQLite cannot shorten its write-ahead log. Raises `DatabaseError`.
    """
    documents = DocumentStore(engine)
    try:
        with translate_errors(engine):
            # Documents are read once, in long rows: a cache of 2 MB serves them as well as one of 64.
            documents.connection.execute("PRAGMA cache_size = -2048")
            documents.connection.execute("BEGIN")
            # The first read decides which state is seen.
            documents.connection.execute("SELECT 1 FROM revision LIMIT 1").fetchone()
        yield documents
    finally:
        documents.close()


def identify(engine: Engine) -> tuple[int, int] | None:
    """Return which file a database is, whatever its name; None where it is gone."""
    try:
        stat = Path(engine.url.database or "").stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def checked(documents: list[bytes]) -> list[bytes]:
    """Return these JSON objects if they end as such. Raises `ValueError`.

    SQLite notices damage to a page that leads on to another one, but not to the last page of a long value.
    """
    if not {*map(LAST, documents)} <= BRACE:
        raise ValueError("not a JSON object")
    return documents


LAST = itemgetter(-1)
BRACE = {ord("}")}


def placeholders(keys: Sequence[int]) -> str:
    """As many place holders as there are keys."""
    return ",".join("?" * len(keys))
