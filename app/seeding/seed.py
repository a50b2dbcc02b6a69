"""Files into a new revision: one transaction."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine

from app.database.engine import migrate, open_database, write_transaction
from app.database.revisions import newest_revision
from app.seeding.article import Finding
from app.seeding.catalogue.cache import load_catalogue
from app.seeding.fingerprints import PIPELINE_VERSION, compute_fingerprint
from app.seeding.run import Outcome, SeedingRun
from app.seeding.scanner import scan
from app.seeding.workers import annotate
from app.system.gc import relaxed_gc

__all__ = ["BadFilesError", "CorpusNotEmptyError", "Outcome", "check", "seed"]


class BadFilesError(Exception):
    """Files have faults and nothing was written; `findings` holds all of them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} faults")
        self.findings = findings


class CorpusNotEmptyError(Exception):
    """The corpus has a revision already, and was to be seeded only if it had none."""


@relaxed_gc()
def seed(
    engine: Engine,
    paths: Sequence[Path],
    *,
    language: str = "en",
    root_path: str = "",
    prune: bool = False,
    only: bool = False,
    if_empty: bool = False,
    skip_bad: bool = False,
    follow_links: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Bring the corpus to what the files under `paths` say, as one new revision, or not at all.

    `prune` removes what came from under `paths` and is gone; `only` removes everything else besides, so
    that the corpus is exactly these paths. With `if_empty` a corpus that has a revision, or has got one while this
    run waited for another, is left as it is: `CorpusNotEmptyError`. `follow_links` reads what symbolic links bring in
    from outside. `progress` hears how many of the changed files are done.
    Raises `BadFilesError`, with every fault of every file and nothing written, unless `skip_bad`;
    `DatabaseError` where the database can't be written.
    """
    scanned = scan(paths, follow_links=follow_links)
    with write_transaction(engine) as connection:
        if if_empty and newest_revision(connection):
            raise CorpusNotEmptyError
        catalogue, findings = load_catalogue(connection, paths, follow_links=follow_links)
        build = compute_fingerprint(PIPELINE_VERSION, catalogue.digest, language, root_path)
        run = SeedingRun(connection, catalogue, scanned, build, root_path)
        run.miss([path.resolve() for path in paths], everything=only)
        run.outcome.findings += findings
        for annotated in annotate(run.todo, catalogue, language):
            run.take(annotated)
            progress(len(run.read), len(run.todo))
        if run.outcome.faults and not skip_bad:
            raise BadFilesError(run.outcome.findings)
        return run.finish(prune=prune or only)


def check(paths: Sequence[Path], *, language: str = "en", follow_links: bool = False) -> Outcome:
    """What a run into an empty corpus would say of these files; nothing is kept."""
    engine = open_database("sqlite://")
    try:
        migrate(engine)
        return seed(engine, paths, language=language, skip_bad=True, follow_links=follow_links)
    finally:
        engine.dispose()
