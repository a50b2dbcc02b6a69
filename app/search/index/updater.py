"""The index follows the database from revision to revision.

One piece of code serves an index that is empty, behind, half-written by a process that was killed, made
by another version, made from another database, or damaged: what can't be brought forward is built anew
in a folder of its own, and the old one is served until the new one is whole.
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
from app.search.index.analysis import PLAIN, build_analyzer, stemmer_for
from app.search.index.documents import index_documents
from app.search.index.loader import load_articles
from app.search.index.storage import BrokenIndexError, IndexState, current_index, open_index, read_state, verify
from app.search.index.version import index_version
from app.system.file_lock import try_lock
from app.system.gc import relaxed_gc

log = logging.getLogger("articles")

__all__ = ["IndexState", "UnwritableIndexError", "deactivate", "update_index", "verify_or_discard"]

Progress = Callable[[int, int], None]

HEAP = 128_000_000
"""Bytes that each index collects in memory before it writes a segment: the fewer these are, the faster are facets."""


class UnwritableIndexError(Exception):
    """No index can be written; the message is one sentence for people."""


def verify_or_discard(folder: Path) -> bool:
    """Discard an index that lies damaged; False where another process is writing to it."""
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
    """Bring the index to the newest revision; False where another process is already about it.

    Whoever has verified the index trusts it. `progress` hears how many articles are done; what it raises ends
    the work, and the index stays as it is. Raises `UnwritableIndexError`.
    """
    try:
        with try_lock(folder) as mine, read_transaction(engine) as connection:
            if mine:
                update_or_rebuild(connection, folder, progress, trusted=trusted)
            return mine
    except OSError as error:
        raise UnwritableIndexError(f"The index in {folder} can't be written: {error.strerror or error}.") from error


def update_or_rebuild(connection: Connection, folder: Path, progress: Progress, *, trusted: bool) -> None:
    """Add what the newest revision has and the index has not; build anew what can't be brought forward."""
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
    """Make a new index in a folder of its own, and let it be served when it is whole."""
    path = folder / token_hex(8)
    try:
        indexes = {kind: make_index(path / kind, kind, target.stemmers) for kind in schema.KINDS}
        write(connection, indexes, target, 0, progress)
    except (BrokenIndexError, ValueError) as error:
        shutil.rmtree(path, ignore_errors=True)
        raise UnwritableIndexError(f"The index in {folder} can't be written: {error}.") from error
    activate(folder, path)


def make_index(path: Path, kind: schema.Kind, stemmers: Sequence[str]) -> tantivy.Index:
    """An empty index in a new folder."""
    path.mkdir(parents=True)
    return tantivy.Index(schema.build_schema(kind, stemmers), str(path))


def activate(folder: Path, path: Path) -> None:
    """Let the index in `path` be the one that is served, and clear away all others."""
    (folder / "current.new").write_text(path.name)
    (folder / "current.new").replace(folder / "current")
    for other in folder.iterdir():
        if other.is_dir() and other != path:
            shutil.rmtree(other, ignore_errors=True)


def deactivate(folder: Path) -> None:
    """Let no index be served, so that it is built anew; servers keep the one that they have open."""
    (folder / "current").unlink(missing_ok=True)


def check_usable(connection: Connection, state: IndexState, target: IndexState) -> None:
    """Raise `BrokenIndexError` where an index in this state can't be brought forward to the target."""
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
    """Bring both indexes from one revision to another, each in one commit; doing it again does no harm."""
    for index in indexes.values():
        for name in (PLAIN, *target.stemmers):
            index.register_tokenizer(name, build_analyzer(name))
    try:
        # One thread for each is enough for two cores and more, and leaves half as many segments as two would.
        writers = {kind: index.writer(HEAP, 1) for kind, index in indexes.items()}
        fill(connection, writers, target, since, progress)
    except ValueError as error:
        raise BrokenIndexError(f"it can't be written: {error}") from error


def fill(
    connection: Connection, writers: Mapping[schema.Kind, tantivy.IndexWriter], target: IndexState, since: int,
    progress: Progress,
) -> None:  # fmt: skip
    """Take out what ended since then, put in what came, and commit."""
    gone = select(col(Article.key)).where((col(Article.since) > since) | (col(Article.until) > since))
    for key in connection.scalars(gone) if since else ():
        for writer in writers.values():
            writer.delete_documents_by_term("row", str(key))
    # A copy may hold articles of the next revision already.
    live = (col(Article.since) > since) & (col(Article.since) <= target.revision) & col(Article.until).is_(None)
    total = connection.scalar(select(func.count()).select_from(Article).where(live)) or 0
    for done, article in enumerate(load_articles(connection, live), start=1):
        whole, parts = index_documents(article)
        writers["articles"].add_json(whole)
        for part in parts:
            writers["paragraphs"].add_json(part)
        if done % 50 == 0 or done == total:
            progress(done, total)
    with ThreadPoolExecutor() as both:
        list(both.map(lambda writer: commit(writer, target), writers.values()))


def commit(writer: tantivy.IndexWriter, target: IndexState) -> None:
    """Let an index hold what was written, and say so."""
    writer.delete_documents_by_term("row", "state")
    writer.add_document(state_document(target))
    writer.commit()
    writer.wait_merging_threads()


def state_document(state: IndexState) -> tantivy.Document:
    """The document that says what an index holds."""
    it = tantivy.Document()
    it.add_text("row", "state")
    it.add_text("state", orjson.dumps([*state]).decode())
    return it
