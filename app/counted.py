"""Lists of what a selection has in common: values with counts, narrowed by name, sorted, and paged."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import StringConstraints

from app.answers import unseal
from app.questions import Asked, Paged
from app.search.directory import Names, fold

Row = tuple[str, int]
"""An id and its count."""


class CountedQuestion(Paged):
    """Which values to list, and how."""

    sort: Literal["-count", "name"] = "-count"
    """`-count`: the most frequent first; `name`: by name. Ties end in the id."""
    name: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    """Only what has this name or alias, whatever its case and accents: every candidate of an ambiguous name."""
    name_prefix: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    """Only what has a name or alias of which a word begins so, whatever its case and accents."""


class CountedPage(NamedTuple):
    """Some rows, and where their neighbours begin."""

    rows: Sequence[Row]
    before: list[Any] | None
    after: list[Any] | None


def narrow(question: CountedQuestion, rows: Sequence[Row], names: Names) -> Sequence[Row]:
    """The rows whose names fit the question."""
    if question.name is not None:
        called = set(names.called(question.name))
        rows = [row for row in rows if row[0] in called]
    if question.name_prefix is not None:
        beginning = names.beginning(question.name_prefix)
        rows = [row for row in rows if row[0] in beginning]
    return rows


def walk_counted(asked: Asked[Any], rows: Sequence[Row], name: Callable[[str], str]) -> CountedPage:
    """The page of these rows that the question's cursor leads to."""
    by_name = asked.question.sort == "name"
    kind: type = str if by_name else int

    def key(row: Row) -> tuple[Any, str]:
        return (fold(name(row[0])) if by_name else -row[1], row[0])

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
