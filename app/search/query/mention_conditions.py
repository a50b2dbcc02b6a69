"""Mention conditions: which mentions the filters by entity and type consider, and how many of them a document needs."""

from typing import NamedTuple

from tantivy import Occur, Query

from app.search.index.mention_terms import ANYTHING, SEPARATOR, MentionTerm, confidence_percent
from app.search.index.storage import OpenIndex
from app.search.query.filters import FilterParams

CONDITIONAL_FIELDS = ("entity", "entity_type")
"""The fields whose filters look at mentions."""


class MentionConditions(NamedTuple):
    """What a mention must be like, and how often a document must mention the same thing."""

    origins: tuple[str, ...]
    percent: int | None
    roles: tuple[str, ...]
    local: bool | None
    min_count: int | None

    @classmethod
    def of(cls, filters: FilterParams) -> "MentionConditions":
        """Return the conditions of a request."""
        percent = None if filters.min_confidence is None else confidence_percent(filters.min_confidence)
        return cls(filters.origin, percent, filters.entity_in, filters.local, filters.min_mentions)

    @property
    def narrow(self) -> bool:
        """Return whether some mentions are not considered."""
        return bool(self.origins or self.percent is not None or self.roles or self.local is not None)

    @property
    def exist(self) -> bool:
        """Return whether there is any condition at all."""
        return self.narrow or self.min_count is not None

    def accept(self, mention: MentionTerm) -> bool:
        """Return whether a mention is considered."""
        has_role = not self.roles or mention.role in self.roles
        return has_role and self.accept_mention(mention.percent, mention.local, mention.origin)

    def accept_mention(self, percent: int, local: bool | None, origin: str) -> bool:
        """Return whether a mention is considered, wherever it is. The origin `model` stands for all models."""
        return (
            percent >= (self.percent or 0)
            and (self.local is None or local is self.local)
            and (not self.origins or any(f"{origin}:".startswith(f"{known}:") for known in self.origins))
        )

    def build_query(self, open_index: OpenIndex, field: str, value: str) -> Query:
        """Build the query for documents that mention an entity, a type or `ANYTHING` like this, and so often."""
        prefix, clauses = f"{value}{SEPARATOR}", []
        count = self.min_count or 1
        if self.narrow or count == 1:
            terms = read_terms(open_index, f"{field}_mention", "" if value == ANYTHING else prefix)
            accepted = [term for term in terms if self.accept(MentionTerm.decode(term))]
            clauses.append(Query.term_set_query(open_index.schema, f"{field}_mention", accepted))
        if count > 1:
            terms = read_terms(open_index, f"{field}_count", prefix)
            enough = [term for term in terms if int(term.removeprefix(prefix)) >= count]
            clauses.append(Query.term_set_query(open_index.schema, f"{field}_count", enough))
        return Query.boolean_query([(Occur.Must, clause) for clause in clauses])


def read_terms(open_index: OpenIndex, field: str, prefix: str) -> list[str]:
    """Return the terms of a field that begin like this."""
    return [term for term, _ in open_index.searcher.terms_with_prefix(field, prefix)]
