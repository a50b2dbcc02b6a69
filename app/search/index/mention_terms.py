"""Mention terms: what the index holds of single mentions, for filters that look at some of them only.

A document has a term for each different mention of an entity and of a type: role, confidence, origin and so on in one
term, since two filters must hold of the same mention. A filter reads the terms of its entity from the dictionary of the
index and searches for those that it accepts. How many mentions a document has of each entity and type is a term, too,
unless it is one; and so is how many mentions a paragraph has that are equal in all of this.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from app.search.index.loader import SourceMention, SourceParagraph

ANYTHING: Final = ""
"""Stands for whatever is mentioned, where a type could stand."""

MENTION_FIELDS: Final = ("entity_mention", "entity_type_mention")
COUNT_FIELDS: Final = ("entity_count", "entity_type_count")
EQUAL_FIELDS: Final = ("entity_equal", "entity_type_equal")
"""The fields of these terms."""

SEPARATOR: Final = "\t"


class MentionTerm(NamedTuple):
    """A mention as far as filters tell it from others."""

    value: str
    """The entity (id), or the type."""
    role: str
    percent: int
    """The confidence, as `confidence_percent` returns it."""
    local: bool | None
    """Whether its entity is local; None without an entity."""
    origin: str

    @classmethod
    def decode(cls, term: str) -> "MentionTerm":
        """Return what a term of the index stands for."""
        value, role, percent, local, origin = term.split(SEPARATOR, 4)
        return cls(value, role, int(percent), bool(int(local)) if local else None, origin)


def confidence_percent(confidence: float | None) -> int:
    """Return a confidence as whole percent, rounded down; a mention without one is certain."""
    return 100 if confidence is None else int(round(confidence * 100, 6))


def mention_terms(paragraph: SourceParagraph) -> dict[str, list[str]]:
    """Return the terms of a paragraph's mentions by field, and of how many are equal, where it is more than one."""
    entities: dict[str, int] = {}
    types: dict[str, int] = {}
    for type, entity, local, origin, confidence in paragraph.mentions:
        rest = join_attributes(paragraph.role, confidence, local, origin)
        term = f"{type}\t{rest}"
        types[term] = types.get(term, 0) + 1
        if entity is not None:
            term = f"{entity}\t{rest}"
            entities[term] = entities.get(term, 0) + 1
    terms = [*entities], [*types], append_counts(entities), append_counts(types)
    return dict(zip((*MENTION_FIELDS, *EQUAL_FIELDS), terms, strict=True))


def append_counts(counts: dict[str, int]) -> list[str]:
    """Return the terms of what is counted more than once, each with its count."""
    return [f"{value}{SEPARATOR}{count}" for value, count in counts.items() if count > 1]


@lru_cache(1024)  # Most mentions share theirs.
def join_attributes(role: str, confidence: float | None, local: int | None, origin: str) -> str:
    """Return a mention's part of a term after its entity or type."""
    return f"{role}\t{confidence_percent(confidence)}\t{'' if local is None else local}\t{origin}"


def count_terms(mentions: Sequence[SourceMention]) -> dict[str, list[str]]:
    """Return the terms for how often a document mentions each entity and type, where it is more than once."""
    if len(mentions) < 2:
        return {}
    entities: dict[str, int] = {}
    types: dict[str, int] = {ANYTHING: len(mentions)}
    for mention in mentions:
        types[mention.type] = types.get(mention.type, 0) + 1
        if mention.entity is not None:
            entities[mention.entity] = entities.get(mention.entity, 0) + 1
    return dict(zip(COUNT_FIELDS, (append_counts(entities), append_counts(types)), strict=True))
