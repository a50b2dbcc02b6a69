"""Index updater: bring the index to the newest revision of the database, or rebuild it.

The same code serves an index that is missing, behind, half-written by a process that was killed, made by another
version, made from another database, or damaged: what can't be updated is rebuilt in a new folder, and the old index
is served until the new one is complete.
"""

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex

import orjson
import tantivy
from sqlalchemy import Connection, Engine, func, select
from sqlmodel import col

from app.database.engine import read_transaction
from app.database.revisions import newest_revision
from app.models import Article, Revision
from app.search.index import schema
from app.search.index.analysis import build_analyzer
from app.search.index.documents import index_documents
from app.search.index.loader import load_articles
from app.search.index.segments import SegmentDivision
from app.search.index.stemmers import PLAIN, stemmer_for
from app.search.index.storage import BrokenIndexError, IndexState, current_index, open_index, read_state, verify
from app.search.index.version import index_version
from app.system.file_lock import try_lock
from app.system.gc import relaxed_gc

log = logging.getLogger("articles")

__all__ = ["IndexState", "UnwritableIndexError", "deactivate", "update_index", "verify_or_discard"]

Progress = Callable[[int, int], None]

WRITER_MEMORY = 128_000_000
"""Bytes that a writer collects before it writes a segment."""


class UnwritableIndexError(Exception):
    """No index can be written; the message is one sentence for people."""


def verify_or_discard(folder: Path) -> bool:
    """Discard the index if it is damaged. Return False if another process is writing to it."""
    with try_lock(folder) as mine:
        if mine and (folder / "current").exists():
            try:
                verify(current_index(folder))
            except BrokenIndexError as reason:
                log.info("The index can't be used: %s.", reason)
                deactivate(folder)
        return mine


@relaxed_gc()
def update_index(
    engine: Engine, folder: Path, progress: Progress = lambda done, total: None, *, trusted: bool = False
) -> bool:
    """Bring the index to the newest revision. Return False if another process is doing so.

    A `trusted` index is not verified again. `progress` is called with the numbers of articles done and to do; if it
    raises, the work ends and the index stays as it was. Raises `UnwritableIndexError`.
    """
    try:
        with try_lock(folder) as mine, read_transaction(engine) as connection:
            if mine:
                update_or_rebuild(connection, folder, progress, trusted=trusted)
            return mine
    except OSError as error:
        raise UnwritableIndexError(f"The index in {folder} can't be written: {error.strerror or error}.") from error


def update_or_rebuild(connection: Connection, folder: Path, progress: Progress, *, trusted: bool) -> None:
    """Add what the index lacks of the newest revision; rebuild an index that can't be updated."""
    revision = newest_revision(connection)
    if revision is None:
        return
    languages = connection.scalars(select(col(Article.language)).where(col(Article.until).is_(None)).distinct())
    stemmers = sorted({stemmer_for(language) for language in languages})
    target = IndexState(revision["number"], revision["id"], stemmers, index_version())
    try:
        path = current_index(folder)
        if not trusted:
            verify(path)
        indexes = {kind: open_index(path / kind) for kind in schema.KINDS}
        states = [read_state(index) for index in indexes.values()]
        for state in states:
            check_usable(connection, state, target)
        target = target._replace(stemmers=states[0].stemmers)
        if all(state == target for state in states):
            return
        write(connection, indexes, target, min(state.revision for state in states), progress)
    except BrokenIndexError as reason:
        log.info("The index is built anew: %s.", reason)
        target = target._replace(stemmers=stemmers)
        build(connection, folder, target, progress)


def build(connection: Connection, folder: Path, target: IndexState, progress: Progress) -> None:
    """Make an index in a new folder, and activate it when it is complete."""
    path = folder / token_hex(8)
    try:
        indexes = {kind: make_index(path / kind, kind, target.stemmers) for kind in schema.KINDS}
        write(connection, indexes, target, 0, progress)
    except (BrokenIndexError, ValueError) as error:
        shutil.rmtree(path, ignore_errors=True)
        raise UnwritableIndexError(f"The index in {folder} can't be written: {error}.") from error
    activate(folder, path)


def make_index(path: Path, kind: schema.Kind, stemmers: Sequence[str]) -> tantivy.Index:
    """Return an empty index in a new folder."""
    path.mkdir(parents=True)
    return tantivy.Index(schema.build_schema(kind, stemmers), str(path))


def activate(folder: Path, path: Path) -> None:
    """Make the index in `path` the one that is served, and delete all others."""
    (folder / "current.new").write_text(path.name)
    (folder / "current.new").replace(folder / "current")
    for other in folder.iterdir():
        if other.is_dir() and other != path:
            shutil.rmtree(other, ignore_errors=True)


def deactivate(folder: Path) -> None:
    """Serve no index, so that it is rebuilt; servers keep the one that they have open."""
    (folder / "current").unlink(missing_ok=True)


def check_usable(connection: Connection, state: IndexState, target: IndexState) -> None:
    """Raise `BrokenIndexError` if an index in this state can't be updated to the target."""
    if state.version != target.version:
        raise BrokenIndexError("it was made by another version")
    if not set(target.stemmers) <= set(state.stemmers):
        raise BrokenIndexError("texts in a new language have come")
    if connection.scalar(select(col(Revision.id)).where(col(Revision.number) == state.revision)) != state.id:
        raise BrokenIndexError("it was made from another database")
    if (connection.scalar(select(func.max(col(Revision.purged)))) or 0) > state.revision:
        raise BrokenIndexError("it is too far behind")


def write(
    connection: Connection,
    indexes: Mapping[schema.Kind, tantivy.Index],
    target: IndexState,
    since: int,
    progress: Progress,
) -> None:
    """Update both indexes from one revision to another, each in one commit; repeating it does no harm."""
    for index in indexes.values():
        for name in (PLAIN, *target.stemmers):
            index.register_tokenizer(name, build_analyzer(name))
    try:
        # One thread each: two would leave twice as many segments, and there are often two cores only.
        writers = {kind: index.writer(WRITER_MEMORY, 1) for kind, index in indexes.items()}
        add_and_delete(connection, writers, target, since, progress)
    except ValueError as error:
        raise BrokenIndexError(f"it can't be written: {error}") from error


def add_and_delete(
    connection: Connection,
    writers: Mapping[schema.Kind, tantivy.IndexWriter],
    target: IndexState,
    since: int,
    progress: Progress,
) -> None:
    """Delete the articles that were retired after revision `since`, add the new ones, and commit."""
    retired = select(col(Article.key)).where((col(Article.since) > since) | (col(Article.until) > since))
    for key in connection.scalars(retired) if since else ():
        for writer in writers.values():
            writer.delete_documents_by_term("row", str(key))
    # A copy may hold articles of the next revision already.
    live = (col(Article.since) > since) & (col(Article.since) <= target.revision) & col(Article.until).is_(None)
    total = connection.scalar(select(func.count()).select_from(Article).where(live)) or 0
    divisions = {kind: SegmentDivision(total) for kind in writers}
    for done, article in enumerate(load_articles(connection, live), start=1):
        document, paragraphs = index_documents(article)
        by_kind: dict[schema.Kind, list[str]] = {"articles": [document], "paragraphs": paragraphs}
        for kind, documents in by_kind.items():
            for each in documents:
                writers[kind].add_json(each)
            # A new index is not served before it is complete; an update is one commit.
            if since == 0 and divisions[kind].ends_after(done, documents):
                writers[kind].commit()
        if done % 50 == 0 or done == total:
            progress(done, total)
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda writer: commit(writer, target), writers.values()))


def commit(writer: tantivy.IndexWriter, target: IndexState) -> None:
    """Commit what was written, together with the state that describes it."""
    writer.delete_documents_by_term("row", "state")
    writer.add_document(state_document(target))
    writer.commit()
    writer.wait_merging_threads()


def state_document(state: IndexState) -> tantivy.Document:
    """Return the document that records what an index holds."""
    document = tantivy.Document()
    document.add_text("row", "state")
    document.add_text("state", orjson.dumps([*state]).decode())
    return document
