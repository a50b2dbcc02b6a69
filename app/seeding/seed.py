"""Seeding: bring the corpus to what files say, as one new revision in one transaction; or only check the files."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from app.database.engine import defer_indexes, open_database, write_transaction
from app.database.migrations import migrate
from app.database.revisions import newest_revision
from app.models import ArticleTag, Mention
from app.seeding.annotators.ner import list_model_versions
from app.seeding.annotators.plugins import list_versions
from app.seeding.article import Finding
from app.seeding.catalogue import read_catalogue
from app.seeding.catalogue.cache import load_catalogue
from app.seeding.fingerprints import PIPELINE_VERSION, compute_fingerprint
from app.seeding.reports.inventory import Inventory
from app.seeding.reports.progress import Progress, ReadProgress
from app.seeding.run import CheckRun, Outcome, SeedingRun
from app.seeding.scanner import scan
from app.seeding.workers import annotate
from app.settings import DEFAULT_RULES, Rules
from app.system.gc import relaxed_gc

__all__ = ["BadFilesError", "CorpusNotEmptyError", "NoArticlesError", "Outcome", "check", "seed"]


class BadFilesError(Exception):
    """Files have faults and nothing was written; `findings` holds all of them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} faults")
        self.findings = findings


class NoArticlesError(Exception):
    """No article was read, and nothing was written: an empty or unmounted folder never empties a corpus."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("no articles")
        self.findings = findings


class CorpusNotEmptyError(Exception):
    """The corpus has a revision already, and was to be seeded only if it had none."""


@relaxed_gc()
def seed(
    engine: Engine,
    paths: Sequence[Path],
    *,
    language: str = "en",
    rules: Rules = DEFAULT_RULES,
    ner: bool = False,
    root_path: str = "",
    prune: bool = False,
    only: bool = False,
    if_empty: bool = False,
    skip_bad: bool = False,
    follow_links: bool = False,
    progress: Progress = lambda done, total: None,
) -> Outcome:
    """Bring the corpus to what the files under `paths` say, as one new revision, or not at all.

    `rules` and `ner` say which names that no catalogue has are marked, as the settings do. `prune` removes the
    articles of files that are gone from under `paths`; `only` also removes those of all other files, so that the corpus
    is exactly these paths. With `if_empty`, raises `CorpusNotEmptyError` if the corpus has a revision, even one that
    another run made while this one waited for it. `follow_links` follows symbolic links that lead out of `paths`.
    `progress` is called with the numbers of parts that were read and that are to be read: files, and of large ones
    chunks.
    Raises `BadFilesError` with every fault of every file, and writes nothing, unless `skip_bad`; `NoArticlesError`,
    and writes nothing, where there are no files of articles or the corpus would be empty; `MissingModelError`;
    `DatabaseError` where the database can't be written.
    """
    scanned = scan(paths, follow_links=follow_links)
    if not scanned.files:
        raise NoArticlesError(scanned.findings)
    with write_transaction(engine) as connection:
        if if_empty and newest_revision(connection):
            raise CorpusNotEmptyError
        catalogue, findings = load_catalogue(connection, paths, follow_links=follow_links)
        annotators = [rules, *list_versions(), *(list_model_versions() if ner else ())]
        build = compute_fingerprint(PIPELINE_VERSION, catalogue.digest, language, *annotators, root_path)
        run = SeedingRun(connection, catalogue, scanned, build, root_path)
        run.find_missing_files([path.resolve() for path in paths], everything=only)
        run.outcome.findings += findings
        files = run.files
        reading = ReadProgress(files.changed.values(), progress)
        # Nothing looks up a mention by its entity before there is a first revision.
        with defer_indexes(connection, () if run.previous["number"] else (Mention, ArticleTag)):
            for chunk in annotate(files.changed.values(), catalogue, language, rules, ner=ner):
                run.ingest(chunk)
                reading.add_chunk(chunk.file)
        reading.finish()
        if run.outcome.faults and not skip_bad:
            raise BadFilesError(run.outcome.findings)
        if not run.live.added and files.changed.keys() == files.scanned:
            raise NoArticlesError(run.outcome.findings)
        outcome = run.finish(prune=prune or only)
        if run.article_count == 0:
            raise NoArticlesError(outcome.findings)
        return outcome


@relaxed_gc()
def check(
    paths: Sequence[Path],
    *,
    language: str = "en",
    rules: Rules = DEFAULT_RULES,
    ner: bool = False,
    follow_links: bool = False,
    inventory: Inventory | None = None,
) -> Outcome:
    """Return the outcome that seeding these files into an empty corpus would have; store nothing.

    What the files hold is counted in `inventory`.
    """
    scanned = scan(paths, follow_links=follow_links)
    engine = open_database("sqlite://")
    try:
        migrate(engine)
        with write_transaction(engine) as connection:
            catalogue, findings = read_catalogue(paths, follow_links=follow_links)
            run = CheckRun(connection, catalogue, scanned, PIPELINE_VERSION, root_path="")
            run.outcome.findings += findings
            for chunk in annotate(run.files.changed.values(), catalogue, language, rules, ner=ner):
                run.ingest(chunk)
                if inventory is not None:
                    inventory.add(chunk)
            return run.outcome
    finally:
        engine.dispose()
