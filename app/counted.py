"""Lists of what a selection has in common: values with counts, narrowed by name, sorted, and paged."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import StringConstraints

from app.answers import unseal
from app.problems import refuse
from app.questions import Asked, Paged
from app.search.association import association
from app.search.directory import Names, fold
from app.search.filters import Filters
from app.search.selection import Selection

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class CountedQuestion(Paged):
    """Which values to list, and how."""

    sort: Literal["-count", "name", "-association"] = "-count"
    """`-count`: the most frequent first; `name`: by name; `-association`: those first that belong to the
    selection most. Ties end in the id."""
    name: Name | None = None
    """Only what has this name or alias, whatever its case and accents: every candidate of an ambiguous name."""
    name_prefix: Name | None = None
    """Only what has a name or alias of which a word begins so, whatever its case and accents."""

    @property
    def dear(self) -> bool:
        """Counting may be; what the whole corpus has is known."""
        return super().dear or self.filtered

    @property
    def filtered(self) -> bool:
        """Whether the question selects among the articles, so that there is something to be associated with."""
        return any(getattr(self, it) for it in Filters.model_fields if it not in ("within", "match", "q_in"))


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a selection."""

    id: str
    count: int
    association: float | None
    matched: str | None
    """The name or alias that fits what was asked for."""


class CountedPage(NamedTuple):
    """Some rows, and where their neighbours begin."""

    rows: Sequence[Row]
    before: list[Any] | None
    after: list[Any] | None


def count(question: CountedQuestion, selection: Selection, field: str, names: Names) -> list[Row]:
    """The values of a field in a selection whose names fit the question."""
    fitting = names.fitting(question.name, question.name_prefix)
    snapshot, kind = selection.snapshot, selection.kind
    if not question.filtered:
        if question.sort == "-association":
            message = "`sort` can be '-association' only with a filter, such as `entity`, to be associated with."
            raise refuse([{"parameter": "sort", "message": message}])
        counted = snapshot.counts(kind, field)
        ids = counted if fitting is None else fitting.keys() & counted.keys()
        return [Row(id, counted[id], None, fitting[id] if fitting else None) for id in ids]
    size, everything, totals = selection.total, snapshot.size(kind), snapshot.counts(kind, field)
    return [
        Row(id, number, association(number, size, totals[id], everything), fitting[id] if fitting else None)
        for id, number in selection.counts(field) if fitting is None or id in fitting
    ]  # fmt: skip


KEYS: dict[str, tuple[type, Callable[[Row, Callable[[str], str]], Any]]] = {
    "-count": (int, lambda row, name: -row.count),
    "name": (str, lambda row, name: fold(name(row.id))),
    "-association": (float, lambda row, name: -(row.association or 0.0)),
}
"""What rows are sorted by before their ids, and of which type that is."""


def walk_counted(asked: Asked[Any], rows: Sequence[Row], name: Callable[[str], str]) -> CountedPage:
    """The page of these rows that the question's cursor leads to."""
    kind, first = KEYS[asked.question.sort]

    def key(row: Row) -> tuple[Any, str]:
        return (first(row, name), row.id)

    rows = sorted(rows, key=key)
    limit = asked.question.limit
    direction, place = unseal(asked, kind, str) or ("n", None)
    if place is None:
        start = 0
    elif direction == "n":
        start = bisect_right(rows, tuple(place), key=key)
    else:
        start = max(0, bisect_left(rows, tuple(place), key=key) - limit)
    end = start + limit
    if direction == "p" and place is not None:
        end = bisect_left(rows, tuple(place), key=key)
    shown = rows[start:end]
    return CountedPage(
        shown,
        list(key(shown[0])) if shown and start > 0 else None,
        list(key(shown[-1])) if shown and end < len(rows) else None,
    )
