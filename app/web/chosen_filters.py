"""Chosen filters: what a search page says about the filters of its question, each with the way to remove it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.api.errors import Problem
from app.rendering import JsonObject
from app.web.api_client import ApiClient, Moved
from app.web.formats import format_long_date, name_language, name_type
from app.web.links import PageUrl

KINDS: Final = {
    "entity": "Named",
    "entity_any": "Named, one of",
    "entity_not": "Not named",
    "entity_type": "Names",
    "entity_type_any": "Names, one of",
    "entity_type_not": "No names of",
    "tag": "About",
    "tag_any": "About one of",
    "tag_not": "Not about",
    "author": "By",
    "author_any": "By one of",
    "author_not": "Not by",
    "source": "From",
    "source_not": "Not from",
    "language": "In",
    "language_not": "Not in",
    "published_from": "Since",
    "published_to": "Until",
    "updated_from": "Updated since",
    "updated_to": "Updated until",
    "about_from": "Mentions dates since",
    "about_to": "Mentions dates until",
    "id": "Article",
    "within": "All within one",
    "match": "Words",
    "q_in": "Words in",
    "of": "Mentions of",
    "type": "Of type",
    "exact": "Written",
    "origin": "Marked by",
    "min_confidence": "Confidence from",
    "name": "Called",
    "name_prefix": "Name begins with",
}
"""What is said before the value of a parameter."""

COLLECTIONS: Final = {"entity": "/entities", "of": "/entities", "tag": "/tags"}
"""Resources that have the names of values, by the field that they are values of."""


@dataclass(frozen=True, slots=True)
class ChosenFilter:
    """A filter of a question."""

    kind: str
    label: str
    removed: PageUrl
    """The address without it."""


async def list_chosen_filters(api: ApiClient, url: PageUrl, facets: JsonObject) -> list[ChosenFilter]:
    """Return the filters of a question in the order of the address; `facets` know the names of most values."""
    pairs = [(parameter, value) for parameter, value in url.parameters if parameter in KINDS]
    names = {(field, value["value"]): value["label"] for field in facets for value in facets[field]["values"]}
    unknown = sorted({(field_of(parameter), value) for parameter, value in pairs} - names.keys())
    named = [pair for pair in unknown if pair[0] in COLLECTIONS]
    names |= zip(named, await asyncio.gather(*(load_name(api, *pair) for pair in named)), strict=True)
    return [
        ChosenFilter(KINDS[parameter], label_value(parameter, value, names), url.remove(parameter, value))
        for parameter, value in pairs
    ]


def field_of(parameter: str) -> str:
    """Return the field of a filter: `tag` for `tag_not`."""
    return parameter.removesuffix("_any").removesuffix("_not")


async def load_name(api: ApiClient, field: str, id: str) -> str:
    """Return the name of an entity or a tag; its id if there is none."""
    try:
        return str((await api.get(f"{COLLECTIONS[field]}/{id}"))["name"])
    except Moved as moved:
        return str((await api.get(moved.url))["name"])
    except Problem:
        return id


def label_value(parameter: str, value: str, names: Mapping[tuple[str, str], str]) -> str:
    """Return a value as people call it."""
    if parameter.endswith(("_from", "_to")):
        return format_long_date(value)
    field = field_of(parameter)
    match field:
        case "language":
            return name_language(value)
        case "entity_type":
            return name_type(value).lower()
        case "match":
            return f"{value} of them"
    return names.get((field, value), value)
