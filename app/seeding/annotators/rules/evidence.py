"""Evidence: the kinds of proof that a phrase is a name, and how often each is right."""

from typing import Final, Literal, NamedTuple

from app.settings import Rules

Tier = Literal["sure", "likely", "all"]

TIERS: Final[dict[Rules, frozenset[str]]] = {
    "off": frozenset(),
    "sure": frozenset({"sure"}),
    "likely": frozenset({"sure", "likely"}),
    "all": frozenset({"sure", "likely", "all"}),
}
"""The tiers whose marks are made under a setting."""


LEAST_LIKELY = 0.85
"""The confidence from which a kind of evidence is enough by default."""


class Evidence(NamedTuple):
    """A kind of evidence."""

    confidence: float
    """The share of its marks whose span and type are right in tests/benchmarks/annotation.py, rounded towards the
    figures of larger corpora, above all where it has less than 25 marks there."""
    tier: Tier


EVIDENCE: Final[dict[str, Evidence]] = {
    "title": Evidence(0.95, "sure"),
    "role": Evidence(0.9, "sure"),
    "age": Evidence(0.9, "sure"),
    "initials": Evidence(0.9, "sure"),
    "given name": Evidence(0.91, "sure"),
    "surname": Evidence(0.95, "sure"),
    "organization word": Evidence(0.85, "sure"),
    "business word": Evidence(0.9, "sure"),
    "acronym definition": Evidence(0.89, "sure"),
    "place word": Evidence(0.87, "sure"),
    "direction": Evidence(0.92, "sure"),
    "gazetteer": Evidence(0.95, "sure"),
    "group word": Evidence(0.89, "sure"),
    "repetition": Evidence(0.9, "sure"),
    "short form": Evidence(0.95, "sure"),
    "first name": Evidence(0.85, "likely"),
    "preposition": Evidence(0.82, "all"),
    "verb": Evidence(0.71, "all"),
    "the acronym": Evidence(0.55, "all"),
    "acronym": Evidence(0.35, "all"),
}
"""By the name that a mention states. Kinds that are `sure` prove other names of the article, too."""
