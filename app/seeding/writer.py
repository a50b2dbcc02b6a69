"""An article's rows and what is answered of it, written many at a time."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, func, select, update
from sqlmodel import col

from app.database.engine import add_rows
from app.dates import spell
from app.models import Article as ArticleRow
from app.models import ArticleTag, Mention
from app.models import Paragraph as ParagraphRow
from app.rendering import JsonObject, render_article, render_paragraph
from app.seeding.article import NewArticle
from app.seeding.counters import CorpusCounters
from app.seeding.fingerprints import compute_fingerprint
from app.seeding.registry import EntityRegistry, EntityRow, chunks, entity_reference, tag_reference

AT_ONCE = 4_000_000
"""So many bytes of what is answered are written together, and the rest of the article."""


class ResolvedArticle(NamedTuple):
    """An article whose names are settled: an entity's row for each mention (None: nobody known), and tags' rows."""

    article: NewArticle
    said: str
    """Names all that its file says of it."""
    entities: Sequence[EntityRow | None]
    tags: Sequence[EntityRow]


class ArticleWriter:
    """Writes articles into one revision, and retires others with it."""

    def __init__(
        self,
        connection: Connection,
        identities: EntityRegistry,
        accounts: CorpusCounters,
        revision: int,
        root_path: str,
    ) -> None:
        self.connection = connection
        self.identities = identities
        self.accounts = accounts
        self.revision = revision
        self.root_path = root_path
        self.next_key = 1 + (connection.scalar(select(func.max(col(ArticleRow.key)))) or 0)
        self.waiting: dict[Any, list[Sequence[Any]]] = {ArticleRow: [], ParagraphRow: [], Mention: [], ArticleTag: []}
        """By table; those that others refer to stand first."""
        self.size = 0
        """How many bytes of what is answered wait."""

    def fingerprint(self, named: ResolvedArticle) -> str:
        """Names all that is stored of an article: equal ones need not be written again."""
        entities = [row and (row["key"], row["id"], row["name"], row["type"]) for row in named.entities]
        tags = [(row["key"], row["id"], row["name"]) for row in named.tags]
        return compute_fingerprint(named.said, self.root_path, orjson.dumps([entities, tags]))

    def write(self, named: ResolvedArticle) -> None:
        """Add an article, with all that belongs to it and all that is answered of it."""
        article, key = named.article, self.next_key
        self.next_key += 1
        published = article.published
        columns: EntityRow = {
            "key": key, "id": article.id, "title": article.title, "source": article.source,
            "source_url": article.source_url, "language": article.language, "authors": list(article.authors),
            "rights": article.rights, "published_at": published and published.at,
            "published_precision": published and published.precision,
            "word_count": sum(len(paragraph.text.split()) for paragraph in article.paragraphs),
            "extra": orjson.dumps(article.extra), "file": article.file, "line": article.line,
            "fingerprint": f"{named.said} {self.fingerprint(named)}", "since": self.revision, "until": None,
        }  # fmt: skip
        reference: JsonObject = {
            "id": article.id,
            "title": article.title,
            "published_at": spell(columns["published_at"], columns["published_precision"]),
        }
        mentions = self.mentions(key, named)
        shapes = [
            render_paragraph(self.root_path, reference, position, paragraph.role, paragraph.section,
                            paragraph.text, mentions[position])
            for position, paragraph in enumerate(article.paragraphs)
        ]  # fmt: skip
        self.accounts.add(article, named.entities)
        tags = {row["key"]: tag_reference(row) for row in named.tags}
        columns["rendered"] = orjson.dumps(render_article(self.root_path, columns, shapes, list(tags.values())))
        self.waiting[ArticleRow].append([columns[name] for name in ArticleRow.model_fields])
        self.waiting[ArticleTag] += [(key, tag) for tag in tags]
        paragraphs = [(key, it["position"], it["role"], it["section"], it["text"], orjson.dumps(it)) for it in shapes]
        self.waiting[ParagraphRow] += paragraphs
        self.size += len(columns["rendered"]) + sum(len(rendered) for *_, rendered in paragraphs)
        if self.size >= AT_ONCE:
            self.flush()

    def mentions(self, key: int, named: ResolvedArticle) -> list[list[JsonObject]]:
        """Add the mentions of an article; what each of its paragraphs shows of them."""
        paragraphs, rows = named.article.paragraphs, self.waiting[Mention]
        shapes: list[list[JsonObject]] = [[] for _ in paragraphs]
        for number, (mention, entity) in enumerate(zip(named.article.mentions, named.entities, strict=True)):
            position, start, end, _, type, label, confidence, origin = mention
            shapes[position].append({
                "start": start, "end": end, "exact": paragraphs[position].text[start:end], "type": type,
                "entity": entity_reference(entity) if entity else None,
                "label": label, "confidence": confidence, "origin": origin,
            })  # fmt: skip
            whom = entity["key"] if entity else None
            rows.append((key, number, position, start, end, whom, type, label, confidence, origin))
        return shapes

    def flush(self) -> None:
        """Write what waits."""
        self.identities.flush()
        for table, rows in self.waiting.items():
            add_rows(self.connection, table, rows)
            self.waiting[table] = []
        self.size = 0

    def retire(self, retired: Iterable[int]) -> None:
        """Let these articles end with this revision. Only what servers still read of them stays until it is purged."""
        for keys in chunks(retired):
            ending = update(ArticleRow).where(col(ArticleRow.key).in_(keys)).values(until=self.revision)
            self.connection.execute(ending)
            self.accounts.take_off(keys)
            self.connection.execute(delete(Mention).where(col(Mention.article).in_(keys)))
            self.connection.execute(delete(ArticleTag).where(col(ArticleTag.article).in_(keys)))
