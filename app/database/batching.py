"""Large statements and results: split parameters into batches, and stream rows."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Executable

Item = TypeVar("Item")
Query = TypeVar("Query", bound=Executable)


def batched(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Yield lists of at most `size` items: SQLite and PostgreSQL bound the parameters of one statement."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def stream_rows(query: Query) -> Query:
    """Return the query with the option to fetch 1,000 rows at a time instead of all of them."""
    return query.execution_options(yield_per=1000)
