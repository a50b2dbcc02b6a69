"""The command: articles serve | seed | check | migrate | index | schema."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Never

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.database import DatabaseError, migrate, open_database
from app.search.follow import discard, follow
from app.seeding.catalogue import read_catalogue
from app.seeding.documents import Finding
from app.seeding.folder import scan
from app.seeding.incoming import article_schema
from app.seeding.store import BadFilesError, Outcome, annotate, seed
from app.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

Paths = Annotated[list[Path], typer.Argument(help="Folders of articles, or single files.", show_default=False)]


def main() -> None:
    """Run the command; what goes wrong is a sentence and exit status 1."""
    try:
        app(prog_name="articles")
    except (DatabaseError, OSError) as error:
        fail(str(error))


def fail(sentence: str) -> Never:
    """Say what went wrong, and stop."""
    err.print(f"articles: {sentence}")
    raise SystemExit(1)


def settings() -> Settings:
    """What the environment says."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"ARTICLES_{str(first['loc'][0]).upper()} is wrong: {first['msg']}.")


@app.command()
def serve(
    seeds: Annotated[Path | None, typer.Option(help="Make the corpus exactly this folder, then serve it.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
    root_path: Annotated[str | None, typer.Option(help="The path prefix under which a proxy shows it.")] = None,
) -> None:
    """Serve the corpus. An empty one is seeded with the project's own articles."""
    if seeds is not None:
        os.environ["ARTICLES_SEEDS"] = str(seeds.resolve())
    if root_path is not None:
        os.environ["ARTICLES_ROOT_PATH"] = root_path
    told = settings()
    if told.seeds is not None and not told.seeds.exists():
        fail(f"There is no folder {told.seeds} to seed from.")
    migrate(open_database(told.database))
    import uvicorn  # noqa: PLC0415  (No other command needs the server.)

    logging.basicConfig(level=logging.INFO, format="%(levelname)s:     %(message)s")
    uvicorn.run(
        "app.main:app",
        host=host,
        port=port,
        workers=workers,
        http="app.wire:Wire",
        proxy_headers=True,
        access_log=False,
        timeout_graceful_shutdown=1,
    )


@app.command("seed")
def seed_(
    paths: Paths,
    prune: Annotated[bool, typer.Option(help="Remove what came from these paths and is gone.")] = False,
    only: Annotated[bool, typer.Option(help="Make the corpus exactly these paths.")] = False,
    skip_bad: Annotated[bool, typer.Option(help="Load the good files and leave the bad ones.")] = False,
) -> None:
    """Bring the corpus to what these files say; unchanged files are skipped."""
    told = settings()
    require(paths)
    engine = open_database(told.database)
    migrate(engine)
    try:
        with progress("seeding") as show:
            outcome = seed(
                engine, paths, language=told.language, root_path=told.root_path,
                prune=prune, only=only, skip_bad=skip_bad, progress=show,
            )  # fmt: skip
    except BadFilesError as error:
        report(error.findings)
        faults = sum(finding.severity == "fault" for finding in error.findings)
        fail(f"Nothing was written: {faults} fault(s). Mend them, or load the rest with --skip-bad.")
    report(outcome.findings)
    with progress("indexing") as show:
        follow(engine, told.index, show)
    summarize(outcome)


def summarize(outcome: Outcome) -> None:
    """What a run did, in one line."""
    warnings = len(outcome.findings) - len(outcome.faults)
    left = f", {len(outcome.faults)} left out for faults" if outcome.faults else ""
    out.print(
        f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
        f"{outcome.removed} removed, {warnings} warnings{left}."
    )


@app.command()
def check(paths: Paths) -> None:
    """Read and annotate files without a database, and print every fault and warning."""
    told = settings()
    require(paths)
    scanned, (catalogue, findings) = scan(paths), read_catalogue(paths)
    articles = 0
    for annotated in annotate(scanned.files, catalogue, told.language):
        articles += len(annotated.articles)
        findings += annotated.findings
    findings += scanned.findings
    report(findings)
    faults = sum(finding.severity == "fault" for finding in findings)
    out.print(f"{articles} articles in {len(scanned.files)} files: {faults} faults, {len(findings) - faults} warnings.")
    if faults:
        raise SystemExit(1)


@app.command("migrate")
def migrate_() -> None:
    """Bring the database to this version's tables."""
    migrate(open_database(settings().database))


@app.command()
def index() -> None:
    """Build the index anew from the database."""
    told = settings()
    engine = open_database(told.database)
    migrate(engine)
    discard(told.index)
    with progress("indexing") as show:
        if not follow(engine, told.index, show):
            fail("Another process is building the index; wait for it.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of an article document."""
    out.print(json.dumps(article_schema(), indent=2, ensure_ascii=False))


def require(paths: Sequence[Path]) -> None:
    """Stop where a path leads nowhere."""
    for path in paths:
        if not path.exists():
            fail(f"There is nothing at {path}.")


def report(findings: Sequence[Finding]) -> None:
    """Print every finding, warnings first, so that the faults stand at the end."""
    for finding in sorted(findings, key=lambda it: (it.severity == "fault", it.file, it.line)):
        word = "" if finding.severity == "fault" else "warning: "
        err.print(f"{finding.file}:{finding.line}: {word}{finding.message}")


@contextmanager
def progress(verb: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere a line now and then."""
    if sys.stdout.isatty():
        with Progress(TextColumn(verb), BarColumn(), MofNCompleteColumn(), console=out, transient=True) as bar:
            task = bar.add_task(verb, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:

        def tell(done: int, total: int) -> None:
            if done == total or done % -(-total // 10) == 0:
                print(f"{verb}: {done:,} of {total:,}", flush=True)

        yield tell
