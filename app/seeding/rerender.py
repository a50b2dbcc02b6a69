"""Articles whose files were not read in a run, but which name what is called otherwise since."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import Article as ArticleRow
from app.models import ArticleTag
from app.models import Mention as MentionRow
from app.models import Paragraph as ParagraphRow
from app.seeding.article import NewArticle, NewMention, NewParagraph, Published
from app.seeding.registry import EntityRegistry, chunks
from app.seeding.writer import ResolvedArticle


def find_outdated(connection: Connection, identities: EntityRegistry, revision: int, *, everything: bool) -> list[int]:
    """The keys of the articles from before this revision that name what was renamed; or of all of them."""
    live = (col(ArticleRow.until).is_(None), col(ArticleRow.since) < revision)
    if everything:
        return list(connection.scalars(select(col(ArticleRow.key)).where(*live)))
    keys: set[int] = set()
    for row, name, renamed in (
        (col(MentionRow.article), col(MentionRow.entity), identities.renamed),
        (col(ArticleTag.article), col(ArticleTag.tag), identities.renamed_tags),
    ):
        for some in chunks(renamed):
            naming = select(row).where(name.in_(some)).distinct()
            keys.update(connection.scalars(select(col(ArticleRow.key)).where(*live, col(ArticleRow.key).in_(naming))))
    return sorted(keys)


def rerender_articles(
    connection: Connection, identities: EntityRegistry, keys: Sequence[int]
) -> Iterator[ResolvedArticle]:
    """These articles with the names of today, read back from their rows."""
    entities = {row["key"]: row for row in identities.entities.values()}
    for some in chunks(keys, 200):
        paragraphs: dict[int, list[NewParagraph]] = defaultdict(list)
        mentions: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(rows_of(ParagraphRow, some, "position")).mappings():
            paragraphs[row["article"]].append(NewParagraph(row["role"], row["text"], row["section"]))
        for row in connection.execute(rows_of(MentionRow, some, "number")).mappings():
            mentions[row["article"]].append(row)
        for row in connection.execute(select(ArticleRow).where(col(ArticleRow.key).in_(some))).mappings():
            key, at = row["key"], row["published_at"]
            article = NewArticle(
                id=row["id"], title=row["title"], paragraphs=tuple(paragraphs[key]), language=row["language"],
                file=row["file"], line=row["line"], source=row["source"], source_url=row["source_url"],
                authors=tuple(row["authors"]), rights=row["rights"],
                published=at and Published(at, row["published_precision"]),
                mentions=tuple(
                    NewMention(it["position"], it["start"], it["end"], None, it["type"], it["label"],
                            it["confidence"], it["origin"])
                    for it in mentions[key]
                ),
                extra=orjson.loads(row["extra"]),
            )  # fmt: skip
            # Their order stands only in what is answered.
            tags = [identities.tags[tag["id"]] for tag in orjson.loads(row["rendered"])["tags"]]
            said = row["fingerprint"].partition(" ")[0]
            yield ResolvedArticle(article, said, [entities.get(it["entity"]) for it in mentions[key]], tags)


def rows_of(table: Any, keys: Sequence[int], order: str) -> Any:
    """What belongs to these articles, in order."""
    return select(table).where(col(table.article).in_(keys)).order_by(table.article, getattr(table, order))
