"""The index follows the database from revision to revision.

One piece of code serves an index that is empty, behind, half-written by a process that was killed, made
by another version, made from another database, or damaged: what can't be brought forward is built anew
in a folder of its own, and the old one is served until the new one is whole.
"""

import logging
import shutil
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import orjson
import tantivy
from sqlalchemy import Connection, Engine, func, select
from sqlmodel import col

from app.database import reading
from app.models import Article, ArticleTag, Entity, Mention, Paragraph, Revision, Tag
from app.search import schema
from app.search.indexed import article_document, paragraph_documents

log = logging.getLogger("articles")

INDEXED = ("key", "id", "title", "source", "language", "authors", "published_at", "published_precision")
"""What the index needs of an article's row."""

Progress = Callable[[int, int], None]


class BrokenIndexError(Exception):
    """An index can't be used; the message says why."""


class State(NamedTuple):
    """What an index says of itself. It is a document of the index, so it changes in the same commit."""

    revision: int
    """The number of the revision that it holds."""
    id: str
    """The random id of that revision, which tells one database from another."""
    stemmers: list[str]
    """The stemmers that its texts need."""
    version: str
    """Of the way it was made."""


def current(folder: Path) -> Path:
    """The folder of the index that is served. Raises `BrokenIndexError` where there is none."""
    try:
        return folder / (folder / "current").read_text()
    except FileNotFoundError:
        raise BrokenIndexError("there is none yet") from None


def open_index(path: Path) -> tantivy.Index:
    """The index in this folder, reading what was committed last. Raises `BrokenIndexError`."""
    try:
        index = tantivy.Index.open(str(path))
        index.config_reader("manual")
        index.reload()
    except (ValueError, OSError) as error:
        raise BrokenIndexError(f"it can't be opened: {error}") from error
    return index


def read_state(index: tantivy.Index) -> State:
    """Which revision an index holds. Raises `BrokenIndexError`."""
    try:
        searcher = index.searcher()
        hits = searcher.search(tantivy.Query.term_query(index.schema, "row", "state", "basic"), 1).hits
        return State(*orjson.loads(searcher.doc(hits[0][1])["state"][0]))
    except (ValueError, OSError, LookupError, TypeError) as error:
        raise BrokenIndexError("it doesn't say what it holds") from error


def verify(path: Path) -> None:
    """Compare every file with the checksum that the engine wrote at its end. Raises `BrokenIndexError`.

    A file ends in a JSON footer with the CRC-32 of what precedes it, the footer's length and a magic
    number, each in four bytes (tantivy, `directory/footer.rs`).
    """
    for file in path.glob("*/[0-9a-f]*.*"):
        raw = memoryview(file.read_bytes())
        length = int.from_bytes(raw[-8:-4], "little")
        try:
            expected = orjson.loads(raw[-8 - length : -8])["crc"]
        except (ValueError, LookupError, TypeError):
            expected = None
        if zlib.crc32(raw[: -8 - length]) != expected:
            raise BrokenIndexError(f"{file.name} is damaged")


def follow(engine: Engine, folder: Path, progress: Progress = lambda done, total: None) -> bool:
    """Bring the index to the newest revision; False where another process is already about it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        with reading(engine) as connection:
            bring_forward(connection, folder, progress)
    return True


def bring_forward(connection: Connection, folder: Path, progress: Progress) -> None:
    """Add what the newest revision has and the index has not; build anew what can't be brought forward."""
    newest = connection.execute(
        select(col(Revision.number), col(Revision.id)).order_by(col(Revision.number).desc()).limit(1)
    ).one_or_none()
    if newest is None:
        return
    languages = connection.scalars(select(col(Article.language)).where(col(Article.until).is_(None)).distinct())
    stemmers = sorted({schema.stemmer(language) for language in languages})
    target = State(newest.number, newest.id, stemmers, schema.VERSION)
    try:
        path = current(folder)
        indexes = {kind: open_index(path / kind) for kind in schema.KINDS}
        states = [read_state(index) for index in indexes.values()]
        for state in states:
            refuse(connection, state, target)
        target = target._replace(stemmers=states[0].stemmers)
        if all(state == target for state in states):
            return
        since = min(state.revision for state in states)
    except BrokenIndexError as reason:
        log.info("The index is built anew: %s.", reason)
        path = folder / token_hex(8)
        indexes = {kind: make_index(path / kind, kind, stemmers) for kind in schema.KINDS}
        since = 0
    write(connection, indexes, target, since, progress)
    publish(folder, path)


def make_index(path: Path, kind: schema.Kind, stemmers: Sequence[str]) -> tantivy.Index:
    """An empty index in a new folder."""
    path.mkdir(parents=True)
    return tantivy.Index(schema.build_schema(kind, stemmers), str(path))


def publish(folder: Path, path: Path) -> None:
    """Let the index in `path` be the one that is served, and clear away all others."""
    (folder / "current.new").write_text(path.name)
    (folder / "current.new").replace(folder / "current")
    for other in folder.iterdir():
        if other.is_dir() and other != path:
            shutil.rmtree(other, ignore_errors=True)


def discard(folder: Path) -> None:
    """Let no index be served, so that it is built anew; servers keep the one that they have open."""
    (folder / "current").unlink(missing_ok=True)


def refuse(connection: Connection, state: State, target: State) -> None:
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
    connection: Connection, indexes: Mapping[schema.Kind, tantivy.Index], target: State, since: int, progress: Progress
) -> None:
    """Bring both indexes from one revision to another, each in one commit; doing it again does no harm."""
    for index in indexes.values():
        for name in (schema.PLAIN, *target.stemmers):
            index.register_tokenizer(name, schema.analyzer(name))
    writers = {kind: index.writer(192_000_000, 2) for kind, index in indexes.items()}
    gone = select(col(Article.key)).where((col(Article.since) > since) | (col(Article.until) > since))
    for key in connection.scalars(gone) if since else ():
        for writer in writers.values():
            writer.delete_documents_by_term("row", str(key))
    live = (col(Article.since) > since) & col(Article.until).is_(None)
    total = connection.scalar(select(func.count()).select_from(Article).where(live)) or 0
    for done, article in enumerate(articles(connection, live), start=1):
        writers["articles"].add_document(article_document(article))
        for document in paragraph_documents(article):
            writers["paragraphs"].add_document(document)
        if done % 500 == 0 or done == total:
            progress(done, total)
    for writer in writers.values():
        writer.delete_documents_by_term("row", "state")
        writer.add_document(state_document(target))
        writer.commit()
        writer.wait_merging_threads()


def state_document(state: State) -> tantivy.Document:
    """The document that says what an index holds."""
    it = tantivy.Document()
    it.add_text("row", "state")
    it.add_text("state", orjson.dumps([*state]).decode())
    return it


def articles(connection: Connection, live: Any) -> Iterator[dict[str, Any]]:
    """Every article of the condition, with its paragraphs, mentions and tags."""
    keys = list(connection.scalars(select(col(Article.key)).where(live).order_by(col(Article.key))))
    for start in range(0, len(keys), 500):
        yield from gathered(connection, keys[start : start + 500])


def gathered(connection: Connection, keys: Sequence[int]) -> Iterator[dict[str, Any]]:
    """These articles, with what belongs to each, in four statements."""
    paragraphs: dict[int, list[Any]] = defaultdict(list)
    mentions: dict[int, list[Any]] = defaultdict(list)
    tags: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(
        select(col(Paragraph.article), col(Paragraph.position), col(Paragraph.role), col(Paragraph.text))
        .where(col(Paragraph.article).in_(keys))
        .order_by(col(Paragraph.article), col(Paragraph.position))
    ):
        paragraphs[row.article].append(row)
    for row in connection.execute(
        select(col(Mention.article), col(Mention.position), col(Mention.type), col(Entity.id))
        .outerjoin(Entity, col(Entity.key) == col(Mention.entity))
        .where(col(Mention.article).in_(keys))
    ):
        mentions[row.article].append(row)
    for article, tag in connection.execute(
        select(col(ArticleTag.article), col(Tag.id))
        .join(Tag, col(Tag.key) == col(ArticleTag.tag))
        .where(col(ArticleTag.article).in_(keys))
    ):
        tags[article].append(tag)
    columns = [col(getattr(Article, name)) for name in INDEXED]
    for found in connection.execute(select(*columns).where(col(Article.key).in_(keys))).mappings():
        key = found["key"]
        yield {**found, "paragraphs": paragraphs[key], "mentions": mentions[key], "tags": tags[key]}
