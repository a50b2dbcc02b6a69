"""Columns and fields of exports: choose some of them, and change offsets on the way."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from app.api.errors import invalid_params
from app.api.transforms import convert_offsets
from app.export.tables import Batch, Column
from app.rendering import JsonObject
from app.schemas import OffsetUnit

RowMaker = Callable[[JsonObject], Sequence[Any]]


def choose_columns(
    columns: tuple[Column, ...], fields: tuple[str, ...], others: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Return the columns that `fields` names, in this order; all without it. Raises `Problem` for another one."""
    known = {column.name: column for column in columns}
    if wrong := [name for name in fields if name not in known and name not in others]:
        message = f"`fields`: '{wrong[0]}' is a field of JSON Lines, and no column of a table."
        raise invalid_params([{"parameter": "fields", "message": message}])
    return tuple(known[name] for name in dict.fromkeys(fields) if name in known) or columns


def choose_cells(columns: tuple[Column, ...], chosen: tuple[Column, ...], make_row: RowMaker) -> RowMaker:
    """Return what makes a row of the chosen columns alone."""
    if chosen == columns:
        return make_row
    places = [columns.index(column) for column in chosen]

    def make_part(item: JsonObject) -> Sequence[Any]:
        row = make_row(item)
        return [row[place] for place in places]

    return make_part


def take_rows(batches: Iterator[Batch], limit: int | None) -> Iterator[Batch]:
    """Yield the first rows of all batches."""
    if limit is None:
        yield from batches
        return
    for batch in batches:
        yield batch[:limit]
        limit -= len(batch)
        if limit <= 0:
            return


def change_article(unit: OffsetUnit, fields: tuple[str, ...]) -> Callable[[JsonObject], JsonObject] | None:
    """Return what is done to each whole article; None if nothing is."""
    if unit == "codepoint" and not fields:
        return None

    def change(article: JsonObject) -> JsonObject:
        article["paragraphs"] = [convert_offsets(paragraph, unit) for paragraph in article["paragraphs"]]
        return select_keys(convert_offsets(article, unit), fields)

    return change


def change_paragraph(unit: OffsetUnit, fields: tuple[str, ...]) -> Callable[[JsonObject], JsonObject] | None:
    """Return what is done to each paragraph; None if nothing is."""
    if unit == "codepoint" and not fields:
        return None
    return lambda paragraph: select_keys(convert_offsets(paragraph, unit), fields)


def select_keys(item: JsonObject, fields: tuple[str, ...]) -> JsonObject:
    """Return an item with these fields alone; with all if there is none."""
    return {name: item[name] for name in fields if name in item} if fields else item
