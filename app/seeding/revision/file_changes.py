"""Changed files: compare the scanned files with those of earlier runs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlmodel import col

from app.database.batching import batched, stream_rows
from app.database.engine import add_rows
from app.models import Article, SourceFile
from app.seeding.article import Finding, ScannedFile
from app.seeding.fingerprints import compute_fingerprint
from app.seeding.reports.finding_groups import generalize, hide_paths

MOST_REASONS = 20
"""Reasons for refused files that a revision names."""


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
        self.faults: dict[str, str] = {}
        """The first fault of each file that has one, by path."""

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

    def add_faults(self, findings: Iterable[Finding]) -> None:
        """Remember the first fault of each file."""
        for finding in findings:
            if finding.severity == "fault":
                self.faults.setdefault(finding.file, hide_paths(finding.message))

    def save(self) -> None:
        """Store the fingerprints and faults of the files that were read, and forget the missing ones."""
        fingerprints = dict.fromkeys(self.faults, "") | self.read
        for paths in batched(chain(fingerprints, self.missing & self.stored.keys())):
            self.connection.execute(delete(SourceFile).where(col(SourceFile.path).in_(paths)))
        for rows in batched((path, value, self.faults.get(path)) for path, value in fingerprints.items()):
            add_rows(self.connection, SourceFile, rows)

    def summarize_faults(self) -> dict[str, Any]:
        """Return how many stored files have faults, and the most frequent reasons, each in the words of one of them."""
        fault = col(SourceFile.fault)
        rows = self.connection.scalars(select(fault).where(fault.is_not(None)).order_by(col(SourceFile.path)))
        messages: dict[str, str] = {}
        numbers: Counter[str] = Counter()
        for message in filter(None, rows):
            pattern = generalize(message)
            messages.setdefault(pattern, message)
            numbers[pattern] += 1
        reasons = numbers.most_common(MOST_REASONS)
        return {
            "files": numbers.total(),
            "reasons": [{"message": messages[pattern], "files": number} for pattern, number in reasons],
        }
