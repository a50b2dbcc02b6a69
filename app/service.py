"""The revision that is served: opened when it is there, kept while it is newest, replaced as a whole."""

import asyncio
import fcntl
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from app.database import DatabaseError, Documents, migrate, open_database, reading
from app.models import Revision
from app.problems import Problem
from app.search.directory import Directory
from app.search.follow import BrokenIndexError, current, discard, follow, open_index, read_state, verify
from app.search.schema import KINDS
from app.search.selection import Snapshot
from app.settings import Settings

log = logging.getLogger("articles")

OWN_SEEDS = Path(__file__).parent.parent / "seeds"


class Service:
    """Follows the corpus, and hands out the newest snapshot that is whole."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.snapshot: Snapshot | None = None
        self.engine = open_database(settings.database)
        self.documents: Documents | None = None
        self.prepared = asyncio.Event()
        self.said = "The service is starting."
        """Why nothing is served yet."""
        self.seen: object = None

    def corpus(self) -> Snapshot:
        """The snapshot to answer from. Raises `Problem` while there is none."""
        if self.snapshot is None:
            raise Problem(503, self.said)
        return self.snapshot

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the corpus in the background."""
        tasks = [asyncio.create_task(self.keep_up()), asyncio.create_task(self.seed())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.close()

    def close(self) -> None:
        """Let go of the database."""
        if self.documents is not None:
            self.documents.connection.close()
        self.engine.dispose()

    async def keep_up(self) -> None:
        """Look for a new revision again and again; what goes wrong is said once and tried again."""
        while True:
            try:
                if self.documents is None:
                    await asyncio.to_thread(self.prepare)
                    self.prepared.set()
                await asyncio.to_thread(self.step)
            except (DatabaseError, OSError) as error:
                self.say(str(error))
            except Exception:
                log.exception("Following the corpus failed; it is tried again.")
            await asyncio.sleep(self.settings.refresh)

    def say(self, sentence: str) -> None:
        """Tell why there is no newer revision, once."""
        if sentence != self.said:
            log.warning("%s", sentence)
            self.said = sentence

    def prepare(self) -> None:
        """Open the database, and distrust the index that an earlier process left."""
        migrate(self.engine)
        try:
            verify(current(self.settings.index))
        except BrokenIndexError as error:
            log.info("The index can't be used: %s.", error)
            discard(self.settings.index)
        self.documents = Documents(self.engine)

    def step(self) -> None:
        """Serve the newest revision that the index holds, and bring the index to the newest there is."""
        with reading(self.engine) as connection:
            newest = connection.scalar(select(func.max(col(Revision.number))))
        if newest is None:
            return
        self.open_snapshot()
        if self.snapshot is None or self.snapshot.state.revision < newest:
            follow(self.engine, self.settings.index, self.report)
            self.open_snapshot()

    def report(self, done: int, total: int) -> None:
        """Say how far the index is."""
        self.said = f"The index is being built: {done:,} of {total:,} articles."

    def open_snapshot(self) -> None:
        """Serve what the index holds now, if that is another revision and the database agrees."""
        try:
            path = current(self.settings.index)
            seen = [path, *((path / kind / "meta.json").stat().st_mtime_ns for kind in KINDS)]
            if seen == self.seen:
                return
            indexes = {kind: open_index(path / kind) for kind in KINDS}
            state, other = (read_state(index) for index in indexes.values())
        except (BrokenIndexError, OSError):
            return
        if state != other:
            return
        if self.snapshot and self.snapshot.state == state:
            self.seen = seen
            return
        with reading(self.engine) as connection:
            directory = Directory(connection)
        if directory.revision["id"] != state.id:
            return
        if directory.revision["root_path"] != self.settings.root_path:
            self.say("The corpus was seeded for another ARTICLES_ROOT_PATH: run 'articles seed' again.")
            return
        self.snapshot = Snapshot.of(indexes, state, directory)
        self.seen = seen
        log.info("Serving revision %d: %d articles.", state.revision, directory.revision["articles"])

    async def seed(self) -> None:
        """Seed what the settings name, or the project's own articles into a database that has none."""
        await self.prepared.wait()
        path = self.settings.seeds
        with (self.settings.data / "seeding.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if path is None:
                with reading(self.engine) as connection:
                    if connection.scalar(select(func.count()).select_from(Revision)):
                        return
                if not OWN_SEEDS.is_dir():
                    self.say("The corpus is empty: run 'articles seed PATH'.")
                    return
                path = OWN_SEEDS
            await self.run_seeding(path)

    async def run_seeding(self, path: Path) -> None:
        """Make the corpus exactly this folder, in a process of its own, so that answers go on meanwhile."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "seed", "--only", str(path), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        try:
            async for line in process.stdout:
                self.said = line.decode(errors="replace").strip()
                log.info("%s", self.said)
            if await process.wait():
                self.said = "The articles could not be seeded; the log says why."
                log.error("Seeding failed; what was there before goes on being served.")
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
