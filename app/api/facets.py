"""Facets: how the selection beside a list divides by entity, tag, source, year and the like."""

from typing import TYPE_CHECKING, Any, Literal

from app.api.deps import select
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.directory import EntityDirectory
from app.search.filters import FilterParams, facet_parameter
from app.search.index.schema import FACETS
from app.search.selection import Selection
from app.search.snapshot import Snapshot

if TYPE_CHECKING:
    Facet = str
else:
    Facet = Literal[FACETS]


class FacetValue(Schema):
    """One value, and how many of the selection have it."""

    value: str
    """What the filter takes to choose it."""
    label: str
    """What people call it: the name of an entity or a tag."""
    count: int
    """How many of the selection have it."""
    selected: bool
    """Whether the question's own filters name it."""


class FacetCounts(Schema):
    """The most frequent values of a facet, and those that the question itself names."""

    values: list[FacetValue]
    """The values, the most frequent first."""
    more: bool
    """Whether there are other values."""


def count_facet(name: Facet, size: int, filters: FilterParams, selection: Selection) -> JsonObject:
    """A facet of what the filters select, but for the choice that they make of the facet's own values."""
    own, snapshot = facet_parameter(name), selection.snapshot
    if own in filters.model_fields_set:
        selection, _ = select(filters.model_copy(update={own: ()}), snapshot)
    selected = chosen_values(name, filters, snapshot)
    counted = selection.top(name, size + 1)
    shown = counted[:size]
    missing = selected - {value for value, _ in shown}
    if missing:
        shown += sorted((value, selection.count_of(name, value)) for value in missing)
    return {
        "values": [
            {
                "value": value,
                "label": label(name, value, snapshot.directory),
                "count": count,
                "selected": value in selected,
            }
            for value, count in shown
        ],
        "more": len(counted) > size,
    }


def chosen_values(name: Facet, filters: FilterParams, snapshot: Snapshot) -> set[str]:
    """Return the values that the request's own filters name, as the index has them."""
    values: list[str] = [*getattr(filters, name, []), *getattr(filters, f"{name}_any", [])]
    return {known for value in values for known in snapshot.resolve_value(name, value) or [value]}


def label(name: Facet, value: str, directory: EntityDirectory) -> str:
    """What people call a value."""
    known: Any = {"entity": directory.entities, "tag": directory.tags}.get(name, {})
    return str(known[value].name) if value in known else value
