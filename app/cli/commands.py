"""The command: articles serve | seed | check | migrate | index | schema."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.cli.console import abort, progress
from app.database.dialect import DatabaseError
from app.database.engine import migrate, open_database
from app.search.index.updater import UnwritableIndexError, deactivate, update_index
from app.serving.replica import open_local_database
from app.settings import SERVER_ID, Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[list[Path], typer.Argument(help="Folders of articles, or single files.", show_default=False)]

FollowLinks = Annotated[
    bool, typer.Option("--follow-links", help="Read what symbolic links bring in from outside the folder, too.")
]


def main() -> None:
    """Run the command; what goes wrong is a sentence and exit status 1."""
    try:
        app(prog_name="articles")
    except (DatabaseError, UnwritableIndexError) as error:
        abort(str(error))
    except OSError as error:
        abort(f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}.")


def settings(*, follow_links: bool = False) -> Settings:
    """What the environment says, and this option."""
    if follow_links:
        os.environ["ARTICLES_FOLLOW_LINKS"] = "true"
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        abort(f"ARTICLES_{str(first['loc'][0]).upper()} is wrong: {first['msg']}.")


@app.command()
def serve(
    seeds: Annotated[Path | None, typer.Option(help="Make the corpus exactly this folder, then serve it.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
    root_path: Annotated[str | None, typer.Option(help="The path prefix under which a proxy shows it.")] = None,
    follow_links: FollowLinks = False,
) -> None:
    """Serve the corpus. An empty one is seeded with the project's own articles."""
    if seeds is not None:
        os.environ["ARTICLES_SEEDS"] = str(seeds.resolve())
    if root_path is not None:
        os.environ["ARTICLES_ROOT_PATH"] = root_path
    import uvicorn

    told = settings(follow_links=follow_links)
    if told.seeds is not None:
        require([told.seeds])
    open_local_database(told).prepare()
    os.environ[SERVER_ID] = token_hex(8)
    # The server raises the signal that ended it once more when it is done; that is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        host=host,
        port=port,
        workers=workers,
        http="app.server.protocol:ArticlesProtocol",
        ws="none",
        # Nothing here asks who is connected, or through what: each of these costs every answer a little.
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_config=logging_config(),
        timeout_graceful_shutdown=1,
    )


def logging_config() -> dict[str, Any]:
    """The server's own way to log, in which the service joins; workers get it, too."""
    from uvicorn.config import LOGGING_CONFIG

    loggers = LOGGING_CONFIG["loggers"] | {"articles": {"handlers": ["default"], "level": "INFO", "propagate": False}}
    return {**LOGGING_CONFIG, "loggers": loggers}


@app.command("seed")
def seed_(
    paths: Paths,
    prune: Annotated[bool, typer.Option(help="Remove what came from these paths and is gone.")] = False,
    only: Annotated[bool, typer.Option(help="Make the corpus exactly these paths.")] = False,
    if_empty: Annotated[bool, typer.Option(help="Do nothing if the corpus is not empty.")] = False,
    skip_bad: Annotated[bool, typer.Option(help="Load the good files and leave the bad ones.")] = False,
    follow_links: FollowLinks = False,
) -> None:
    """Bring the corpus to what these files say; unchanged files are skipped."""
    from app.cli.seeding import run_seed

    told = settings(follow_links=follow_links)
    require(paths)
    run_seed(told, paths, prune=prune, only=only, if_empty=if_empty, skip_bad=skip_bad)


@app.command()
def check(paths: Paths, follow_links: FollowLinks = False) -> None:
    """Read and annotate files without a database, and print every fault and warning."""
    from app.cli.seeding import run_check

    told = settings(follow_links=follow_links)
    require(paths)
    run_check(told, paths)


@app.command("migrate")
def migrate_() -> None:
    """Bring the database to this version's tables."""
    migrate(open_database(settings().database))


@app.command()
def index() -> None:
    """Build the index anew from the database."""
    told = settings()
    corpus = open_local_database(told)
    corpus.prepare()
    with progress("copying") as show:
        corpus.catch_up(show)
    deactivate(told.index)
    with progress("indexing") as show:
        if corpus.engine is not None and not update_index(corpus.engine, told.index, show):
            abort("Another process is writing the index; wait for it.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of an article document."""
    from app.cli.seeding import show_schema

    show_schema()


def require(paths: Sequence[Path]) -> None:
    """Stop where a path leads nowhere."""
    for path in paths:
        if not path.exists():
            abort(f"There is nothing at {path}.")
