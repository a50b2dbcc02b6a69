"""Copying: bring the rows of one database to the newest revision of another."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update
from sqlmodel import col

from app.database.engine import add_rows, read_transaction, write_transaction
from app.database.revisions import purge
from app.models import Article, ArticleTag, Entity, Mention, Paragraph, Revision, Tag

BATCH = 500
"""The number of articles that are copied in one transaction."""

ARTICLE_PARTS = {Paragraph: Paragraph.article, Mention: Mention.article, ArticleTag: ArticleTag.article}
"""The tables whose rows belong to an article, with the column that holds its key."""


def copy_newest_revision(source: Engine, target: Engine, progress: Callable[[int, int], None]) -> None:
    """Bring the target to the newest revision of the source. Raises `DatabaseError`.

    Articles are copied first, in batches that no reader sees yet, until the source has no others. All other rows,
    the revision among them, follow in one transaction.
    """
    live_articles = select(col(Article.key)).where(col(Article.until).is_(None))
    with read_transaction(target) as connection:
        copied = set(connection.scalars(select(col(Article.key))))
    while True:
        with read_transaction(source) as connection:
            live = set(connection.scalars(live_articles))
            if live <= copied:
                tables = {
                    model: connection.execute(select(model)).mappings().all() for model in (Revision, Entity, Tag)
                }
                break
        copy_articles(source, target, sorted(live - copied), progress)
        copied |= live
    with write_transaction(target) as connection:
        number = max(row["number"] for row in tables[Revision])
        retire(connection, set(connection.scalars(live_articles)) - live, number)
        for model in (Entity, Tag):
            replace_rows(connection, model, tables[model])
        numbers = set(connection.scalars(select(col(Revision.number))))
        revisions = [row for row in tables[Revision] if row["number"] not in numbers]
        add_rows(connection, Revision, [[*{**row, "purged": 0}.values()] for row in revisions])
        purged = purge(connection)
        connection.execute(update(Revision).where(col(Revision.number) == number).values(purged=purged))


def copy_articles(source: Engine, target: Engine, keys: Sequence[int], progress: Callable[[int, int], None]) -> None:
    """Copy articles with all rows that belong to them, without those that were retired meanwhile."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        query = select(Article).where(col(Article.key).in_(batch), col(Article.until).is_(None))
        with read_transaction(source) as connection:
            articles = connection.execute(query).all()
            live = [row.key for row in articles]
            parts = {
                model: connection.execute(select(model).where(col(article).in_(live))).all()
                for model, article in ARTICLE_PARTS.items()
            }
        with write_transaction(target) as connection:
            add_rows(connection, Article, articles)
            for model, rows in parts.items():
                add_rows(connection, model, rows)
        progress(start + len(batch), len(keys))


def retire(connection: Connection, articles: set[int], number: int) -> None:
    """Let the articles with these keys end with this revision."""
    keys = sorted(articles)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        connection.execute(update(Article).where(col(Article.key).in_(batch)).values(until=number))
        for model in (Mention, ArticleTag):
            connection.execute(delete(model).where(col(ARTICLE_PARTS[model]).in_(batch)))


def replace_rows(connection: Connection, model: Any, rows: Sequence[Any]) -> None:
    """Make a table hold exactly these rows; equal ones are not touched."""
    old_rows = {row["key"]: row for row in connection.execute(select(model)).mappings()}
    new_rows = {row["key"]: row for row in rows}
    stale = [key for key, row in old_rows.items() if new_rows.get(key) != row]
    for start in range(0, len(stale), BATCH):
        connection.execute(delete(model).where(model.key.in_(stale[start : start + BATCH])))
    add_rows(connection, model, [[*row.values()] for key, row in new_rows.items() if old_rows.get(key) != row])
