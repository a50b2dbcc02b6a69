"""Live articles: those that the corpus held before the run, and the conflicts of their ids with new ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import col

from app.database.batching import batched
from app.models import Article
from app.seeding.article import Finding, NewArticle
from app.seeding.revision.file_changes import FileChanges


class LiveArticle(NamedTuple):
    """An article that the corpus held before the run."""

    id: str
    key: int
    file: str
    fingerprint: str


class LiveArticles:
    """Looks up live articles, and remembers the ids that the run has added."""

    def __init__(self, connection: Connection, revision: int, files: FileChanges) -> None:
        self.connection = connection
        self.revision = revision
        self.files = files
        self.by_id: dict[str, LiveArticle] = {}
        """Those that share an id with an article of the chunk that is being read."""
        self.added: dict[str, str] = {}
        """`file:line` of each article that the run has added or left unchanged, by id."""

    def select(self, column: Any, values: Iterable[str]) -> Iterator[LiveArticle]:
        """Yield the live articles that have one of these values in a column."""
        # Filtered here: with `until IS NULL` in the statement SQLite chooses that index, and reads all live articles.
        columns = (col(getattr(Article, name)) for name in ("until", "since", *LiveArticle._fields))
        versions = select(*columns)
        for batch in batched(values):
            for until, since, *fields in self.connection.execute(versions.where(column.in_(batch))):
                if until is None and since < self.revision:
                    yield LiveArticle(*fields)

    def load(self, ids: Iterable[str]) -> None:
        """Load the live articles with these ids."""
        self.by_id = {live.id: live for live in self.select(col(Article.id), ids)}

    def find_conflicts(self, article: NewArticle) -> list[Finding]:
        """Return a fault if another article has this id; an article may move from a file that is gone to another."""
        live, place = self.by_id.get(article.id), self.added.get(article.id)
        if place is None and live and not self.is_replaceable(live, article):
            if Path(live.file).exists():
                place = live.file
            else:
                self.files.missing.add(live.file)
        if place is None:
            return []
        message = f"The id '{article.id}' is already that of the article in {place}; give one of them another `id`."
        return [Finding(article.file, article.line, message)]

    def is_replaceable(self, live: LiveArticle, article: NewArticle) -> bool:
        """Return whether the file of a live article is the new one's, or is read again, or is missing."""
        return live.file == article.file or live.file in self.files.changed or live.file in self.files.missing
