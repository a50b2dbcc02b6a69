"""The revision that is served: opened when it is there, kept while it is newest, replaced as a whole."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine

from app.database import reading
from app.documents import Documents
from app.local import local
from app.locking import locked
from app.manners import DatabaseError
from app.memory import seldom_collected
from app.problems import Problem
from app.revisions import newest
from app.search import schema
from app.search.directory import Directory
from app.search.follow import UnwritableIndexError, distrust, follow
from app.search.opening import BrokenIndexError, current, open_index, read_state
from app.search.snapshot import Snapshot
from app.settings import Settings

log = logging.getLogger("articles")

OWN_SEEDS = Path(__file__).parent.parent / "seeds"

TROUBLES = (DatabaseError, UnwritableIndexError, OSError)
"""What may be wrong with the machine: the log says it, a client hears only that something is."""


class StoppedError(Exception):
    """The service ends, and what it was about is left."""


class Service:
    """Follows the corpus, and hands out the newest snapshot that is whole."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.snapshot: Snapshot | None = None
        self.local = local(settings)
        self.documents: Documents | None = None
        self.prepared = asyncio.Event()
        self.stopping = asyncio.Event()
        self.said = "The service is starting."
        """Why nothing is served yet, for clients."""
        self.trouble = ""
        """Why no newer revision can be followed at the moment, for the log."""
        self.seen: object = None

    def corpus(self) -> Snapshot:
        """The snapshot to answer from. Raises `Problem` while there is none."""
        if self.snapshot is None:
            raise Problem(503, self.said)
        return self.snapshot

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the corpus in the background."""
        following = asyncio.create_task(self.keep_up())
        seeding = asyncio.create_task(self.seed())
        with seldom_collected():
            try:
                yield
            finally:
                self.stopping.set()
                seeding.cancel()
                await asyncio.gather(following, seeding, return_exceptions=True)
                self.close()

    def close(self) -> None:
        """Let go of the database."""
        if self.documents is not None:
            self.documents.close()
        self.local.close()

    async def keep_up(self) -> None:
        """Look for a new revision again and again; what goes wrong is said once and tried again."""
        while not self.stopping.is_set():
            try:
                if self.prepared.is_set() or await asyncio.to_thread(self.prepare):
                    self.prepared.set()
                    await asyncio.to_thread(self.step)
                    self.relieve()
            except StoppedError:
                return
            except TROUBLES as error:
                self.said = "The corpus can't be read at the moment; the log of the service says why."
                self.warn(str(error))
            except Exception as error:
                self.trouble = str(error)
                log.exception("Following the corpus failed; it is tried again.")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), self.settings.refresh)

    def warn(self, sentence: str) -> None:
        """Tell the log what is wrong, once."""
        if sentence != self.trouble:
            log.warning("%s", sentence)
            self.trouble = sentence

    def relieve(self) -> None:
        """Tell the log that nothing is wrong any more."""
        if self.trouble:
            log.info("The corpus is followed again.")
            self.trouble = ""

    def prepare(self) -> bool:
        """Open the database, and distrust the index that an earlier process left; False where one is at work on it."""
        self.local.prepare()
        mine = distrust(self.settings.index)
        if not mine:
            self.said = "The index is being built by another process."
        return mine

    def step(self) -> None:
        """Serve the newest revision that the index holds, and bring the index to the newest there is."""
        try:
            if not self.local.catch_up(self.copied):
                self.said = "The corpus is being copied by another process."
        finally:
            # What is here already is served, whether or not anything newer can be reached.
            if self.local.engine is not None:
                self.serve(self.local.engine)

    def serve(self, engine: Engine) -> None:
        """Serve the newest revision of this database."""
        if self.documents is None or not self.documents.are_of(engine):
            self.documents = Documents(engine)
        self.documents.check()
        with reading(engine) as connection:
            revision = newest(connection)
        if revision is None:
            return
        self.open_snapshot(engine, self.documents)
        if self.snapshot is None or self.snapshot.state.revision < revision["number"]:
            if not follow(engine, self.settings.index, self.report, trusted=True):
                self.said = "The index is being built by another process."
            self.open_snapshot(engine, self.documents)

    def copied(self, done: int, total: int) -> None:
        """Say how far the copy is."""
        self.say(f"The corpus is being copied: {done:,} of {total:,} articles.")

    def report(self, done: int, total: int) -> None:
        """Say how far the index is."""
        self.say(f"The index is being built: {done:,} of {total:,} articles.")

    def say(self, sentence: str) -> None:
        """Tell clients how far the service is."""
        if self.stopping.is_set():
            raise StoppedError
        self.said = sentence

    def open_snapshot(self, engine: Engine, documents: Documents) -> None:
        """Serve what the index holds now, if that is another revision and the database agrees."""
        try:
            path = current(self.settings.index)
            stats = [(path / kind / "meta.json").stat() for kind in schema.KINDS]
            seen = [path, *((stat.st_ino, stat.st_mtime_ns) for stat in stats)]
            if seen == self.seen:
                return
            indexes = {kind: open_index(path / kind) for kind in schema.KINDS}
            state, other = (read_state(index) for index in indexes.values())
        except (BrokenIndexError, OSError):
            return
        if state != other or state.version != schema.VERSION:
            return
        if self.snapshot and self.snapshot.state == state:
            self.seen = seen
            return
        with reading(engine) as connection:
            directory = Directory(connection)
        if directory.revision["id"] != state.id:
            return
        if directory.revision["root_path"] != self.settings.root_path:
            self.said = "The corpus was seeded for another ARTICLES_ROOT_PATH: run 'articles seed' again."
            log.warning("%s", self.said)
            self.seen = seen
            return
        self.snapshot = Snapshot.of(indexes, state, directory, documents)
        self.seen = seen
        log.info("Serving revision %d: %d articles.", state.revision, directory.revision["articles"])
        self.snapshot.gather()

    async def seed(self) -> None:
        """Seed what the settings name, or the project's own articles into a database that has none."""
        await self.prepared.wait()
        try:
            with locked(self.settings.index, "seeding") as mine:
                if not mine:
                    log.info("Another process of the service seeds.")
                elif path := self.settings.seeds or self.own_seeds():
                    await self.run_seeding(path)
        except TROUBLES as error:
            log.error("Seeding failed: %s", error)  # noqa: TRY400  (The sentence is enough.)

    def own_seeds(self) -> Path | None:
        """The project's own articles, if the database has none and never had any, and is not one that others seed."""
        if self.settings.read_database_url:
            return None
        with reading(self.local.database) as connection:
            if newest(connection):
                return None
        if OWN_SEEDS.is_dir():
            return OWN_SEEDS
        self.said = "The corpus is empty: run 'articles seed PATH'."
        return None

    async def run_seeding(self, path: Path) -> None:
        """Make the corpus exactly this folder, in a process of its own, so that answers go on meanwhile."""
        told = self.settings
        environment = os.environ | {
            "ARTICLES_DATA": str(told.data), "ARTICLES_DATABASE_URL": told.database_url,
            "ARTICLES_LANGUAGE": told.language, "ARTICLES_ROOT_PATH": told.root_path,
            "ARTICLES_FOLLOW_LINKS": str(told.follow_links),
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "seed", "--only", str(path),
            env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout
        try:
            async for line in process.stdout:
                step = line.decode(errors="replace").strip()
                self.said = f"The corpus is being made: {step}"
                log.info("%s", step)
            if await process.wait():
                self.said = "The articles could not be seeded; the log of the service says why."
                log.error("Seeding failed; what was there before goes on being served.")
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
