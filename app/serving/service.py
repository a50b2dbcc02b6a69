"""The revision that is served: opened when it is there, kept while it is newest, replaced as a whole."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine

from app.database.dialect import DatabaseError, Trouble
from app.database.document_store import DocumentStore, identify
from app.database.engine import describe, read_transaction
from app.database.revisions import newest_revision
from app.database.sqlite import DAMAGED
from app.search.directory import EntityDirectory
from app.search.index import schema
from app.search.index.storage import BrokenIndexError, current_index, open_index, read_state
from app.search.index.updater import UnwritableIndexError, update_index, verify_or_discard
from app.search.snapshot import Snapshot
from app.serving.replica import open_local_database
from app.settings import SERVER_ID, Settings
from app.system.file_lock import try_lock
from app.system.gc import relaxed_gc

log = logging.getLogger("articles")

PROJECT_SEEDS = Path(__file__).parent.parent.parent / "seeds"

OPERATIONAL_ERRORS = (DatabaseError, UnwritableIndexError, OSError)
"""What may be wrong with the machine: the log says it, a client hears only that something is."""


OPENING_SECONDS = 5
"""How long a request waits at most for a worker that is about to open its first index."""

UNREADABLE = "The corpus can't be read at the moment; the log of the service says why."

REMOVED = Trouble("has lost its file", "put it back or seed again; what was read before goes on being served")
EMPTIED = Trouble("has no articles any more", "seed again; what was read before goes on being served")


class StoppedError(Exception):
    """The service ends, and what it was about is left."""


class CorpusService:
    """Follows the corpus, and hands out the newest snapshot that is whole."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.snapshot: Snapshot | None = None
        self.local = open_local_database(settings)
        self.seeded_by = settings.index / "seeded-by"
        """The file that says which server seeded last when it started."""
        self.documents: DocumentStore | None = None
        self.prepared = asyncio.Event()
        self.stopping = asyncio.Event()
        self.said = "The service is starting."
        """Why nothing is served yet, for clients."""
        self.trouble = ""
        """Why no newer revision can be followed, or something can't be read, at the moment; for the log."""
        self.warned: set[str] = set()
        """What the log was told since all was well."""
        self.seen: object = None
        self.tried: Path | None = None
        """The index that was last opened, or found to be unfit."""

    async def wait_until_opened(self) -> Snapshot | None:
        """Return the snapshot that is served, after waiting a little where there is an index to open.

        A worker that starts beside others, or comes second to a new index, does not answer 503 where they answer.
        """
        end = monotonic() + OPENING_SECONDS
        while self.snapshot is None and self.is_opening() and monotonic() < end:  # noqa: ASYNC110  (A file tells.)
            await asyncio.sleep(0.02)
        return self.snapshot

    def is_opening(self) -> bool:
        """Tell whether an index is there that has not been tried yet."""
        try:
            return current_index(self.settings.index) != self.tried
        except (BrokenIndexError, OSError):
            return False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the corpus in the background."""
        following = asyncio.create_task(self.keep_up())
        seeding = asyncio.create_task(self.seed())
        with relaxed_gc():
            try:
                yield
            finally:
                self.stopping.set()
                self.local.stop()
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
            except OPERATIONAL_ERRORS as error:
                if self.stopping.is_set():
                    return
                self.said = error.summary if isinstance(error, DatabaseError) else UNREADABLE
                self.warn(str(error))
                self.local.recover(error)
            except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:
                # A panic of the search engine, over an index that was damaged while it is served, is no `Exception`.
                self.trouble = str(error)
                log.exception("Following the corpus failed; it is tried again.")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), self.settings.refresh)

    def warn(self, sentence: str) -> None:
        """Tell the log what is wrong, once."""
        if sentence not in self.warned:
            log.warning("%s", sentence)
        self.warned.add(sentence)
        self.trouble = sentence

    def relieve(self) -> None:
        """Tell the log that nothing is wrong any more."""
        if self.trouble and not (self.snapshot and self.snapshot.documents.failed):
            log.info("The corpus is followed again.")
            self.trouble = ""
            self.warned.clear()

    def prepare(self) -> bool:
        """Open the database, and distrust the index that an earlier process left; False where one is at work on it."""
        self.local.prepare()
        mine = verify_or_discard(self.settings.index)
        if not mine:
            self.said = "The index is being built by another process."
        return mine

    def step(self) -> None:
        """Serve the newest revision that the index holds, and bring the index to the newest there is."""
        if self.snapshot is None and self.local.engine is not None:
            # At once, for a server that stalls is waited for; whatever is wrong with it is found again below.
            with suppress(DatabaseError):
                self.serve(self.local.engine)
        try:
            if not self.local.catch_up(self.copied):
                self.said = "The corpus is being copied by another process."
        finally:
            # What is here already is served, whether or not anything newer can be reached.
            if self.local.engine is not None:
                self.serve(self.local.engine)

    def serve(self, engine: Engine) -> None:
        """Serve the newest revision of this database."""
        if identify(engine) is None:
            # To open it now would make an empty one.
            raise describe(engine, REMOVED)
        if self.documents is None or not self.documents.are_of(engine):
            self.documents = DocumentStore(engine)
        with read_transaction(engine) as connection:
            revision = newest_revision(connection)
        if revision is None:
            if self.snapshot is not None:
                raise describe(engine, EMPTIED)
            return
        self.open_current(engine, self.documents)
        if self.snapshot is None or self.snapshot.state.id != revision["id"]:
            if not update_index(engine, self.settings.index, self.report, trusted=True):
                self.said = "The index is being built by another process."
            self.open_current(engine, self.documents)
        if self.snapshot is not None and self.snapshot.state.id == revision["id"]:
            self.renew_documents(self.snapshot, engine)

    def renew_documents(self, snapshot: Snapshot, engine: Engine) -> None:
        """Read documents on the newest connection; what could not be read is tried again on one more.

        Raises `DatabaseError` where it still can't be read.
        """
        if failed := snapshot.documents.failed:
            self.documents = DocumentStore(engine)
            failed(self.documents)
        if self.documents is not None and self.documents is not snapshot.documents:
            self.snapshot = replace(snapshot, documents=self.documents)

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

    def open_current(self, engine: Engine, documents: DocumentStore) -> None:
        """Serve the index that is published, if there is one and it is fit to be served."""
        try:
            path = current_index(self.settings.index)
        except (BrokenIndexError, OSError):
            return
        try:
            self.open_snapshot(path, engine, documents)
        finally:
            self.tried = path

    def open_snapshot(self, path: Path, engine: Engine, documents: DocumentStore) -> None:
        """Serve what the index holds now, if that is another revision and the database agrees."""
        try:
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
        with read_transaction(engine) as connection:
            try:
                directory = EntityDirectory(connection)
            except (ValueError, TypeError) as error:
                # SQLite does not notice damage within a value.
                raise describe(engine, DAMAGED) from error
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
            with try_lock(self.settings.index, "seeding") as mine:
                if not mine:
                    log.info("Another process of the service seeds.")
                elif self.was_seeded():
                    log.info("The server seeded when it started; it is not seeded again for a new worker.")
                elif path := self.settings.seeds:
                    # An explicit wish: whatever else the corpus holds goes.
                    await self.run_seeding("--only", path)
                elif path := await asyncio.to_thread(self.own_seeds):
                    await self.run_seeding("--if-empty", path)
        except OPERATIONAL_ERRORS as error:
            log.error("Seeding failed: %s", error)  # noqa: TRY400  (The sentence is enough.)

    def was_seeded(self) -> bool:
        """Tell whether another worker of the same server has seeded already."""
        try:
            return self.seeded_by.read_text() == os.environ.get(SERVER_ID)
        except FileNotFoundError:
            return False

    def own_seeds(self) -> Path | None:
        """The project's own articles, if the database has none and never had any, and is not one that others seed."""
        if self.settings.read_database_url:
            return None
        with read_transaction(self.local.database) as connection:
            if newest_revision(connection):
                return None
        if PROJECT_SEEDS.is_dir():
            return PROJECT_SEEDS
        self.said = "The corpus is empty: run 'articles seed PATH'."
        return None

    async def run_seeding(self, option: str, path: Path) -> None:
        """Run `articles seed` with this option, in a process of its own, so that answers go on meanwhile."""
        told = self.settings
        environment = os.environ | {
            "ARTICLES_DATA": str(told.data), "ARTICLES_DATABASE_URL": told.database_url,
            "ARTICLES_LANGUAGE": told.language, "ARTICLES_ROOT_PATH": told.root_path,
            "ARTICLES_FOLLOW_LINKS": str(told.follow_links),
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            # -P: an `app` in the current folder is not ours.
            sys.executable, "-P", "-m", "annotated_articles", "seed", option, str(path),
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
            elif server_id := os.environ.get(SERVER_ID):
                self.seeded_by.write_text(server_id)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
