"""Changed files: compare the scanned files with those of earlier runs."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, delete, select
from sqlmodel import col

from app.database.batching import batched, stream_rows
from app.database.engine import add_rows
from app.models import Article, SourceFile
from app.seeding.article import ScannedFile
from app.seeding.fingerprints import compute_fingerprint


class FileChanges:
    """Files that are new, changed or missing, by absolute path, and what is remembered of those that are read."""

    def __init__(self, connection: Connection, scanned: Iterable[ScannedFile], build: str) -> None:
        """Compare scanned files with the database; `build` stands for all else that articles are derived from."""
        self.connection = connection
        self.build = build
        fingerprints = select(col(SourceFile.path), col(SourceFile.fingerprint))
        self.stored: dict[str, str] = dict(iter(connection.execute(stream_rows(fingerprints))))
        """Fingerprints of earlier runs by path."""
        self.with_articles = {*connection.scalars(stream_rows(select(col(Article.file)).distinct()))}
        """Paths that the articles of the database come from."""
        files = {file.name: file for file in scanned}
        self.scanned = files.keys()
        self.changed = {path: file for path, file in files.items() if self.stored.get(path) != self.fingerprint(file)}
        """Scanned files that are new or changed, and so have to be read."""
        self.missing: set[str] = set()
        self.read: dict[str, str] = {}
        """Fingerprints to store, by path: empty where a file had a fault, so that the next run reads it again."""

    def fingerprint(self, file: ScannedFile) -> str:
        """Return the fingerprint of everything that the articles of a file are derived from."""
        return compute_fingerprint(self.build, file.path, file.fingerprint)

    def find_missing(self, roots: Sequence[Path], unreadable: Sequence[Path], *, everything: bool) -> None:
        """Find the files that are gone from under the roots, or with `everything` all that were not scanned.

        What lies under an unreadable folder is not missing.
        """
        for name in (self.stored.keys() | self.with_articles) - self.scanned:
            path = Path(name)
            if (everything or any(map(path.is_relative_to, roots))) and not any(map(path.is_relative_to, unreadable)):
                self.missing.add(name)

    def mark_read(self, file: ScannedFile, *, has_fault: bool) -> None:
        """Remember that a file, or a chunk of it, was read."""
        self.read.setdefault(file.name, self.fingerprint(file))
        if has_fault:
            self.read[file.name] = ""

    @property
    def not_known_unchanged(self) -> set[str]:
        """Paths with articles, except for scanned files that are unchanged."""
        return self.with_articles - (self.scanned - self.changed.keys())

    @property
    def read_without_fault(self) -> set[str]:
        """Paths of which every article was read."""
        return {path for path, fingerprint in self.read.items() if fingerprint}

    def save(self) -> None:
        """Store the fingerprints of the files that were read, and forget the missing ones."""
        for paths in batched(chain(self.read, self.missing & self.stored.keys())):
            self.connection.execute(delete(SourceFile).where(col(SourceFile.path).in_(paths)))
        for rows in batched(self.read.items()):
            add_rows(self.connection, SourceFile, rows)
