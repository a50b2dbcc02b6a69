"""Seeding at startup, and of changed files: run `articles seed` in a process of its own while requests are answered."""

import asyncio
import logging
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.engine import RowMapping

from app.database.engine import read_transaction
from app.database.errors import DatabaseError
from app.database.revisions import newest_revision
from app.settings import SERVER_ID, Settings
from app.system.file_lock import try_lock
from app.system.processes import KILLED

log = logging.getLogger("articles")

PROJECT_SEEDS = Path(__file__).parent.parent.parent / "seeds"
"""The project's own articles."""

PROGRESS: Final = re.compile(r"\w+: [\d,]+ of [\d,]+")
"""Lines of `articles seed` that say how far it is."""


class Bootstrap:
    """Seeds what the settings name, or the project's own articles into a corpus that is empty."""

    def __init__(self, settings: Settings, database: Engine, set_status: Callable[[str], None]) -> None:
        self.settings = settings
        self.database = database
        self.set_status = set_status
        self.seeded_by = settings.index / "seeded-by"
        """The file that names the server whose startup seeding was the last to succeed."""

    async def run(self) -> None:
        """Seed what is to be seeded; a failure is logged."""
        try:
            with try_lock(self.settings.index, "seeding") as locked:
                if not locked:
                    log.info("Another process of the service seeds.")
                elif self.settings.watch and self.settings.seeds:
                    await self.seed_and_watch(self.settings.seeds)
                elif self.is_done():
                    log.info("The server seeded when it started; it is not seeded again for a new worker.")
                elif path := self.settings.seeds:
                    await self.seed_exactly(path)
                elif path := await asyncio.to_thread(self.find_project_seeds):
                    await self.run_seeding(path, "--if-empty")
        except (DatabaseError, OSError) as error:
            log.error("Seeding failed: %s", error)  # noqa: TRY400  (The sentence is enough.)

    async def seed_and_watch(self, path: Path) -> None:
        """Seed, and seed again whenever files have changed, one run at a time."""
        # Only here, for a server that does not watch need not load the library.
        from app.serving.watching import FolderWatcher  # noqa: PLC0415

        watcher = FolderWatcher(path, self.settings.data)
        watching = asyncio.create_task(watcher.run())
        try:
            await self.seed_exactly(path)
            while await watcher.changed.wait():
                watcher.changed.clear()
                await self.seed_exactly(path)
        finally:
            watching.cancel()

    async def seed_exactly(self, path: Path) -> None:
        """Make the corpus exactly the articles of a folder. That is an explicit wish: others are removed."""
        await self.run_seeding(path, "--only", *([] if self.settings.strict else ["--skip-bad"]))

    def is_done(self) -> bool:
        """Tell whether another worker of the same server has seeded already."""
        try:
            return self.seeded_by.read_text() == os.environ.get(SERVER_ID)
        except FileNotFoundError:
            return False

    def find_project_seeds(self) -> Path | None:
        """Return the project's own articles, unless the database has a revision or is one that others seed."""
        if self.settings.read_database_url:
            return None
        with read_transaction(self.database) as connection:
            if newest_revision(connection):
                return None
        if PROJECT_SEEDS.is_dir():
            return PROJECT_SEEDS
        self.set_status("The corpus is empty: run 'articles seed PATH'.")
        return None

    def find_revision(self) -> RowMapping | None:
        """Return the newest revision, or None."""
        with read_transaction(self.database) as connection:
            return newest_revision(connection)

    def log_refused(self) -> None:
        """Log how many files were refused, and why."""
        revision = self.find_revision()
        if revision and (refused := revision["refused"])["files"]:
            reasons = "; ".join(f"{reason['files']:,}: {reason['message']}" for reason in refused["reasons"])
            log.warning("Files with faults, not served or only in part: %d. %s", refused["files"], reasons)

    async def run_seeding(self, path: Path, *options: str) -> None:
        """Run `articles seed` with these options, pass on its progress, and log what was refused."""
        settings = self.settings
        environment = os.environ | {
            "ARTICLES_DATA": str(settings.data),
            "ARTICLES_DATABASE_URL": settings.database_url,
            "ARTICLES_LANGUAGE": settings.language,
            "ARTICLES_RULES": settings.rules,
            "ARTICLES_ROOT_PATH": settings.root_path,
            "ARTICLES_FOLLOW_LINKS": str(settings.follow_links),
        }
        # -P: an `app` in the current folder is not ours.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "annotated_articles", "seed", *options, str(path)),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout
        try:
            async for line in process.stdout:
                progress = line.decode(errors="replace").strip()
                # Other lines name files, which are no business of clients.
                if PROGRESS.fullmatch(progress):
                    self.set_status(f"The corpus is being made: {progress}")
                log.info("%s", progress)
            if status := await process.wait():
                self.set_status("The articles could not be seeded; the log of the service says why.")
                if status == -signal.SIGKILL:
                    log.error("The process that seeds %s.", KILLED)
                has_corpus = await asyncio.to_thread(self.find_revision)
                rest = "the corpus of an earlier run is still served" if has_corpus else "nothing is served"
                log.error("Seeding failed: %s.", rest)
                return
            await asyncio.to_thread(self.log_refused)
            if server_id := os.environ.get(SERVER_ID):
                self.seeded_by.write_text(server_id)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
