"""The corpus service: follow the database, serve its newest revision, and know why if that fails."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from time import monotonic

from sqlalchemy import Engine

from app.database.document_store import DocumentStore, identify
from app.database.engine import read_transaction
from app.database.errors import DatabaseError, Diagnosis, build_error
from app.database.revisions import newest_revision
from app.search.index.schema import KINDS
from app.search.index.updater import UnwritableIndexError, update_index, verify_or_discard
from app.search.selection import MatchAll
from app.search.snapshot import Snapshot
from app.serving.bootstrap import Bootstrap
from app.serving.local_database import open_local_database
from app.serving.snapshot_loader import SnapshotLoader
from app.settings import Settings
from app.system.gc import relaxed_gc
from app.system.threads import SWITCH_SECONDS

log = logging.getLogger("articles")

OPERATIONAL_ERRORS = (DatabaseError, UnwritableIndexError, OSError)
"""Errors of the machine: the log says what is wrong; clients learn only that something is."""

OPENING_SECONDS = 5
"""How long a request waits at most for a worker that is about to open its first index."""

UNREADABLE = "The corpus can't be read at the moment; the log of the service says why."
INDEX_IS_BUILT_ELSEWHERE = "The index is being built by another process."

REMOVED = Diagnosis("has lost its file", "put it back or seed again; the last revision is still served")
EMPTIED = Diagnosis("has no articles any more", "seed again; the last revision is still served")


class StoppedError(Exception):
    """Raised to give up long work because the service stops."""


class CorpusService:
    """Follows the corpus, and holds the snapshot that requests are answered from.

    The snapshot is replaced as a whole. It is None until the first one is loaded; `status` says why.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.snapshot: Snapshot | None = None
        self.local = open_local_database(settings)
        self.loader = SnapshotLoader(settings.index, self.set_status)
        self.documents: DocumentStore | None = None
        self.opened = asyncio.Event()
        self.stopping = asyncio.Event()
        self.status = "The service is starting."
        """Why nothing is served yet, in a sentence for clients."""
        self.last_error = ""
        """Why no newer revision can be followed, or something can't be read, at the moment; empty: all is well."""
        self.logged_errors: set[str] = set()
        """The errors that were logged since all was well."""

    async def wait_until_opened(self) -> Snapshot | None:
        """Return the snapshot that is served, after waiting a little if there is an index to open.

        A worker that starts beside others, or comes second to a new index, does not answer 503 where they answer.
        """
        end = monotonic() + OPENING_SECONDS
        while self.snapshot is None and self.loader.has_untried_index() and monotonic() < end:  # noqa: ASYNC110  (Only files tell.)
            await asyncio.sleep(0.02)
        return self.snapshot

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the corpus in the background."""
        sys.setswitchinterval(SWITCH_SECONDS)
        following = asyncio.create_task(self.run())
        seeding = asyncio.create_task(self.seed_at_startup())
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
        """Close the database."""
        if self.documents is not None:
            self.documents.close()
        self.local.close()

    async def seed_at_startup(self) -> None:
        """Seed once the database is open."""
        await self.opened.wait()
        await Bootstrap(self.settings, self.local.database, self.set_status).run()

    async def run(self) -> None:
        """Refresh again and again until the service stops; an error is logged once, and tried again."""
        while not self.stopping.is_set():
            try:
                if self.opened.is_set() or await asyncio.to_thread(self.open):
                    self.opened.set()
                    await asyncio.to_thread(self.refresh)
                    self.clear_error()
            except StoppedError:
                return
            except OPERATIONAL_ERRORS as error:
                if self.stopping.is_set():
                    return
                self.set_status(error.summary if isinstance(error, DatabaseError) else UNREADABLE)
                self.log_error(str(error))
                self.local.recover(error)
            except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:
                # A panic of the search engine, over an index that was damaged while it is served, is no `Exception`.
                self.last_error = str(error)
                log.exception("Following the corpus failed; it is tried again.")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), self.settings.refresh)

    def open(self) -> bool:
        """Open the database, and verify the index of an earlier process; False while another process writes to it."""
        self.local.open()
        verified = verify_or_discard(self.settings.index)
        if not verified:
            self.set_status(INDEX_IS_BUILT_ELSEWHERE)
        return verified

    def refresh(self) -> None:
        """Serve the newest revision that the index holds, and update the index to the newest one of the database."""
        if self.snapshot is None and self.local.engine is not None:
            # At once, for a server that stalls is waited for; any error is raised again below.
            with suppress(DatabaseError):
                self.load_latest(self.local.engine)
        try:
            if not self.local.sync(self.report_copying):
                self.set_status("The corpus is being copied by another process.")
        finally:
            # The local revision is served, whether or not a newer one can be reached.
            if self.local.engine is not None:
                self.load_latest(self.local.engine)

    def load_latest(self, engine: Engine) -> None:
        """Serve the newest revision of this database. Raises `DatabaseError`."""
        if identify(engine) is None:
            raise build_error(engine, REMOVED)
        if self.documents is None or not self.documents.belongs_to(engine):
            self.documents = DocumentStore(engine)
        with read_transaction(engine) as connection:
            revision = newest_revision(connection)
        if not self.documents.belongs_to(engine):
            # Replaced since: documents and revision may be those of different files, until the next refresh.
            return
        if revision is None:
            if self.snapshot is not None:
                raise build_error(engine, EMPTIED)
            return
        self.load_snapshot(engine, self.documents)
        if self.snapshot is None or self.snapshot.state.id != revision["id"]:
            if not update_index(engine, self.settings.index, self.report_indexing, trusted=True):
                self.set_status(INDEX_IS_BUILT_ELSEWHERE)
            self.load_snapshot(engine, self.documents)
        if self.snapshot is not None and self.snapshot.state.id == revision["id"]:
            self.renew_documents(self.snapshot, engine)

    def load_snapshot(self, engine: Engine, documents: DocumentStore) -> None:
        """Serve the snapshot of the current index, if there is a new one."""
        self.loader.load(engine, documents, self.settings.root_path, self.publish)

    def publish(self, snapshot: Snapshot) -> None:
        """Build what requests would wait for, then serve this snapshot; the first one at once, for they wait for it."""
        is_first = self.snapshot is None
        if is_first:
            self.serve(snapshot)
        try:
            snapshot.warm_up()
            for kind in KINDS:
                MatchAll(snapshot, kind).page("newest", 1)
        finally:
            if not is_first:
                self.serve(snapshot)

    def serve(self, snapshot: Snapshot) -> None:
        """Answer from this snapshot from now on."""
        self.snapshot = snapshot
        log.info("Serving revision %d: %d articles.", snapshot.state.revision, snapshot.directory.revision["articles"])

    def renew_documents(self, snapshot: Snapshot, engine: Engine) -> None:
        """Read documents on the newest connection; a read that failed is tried again on one more.

        Raises `DatabaseError` if it fails again.
        """
        file = self.documents.file if self.documents else None
        if read := snapshot.documents.failed_read:
            self.documents = DocumentStore(engine)
            read(self.documents)
        if self.documents is not None and self.documents is not snapshot.documents and self.documents.file == file:
            self.snapshot = replace(snapshot, documents=self.documents)

    def report_copying(self, done: int, total: int) -> None:
        """Report the progress of the copy. Raises `StoppedError`."""
        self.report_progress(f"The corpus is being copied: {done:,} of {total:,} articles.")

    def report_indexing(self, done: int, total: int) -> None:
        """Report the progress of the index. Raises `StoppedError`."""
        self.report_progress(f"The index is being built: {done:,} of {total:,} articles.")

    def report_progress(self, sentence: str) -> None:
        """Set the status. Raises `StoppedError` once the service stops, which ends the work that is reported."""
        if self.stopping.is_set():
            raise StoppedError
        self.set_status(sentence)

    def set_status(self, sentence: str) -> None:
        """Set the sentence for clients."""
        self.status = sentence

    def log_error(self, sentence: str) -> None:
        """Log an error that was not logged since all was well."""
        if sentence not in self.logged_errors:
            log.warning("%s", sentence)
        self.logged_errors.add(sentence)
        self.last_error = sentence

    def clear_error(self) -> None:
        """Log that all is well again, unless documents still can't be read."""
        if self.last_error and not (self.snapshot and self.snapshot.documents.failed_read):
            log.info("The corpus is followed again.")
            self.last_error = ""
            self.logged_errors.clear()
