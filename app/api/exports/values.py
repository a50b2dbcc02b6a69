"""Exports of entities, tags and the timeline, which are read from their lists page by page."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from app.api.exports.columns import choose_cells, choose_columns
from app.api.exports.export import Export, ExportSource
from app.api.exports.pages import ListReader
from app.api.exports.params import EntityExportParams, ExportParams, TagExportParams, TimelineExportParams
from app.api.exports.suffixes import find_format
from app.api.query_string import validate_params
from app.api.routes.entities import EntityListParams, list_entities
from app.api.routes.tags import TagListParams, list_tags
from app.api.routes.timeline import TimelineParams, read_timeline
from app.export.document import Report
from app.export.formats import TABLE_FORMATS, TableFormat
from app.export.tables import (
    ENTITY_COLUMNS,
    TAG_COLUMNS,
    TIMELINE_COLUMNS,
    Column,
    count_rows,
    divide_rows,
    object_row,
)
from app.rendering import JsonObject


def export_entities(suffix: str, params: EntityExportParams, source: ExportSource) -> Export:
    """Return the export of all entities that the selected articles mention."""
    reader = ListReader(list_entities, EntityListParams, "/entities", source.corpus, source.pacer)
    total, items = reader.read_items(list_parameters(source))
    return export_items("entities", suffix, ENTITY_COLUMNS, items, total, params, params.fields)


def export_tags(suffix: str, params: TagExportParams, source: ExportSource) -> Export:
    """Return the export of all tags of the selected articles."""
    reader = ListReader(list_tags, TagListParams, "/tags", source.corpus, source.pacer)
    total, items = reader.read_items(list_parameters(source))
    return export_items("tags", suffix, TAG_COLUMNS, items, total, params, params.fields)


def export_timeline(suffix: str, params: TimelineExportParams, source: ExportSource) -> Export:
    """Return the export of how many of the selected articles appeared in each period."""
    response = read_timeline(validate_params(TimelineParams, list_parameters(source)), source.corpus)
    periods = orjson.loads(response.body)["items"]
    return export_items("timeline", suffix, TIMELINE_COLUMNS, iter(periods), len(periods), params)


def list_parameters(source: ExportSource) -> list[tuple[str, str]]:
    """Return the parameters that an export shares with its list: `limit` and `fields` mean other things there."""
    return [(name, value) for name, value in source.query.parameters if name not in ("limit", "fields")]


def export_items(
    name: str,
    suffix: str,
    columns: tuple[Column, ...],
    items: Iterator[JsonObject],
    total: int,
    params: ExportParams,
    fields: tuple[str, ...] = (),
) -> Export:
    """Return the export of the items of a list, which are so many."""
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, f"/{name}")
    chosen, report = choose_columns(columns, fields), Report()

    def make_row(item: JsonObject) -> Any:
        return object_row(columns, item)

    rows = map(choose_cells(columns, chosen, make_row), islice(items, params.limit))
    pieces = file_format.write(chosen, count_rows(divide_rows(rows), report))
    return Export(name, suffix, file_format.media_type, pieces, report, total)
