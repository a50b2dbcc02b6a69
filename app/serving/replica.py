"""What a machine answers from: the SQLite database itself, or the copy that it keeps of a corpus in PostgreSQL.

A copy is a SQLite database with the same tables. It is brought from revision to revision by short transactions,
so that no server has to keep an old state for it, and it goes on being read when no server can be reached.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, delete, event, select, update
from sqlmodel import col

from app.database.dialect import DamagedDatabaseError, DatabaseError
from app.database.document_store import identify
from app.database.engine import (
    add_rows,
    display_name,
    is_migrated,
    migrate,
    open_database,
    read_transaction,
    write_transaction,
)
from app.database.revisions import newest_revision, purge
from app.models import Article, ArticleTag, Entity, Mention, Paragraph, Revision, Tag
from app.settings import Settings
from app.system.file_lock import try_lock

log = logging.getLogger("articles")

Progress = Callable[[int, int], None]

AT_ONCE = 500
"""So many articles are copied in one transaction."""

PARTS = {Paragraph: Paragraph.article, Mention: Mention.article, ArticleTag: ArticleTag.article}
"""What belongs to an article, by its key."""


class LocalDatabase:
    """The SQLite database that the settings name."""

    def __init__(self, database: Engine) -> None:
        self.database = self.engine = database
        self.file: object = None
        """Which file it was found to be."""

    def prepare(self) -> None:
        """Make the tables where they are missing."""
        migrate(self.database)
        self.file = identify(self.engine)

    def catch_up(self, _progress: Progress) -> bool:
        """Nothing is newer than what is written here; but the file may be another one by now."""
        file = identify(self.engine)
        if self.file != file and file is not None:
            self.engine.dispose()
            migrate(self.engine)
            self.file = file
        return True

    def recover(self, _error: Exception) -> None:
        """Read on new connections, for old ones may hold damaged pages in their memory."""
        self.engine.dispose()

    def stop(self) -> None:
        """Wait for nothing any more: a file does not let wait."""

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


class Replica:
    """A copy of a corpus in PostgreSQL."""

    def __init__(self, database: Engine, folder: Path, stopping: Event, *, writable: bool) -> None:
        self.database = database
        self.stopping = stopping
        self.folder = folder
        self.writable = writable
        """Whether the database may be migrated: a replica may not."""
        self.engine: Engine | None = None
        """The copy; None while there is none."""
        self.sound = False
        """Whether the database was found to have the tables of this version."""
        self.damaged: Path | None = None
        """A copy that can't be read everywhere, to be made anew."""

    def prepare(self) -> None:
        """Find the copy that an earlier process made; where there is none, make the database's tables if need be.

        A machine that has a copy answers from it at once, whether or not the database can be reached.
        """
        self.find()
        if self.engine is None and self.writable:
            migrate(self.database)

    def find(self) -> None:
        """Take up the newest whole copy."""
        for path in sorted(self.folder.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True):
            if self.engine is not None and str(path) == self.engine.url.database:
                return
            engine = open_copy(path)
            with suppress(DatabaseError):
                if is_migrated(engine) and self.revision(engine):
                    self.take(engine)
                    return
            engine.dispose()

    def take(self, engine: Engine) -> None:
        """Read this copy from now on."""
        if self.engine is not None:
            self.engine.dispose()
        self.engine = engine

    def revision(self, engine: Engine) -> str | None:
        """The id of a database's newest revision."""
        with read_transaction(engine) as connection:
            row = newest_revision(connection)
        return row["id"] if row else None

    def catch_up(self, progress: Progress) -> bool:
        """Bring the copy to the newest revision; False where another process is about it. Raises `DatabaseError`."""
        if self.engine is not None and not Path(self.engine.url.database or "").exists():
            # Another process has made a new one, or it is lost and made anew.
            self.engine.dispose()
            self.engine = None
            self.find()
        if not self.sound:
            self.inspect()
        theirs = self.revision(self.database)
        if theirs is None or (not self.damaged and self.engine and self.revision(self.engine) == theirs):
            return True
        with try_lock(self.folder) as mine:
            if mine:
                self.inspect()
                self.discard()
                self.advance(progress)
            else:
                self.find()
        return mine

    def recover(self, error: Exception) -> None:
        """Read on new connections; a copy that is damaged is made anew as soon as the database can be reached."""
        self.database.dispose()
        if self.engine is not None:
            self.engine.dispose()
        if isinstance(error, DamagedDatabaseError) and (path := Path(error.database or "")).parent == self.folder:
            self.damaged = path

    def stop(self) -> None:
        """Wait for the server no more, whatever is asked of it."""
        self.stopping.set()

    def discard(self) -> None:
        """Delete a copy that is damaged; what is open of it goes on being read."""
        if self.damaged:
            log.warning("The damaged copy %s is made anew.", self.damaged)
            if self.engine is not None:
                self.engine.dispose()
                self.engine = None
            remove(self.damaged)
            self.damaged = None

    def inspect(self) -> None:
        """Raise `DatabaseError` where the database has other tables than this version and may not be migrated."""
        if self.writable:
            migrate(self.database)
        self.sound = is_migrated(self.database)
        if not self.sound:
            name = display_name(self.database)
            raise DatabaseError(f"The database {name} has not the tables of this version: run 'articles migrate'.")

    def advance(self, progress: Progress) -> None:
        """Copy what is new. Another corpus gets another file, and the old one is read until that is whole."""
        with read_transaction(self.database) as connection:
            first = connection.scalars(select(col(Revision.id)).order_by(col(Revision.number)).limit(1)).one()
        path = self.folder / f"{first}.db"
        engine = self.engine if self.engine and self.engine.url.database == str(path) else open_copy(path)
        if not is_migrated(engine):
            # There is none, or one that an earlier version made.
            engine.dispose()
            remove(path)
            migrate(engine)
        try:
            copy(self.database, engine, progress)
        except BaseException:
            if engine is not self.engine:
                engine.dispose()
            raise
        if engine is not self.engine:
            self.take(engine)
        for other in self.folder.glob("*.db"):
            if other != path:
                remove(other)

    def close(self) -> None:
        """Let go of both databases."""
        self.database.dispose()
        if self.engine is not None:
            self.engine.dispose()


def open_local_database(settings: Settings) -> LocalDatabase | Replica:
    """What these settings make a machine answer from."""
    read = settings.read_database_url
    stopping = Event()
    engine = open_database(settings.database, stopping=stopping)
    if read:
        engine = open_database(read, "ARTICLES_READ_DATABASE_URL", stopping)
    if engine.dialect.name != "sqlite":
        return Replica(engine, settings.data.resolve() / "copies", stopping, writable=not read)
    if read:
        raise DatabaseError("ARTICLES_READ_DATABASE_URL names sqlite; a replica is one of a PostgreSQL server.")
    return LocalDatabase(engine)


def open_copy(path: Path) -> Engine:
    """The engine of a copy. References may not hold while its parts arrive."""
    engine = open_database(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF"))
    return engine


def remove(path: Path) -> None:
    """Delete a SQLite database; whoever has it open goes on reading it."""
    for file in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
        file.unlink(missing_ok=True)


def copy(source: Engine, engine: Engine, progress: Progress) -> None:
    """Bring a copy to the source's newest revision.

    Articles come first, in pieces that nobody sees yet, until some state of the source has no others; what
    else that state holds, its revision too, follows in one transaction.
    """
    alive = select(col(Article.key)).where(col(Article.until).is_(None))
    with read_transaction(engine) as ours:
        have = set(ours.scalars(select(col(Article.key))))
    while True:
        with read_transaction(source) as theirs:
            live = set(theirs.scalars(alive))
            if live <= have:
                fresh = {model: theirs.execute(select(model)).mappings().all() for model in (Revision, Entity, Tag)}
                break
        copy_articles(source, engine, sorted(live - have), progress)
        have |= live
    with write_transaction(engine) as ours:
        number = max(row["number"] for row in fresh[Revision])
        retire(ours, set(ours.scalars(alive)) - live, number)
        for model in (Entity, Tag):
            replace(ours, model, fresh[model])
        known = set(ours.scalars(select(col(Revision.number))))
        add_rows(ours, Revision, [
            [*{**row, "purged": 0}.values()] for row in fresh[Revision] if row["number"] not in known
        ])  # fmt: skip
        purged = purge(ours)
        ours.execute(update(Revision).where(col(Revision.number) == number).values(purged=purged))


def copy_articles(source: Engine, engine: Engine, keys: Sequence[int], progress: Progress) -> None:
    """Copy articles with all that belongs to them; those that were retired meanwhile are left out."""
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        with read_transaction(source) as theirs:
            articles = theirs.execute(
                select(Article).where(col(Article.key).in_(some), col(Article.until).is_(None))
            ).all()  # fmt: skip
            live = [row.key for row in articles]
            parts = {model: theirs.execute(select(model).where(col(key).in_(live))).all()
                     for model, key in PARTS.items()}  # fmt: skip
        with write_transaction(engine) as ours:
            add_rows(ours, Article, articles)
            for model, rows in parts.items():
                add_rows(ours, model, rows)
        progress(start + len(some), len(keys))


def retire(ours: Connection, ended: set[int], number: int) -> None:
    """Let articles end with this revision."""
    keys = sorted(ended)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        ours.execute(update(Article).where(col(Article.key).in_(some)).values(until=number))
        for model in (Mention, ArticleTag):
            ours.execute(delete(model).where(col(PARTS[model]).in_(some)))


def replace(ours: Connection, model: Any, fresh: Sequence[Any]) -> None:
    """Make a table hold exactly these rows; equal ones are not touched."""
    held = {row["key"]: row for row in ours.execute(select(model)).mappings()}
    wanted = {row["key"]: row for row in fresh}
    stale = [key for key, row in held.items() if wanted.get(key) != row]
    for start in range(0, len(stale), AT_ONCE):
        ours.execute(delete(model).where(model.key.in_(stale[start : start + AT_ONCE])))
    add_rows(ours, model, [[*row.values()] for key, row in wanted.items() if held.get(key) != row])
