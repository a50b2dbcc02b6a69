"""The command line: `articles` and the name of a command, such as `serve`, `seed` or `export`.

Modules that take long to load are imported by the command that needs them: help of any takes .2 to .3 s of CPU.
"""

import os
import sys
from collections.abc import Sequence
from errno import ENOMEM
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import SERVER
from app.cli.console import abort, print_line, progress

if TYPE_CHECKING:
    from app.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[list[Path], typer.Argument(help="Folders of articles, or single files.", show_default=False)]

FollowLinks = Annotated[bool, typer.Option("--follow-links", help="Follow symbolic links that lead out of a folder.")]

NO_MEMORY = "There is not enough memory. Nothing was left half done; run the command again with more memory."

ShowAll = Annotated[bool, typer.Option("--all", help="Print every fault and warning, not one of many alike.")]

Server = Annotated[str, typer.Option("--url", help="The address of the server.", metavar="URL")]


def main() -> None:
    """Run the command; an expected failure is one sentence and exit status 1."""
    try:
        app(prog_name="articles")
    except MemoryError:
        abort(NO_MEMORY)
    except OSError as error:
        if error.errno == ENOMEM:
            abort(NO_MEMORY)
        abort(f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}.")
    except Exception as error:
        from app.database.errors import DatabaseError
        from app.search.index.updater import UnwritableIndexError
        from app.seeding.annotators.ner import MissingModelError

        if isinstance(error, DatabaseError | UnwritableIndexError | MissingModelError):
            abort(str(error))
        raise


def print_version(is_requested: bool) -> None:
    """Print the version, and stop."""
    if is_requested:
        print_line(version("annotated-articles"))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Serve a folder of articles as a searchable, annotated REST API."""


def load_settings(*, follow_links: bool = False) -> "Settings":
    """Return the settings of the environment, and of this option."""
    from pydantic import ValidationError

    from app.settings import Settings

    if follow_links:
        os.environ["ARTICLES_FOLLOW_LINKS"] = "true"
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        abort(f"ARTICLES_{str(first['loc'][0]).upper()} is wrong: {first['msg']}.")


@app.command()
def serve(
    seeds: Annotated[
        Path | None, typer.Option(help="Make the corpus exactly the articles of this folder, then serve it.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer requests.", min=1, max=64)] = 1,
    root_path: Annotated[
        str | None, typer.Option(help="The path prefix under which a proxy publishes the service.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="With --seeds: load nothing if any file has a fault.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="With --seeds: take up files whenever they change.")] = False,
    follow_links: FollowLinks = False,
) -> None:
    """Serve the corpus. An empty one is seeded with the project's own articles."""
    from app.system.gc import exclude_from_gc

    # Collections took an eighth of the time to load the libraries, as they do of the application's (serving.py).
    with exclude_from_gc():
        from app.cli.serving import run_server

    # Workers are processes of their own, which read their settings from the environment.
    if seeds is not None:
        os.environ["ARTICLES_SEEDS"] = str(seeds.resolve())
    if root_path is not None:
        os.environ["ARTICLES_ROOT_PATH"] = root_path
    if strict:
        os.environ["ARTICLES_STRICT"] = "true"
    if watch:
        os.environ["ARTICLES_WATCH"] = "true"
    settings = load_settings(follow_links=follow_links)
    if settings.seeds is not None:
        require_paths([settings.seeds])
    elif settings.watch:
        abort("There is no folder to watch; expected --seeds FOLDER.")
    run_server(settings, host, port, workers)


@app.command("seed")
def seed_articles(
    paths: Paths,
    prune: Annotated[
        bool, typer.Option(help="Remove articles that came from these paths and are there no longer.")
    ] = False,
    only: Annotated[bool, typer.Option(help="Make the corpus exactly the articles of these paths.")] = False,
    if_empty: Annotated[bool, typer.Option(help="Do nothing if the corpus has articles.")] = False,
    skip_bad: Annotated[bool, typer.Option(help="Load the valid files and skip those with faults.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print which articles, entities and mentions came, changed and went.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print them as JSON, and all else to standard error.")
    ] = False,
    show_all: ShowAll = False,
    follow_links: FollowLinks = False,
) -> None:
    """Load articles into the corpus, or update them; unchanged files are skipped."""
    from contextlib import nullcontext, redirect_stdout

    from app.cli.changes import print_changes
    from app.cli.seeding import run_seed

    settings = load_settings(follow_links=follow_links)
    require_paths(paths)
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        changes = run_seed(
            settings, paths, prune=prune, only=only, if_empty=if_empty, skip_bad=skip_bad, show_all=show_all
        )
    if changes and (diff or as_json):
        print_changes(changes, as_json=as_json)


@app.command()
def check(
    paths: Paths,
    show: Annotated[
        Path | None, typer.Option(help="Print how this one of the files is read, and nothing else.", metavar="FILE")
    ] = None,
    show_all: ShowAll = False,
    follow_links: FollowLinks = False,
) -> None:
    """Read and annotate files without a database, and print every fault and warning."""
    settings = load_settings(follow_links=follow_links)
    require_paths(paths)
    if show is not None:
        from app.cli.preview import show_file

        show_file(settings, paths, show, show_all=show_all)
        return
    from app.cli.seeding import run_check

    run_check(settings, paths, show_all=show_all)


@app.command("convert")
def convert_(
    paths: Paths,
    to: Annotated[str, typer.Option(help="The format to write: jsonl.", metavar="FORMAT")] = "jsonl",
    follow_links: FollowLinks = False,
) -> None:
    """Print the articles of files of any format as JSON Lines, which can be kept and seeded instead of them."""
    from app.cli.seeding import run_convert

    settings = load_settings(follow_links=follow_links)
    require_paths(paths)
    if to != "jsonl":
        abort(f"There is no format '{to}' to convert to; expected jsonl.")
    run_convert(settings, paths)


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def export(context: typer.Context) -> None:
    """Write what filters select as CSV, Parquet, TEI or any other format, without a server."""
    from app.cli.export import build_app

    # The options are those of the endpoints, and loading these takes longer than the help of any other command.
    build_app(load_settings)(args=context.args, prog_name="articles export")


@app.command("names")
def names_(
    paths: Paths,
    limit: Annotated[int, typer.Option(min=1, help="How many names to list.")] = 100,
    follow_links: FollowLinks = False,
) -> None:
    """List the most frequent names that no catalogue has, as a draft of entities.yaml."""
    from app.cli.names import run_names

    settings = load_settings(follow_links=follow_links)
    require_paths(paths)
    run_names(settings, paths, limit)


@app.command("ask")
def ask_server(
    path: Annotated[str, typer.Argument(help="What to ask for, such as '/articles?q=missile'.", show_default=False)],
    url: Server = SERVER,
) -> None:
    """Ask a running server, and print its answer."""
    from app.cli.client import ask

    ask(url, path)


@app.command()
def health(url: Server = SERVER) -> None:
    """Print whether a running server is ready; exit with status 1 if it is not."""
    from app.cli.client import check_health

    check_health(url)


@app.command("migrate")
def migrate_database() -> None:
    """Create the tables of the database, or upgrade them to this version."""
    from app.database.engine import open_database
    from app.database.migrations import migrate

    migrate(open_database(load_settings().database))


@app.command()
def index() -> None:
    """Rebuild the search index from the database."""
    from app.search.index.updater import deactivate, update_index
    from app.serving.local_database import open_local_database

    settings = load_settings()
    corpus = open_local_database(settings)
    corpus.open()
    with progress("copying") as show:
        corpus.sync(show)
    deactivate(settings.index)
    with progress("indexing") as show:
        if corpus.engine is not None and not update_index(corpus.engine, settings.index, show):
            abort("Another process is writing the index; wait for it.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of an article document."""
    from app.cli.seeding import show_schema

    show_schema()


def require_paths(paths: Sequence[Path]) -> None:
    """Stop if a path leads nowhere."""
    for path in paths:
        if not path.exists():
            abort(f"There is nothing at {path}.")
