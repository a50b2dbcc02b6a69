"""Lists of what a selection has in common: values with counts, narrowed by name, sorted, and paged."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from app.api.errors import invalid_params
from app.api.pagination import Page, decode_cursor
from app.api.params import ListParams
from app.api.query_string import QueryString
from app.search.filters import LONGEST_VALUE
from app.search.name_index import NameIndex
from app.search.npmi import association
from app.search.selection import Selection
from app.search.value_counts import Value
from app.system.threads import leave_event_loop

MANY_VALUES: Final = 2_000
"""More values than these are not filtered and sorted on the event loop: it takes over 2 ms."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)]


class ValueListParams(ListParams):
    """Which values to list, and how."""

    sort: Annotated[Literal["-count", "name", "-association"], Field(examples=["name"])] = "-count"
    """`-count`: the most frequent first; `name`: by name; `-association`: those first that belong to the
    selection most. Ties end in the id."""
    name: Name | None = None
    """Only what has this name or alias, whatever its case and accents: every candidate of an ambiguous name."""
    name_prefix: Name | None = None
    """Only what has a name or alias of which a word begins so, whatever its case and accents."""


@dataclass(slots=True)
class ValueRow:
    """A value of a selection."""

    id: str
    count: int
    association: float | None
    matched: str | None
    """The name or alias that fits what was asked for."""


@dataclass(frozen=True, slots=True)
class ValueList:
    """The values of a field in a selection, the most frequent first, and what more can be said of each."""

    question: ValueListParams
    values: Sequence[Value]
    names: NameIndex
    selected: int
    everything: int
    totals: Mapping[str, int] | None
    """How many of everything have each value; None where everything is selected."""

    def association(self, value: Value) -> float | None:
        """How much a value belongs to the selection; None where everything is selected."""
        id, number = value
        if self.totals is None:
            return None
        return association(number, self.selected, self.totals[id], self.everything)

    def closest(self) -> Callable[[Value], tuple[float, str]]:
        """Sorts those first that belong to the selection most, then by id. Called for every value, it is kept short."""
        totals, selected, everything = self.totals or {}, self.selected, self.everything

        def key(value: Value) -> tuple[float, str]:
            id, number = value
            return -association(number, selected, totals[id], everything), id

        return key

    def row(self, value: Value) -> ValueRow:
        """All that is said of a value."""
        id, number = value
        name, prefix = self.question.name, self.question.name_prefix
        matched = None if name is None and prefix is None else self.names.matched_name(id, name, prefix)
        return ValueRow(id, number, self.association(value), matched)


def count_values(
    question: ValueListParams, selection: Selection, field: str, names: NameIndex,
    left_out: Collection[str] = (), kept: Callable[[str], bool] | None = None,
) -> ValueList:  # fmt: skip
    """The values of a field in a selection whose names fit the question, without some, of those that are to be kept."""
    if question.sort == "-association" and not question.filtered:
        message = "`sort` can be '-association' only with a filter, such as `entity`, to be associated with."
        raise invalid_params([{"parameter": "sort", "message": message}])
    name, prefix, snapshot, kind = question.name, question.name_prefix, selection.snapshot, selection.kind
    if question.filtered:
        values, fitting = selection.counts(field), names.matching(name, prefix)
        if fitting is not None:
            values = [value for value in values if value[0] in fitting]
    else:
        values = snapshot.value_counts(kind, field).named(names, name, prefix)
    if left_out:
        values = [value for value in values if value[0] not in left_out]
    if kept is not None:
        if len(values) > MANY_VALUES:
            leave_event_loop()
        values = [value for value in values if kept(value[0])]
    if question.filtered:
        totals = snapshot.value_counts(kind, field).totals
        return ValueList(question, values, names, selection.total, snapshot.size(kind), totals)
    return ValueList(question, values, names, 0, 0, None)


def most_frequent(value: Value) -> tuple[int, str]:
    """Sorts the most frequent first, then by id."""
    return -value[1], value[0]


def paginate_values(query: QueryString, counted: ValueList) -> Page[ValueRow]:
    """The page of these values that the question's cursor leads to."""
    kind: type = int
    key: Callable[[Value], tuple[Any, str]] = most_frequent
    values = counted.values
    match counted.question.sort:
        case "name":
            folded = counted.names.folded
            kind, key = str, lambda value: (folded[value[0]], value[0])
        case "-association":
            kind, key = float, counted.closest()
    limit = counted.question.limit
    direction, place = decode_cursor(counted.question, query, kind, str) or ("n", None)
    if key is not most_frequent:
        if len(values) > MANY_VALUES:
            leave_event_loop()
        # Of the order, a first page needs no more than itself, and whether something follows.
        values = sorted(values, key=key) if place else nsmallest(limit + 1, values, key=key)
    if place is None:
        start = 0
    elif direction == "n":
        start = bisect_right(values, tuple(place), key=key)
    else:
        start = max(0, bisect_left(values, tuple(place), key=key) - limit)
    end = start + limit
    if direction == "p" and place is not None:
        end = bisect_left(values, tuple(place), key=key)
    shown = values[start:end]
    return Page(
        [counted.row(value) for value in shown],
        list(key(shown[0])) if shown and start > 0 else None,
        list(key(shown[-1])) if shown and end < len(values) else None,
    )
