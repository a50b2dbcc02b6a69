"""Snapshot: the indexes and the directory of one revision, which requests are answered from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, Final

import tantivy
from tantivy import Query

from app.database.document_store import DocumentStore
from app.dates import end_of_period, parse_date
from app.search.counts.term_counter import TermCounter
from app.search.counts.value_counts import ValueCounts
from app.search.index.languages import match_languages
from app.search.index.schema import Kind
from app.search.index.storage import OpenIndex
from app.search.index.updater import IndexState
from app.search.names.directory import EntityDirectory
from app.search.names.suggestions import SUGGESTIONS, suggest, suggest_by_words
from app.search.page_cache import PageCache

WARMED_UP: Final = ("entity", "tag", "source", "language", "year")
"""The fields whose counts over all articles are made before the first request for them."""

PARAGRAPHS_PER_ARTICLE: Final = 20
"""Counting this many paragraphs takes as long as counting an article."""

MANY_VALUES: Final = 20_000
"""Values of a field that are compared with an unknown one, the most frequent ones: it takes up to 50 ms."""

NAMES_PER_ARTICLE: Final = 2
"""So does counting this many entities and tags: 4,000 take some milliseconds."""

MentionKey = tuple[int, int, int]
"""The key of a mention's article, the position of its paragraph, and its number there."""


@dataclass(frozen=True)
class Snapshot:
    """The indexes and the directory of one revision. It never changes; a new revision is a new snapshot."""

    state: IndexState
    directory: EntityDirectory
    kinds: Mapping[Kind, OpenIndex]
    documents: DocumentStore
    """The stored JSON of articles and paragraphs, by key."""
    counts_cache: dict[tuple[str, str], ValueCounts] = field(default_factory=dict, compare=False)
    """The counts over all documents, by kind and field, and those of each `CachedSelection` by its name and field;
    filled on first use."""
    page_caches: defaultdict[tuple[str, str], PageCache] = field(
        default_factory=lambda: defaultdict(PageCache), compare=False
    )
    """Pages by the name of a `CachedSelection` and the order, filled on first use."""

    mention_orders: dict[str, Sequence[MentionKey]] = field(default_factory=dict, compare=False)
    """Mentions in the order of the words around them, by the hash of the list, the last one last."""

    @classmethod
    def of(
        cls,
        indexes: Mapping[Kind, tantivy.Index],
        state: IndexState,
        directory: EntityDirectory,
        documents: DocumentStore,
    ) -> "Snapshot":
        """Return a snapshot of what these indexes hold now."""
        kinds = {kind: OpenIndex(index, index.schema, index.searcher()) for kind, index in indexes.items()}
        return cls(state, directory, kinds, documents)

    def value_counts(self, kind: Kind, field: str) -> ValueCounts:
        """Return how many of all articles or paragraphs have each value of a field."""
        if (kind, field) not in self.counts_cache:
            index, size = self.kinds[kind], self.size(kind)
            counter = TermCounter(index, match_all(index.schema), field, lambda: size)
            self.counts_cache[kind, field] = ValueCounts(counter.all(), size)
        return self.counts_cache[kind, field]

    def warm_up(self) -> tuple[Any, ...]:
        """Build the name indexes and the counts over all articles now, so that no request waits for them."""
        counts = [self.value_counts("articles", field) for field in WARMED_UP]
        return self.directory.warm_up(), [(field.ranks, field.totals) for field in counts]

    @cached_property
    def weight(self) -> int:
        """The size of the corpus in articles of usual length: long articles and many names count for more."""
        names = len(self.directory.entities) + len(self.directory.tags)
        return max(self.size("articles"), self.size("paragraphs") // PARAGRAPHS_PER_ARTICLE, names // NAMES_PER_ARTICLE)

    @cached_property
    def published(self) -> tuple[datetime, datetime] | None:
        """The first and the last moment of the years in which the articles were published; None if one is undated."""
        years = self.value_counts("articles", "year").totals
        if not years or sum(years.values()) < self.size("articles"):
            return None
        last, precision = parse_date(max(years))
        return parse_date(min(years))[0], end_of_period(last, precision)

    def paragraphs_of(self, id: str) -> int:
        """Return about how many paragraphs an article has."""
        return self.kinds["paragraphs"].searcher.doc_freq("id", id)

    def resolve_value(self, field: str, value: str) -> list[str]:
        """Return the values of a field that a filter value selects; none if nothing in the corpus has it.

        Entities may be named by a former id or a Wikidata id, or, in `entity_name`, by a name that several have; a
        language stands for its regional variants, and the origin `model` for all models.
        """
        match field:
            case "entity":
                entity = self.directory.entity(value)
                return [] if entity is None else [entity.id]
            case "entity_name":
                return self.directory.entity_names.exact(value)
            case "origin":
                origins = self.value_counts("articles", field).totals
                return [origin for origin in origins if f"{origin}:".startswith(f"{value}:")]
            case "language":
                return match_languages(value, self.value_counts("articles", field).totals)
        articles = self.kinds["articles"]
        return (
            [value]
            if articles.searcher.search(Query.term_query(articles.schema, field, value, "basic"), 1).hits
            else []
        )

    def suggest_values(self, field: str, value: str) -> list[dict[str, str]]:
        """Return values of a field that somebody who wrote this may have meant, the likeliest first."""
        match field:
            case "entity":
                entities = self.directory.suggest_entities(value)
                return [{"id": entity.id, "name": entity.name, "type": entity.type} for entity in entities]
            case "entity_name":
                entities = self.directory.suggest_entities(value)
                return [{"id": entity.name, "name": entity.name, "type": entity.type} for entity in entities]
            case "tag":
                return [{"id": tag.id, "name": tag.name} for tag in self.directory.suggest_tags(value)]
            case "id":
                # There are as many ids as articles: only those that begin alike are compared.
                terms = self.kinds["articles"].searcher.terms_with_prefix(field, value[:3], limit=MANY_VALUES)
                similar = suggest(value, (term for term, _ in terms), SUGGESTIONS)
            case _:
                similar = suggest_by_words(value, islice(self.value_counts("articles", field).totals, MANY_VALUES))
        return [{"id": term, "name": term} for term in similar]

    def size(self, kind: Kind) -> int:
        """Return the number of articles or paragraphs."""
        return int(self.directory.revision[kind])


def match_all(schema: tantivy.Schema) -> Query:
    """Build the query for all documents but the one with the state of the index."""
    return Query.term_query(schema, "kind", "document", "basic")
