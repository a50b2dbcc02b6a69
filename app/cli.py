"""The command: articles serve | seed | check | migrate | index | schema."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Never

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.database import DatabaseError, migrate, open_database
from app.local import local
from app.search.follow import UnwritableIndexError, discard, follow
from app.seeding.documents import Finding
from app.seeding.incoming import article_schema
from app.seeding.store import BadFilesError, Outcome, seed
from app.seeding.store import check as check_files
from app.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)

Paths = Annotated[list[Path], typer.Argument(help="Folders of articles, or single files.", show_default=False)]


def main() -> None:
    """Run the command; what goes wrong is a sentence and exit status 1."""
    try:
        app(prog_name="articles")
    except (DatabaseError, UnwritableIndexError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}.")


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
    if told.seeds is not None:
        require([told.seeds])
    local(told).prepare()
    import uvicorn  # noqa: PLC0415  (No other command needs the server.)

    # The server raises the signal that ended it once more when it is done; that is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        host=host,
        port=port,
        workers=workers,
        http="app.wire:Wire",
        # Nothing here asks who is connected, or through what: each of these costs every answer a little.
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_config=logging_config(),
        timeout_graceful_shutdown=1,
    )


def logging_config() -> dict[str, Any]:
    """The server's own way to log, in which the service joins; workers get it, too."""
    from uvicorn.config import LOGGING_CONFIG  # noqa: PLC0415  (As above.)

    loggers = LOGGING_CONFIG["loggers"] | {"articles": {"handlers": ["default"], "level": "INFO", "propagate": False}}
    return {**LOGGING_CONFIG, "loggers": loggers}


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
        fail(f"Nothing was written: {some(faults, 'fault')}. Mend them, or load the rest with --skip-bad.")
    report(outcome.findings)
    # Of a corpus in PostgreSQL, every machine that serves it has an index of its own.
    if engine.dialect.name == "sqlite":
        with progress("indexing") as show:
            follow(engine, told.index, show)
    summarize(outcome)


def summarize(outcome: Outcome) -> None:
    """What a run did, in one line."""
    warnings = len(outcome.findings) - len(outcome.faults)
    left = f", {some(len(outcome.faults), 'fault')}: what has them was left out" if outcome.faults else ""
    out.print(
        f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
        f"{outcome.removed} removed, {some(warnings, 'warning')}{left}."
    )


def some(count: int, noun: str) -> str:
    """So many of them."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@app.command()
def check(paths: Paths) -> None:
    """Read and annotate files without a database, and print every fault and warning."""
    told = settings()
    require(paths)
    outcome = check_files(paths, language=told.language)
    report(outcome.findings)
    faults = len(outcome.faults)
    warnings = some(len(outcome.findings) - faults, "warning")
    out.print(f"{some(outcome.added, 'sound article')}: {some(faults, 'fault')}, {warnings}.")
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
    corpus = local(told)
    corpus.prepare()
    with progress("copying") as show:
        corpus.catch_up(show)
    discard(told.index)
    with progress("indexing") as show:
        if corpus.engine is not None and not follow(corpus.engine, told.index, show):
            fail("Another process is writing the index; wait for it.")


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
        shown = 0

        def tell(done: int, total: int) -> None:
            nonlocal shown
            if done == total or done - shown >= total / 10:
                shown = done
                print(f"{verb}: {done:,} of {total:,}", flush=True)

        yield tell
