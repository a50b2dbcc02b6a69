"""One seeding run on its way through its transaction."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from app.database.engine import add_rows
from app.database.revisions import newest_revision, purge
from app.models import Article as ArticleRow
from app.models import Revision, SourceFile
from app.seeding.article import Finding, Identity, NewArticle, NewMention
from app.seeding.article import ScannedFile as File
from app.seeding.catalogue import Catalogue
from app.seeding.counters import CorpusCounters
from app.seeding.fingerprints import compute_fingerprint
from app.seeding.limits import MOST_WARNINGS
from app.seeding.normalize.raw import shorten
from app.seeding.registry import EntityRegistry, EntityRow, chunks, streamed
from app.seeding.rerender import find_outdated, rerender_articles
from app.seeding.scanner import ScanResult
from app.seeding.workers import AnnotatedChunk
from app.seeding.writer import ArticleWriter, ResolvedArticle


@dataclass
class Outcome:
    """What a run did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    revision: int | None = None
    """The number of the new revision; None where nothing changed."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        """What stops a run."""
        return [finding for finding in self.findings if finding.severity == "fault"]


class LiveArticle(NamedTuple):
    """An article that the corpus holds before the run."""

    key: int
    file: str
    fingerprint: str


NOTHING = {"number": 0, "root_path": "", "articles": 0, "paragraphs": 0, "mentions": 0}
"""What there was before the first revision."""


class SeedingRun:
    """Takes what files give, and makes one revision of it."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, scanned: ScanResult, build: str, root_path: str
    ) -> None:
        self.connection = connection
        self.build = build
        self.root_path = root_path
        self.outcome = Outcome(findings=list(scanned.findings))
        self.live: dict[str, LiveArticle] = {}
        """By id, those that the piece of a file that is being taken speaks of."""
        self.before: Mapping[str, Any] = dict(newest_revision(connection) or NOTHING)
        self.number = self.before["number"] + 1
        connection.execute(insert(Revision), {
            "number": self.number, "id": secrets.token_hex(8), "at": datetime.now(UTC), "root_path": root_path,
            "articles": 0, "paragraphs": 0, "mentions": 0, "purged": 0,
        })  # fmt: skip
        self.identities = EntityRegistry(connection, catalogue)
        self.accounts = CorpusCounters(connection, self.identities, self.before)
        self.rows = ArticleWriter(connection, self.identities, self.accounts, self.number, root_path)
        fingerprints = select(col(SourceFile.path), col(SourceFile.fingerprint))
        self.known: dict[str, str] = dict(iter(connection.execute(streamed(fingerprints))))
        self.files = {*connection.scalars(streamed(select(col(ArticleRow.file)).distinct()))}
        """From which there are articles."""
        named = {file.name: file for file in scanned.files}
        changed = {name: file for name, file in named.items() if self.known.get(name) != self.fingerprint(file)}
        self.scanned, self.rereading = named.keys(), changed.keys()
        self.todo = list(changed.values())
        self.gone: set[str] = set()
        self.read: dict[str, str] = {}
        """What was read, with the fingerprint that is remembered: an empty one where there was a fault."""
        self.seen: dict[str, str] = {}
        """Where each id was met."""
        self.moved: list[EntityRow] = []
        self.retired: list[int] = []

    def fingerprint(self, file: File) -> str:
        """Of everything that a file's articles are derived from."""
        return compute_fingerprint(self.build, file.path, file.fingerprint)

    def miss(self, roots: Sequence[Path], *, everything: bool) -> None:
        """Find out which files are gone from under these paths, or altogether."""
        unreadable = [Path(finding.file) for finding in self.outcome.faults]
        for name in (self.known.keys() | self.files) - self.scanned:
            path = Path(name)
            if (everything or any(map(path.is_relative_to, roots))) and not any(map(path.is_relative_to, unreadable)):
                self.gone.add(name)

    def take(self, annotated: AnnotatedChunk) -> None:
        """Bring what a file gave, or a piece of it, into the corpus."""
        findings = list(annotated.findings)
        self.live = dict(self.alive(col(ArticleRow.id), {article.id for article, _ in annotated.articles}))
        for article, said in annotated.articles:
            findings += self.collision(article) or self.name(article, said)
        self.read.setdefault(annotated.file.name, self.fingerprint(annotated.file))
        if any(finding.severity == "fault" for finding in findings):
            self.read[annotated.file.name] = ""
        self.outcome.findings += findings

    def alive(self, column: Any, values: Iterable[str]) -> Iterator[tuple[str, LiveArticle]]:
        """The articles, with their ids, that the corpus held before the run and that have one of these values."""
        # Which of them live is seen here: SQLite would rather look through all that do.
        versions = select(*(col(getattr(ArticleRow, name)) for name in ("until", "since", "id", *LiveArticle._fields)))
        rows = (row for some in chunks(values) for row in self.connection.execute(versions.where(column.in_(some))))
        return ((id, LiveArticle(*rest)) for until, since, id, *rest in rows if until is None and since < self.number)

    def collision(self, article: NewArticle) -> list[Finding]:
        """Whether another article already has this id. An article may move to another file when its own is gone."""
        live, place = self.live.get(article.id), self.seen.get(article.id)
        if place is None and live and not self.is_free(live, article):
            if Path(live.file).exists():
                place = live.file
            else:
                self.gone.add(live.file)
        if place is None:
            return []
        message = f"The id '{article.id}' is already that of the article in {place}; give one of them another `id`."
        return [Finding(article.file, article.line, message)]

    def is_free(self, live: LiveArticle, article: NewArticle) -> bool:
        """Whether this article may take the id of a live one, whose file is the same, or is read again, or is gone."""
        return live.file == article.file or live.file in self.rereading or live.file in self.gone

    def name(self, article: NewArticle, said: str) -> list[Finding]:
        """Find whom an article names, and add it; or every id in it that no entity has."""
        ids = {it.entity for it in article.mentions if isinstance(it.entity, str)}
        known: dict[Any, EntityRow | None] = {id: self.identities.entity(id) for id in ids}
        if unknown := {id for id, row in known.items() if row is None}:
            wrong = [it for it in article.mentions if it.entity in unknown]
            faults = [self.unknown(article, it) for it in wrong[:MOST_WARNINGS]]
            if more := len(wrong) - len(faults):
                faults.append(Finding(article.file, article.line, f"There are {more:,} more mentions of unknown ids."))
            return faults
        entities = [
            self.identities.entity(it.entity) if isinstance(it.entity, Identity) else known.get(it.entity)
            for it in article.mentions
        ]
        self.add(ResolvedArticle(article, said, entities, [self.identities.tag(tag) for tag in article.tags]))
        return []

    def unknown(self, article: NewArticle, mention: NewMention) -> Finding:
        """A mention of an entity that there is not."""
        near = self.identities.nearest(str(mention.entity))
        hint = f"did you mean '{near}'?" if near else "expected one of the catalogue's, or {name, type}."
        line = article.paragraphs[mention.paragraph].line
        return Finding(article.file, line, f"No entity has the id '{shorten(str(mention.entity))}'; {hint}")

    def add(self, named: ResolvedArticle) -> None:
        """Write an article unless the corpus holds it as it is."""
        article = named.article
        self.seen[article.id] = f"{article.file}:{article.line}"
        live = self.live.get(article.id)
        if live and live.fingerprint == f"{named.said} {self.rows.fingerprint(named)}":
            self.outcome.unchanged += 1
            if live.file != article.file:
                self.moved.append({"moved": live.key, "to": article.file})
            return
        self.rows.write(named)
        if live:
            self.retired.append(live.key)
            self.outcome.changed += 1
        else:
            self.outcome.added += 1

    def finish(self, *, prune: bool) -> Outcome:
        """Retire, tell anew, count, purge; or leave no revision behind where nothing changed."""
        self.rows.flush()
        others = self.files - (self.scanned - self.rereading)
        self.outcome.unchanged += self.before["articles"] - sum(1 for _ in self.alive(col(ArticleRow.file), others))
        ended = {file for file, fingerprint in self.read.items() if fingerprint} | (self.gone if prune else set())
        removed = [live.key for id, live in self.alive(col(ArticleRow.file), ended) if id not in self.seen]
        self.outcome.removed = len(removed)
        self.rows.retire([*self.retired, *removed])
        self.retell()
        self.remember()
        outcome = self.outcome
        if outcome.added or outcome.changed or outcome.removed or self.identities.changed:
            self.close()
        else:
            self.connection.execute(delete(Revision).where(col(Revision.number) == self.number))
        return outcome

    def retell(self) -> None:
        """Write anew what names something that is called otherwise now."""
        rooted_elsewhere = self.before["root_path"] != self.root_path
        keys = find_outdated(self.connection, self.identities, self.number, everything=rooted_elsewhere)
        for named in rerender_articles(self.connection, self.identities, keys):
            self.rows.write(named)
        self.rows.flush()
        self.rows.retire(keys)
        self.outcome.changed += len(keys)

    def remember(self) -> None:
        """Keep which files were read, and where articles stand now."""
        for paths in chunks(chain(self.read, self.gone & self.known.keys())):
            self.connection.execute(delete(SourceFile).where(col(SourceFile.path).in_(paths)))
        for rows in chunks(self.read.items()):
            add_rows(self.connection, SourceFile, rows)
        if self.moved:
            move = update(ArticleRow).where(col(ArticleRow.key) == bindparam("moved")).values(file=bindparam("to"))
            self.connection.execute(move, self.moved)

    def close(self) -> None:
        """Let the revision say what it is."""
        self.outcome.revision = self.number
        self.accounts.unsettled |= self.identities.renamed
        totals = self.accounts.close()
        purged = purge(self.connection)
        self.identities.forget()
        this = update(Revision).where(col(Revision.number) == self.number)
        self.connection.execute(this.values(purged=purged, **totals))
