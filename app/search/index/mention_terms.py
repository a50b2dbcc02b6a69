"""Mention terms: what the index holds of single mentions, for filters that look at some of them only.

A document has a term for each different mention of an entity, of a type, and of anything at all: role, confidence,
origin and so on in one term, since two filters must hold of the same mention. A filter reads the terms of its entity
from the dictionary of the index and searches for those that it accepts. How many mentions a document has of each is a
term, too, unless it is one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from app.search.index.loader import SourceMention, SourceParagraph

ANYTHING: Final = ""
"""Stands for whatever is mentioned, where an entity or a type could stand."""

MENTION_FIELDS: Final = ("entity_mention", "entity_type_mention")
COUNT_FIELDS: Final = ("entity_count", "entity_type_count")
"""The fields of these terms."""

SEPARATOR: Final = "\t"


class MentionTerm(NamedTuple):
    """A mention as far as filters tell it from others."""

    value: str
    """The entity (id), the type, or `ANYTHING`."""
    role: str
    percent: int
    """The confidence, as `confidence_percent` returns it."""
    local: bool | None
    """Whether its entity is local; None without an entity."""
    origin: str

    def encode(self) -> str:
        """Return the term of the index."""
        local = "" if self.local is None else int(self.local)
        return f"{self.value}\t{self.role}\t{self.percent}\t{local}\t{self.origin}"

    @classmethod
    def decode(cls, term: str) -> "MentionTerm":
        """Return what a term of the index stands for."""
        value, role, percent, local, origin = term.split(SEPARATOR, 4)
        return cls(value, role, int(percent), bool(int(local)) if local else None, origin)


def confidence_percent(confidence: float | None) -> int:
    """Return a confidence as whole percent, rounded down; a mention without one is certain."""
    return 100 if confidence is None else int(round(confidence * 100, 6))


def mention_values(mention: SourceMention) -> Iterator[tuple[str, str]]:
    """Yield what a mention counts as: the name of the filter, and the value that it would have."""
    if mention.entity is not None:
        yield "entity", mention.entity
    yield "entity_type", mention.type
    yield "entity_type", ANYTHING


def mention_terms(paragraph: SourceParagraph) -> dict[str, set[str]]:
    """Return the terms of a paragraph's mentions by field."""
    terms: dict[str, set[str]] = {field: set() for field in MENTION_FIELDS}
    for mention in paragraph.mentions:
        percent = confidence_percent(mention.confidence)
        for name, value in mention_values(mention):
            term = MentionTerm(value, paragraph.role, percent, mention.local, mention.origin)
            terms[f"{name}_mention"].add(term.encode())
    return terms


def count_terms(mentions: Iterable[SourceMention]) -> dict[str, list[str]]:
    """Return the terms for how often a document mentions each entity and type, where it is more than once."""
    counts = Counter(counted for mention in mentions for counted in mention_values(mention))
    terms: dict[str, list[str]] = {field: [] for field in COUNT_FIELDS}
    for (name, value), count in counts.items():
        if count > 1:
            terms[f"{name}_count"].append(f"{value}{SEPARATOR}{count}")
    return terms
