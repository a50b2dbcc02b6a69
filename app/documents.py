"""Documents by key: the shortest way from a key to bytes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import finalize

from sqlalchemy import Engine

from app.database import told_plainly
from app.manners import DatabaseError


class Documents:
    """Documents by key, of a SQLite database, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        with told_plainly(engine):
            borrowed = engine.raw_connection()
        connection: Any = borrowed.driver_connection
        borrowed.detach()
        self.connection = connection
        self.close = finalize(self, connection.close)
        """Lets go of the database; so does the end of the last snapshot that these are of."""
        self.engine = engine
        self.file = self.identity()

    def are_of(self, engine: Engine) -> bool:
        """Whether they are read through this engine."""
        return self.engine is engine

    def check(self) -> None:
        """Raise `DatabaseError` where the file is another one by now."""
        if self.identity() != self.file:
            raise DatabaseError("The database's file was removed or replaced: start the service again to follow it.")

    def identity(self) -> object:
        """Which file the database is, whatever its name."""
        try:
            stat = Path(self.engine.url.database or "").stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

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
