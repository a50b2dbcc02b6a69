"""What a revision says of itself: counts of entities, and totals."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select, update
from sqlmodel import col

from app.models import Article, Entity, Mention, Paragraph
from app.seeding.identities import UNCOUNTED, Row, chunks


def count(connection: Connection, touched: Iterable[int]) -> None:
    """Say of these entities how many articles name them, how often, and from when to when."""
    for keys in chunks(touched):
        fresh: dict[int | None, Row] = {key: {"counted": key, **UNCOUNTED} for key in keys}
        counted = (
            select(col(Mention.entity), func.count(col(Mention.article).distinct()), func.count(),
                   func.min(col(Article.published_at)), func.max(col(Article.published_at)))
            .join(Article, col(Article.key) == col(Mention.article))
            .where(col(Mention.entity).in_(keys))
            .group_by(col(Mention.entity))
        )  # fmt: skip
        for key, articles, mentions, first, last in connection.execute(counted):
            fresh[key] |= {"articles": articles, "mentions": mentions, "first": first, "last": last}
        columns: Row = {name: bindparam(f"new_{name}") for name in UNCOUNTED}
        renamed = [
            {name if name == "counted" else f"new_{name}": value for name, value in row.items()}
            for row in fresh.values()
        ]
        connection.execute(update(Entity).where(col(Entity.key) == bindparam("counted")).values(columns), renamed)


def sum_up(connection: Connection) -> dict[str, int]:
    """How much is live. What is retired, and still there, has no mentions any more."""
    retired = col(Article.until).is_not(None)
    paragraphs = select(func.count()).select_from(Paragraph)
    gone = paragraphs.join(Article, col(Article.key) == col(Paragraph.article)).where(retired)
    articles = select(func.count()).select_from(Article).where(~retired)
    return {
        "articles": connection.scalar(articles) or 0,
        "paragraphs": (connection.scalar(paragraphs) or 0) - (connection.scalar(gone) or 0),
        "mentions": connection.scalar(select(func.count()).select_from(Mention)) or 0,
    }
