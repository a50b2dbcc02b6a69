"""Labels: map the labels of annotated corpora to entity types."""

from collections.abc import Mapping

from app.models import EntityType
from app.seeding.normalize.spans.mentions import ENTITY_TYPES

LABEL_TYPES: dict[str, EntityType] = {
    **ENTITY_TYPES,
    # OntoNotes, WikiNER, GermEval, ACE, GUM, Few-NERD, the Groningen Meaning Bank, and tools' examples
    "pers": "person",
    "people": "person",
    "human": "person",
    "politician": "person",
    "pro": "product",
    "geo": "place",
    "gpe_loc": "place",
    "gpe_org": "organization",
    "city": "place",
    "country": "place",
    "state": "place",
    "region": "place",
    "building": "place",
    "geopolitical_entity": "place",
    "geo-political": "place",
    "corporation": "organization",
    "corp": "organization",
    "government": "organization",
    "institution": "organization",
    "political_party": "organization",
    "nationality": "group",
    "eve": "event",
    "disaster": "event",
    "prd": "product",
    "object": "product",
    "veh": "product",
    "vehicle": "product",
    "wea": "product",
    "weapon": "product",
    "art": "work",
    "creative-work": "work",
    "creative_work": "work",
    "legal": "law",
    "treaty": "law",
}
"""Entity types by label, in lower case."""


def choose_type(label: str, types: Mapping[str, str]) -> str:
    """Return the entity type that a label means by `types` of a defaults.yaml, or else here; else the label itself."""
    word = label.strip().lower()
    return types.get(word) or LABEL_TYPES.get(word) or label
