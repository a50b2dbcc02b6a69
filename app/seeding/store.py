"""Documents into rows, rendered answers and a new revision: one transaction."""

import functools
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlmodel import col

from app.database import writing
from app.dates import spell
from app.models import Article as ArticleRow
from app.models import ArticleTag, Entity, Mention, Revision, SourceFile
from app.models import Paragraph as ParagraphRow
from app.seeding.annotators import Annotator, annotators
from app.seeding.catalogue import Catalogue, read_catalogue
from app.seeding.documents import Article, Finding
from app.seeding.folder import Scan, scan
from app.seeding.folder import SourceFile as File
from app.seeding.identities import Identities, chunks, entity_reference, tag_reference
from app.seeding.readers import read
from app.shapes import ArticleReference, MentionShape, TagReference, article_shape, paragraph_shape

DERIVATION = "1"
"""Raise it when the same files shall give other rows: every article is then derived anew."""

KEPT = timedelta(minutes=10)
"""How long a retired article can still be read by a server that has not yet followed."""


class Annotated(NamedTuple):
    """What one file gave."""

    file: File
    articles: list[Article]
    findings: list[Finding]


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


class BadFilesError(Exception):
    """Files have faults and nothing was written; `findings` holds all of them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} faults")
        self.findings = findings


def seed(
    engine: Engine,
    paths: Sequence[Path],
    *,
    language: str = "en",
    root_path: str = "",
    prune: bool = False,
    only: bool = False,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Bring the corpus to what the files under `paths` say, as one new revision, or not at all.

    `prune` removes what came from under `paths` and is gone; `only` removes everything else besides, so
    that the corpus is exactly these paths. `progress` hears how many of the changed files are done.
    Raises `BadFilesError`, with every fault of every file and nothing written, unless `skip_bad`;
    `DatabaseError` where the database can't be written.
    """
    scanned = scan(paths)
    catalogue, findings = read_catalogue(paths)
    build = digest(DERIVATION, catalogue.digest, language, root_path)
    with writing(engine) as connection:
        run = Run(connection, catalogue, scanned, build, root_path)
        run.outcome.findings += [*scanned.findings, *findings]
        fingerprints = select(col(SourceFile.path), col(SourceFile.fingerprint))
        known = dict(connection.execute(fingerprints).all())
        todo = [file for file in scanned.files if known.get(file.name) != digest(build, file.fingerprint)]
        run.expect(todo, known, [Path(path).resolve() for path in paths], everything=only)
        for done, annotated in enumerate(annotate(todo, catalogue, language), start=1):
            run.take(annotated)
            progress(done, len(todo))
        run.outcome.unchanged += run.untouched()
        if run.outcome.faults and not skip_bad:
            raise BadFilesError(run.outcome.findings)
        if prune or only:
            run.prune()
        run.finish()
    return run.outcome


def annotate(files: Sequence[File], catalogue: Catalogue, language: str) -> Iterator[Annotated]:
    """Read and annotate files, on all cores where there are enough of them to be worth it."""
    work = functools.partial(annotate_file, language=language)
    if len(files) < 200:
        prepare(catalogue)
        yield from map(work, files)
        return
    with ProcessPoolExecutor(os.cpu_count(), initializer=prepare, initargs=(catalogue,)) as pool:
        yield from pool.map(work, files, chunksize=50)


tools: list[Annotator] = []
"""The annotators of this process."""


def prepare(catalogue: Catalogue) -> None:
    """Make this process's annotators."""
    tools[:] = annotators(catalogue)


def annotate_file(file: File, language: str) -> Annotated:
    """Read one file, and add what the annotators find in it."""
    articles, findings = read(file, language)
    annotated = []
    for article in articles:
        mentions = list(article.mentions)
        for annotator in tools if article.annotate else ():
            annotation = annotator.annotate(article)
            mentions += annotation.mentions
            findings += annotation.findings
        mentions.sort(key=lambda mention: (mention.paragraph, mention.start, -mention.end))
        annotated.append(replace(article, mentions=tuple(mentions)))
    return Annotated(file, annotated, findings)


class Live(NamedTuple):
    """An article that the corpus holds before the run."""

    key: int
    file: str
    fingerprint: str


class Run:
    """One seeding run on its way through its transaction."""

    def __init__(self, connection: Connection, catalogue: Catalogue, scanned: Scan, build: str, root_path: str) -> None:
        self.connection = connection
        self.build = build
        self.root_path = root_path
        self.files = {file.name for file in scanned.files}
        self.outcome = Outcome()
        self.identities = Identities(connection, catalogue)
        self.live: dict[str, Live] = {
            id: Live(key, file, fingerprint)
            for id, key, file, fingerprint in connection.execute(
                select(
                    col(ArticleRow.id), col(ArticleRow.key), col(ArticleRow.file), col(ArticleRow.fingerprint)
                ).where(col(ArticleRow.until).is_(None))
            )
        }
        self.next_key = 1 + (connection.scalar(select(func.max(col(ArticleRow.key)))) or 0)
        self.number = 1 + (connection.scalar(select(func.max(col(Revision.number)))) or 0)
        connection.execute(insert(Revision), {
            "number": self.number, "id": secrets.token_hex(8), "at": datetime.now(UTC), "root_path": root_path,
            "articles": 0, "paragraphs": 0, "mentions": 0, "purged": 0,
        })  # fmt: skip
        self.seen: dict[str, Article] = {}
        self.touched: set[int] = set()
        """Entities whose counts change."""
        self.retired: list[int] = []
        self.read: set[str] = set()
        """Files that were read without a fault."""
        self.rows: dict[Any, list[dict[str, Any]]] = {}

    def expect(self, todo: Sequence[File], known: Iterable[str], roots: Sequence[Path], *, everything: bool) -> None:
        """Say which files will be read, and which of the known ones are gone."""
        self.rereading = {file.name for file in todo}
        self.gone = {
            file for file in set(known) - self.files
            if everything or any(Path(file).is_relative_to(root) for root in roots)
        }  # fmt: skip

    def take(self, annotated: Annotated) -> None:
        """Bring what one file gave into the corpus."""
        name = annotated.file.name
        faults = [finding for finding in annotated.findings if finding.severity == "fault"]
        self.outcome.findings += annotated.findings
        for article in annotated.articles:
            fault = self.collision(article) or self.add(article)
            if fault:
                faults.append(fault)
                self.outcome.findings.append(fault)
        if not faults:
            self.read.add(name)
            row = {"path": name, "fingerprint": digest(self.build, annotated.file.fingerprint)}
            self.connection.execute(delete(SourceFile).where(col(SourceFile.path) == name))
            self.connection.execute(insert(SourceFile), row)

    def collision(self, article: Article) -> Finding | None:
        """Another article already has this id."""
        if first := self.seen.get(article.id):
            return taken(article, f"{first.file}:{first.line}")
        live = self.live.get(article.id)
        if live and live.file not in self.rereading | self.gone | {article.file}:
            return taken(article, live.file)
        return None

    def add(self, article: Article) -> Finding | None:
        """Write an article unless the corpus holds it as it is."""
        entities = []
        for mention in article.mentions:
            row = self.identities.entity(mention.entity) if mention.entity is not None else None
            if row is None and mention.entity is not None:
                line = article.paragraphs[mention.paragraph].line
                return Finding(article.file, line,
                    f"no entity has the id '{mention.entity}'; expected one of the catalogue's, or "
                    "{name, type} to bring a new one")  # fmt: skip
            entities.append(row and {"key": row["key"], **entity_reference(row)})
        tags = {row["key"]: tag_reference(row) for row in map(self.identities.tag, article.tags)}
        fingerprint = digest(DERIVATION, self.root_path, content(article), orjson.dumps([entities, [*tags.values()]]))
        self.seen[article.id] = article
        live = self.live.get(article.id)
        if live and live.fingerprint == fingerprint:
            self.outcome.unchanged += 1
            if live.file != article.file:
                self.connection.execute(
                    update(ArticleRow).where(col(ArticleRow.key) == live.key).values(file=article.file)
                )
            return None
        self.write(article, fingerprint, entities, tags)
        if live:
            self.retired.append(live.key)
            self.outcome.changed += 1
        else:
            self.outcome.added += 1
        return None

    def write(
        self, article: Article, fingerprint: str, entities: Sequence[dict[str, Any] | None],
        tags: Mapping[int, TagReference],
    ) -> None:  # fmt: skip
        """The rows of one article, and what is answered of it."""
        key = self.next_key
        self.next_key += 1
        published = article.published
        columns: dict[str, Any] = {
            "key": key, "id": article.id, "title": article.title, "source": article.source,
            "source_url": article.source_url, "language": article.language, "authors": list(article.authors),
            "rights": article.rights, "published_at": published and published.at,
            "published_precision": published and published.precision,
            "word_count": sum(len(paragraph.text.split()) for paragraph in article.paragraphs),
            "extra": orjson.dumps(article.extra), "file": article.file, "line": article.line,
            "fingerprint": fingerprint, "since": self.number, "until": None,
        }  # fmt: skip
        reference: ArticleReference = {
            "id": article.id,
            "title": article.title,
            "published_at": spell(columns["published_at"], columns["published_precision"]),
        }
        mentions: list[list[MentionShape]] = [[] for _ in article.paragraphs]
        for number, (mention, entity) in enumerate(zip(article.mentions, entities, strict=True)):
            text = article.paragraphs[mention.paragraph].text
            mentions[mention.paragraph].append({
                "start": mention.start, "end": mention.end, "exact": text[mention.start : mention.end],
                "type": mention.type, "entity": entity_reference(entity) if entity else None,
                "label": mention.label, "confidence": mention.confidence, "origin": mention.origin,
            })  # fmt: skip
            self.put(Mention, {
                "article": key, "number": number, "position": mention.paragraph,
                "start": mention.start, "end": mention.end, "entity": entity and entity["key"],
                "type": mention.type, "label": mention.label, "confidence": mention.confidence,
                "origin": mention.origin,
            })  # fmt: skip
            if entity:
                self.touched.add(entity["key"])
        shapes = [
            paragraph_shape(self.root_path, reference, position, paragraph.role, paragraph.section,
                            paragraph.text, mentions[position])
            for position, paragraph in enumerate(article.paragraphs)
        ]  # fmt: skip
        columns["rendered"] = orjson.dumps(article_shape(self.root_path, columns, shapes, list(tags.values())))
        self.put(ArticleRow, columns)
        for paragraph in shapes:
            self.put(ParagraphRow, {
                "article": key, "position": paragraph["position"], "role": paragraph["role"],
                "section": paragraph["section"], "text": paragraph["text"], "rendered": orjson.dumps(paragraph),
            })  # fmt: skip
        for tag in tags:
            self.put(ArticleTag, {"article": key, "tag": tag})
        if len(self.rows[ArticleRow]) >= 200:
            self.flush()

    def put(self, table: Any, row: dict[str, Any]) -> None:
        """Keep a row for the next bulk statement."""
        self.rows.setdefault(table, []).append(row)

    def flush(self) -> None:
        """Insert what was kept, the tables that others refer to first."""
        for table in (ArticleRow, ParagraphRow, Mention, ArticleTag):
            if rows := self.rows.pop(table, None):
                self.connection.execute(insert(table), rows)

    def untouched(self) -> int:
        """How many articles stand in files that did not change."""
        return sum(live.file in self.files - self.rereading for live in self.live.values())

    def prune(self) -> None:
        """Retire what came from files that are gone."""
        self.outcome.removed += self.retire(
            live for id, live in self.live.items() if id not in self.seen and live.file in self.gone
        )
        for files in chunks(self.gone):
            self.connection.execute(delete(SourceFile).where(col(SourceFile.path).in_(files)))

    def retire(self, articles: Iterator[Live]) -> int:
        """Say that these end with this revision."""
        keys = [live.key for live in articles]
        self.retired += keys
        return len(keys)

    def finish(self) -> None:
        """Retire, count, purge; or leave no revision behind where nothing changed."""
        self.flush()
        self.outcome.removed += self.retire(
            live for id, live in self.live.items() if id not in self.seen and live.file in self.read
        )
        for keys in chunks(self.retired):
            self.connection.execute(update(ArticleRow).where(col(ArticleRow.key).in_(keys)).values(until=self.number))
            self.touched.update(self.connection.scalars(
                select(col(Mention.entity)).distinct()
                .where(col(Mention.article).in_(keys), col(Mention.entity).is_not(None))
            ))  # fmt: skip
        if not (self.outcome.added or self.retired or self.identities.changed):
            self.connection.execute(delete(Revision).where(col(Revision.number) == self.number))
            return
        self.outcome.revision = self.number
        for keys in chunks(self.touched):
            self.count(keys)
        purged = self.purge()
        self.identities.forget()
        live = col(ArticleRow.until).is_(None)
        totals = {
            "articles": select(func.count()).select_from(ArticleRow).where(live).scalar_subquery(),
            "paragraphs": select(func.count()).select_from(ParagraphRow).join(
                ArticleRow, col(ArticleRow.key) == col(ParagraphRow.article)).where(live).scalar_subquery(),
            "mentions": select(func.count()).select_from(Mention).join(
                ArticleRow, col(ArticleRow.key) == col(Mention.article)).where(live).scalar_subquery(),
        }  # fmt: skip
        self.connection.execute(
            update(Revision).where(col(Revision.number) == self.number).values(purged=purged, **totals)
        )

    def count(self, keys: Sequence[int]) -> None:
        """How often, and from when to when, the live articles name these entities."""
        fresh: dict[int | None, dict[str, Any]] = {
            key: {"articles": 0, "mentions": 0, "first": None, "last": None} for key in keys
        }
        counted = (
            select(col(Mention.entity), func.count(col(Mention.article).distinct()), func.count(),
                   func.min(col(ArticleRow.published_at)), func.max(col(ArticleRow.published_at)))
            .join(ArticleRow, col(ArticleRow.key) == col(Mention.article))
            .where(col(Mention.entity).in_(keys), col(ArticleRow.until).is_(None))
            .group_by(col(Mention.entity))
        )  # fmt: skip
        for key, articles, mentions, first, last in self.connection.execute(counted):
            fresh[key] = {"articles": articles, "mentions": mentions, "first": first, "last": last}
        for key, values in fresh.items():
            self.connection.execute(update(Entity).where(col(Entity.key) == key).values(values))

    def purge(self) -> int:
        """Delete what was retired long ago; the newest revision that this happened to."""
        before = self.connection.scalar(
            select(func.max(col(Revision.number))).where(col(Revision.at) < datetime.now(UTC) - KEPT)
        )
        earlier = self.connection.scalar(select(func.max(col(Revision.purged)))) or 0
        if before is None:
            return earlier
        old = col(ArticleRow.until) <= before
        newest = self.connection.scalar(select(func.max(col(ArticleRow.until))).where(old))
        self.connection.execute(delete(ArticleRow).where(old))
        return max(earlier, newest or 0)


def taken(article: Article, place: str) -> Finding:
    """The fault of an id that another article has."""
    said = f"the id '{article.id}' is already that of the article in {place}; give one of them another id"
    return Finding(article.file, article.line, said)


def content(article: Article) -> bytes:
    """All of an article that is stored, but for where it stands."""
    paragraphs = [(paragraph.role, paragraph.text, paragraph.section) for paragraph in article.paragraphs]
    said = replace(article, file="", line=0, paragraphs=(), settled={})
    return orjson.dumps([said, paragraphs], option=orjson.OPT_SORT_KEYS)


def digest(*parts: str | bytes) -> str:
    """A short name for exactly these parts."""
    hashed = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        hashed.update(len(raw).to_bytes(8, "big") + raw)
    return hashed.hexdigest()
