"""Facets: the most frequent values of a field in a selection, with counts."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.rendering import JsonObject
from app.schemas import Schema
from app.search.counts.mention_counter import MentionCounter
from app.search.counts.value_counts import Value
from app.search.index.schema import FACETS
from app.search.names.directory import EntityDirectory
from app.search.query.filters import FilterParams
from app.search.query.mention_conditions import CONDITIONAL_FIELDS, MentionConditions
from app.search.selection import Selection
from app.search.snapshot import Snapshot
from app.system.threads import leave_event_loop
from app.text import fold_name

if TYPE_CHECKING:
    Facet = str
else:
    Facet = TypeAliasType(
        "Facet", Annotated[Literal[FACETS], Field(description="Field by whose values a selection is counted.")]
    )


class FacetValue(Schema):
    """A value of a facet, with its count."""

    value: str
    """Value to use in the filter of this facet."""
    label: str
    """Display name: the name of an entity or a tag, or else the value."""
    count: int
    """Number of selected items with this value."""
    selected: bool
    """Whether a filter of this request has the value."""


class FacetCounts(Schema):
    """The most frequent values of a facet, and those that filters of the request have."""

    values: list[FacetValue]
    """Values, the most frequent first."""
    more: bool
    """Whether there are more values."""


def has_plain_counts(name: Facet, prefix: str | None, filters: FilterParams) -> bool:
    """Return whether the values of a facet are counted whatever their names and mentions."""
    return prefix is None and not (name in CONDITIONAL_FIELDS and MentionConditions.of(filters).exist)


def count_facet(
    name: Facet,
    size: int,
    prefix: str | None,
    filters: FilterParams,
    selection: Selection,
    known: list[Value] | None = None,
) -> JsonObject:
    """Return the most frequent values of a facet in a selection, of those with a prefix if there is one.

    `known` has the first `size + 1` of them if they are counted already.
    """
    snapshot = selection.snapshot
    selected = selected_values(name, filters, snapshot)
    count_of: Callable[[str], int] = partial(selection.count_of, name)
    folded = None if prefix is None else fold_name(prefix)
    conditions = MentionConditions.of(filters)
    if known is not None:
        values = known
    elif conditions.exist and name in CONDITIONAL_FIELDS:
        # What a value counts is what the filter with this value selects, which considers the same mentions.
        counter = MentionCounter(selection, name, conditions)
        values = counter.top(size + 1, lambda value: has_prefix(name, value, folded, snapshot.directory))
        count_of = counter.count_of
    elif folded is None:
        values = selection.top(name, size + 1)
    else:
        values = counts_with_prefix(name, folded, selection)
    top = values[:size]
    missing = selected - {value for value, _ in top}
    if missing:
        top += sorted((value, count_of(value)) for value in missing)
    return {
        "values": [
            {
                "value": value,
                "label": display_name(name, value, snapshot.directory),
                "count": count,
                "selected": value in selected,
            }
            for value, count in top
        ],
        "more": len(values) > size,
    }


def counts_with_prefix(name: Facet, folded: str, selection: Selection) -> list[Value]:
    """Return the counts of the values whose display name has a word that begins like this."""
    leave_event_loop()
    directory = selection.snapshot.directory
    return [value for value in selection.counts(name) if has_prefix(name, value[0], folded, directory)]


def has_prefix(name: Facet, value: str, folded: str | None, directory: EntityDirectory) -> bool:
    """Return whether the display name of a value has a word with this folded prefix; any has if it is None."""
    if folded is None:
        return True
    return bool(folded) and f" {folded}" in f" {fold_name(display_name(name, value, directory))}"


def selected_values(name: Facet, filters: FilterParams, snapshot: Snapshot) -> set[str]:
    """Return the values that filters of the request have, as the index has them."""
    values: list[str] = [*getattr(filters, name, []), *getattr(filters, f"{name}_any", [])]
    return {indexed for value in values for indexed in snapshot.resolve_value(name, value) or [value]}


def display_name(name: Facet, value: str, directory: EntityDirectory) -> str:
    """Return the name of an entity or a tag; other values as they are."""
    named: Any = {"entity": directory.entities, "tag": directory.tags}.get(name, {})
    return str(named[value].name) if value in named else value
