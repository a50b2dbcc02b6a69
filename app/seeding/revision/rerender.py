"""Renamed entities and tags: read back the stored articles that show an old name, to write them again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlmodel import col

from app.database.batching import batched
from app.models import Article, ArticleTag, Mention, Paragraph
from app.rendering import read_dates
from app.seeding.article import NewArticle, NewDate, NewMention, NewParagraph, PreciseDate
from app.seeding.registry import Registry
from app.seeding.revision.resolution import ResolvedArticle


def find_outdated(connection: Connection, registry: Registry, revision: int, *, everything: bool) -> list[int]:
    """Return the keys of live articles, from before this revision, that refer to what was renamed; or of all."""
    is_live = (col(Article.until).is_(None), col(Article.since) < revision)
    if everything:
        return list(connection.scalars(select(col(Article.key)).where(*is_live)))
    keys: set[int] = set()
    for article_key, reference, renamed in (
        (col(Mention.article), col(Mention.entity), registry.entities.store.renamed),
        (col(ArticleTag.article), col(ArticleTag.tag), registry.tags.renamed),
    ):
        for batch in batched(renamed):
            referring = select(article_key).where(reference.in_(batch)).distinct()
            articles = select(col(Article.key)).where(*is_live, col(Article.key).in_(referring))
            keys.update(connection.scalars(articles))
    return sorted(keys)


def read_articles(connection: Connection, registry: Registry, keys: Sequence[int]) -> Iterator[ResolvedArticle]:
    """Read articles back from their rows, with the present names of their entities and tags."""
    entities = {row["key"]: row for row in registry.entities.store.by_id.values()}
    for batch in batched(keys, 200):
        paragraphs: dict[int, list[NewParagraph]] = defaultdict(list)
        dates: dict[int, list[NewDate]] = defaultdict(list)
        for row in connection.execute(select_parts(Paragraph, batch, "position")).mappings():
            paragraphs[row["article"]].append(NewParagraph(row["role"], row["text"], row["section"]))
            dates[row["article"]] += [
                NewDate(row["position"], date["start"], date["end"], date["value"])
                for date in read_dates(row["rendered"])
            ]
        mentions: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(select_parts(Mention, batch, "number")).mappings():
            mentions[row["article"]].append(row)
        for row in connection.execute(select(Article).where(col(Article.key).in_(batch))).mappings():
            key = row["key"]
            # Only the rendered article has its tags in order.
            tags = [registry.tags.by_id[tag["id"]] for tag in orjson.loads(row["rendered"])["tags"]]
            source_fingerprint = row["fingerprint"].partition(" ")[0]
            yield ResolvedArticle(
                to_new_article(row, paragraphs[key], mentions[key], dates[key]),
                source_fingerprint,
                [entities.get(mention["entity"]) for mention in mentions[key]],
                tags,
            )


def to_new_article(
    row: Any, paragraphs: Sequence[NewParagraph], mentions: Sequence[Any], dates: Sequence[NewDate]
) -> NewArticle:
    """Return the article of a row."""
    return NewArticle(
        id=row["id"],
        title=row["title"],
        paragraphs=tuple(paragraphs),
        language=row["language"],
        file=row["file"],
        line=row["line"],
        source=row["source"],
        source_url=row["source_url"],
        authors=tuple(row["authors"]),
        rights=row["rights"],
        published=row["published_at"]
        and PreciseDate(row["published_at"], row["published_precision"], row["published_offset"]),
        updated=row["updated_at"] and PreciseDate(row["updated_at"], row["updated_precision"], row["updated_offset"]),
        mentions=tuple(map(to_new_mention, mentions)),
        dates=tuple(dates),
        extra=orjson.loads(row["extra"]),
    )


def to_new_mention(row: Any) -> NewMention:
    """Return the mention of a row, without its entity."""
    return NewMention(
        paragraph=row["position"],
        start=row["start"],
        end=row["end"],
        entity=None,
        type=row["type"],
        label=row["label"],
        confidence=row["confidence"],
        origin=row["origin"],
        evidence=row["evidence"],
    )


def select_parts(table: Any, keys: Sequence[int], order: str) -> Any:
    """Return a query for the paragraphs or mentions of articles, in order."""
    return select(table).where(col(table.article).in_(keys)).order_by(table.article, getattr(table, order))
