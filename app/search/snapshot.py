"""The indexes and the directory at one revision: what all questions of their time are put to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import tantivy
from tantivy import Query

from app.database.document_store import DocumentStore
from app.search.directory import SUGGESTIONS, EntityDirectory
from app.search.index.schema import Kind
from app.search.index.storage import OpenIndex
from app.search.index.updater import IndexState
from app.search.suggestions import suggest
from app.search.term_counter import TermCounter
from app.search.value_counts import ValueCounts

GATHERED: Final = ("entity", "tag", "source", "language", "year")
"""The fields of which anybody may ask for the counts over everything."""

PARAGRAPHS: Final = 20
"""So many paragraphs take as long to count as an article."""

NAMES: Final = 2
"""So do so many entities and tags: 4,000 that are all counted take some milliseconds."""


@dataclass(frozen=True)
class Snapshot:
    """The indexes and the directory at one revision. It never changes; a new revision is a new snapshot."""

    state: IndexState
    directory: EntityDirectory
    kinds: Mapping[Kind, OpenIndex]
    documents: DocumentStore
    """What its hits look like, by their keys."""
    counted: dict[tuple[Kind, str], ValueCounts] = field(default_factory=dict, compare=False)
    """What is known of each field, once somebody has asked for it."""
    first: dict[tuple[Kind, str], Any] = field(default_factory=dict, compare=False)
    """The longest first page of everything in each order, once somebody has asked for it."""

    @classmethod
    def of(
        cls,
        indexes: Mapping[Kind, tantivy.Index],
        state: IndexState,
        directory: EntityDirectory,
        documents: DocumentStore,
    ) -> "Snapshot":
        """What these indexes hold now."""
        kinds = {kind: OpenIndex(index, index.schema, index.searcher()) for kind, index in indexes.items()}
        return cls(state, directory, kinds, documents)

    def known(self, kind: Kind, field: str) -> ValueCounts:
        """How many of all articles or paragraphs have each value."""
        if (kind, field) not in self.counted:
            searched, size = self.kinds[kind], self.size(kind)
            every = TermCounter(searched, match_all(searched.schema), field, lambda: size)
            self.counted[kind, field] = ValueCounts(every.all(), size)
        return self.counted[kind, field]

    def gather(self) -> tuple[Any, ...]:
        """Names, and the counts over all articles, found now, so that nobody who asks for them waits."""
        known = [self.known("articles", field) for field in GATHERED]
        return self.directory.gather_names(), [(it.ranks, it.totals) for it in known]

    @cached_property
    def weight(self) -> int:
        """As how many articles of usual length this is: long ones, and those with many names, weigh more."""
        names = len(self.directory.entities) + len(self.directory.tags)
        return max(self.size("articles"), self.size("paragraphs") // PARAGRAPHS, names // NAMES)

    def paragraphs_of(self, id: str) -> int:
        """About how many paragraphs an article has."""
        return self.kinds["paragraphs"].searcher.doc_freq("id", id)

    def suggest_values(self, field: str, value: str) -> list[dict[str, str]]:
        """Return values of a field that somebody who wrote this may have meant, the likeliest first."""
        match field:
            case "entity":
                entities = self.directory.suggest_entities(value)
                return [{"id": entity.id, "name": entity.name, "type": entity.type} for entity in entities]
            case "tag":
                return [{"id": tag.id, "name": tag.name} for tag in self.directory.suggest_tags(value)]
        # Ids may be as many as articles: only those that begin alike are compared.
        prefix = value[:3] if field == "id" else ""
        terms = self.kinds["articles"].searcher.terms_with_prefix(field, prefix, limit=1000)
        return [{"id": term, "name": term} for term in suggest(value, (term for term, _ in terms), SUGGESTIONS)]

    def size(self, kind: Kind) -> int:
        """How many articles or paragraphs there are."""
        return int(self.directory.revision[kind])


def match_all(schema: tantivy.Schema) -> Query:
    """All documents but the one that holds the index's state."""
    return Query.term_query(schema, "kind", "document", "basic")
