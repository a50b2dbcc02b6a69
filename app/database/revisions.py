"""Revisions: find the newest one, and delete articles that were retired long ago."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.engine import RowMapping
from sqlmodel import col

from app.models import Article, Paragraph, Revision

RETENTION = timedelta(minutes=10)
"""How long a retired article is kept for servers that still serve an older revision."""


def newest_revision(connection: Connection) -> RowMapping | None:
    """Return the row of the newest revision; None if there is none."""
    query = select(Revision).order_by(col(Revision.number).desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()


def purge(connection: Connection) -> int:
    """Delete the articles that were retired before `RETENTION`; return the newest revision that retired any of them."""
    purged_before = connection.scalar(select(func.max(col(Revision.purged)))) or 0
    old_revision = select(func.max(col(Revision.number))).where(col(Revision.at) < datetime.now(UTC) - RETENTION)
    is_old = col(Article.until) <= old_revision.scalar_subquery()
    purged = connection.scalar(select(func.max(col(Article.until))).where(is_old))
    connection.execute(delete(Paragraph).where(col(Paragraph.article).in_(select(col(Article.key)).where(is_old))))
    connection.execute(delete(Article).where(is_old))
    return max(purged_before, purged or 0)
