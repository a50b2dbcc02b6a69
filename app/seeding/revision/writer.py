"""Article writer: insert the rows and the rendered JSON of articles, and retire old versions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select, update
from sqlmodel import col

from app.database.batching import batched
from app.database.engine import add_rows
from app.models import Article, ArticleTag, Mention, Paragraph
from app.rendering import JsonObject, render_article, render_paragraph
from app.seeding.article import NewArticle, format_precise_date
from app.seeding.fingerprints import compute_fingerprint
from app.seeding.registry import EntityRow, Registry, TagRow
from app.seeding.revision.counters import CorpusCounters
from app.seeding.revision.resolution import ResolvedArticle

FLUSH_BYTES = 4_000_000
"""How many bytes of rendered JSON are buffered before they are inserted."""

get_fingerprinted = itemgetter("key", "id", "name", "type", "wikidata", "local")
"""Return the columns of an entity that stored articles depend on."""


class ArticleWriter:
    """Writes articles into one revision, and retires others with it."""

    def __init__(
        self,
        connection: Connection,
        registry: Registry,
        counters: CorpusCounters,
        revision: int,
        root_path: str,
    ) -> None:
        self.connection = connection
        self.registry = registry
        self.counters = counters
        self.revision = revision
        self.root_path = root_path
        self.next_key = 1 + (connection.scalar(select(func.max(col(Article.key)))) or 0)
        self.buffers: dict[Any, list[Sequence[Any]]] = {Article: [], Paragraph: [], Mention: [], ArticleTag: []}
        """Rows to insert by table; those that others refer to come first."""
        self.buffered_bytes = 0
        self.marked: Counter[str] = Counter()
        """Numbers of mentions written, by origin."""

    def fingerprint(self, resolved: ResolvedArticle) -> str:
        """Return the source fingerprint and one of all that is stored of an article, which differ if a row would."""
        entities = [row and get_fingerprinted(row) for row in resolved.entities]
        tags = [(row["key"], row["id"], row["name"]) for row in resolved.tags]
        source = resolved.source_fingerprint
        return f"{source} {compute_fingerprint(source, self.root_path, orjson.dumps([entities, tags]))}"

    def write(self, resolved: ResolvedArticle) -> None:
        """Add an article with its paragraphs, mentions and tags."""
        article, key = resolved.article, self.next_key
        self.next_key += 1
        published, updated = article.published, article.updated
        columns: dict[str, Any] = {
            "key": key,
            "id": article.id,
            "title": article.title,
            "source": article.source,
            "source_url": article.source_url,
            "language": article.language,
            "authors": list(article.authors),
            "rights": article.rights,
            "published_at": published and published.at,
            "published_precision": published and published.precision,
            "published_offset": published and published.offset,
            "updated_at": updated and updated.at,
            "updated_precision": updated and updated.precision,
            "updated_offset": updated and updated.offset,
            "word_count": sum(len(paragraph.text.split()) for paragraph in article.paragraphs),
            "extra": orjson.dumps(article.extra),
            "file": article.file,
            "line": article.line,
            "fingerprint": self.fingerprint(resolved),
            "since": self.revision,
            "until": None,
        }
        reference: JsonObject = {
            "id": article.id,
            "title": article.title,
            "published_at": format_precise_date(published),
        }
        mentions = self.add_mentions(key, resolved)
        dates = render_dates(article)
        rendered = [
            render_paragraph(
                self.root_path,
                reference,
                position,
                paragraph.role,
                paragraph.section,
                paragraph.text,
                mentions[position],
                dates[position],
            )
            for position, paragraph in enumerate(article.paragraphs)
        ]
        self.counters.add(article, resolved.entities)
        tags = {row["key"]: render_tag_reference(row) for row in resolved.tags}
        entities = {row["id"]: row for row in resolved.entities if row}
        columns["rendered"] = orjson.dumps(
            render_article(self.root_path, columns, rendered, list(tags.values()), entities)
        )
        self.buffers[Article].append([columns[name] for name in Article.model_fields])
        self.buffers[ArticleTag] += [(key, tag) for tag in tags]
        rows = [(key, p["position"], p["role"], p["section"], p["text"], orjson.dumps(p)) for p in rendered]
        self.buffers[Paragraph] += rows
        self.buffered_bytes += len(columns["rendered"]) + sum(len(row[-1]) for row in rows)
        if self.buffered_bytes >= FLUSH_BYTES:
            self.flush()

    def add_mentions(self, key: int, resolved: ResolvedArticle) -> list[list[JsonObject]]:
        """Buffer the mentions of an article, and return them rendered, by position of their paragraphs."""
        paragraphs, rows = resolved.article.paragraphs, self.buffers[Mention]
        rendered: list[list[JsonObject]] = [[] for _ in paragraphs]
        for number, (mention, entity) in enumerate(zip(resolved.article.mentions, resolved.entities, strict=True)):
            position, start, end, _, type, label, confidence, origin, evidence = mention
            rendered[position].append(
                {
                    "start": start,
                    "end": end,
                    "exact": paragraphs[position].text[start:end],
                    "type": type,
                    "entity": render_entity_reference(entity) if entity else None,
                    "label": label,
                    "confidence": confidence,
                    "origin": origin,
                    "evidence": evidence,
                }
            )
            self.marked[origin] += 1
            entity_key = entity["key"] if entity else None
            rows.append((key, number, position, start, end, entity_key, type, label, confidence, origin, evidence))
        return rendered

    def flush(self) -> None:
        """Insert the buffered rows."""
        self.registry.flush()
        for table, rows in self.buffers.items():
            add_rows(self.connection, table, rows)
            self.buffers[table] = []
        self.buffered_bytes = 0

    def retire(self, keys: Iterable[int]) -> None:
        """End articles with this revision: servers of an older one may read them until they are purged."""
        for batch in batched(keys):
            retirement = update(Article).where(col(Article.key).in_(batch)).values(until=self.revision)
            self.connection.execute(retirement)
            self.counters.subtract(batch)
            self.connection.execute(delete(Mention).where(col(Mention.article).in_(batch)))
            self.connection.execute(delete(ArticleTag).where(col(ArticleTag.article).in_(batch)))


def render_dates(article: NewArticle) -> list[list[JsonObject]]:
    """Return the dates of an article rendered, by position of their paragraphs."""
    rendered: list[list[JsonObject]] = [[] for _ in article.paragraphs]
    for position, start, end, value in article.dates or ():
        exact = article.paragraphs[position].text[start:end]
        rendered[position].append({"start": start, "end": end, "exact": exact, "value": value})
    return rendered


def render_entity_reference(row: EntityRow) -> JsonObject:
    """Return an entity as a mention refers to it."""
    return {"id": row["id"], "name": row["name"], "type": row["type"]}


def render_tag_reference(row: TagRow) -> JsonObject:
    """Return a tag as an article refers to it."""
    return {"id": row["id"], "name": row["name"]}
