"""Value lists: the entities or tags of a selection with their counts, filtered by name, sorted and paginated."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from app.api.errors import invalid_param
from app.api.lists.cursors import decode_cursor
from app.api.lists.pagination import Page
from app.api.params import ListParams
from app.api.query_string import QueryString
from app.search.counts.mention_counter import MentionCounter
from app.search.counts.npmi import association
from app.search.counts.value_counts import Value
from app.search.names.name_index import NameIndex
from app.search.names.suggestions import FEW
from app.search.query.filters import LONGEST_VALUE
from app.search.query.mention_conditions import CONDITIONAL_FIELDS, MentionConditions
from app.search.query.warnings import QueryWarning, describe_unknown
from app.search.selection import Selection
from app.search.snapshot import Snapshot
from app.system.threads import leave_event_loop

MANY_VALUES: Final = 2_000
"""More values are filtered and sorted in a thread: it takes over 2 ms."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)]


class ValueListParams(ListParams):
    """Which values to list, and in which order."""

    sort: Annotated[Literal["-count", "name", "-association"], Field(examples=["name"])] = "-count"
    """Order: `-count` (most frequent first), `name`, or `-association` (most characteristic of the selection first).
    The id breaks ties."""
    name: Name | None = None
    """Require this name or alias, ignoring case and accents: lists all candidates of an ambiguous name."""
    name_prefix: Name | None = None
    """Require a name or alias with a word that begins like this, ignoring case and accents."""


@dataclass(slots=True)
class ValueRow:
    """A value with its count in a selection."""

    id: str
    count: int
    association: float | None
    matched: str | None
    """The name or alias that `name` or `name_prefix` matches."""


@dataclass(frozen=True, slots=True)
class ValueList:
    """The values of a field in a selection, the most frequent first."""

    params: ValueListParams
    values: Sequence[Value]
    names: NameIndex
    selected: int
    """Number of documents in the selection."""
    documents: int
    """Number of documents in the corpus."""
    totals: Mapping[str, int] | None
    """Counts of each value in the corpus; None if the selection is the whole corpus."""

    def association(self, value: Value) -> float | None:
        """Return the association of a value with the selection; None if the selection is the whole corpus."""
        id, count = value
        if self.totals is None:
            return None
        return association(count, self.selected, self.totals[id], self.documents)

    def association_key(self) -> Callable[[Value], tuple[float, str]]:
        """Return a sort key: the strongest association first, then by id."""
        # Local names, for the key is called once for every value.
        totals, selected, documents = self.totals or {}, self.selected, self.documents

        def key(value: Value) -> tuple[float, str]:
            id, count = value
            return -association(count, selected, totals[id], documents), id

        return key

    def row(self, value: Value) -> ValueRow:
        """Return the row of a value."""
        id, count = value
        name, prefix = self.params.name, self.params.name_prefix
        matched = None if name is None and prefix is None else self.names.matched_name(id, name, prefix)
        return ValueRow(id, count, self.association(value), matched)


def count_values(
    params: ValueListParams,
    selection: Selection,
    field: Literal["entity", "tag"],
    ids: set[str] | None = None,
    excluded: Collection[str] = (),
) -> ValueList:
    """Return the values of a field in a selection, filtered by name and id. Raises `Problem`.

    Values that are `excluded` are left out, and so are others than `ids`, unless it is None.
    """
    if params.sort == "-association" and not params.filtered:
        message = "`sort` can be '-association' only with a filter, such as `entity`, to be associated with."
        raise invalid_param("sort", message)
    snapshot, kind = selection.snapshot, selection.kind
    names = snapshot.directory.entity_names if field == "entity" else snapshot.directory.tag_names
    # Whether an entity is local is the same for all of its mentions, which `ids` tells without counting any.
    conditions = MentionConditions.of(params)._replace(local=None)
    counter = None
    if conditions.exist and field in CONDITIONAL_FIELDS:
        counter = MentionCounter(selection, field, conditions)
    if params.filtered:
        values = selection.counts(field) if counter is None else [*counter.bounds.items()]
        for allowed in (names.matching(params.name, params.name_prefix), ids):
            if allowed is not None:
                values = [value for value in values if value[0] in allowed]
    else:
        values = snapshot.value_counts(kind, field).named(names, params.name, params.name_prefix, ids)
    if excluded:
        values = [value for value in values if value[0] not in excluded]
    if counter is not None:
        values = counter.counts(id for id, _ in values)
    if params.filtered:
        totals = snapshot.value_counts(kind, field).totals
        return ValueList(params, values, names, selection.total, snapshot.size(kind), totals)
    return ValueList(params, values, names, 0, 0, None)


def warn_of_unknown_ids(parameter: str, field: str, ids: Sequence[str], snapshot: Snapshot) -> list[QueryWarning]:
    """Return a warning for each id that the corpus does not have; the first few get suggestions."""
    unknown = [id for id in ids if not snapshot.resolve_value(field, id)]
    if unknown:
        leave_event_loop()
    return [
        QueryWarning(
            parameter, id, describe_unknown(field, id), snapshot.suggest_values(field, id) if index < FEW else ()
        )
        for index, id in enumerate(unknown)
    ]


def warn_of_name(params: ValueListParams, field: str, names: NameIndex, snapshot: Snapshot) -> list[QueryWarning]:
    """Return a warning if nothing has the name that is asked for, or if something has that no article mentions."""
    if params.name is None:
        return []
    ids = names.exact(params.name)
    if not ids:
        leave_event_loop()
        message = f"Nothing in the corpus has the name '{params.name}'."
        return [QueryWarning("name", params.name, message, snapshot.suggest_values(field, params.name))]
    totals = snapshot.value_counts("articles", field).totals
    if absent := [id for id in ids if id not in totals]:
        others = [{"id": id, "name": names.entries[id].name} for id in absent[:FEW]]
        message = f"{len(absent)} more of this name {'is' if len(absent) == 1 else 'are'} mentioned in no article."
        return [QueryWarning("name", params.name, message, others)]
    return []


def count_key(value: Value) -> tuple[int, str]:
    """Return a sort key: the most frequent first, then by id."""
    return -value[1], value[0]


def paginate_values(query: QueryString, value_list: ValueList) -> Page[ValueRow]:
    """Return the page of the values that the cursor points to. Raises `Problem` for an invalid cursor."""
    params, values = value_list.params, value_list.values
    key_type: type = int
    key: Callable[[Value], tuple[Any, str]] = count_key
    match params.sort:
        case "name":
            folded = value_list.names.folded
            key_type, key = str, lambda value: (folded[value[0]], value[0])
        case "-association":
            key_type, key = float, value_list.association_key()
    limit = params.limit
    cursor = decode_cursor(params.cursor, query, key_type, str)
    if key is not count_key:
        if len(values) > MANY_VALUES:
            leave_event_loop()
        # The first page needs only its own values in order, and one more to know whether there is a next page.
        values = sorted(values, key=key) if cursor else nsmallest(limit + 1, values, key=key)
    if cursor is None:
        start, end = 0, limit
    elif cursor.direction == "n":
        start = bisect_right(values, tuple(cursor.position), key=key)
        end = start + limit
    else:
        end = bisect_left(values, tuple(cursor.position), key=key)
        start = max(0, end - limit)
    page = values[start:end]
    return Page(
        [value_list.row(value) for value in page],
        len(value_list.values),
        list(key(page[0])) if page and start > 0 else None,
        list(key(page[-1])) if page and end < len(values) else None,
    )
