"""Revisions: which one is the newest, and what of the past is gone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.engine import RowMapping
from sqlmodel import col

from app.models import Article, Paragraph, Revision

RETENTION = timedelta(minutes=10)
"""How long a retired article can still be read by a server that has not yet followed."""


def newest_revision(connection: Connection) -> RowMapping | None:
    """The row of the newest revision; None where there is none."""
    query = select(Revision).order_by(col(Revision.number).desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()


def purge(connection: Connection) -> int:
    """Delete what was retired long ago; the newest revision that this happened to."""
    earlier = connection.scalar(select(func.max(col(Revision.purged)))) or 0
    before = select(func.max(col(Revision.number))).where(col(Revision.at) < datetime.now(UTC) - RETENTION)
    old = col(Article.until) <= before.scalar_subquery()
    latest = connection.scalar(select(func.max(col(Article.until))).where(old))
    connection.execute(delete(Paragraph).where(col(Paragraph.article).in_(select(col(Article.key)).where(old))))
    connection.execute(delete(Article).where(old))
    return max(earlier, latest or 0)
