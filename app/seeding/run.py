"""One seeding run: turn annotated articles into a new revision, within one transaction."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update
from sqlmodel import col

from app.database.revisions import newest_revision, purge
from app.models import Article, Revision
from app.seeding.article import Finding
from app.seeding.catalogue import Catalogue
from app.seeding.registry import Registry
from app.seeding.revision.changes import MOST_IDS, Changes
from app.seeding.revision.counters import CorpusCounters
from app.seeding.revision.derived_ids import DerivedIds
from app.seeding.revision.file_changes import FileChanges
from app.seeding.revision.live_articles import LiveArticles
from app.seeding.revision.rerender import find_outdated, read_articles
from app.seeding.revision.resolution import ResolvedArticle, resolve_article
from app.seeding.revision.writer import ArticleWriter
from app.seeding.scanner import ScanResult
from app.seeding.workers import AnnotatedChunk


@dataclass
class Outcome:
    """The result of a run: numbers of articles, and findings."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    """Numbers of mentions in added and changed articles, by origin."""
    changes: Changes = field(default_factory=Changes)
    revision: int | None = None
    """The number of the new revision; None if nothing changed."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        """The findings that stop a run."""
        return [finding for finding in self.findings if finding.severity == "fault"]


NO_REFUSALS: Mapping[str, Any] = {"files": 0, "reasons": []}
NO_REVISION = {"number": 0, "root_path": "", "articles": 0, "paragraphs": 0, "mentions": 0, "refused": NO_REFUSALS}
"""Stands for the previous revision in an empty database."""


class SeedingRun:
    """Ingests annotated chunks of files, and finishes with one new revision, or none if nothing has changed."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, scanned: ScanResult, build: str, root_path: str
    ) -> None:
        self.connection = connection
        self.root_path = root_path
        self.outcome = Outcome(findings=list(scanned.findings))
        self.previous: Mapping[str, Any] = dict(newest_revision(connection) or NO_REVISION)
        self.outcome.changes.mentions = self.previous["mentions"], self.previous["mentions"]
        self.revision = self.previous["number"] + 1
        self.insert_revision()
        self.registry = Registry(connection, catalogue)
        self.counters = CorpusCounters(connection, self.registry.entities.store, self.previous)
        self.writer = ArticleWriter(connection, self.registry, self.counters, self.revision, root_path)
        self.files = FileChanges(connection, scanned.files, build)
        self.live = LiveArticles(connection, self.revision, self.files)
        self.derived_ids = DerivedIds(self.live)
        self.article_count: int = self.previous["articles"]
        """How many articles the corpus has."""
        self.moved: list[dict[str, Any]] = []
        """Parameters of the statement that updates the file of unchanged articles."""
        self.replaced: list[int] = []
        """Keys of the articles that a new version replaces."""

    def insert_revision(self) -> None:
        """Insert the row of the new revision, to which articles refer; its totals follow at the end."""
        values = {
            "number": self.revision,
            "id": secrets.token_hex(8),
            "at": datetime.now(UTC),
            "root_path": self.root_path,
            "articles": 0,
            "paragraphs": 0,
            "mentions": 0,
            "purged": 0,
            "refused": NO_REFUSALS,
            "changes": {},
        }
        self.connection.execute(insert(Revision), values)

    def find_missing_files(self, roots: Sequence[Path], *, everything: bool) -> None:
        """Find the files that are gone from under the roots, or with `everything` all that were not scanned."""
        unreadable = [Path(finding.file) for finding in self.outcome.faults]
        self.files.find_missing(roots, unreadable, everything=everything)

    def ingest(self, chunk: AnnotatedChunk) -> None:
        """Add the articles of a file, or of a chunk of it, to the corpus, except for those that have faults."""
        findings = list(chunk.findings)
        articles = [(self.derived_ids.choose(article), fingerprint) for article, fingerprint in chunk.articles]
        self.live.load({article.id for article, _ in articles})
        for article, source_fingerprint in articles:
            if conflicts := self.live.find_conflicts(article):
                findings += conflicts
                continue
            resolved = resolve_article(article, source_fingerprint, self.registry)
            if isinstance(resolved, ResolvedArticle):
                self.add(resolved)
            else:
                findings += resolved
        self.files.mark_read(chunk.file, has_fault=any(finding.severity == "fault" for finding in findings))
        self.outcome.findings += findings

    def add(self, resolved: ResolvedArticle) -> None:
        """Write an article, unless the same version of it is live."""
        article = resolved.article
        self.live.added[article.id] = f"{article.file}:{article.line}"
        live = self.live.by_id.get(article.id)
        if live and live.fingerprint == self.writer.fingerprint(resolved):
            self.outcome.unchanged += 1
            if live.file != article.file:
                self.moved.append({"moved_key": live.key, "new_file": article.file})
            return
        self.writer.write(resolved)
        articles = self.outcome.changes.articles
        if live:
            self.replaced.append(live.key)
            articles.changed.append(article.id)
            self.outcome.changed += 1
        else:
            articles.added.append(article.id)
            self.outcome.added += 1

    def finish(self, *, prune: bool) -> Outcome:
        """Retire what was replaced or removed, rewrite what mentions a renamed entity, and finalize the revision.

        `prune` removes the articles of missing files. The revision is deleted again if nothing has changed.
        """
        self.writer.flush()
        affected = self.live.select(col(Article.file), self.files.not_known_unchanged)
        self.outcome.unchanged += self.previous["articles"] - sum(1 for _ in affected)
        paths = self.files.read_without_fault | (self.files.missing if prune else set())
        candidates = self.live.select(col(Article.file), paths)
        removed = {live.key: live.id for live in candidates if live.id not in self.live.added}
        self.outcome.removed = len(removed)
        self.outcome.changes.articles.removed += removed.values()
        self.writer.retire([*self.replaced, *removed])
        self.rerender_renamed()
        self.files.add_faults(self.outcome.findings)
        self.files.save()
        self.update_moved()
        outcome = self.outcome
        outcome.marked = self.writer.marked
        refused = self.files.summarize_faults()
        has_changes = outcome.added or outcome.changed or outcome.removed or self.registry.has_changed
        if has_changes or refused != self.previous["refused"]:
            self.finalize_revision(refused)
        else:
            self.connection.execute(delete(Revision).where(col(Revision.number) == self.revision))
        return outcome

    def rerender_renamed(self) -> None:
        """Write new versions of the articles that refer to a renamed entity or tag; of all if the root path changed."""
        has_new_root_path = self.previous["root_path"] != self.root_path
        keys = find_outdated(self.connection, self.registry, self.revision, everything=has_new_root_path)
        for resolved in read_articles(self.connection, self.registry, keys):
            self.writer.write(resolved)
            self.outcome.changes.articles.changed.append(resolved.article.id)
        self.writer.flush()
        self.writer.retire(keys)
        self.outcome.changed += len(keys)

    def update_moved(self) -> None:
        """Store the new files of articles that moved without a change."""
        if self.moved:
            statement = update(Article).where(col(Article.key) == bindparam("moved_key"))
            self.connection.execute(statement.values(file=bindparam("new_file")), self.moved)

    def finalize_revision(self, refused: Mapping[str, Any]) -> None:
        """Store the totals of the revision, purge old versions, and delete entities and tags that nothing uses.

        `refused` tells of the files that have faults.
        """
        self.outcome.revision = self.revision
        self.counters.outdated |= self.registry.entities.store.renamed
        totals = self.counters.save()
        changes = self.outcome.changes
        changes.mentions = self.previous["mentions"], totals["mentions"]
        changes.compare_entities(self.registry.entities.store.before, self.counters.entities_by_key)
        purged = purge(self.connection)
        self.registry.delete_unused()
        statement = update(Revision).where(col(Revision.number) == self.revision)
        values = {"purged": purged, "refused": refused, "changes": changes.to_json(MOST_IDS)}
        self.connection.execute(statement.values(**values, **totals))
        self.article_count = totals["articles"]


class CheckRun(SeedingRun):
    """Finds what a run into an empty corpus would find, and stores no article."""

    def add(self, resolved: ResolvedArticle) -> None:
        """Count a sound article."""
        article = resolved.article
        self.live.added[article.id] = f"{article.file}:{article.line}"
        self.outcome.added += 1
