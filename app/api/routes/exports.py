"""Exports: everything that a list selects, or one article, in the format that the suffix of the URL names."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response

from app.api.deps import Corpus, CorpusDep, select
from app.api.docs.responses import COMMON, Responses, declare_responses
from app.api.errors import Problem, invalid_params
from app.api.exports.pages import iterate_items
from app.api.exports.params import (
    ArticleExportParams,
    EntityExportParams,
    MentionExportParams,
    ParagraphExportParams,
    TimelineExportParams,
    ValueExportParams,
)
from app.api.exports.response import ExportResponse, export_headers
from app.api.exports.sources import (
    iterate_keys,
    join_lines,
    read_articles,
    read_heads,
    read_mentions,
    read_paragraphs,
)
from app.api.mention_selection import select_mentions
from app.api.query_string import QueryStringDep, get_query_string, validate_params
from app.api.routes.entities import EntityListParams, list_entities
from app.api.routes.tags import TagListParams, list_tags
from app.api.routes.timeline import TimelineParams, read_timeline
from app.api.transforms import convert_offsets
from app.database.document_store import pin_documents
from app.export.document import Report
from app.export.formats import TABLE_FORMATS, TEXT_FORMATS, TableFormat, TextFormat
from app.export.tables import (
    ARTICLE_COLUMNS,
    ENTITY_COLUMNS,
    PARAGRAPH_COLUMNS,
    TAG_COLUMNS,
    TIMELINE_COLUMNS,
    Batch,
    Column,
    article_row,
    divide_rows,
    object_row,
    paragraph_row,
)
from app.rendering import JsonObject
from app.schemas import OffsetUnit
from app.search.query_builder import UnknownValue, build_warnings
from app.search.suggestions import FEW

RowMaker = Callable[[JsonObject], Sequence[Any]]
ALL_FORMATS: Final[dict[str, TableFormat | TextFormat]] = {**TABLE_FORMATS, **TEXT_FORMATS}


class IdConvertor(Convertor[str]):
    """Match an id in a path: ids hold no dot, so that the first one begins the suffix."""

    regex = "[^/.]+"

    def convert(self, value: str) -> str:
        """Return the id as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id as it is."""
        return value


register_url_convertor("id", IdConvertor())


def describe_formats(formats: Iterable[str]) -> Responses:
    """Return the responses of an export in one of these formats."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    media_types = dict.fromkeys(ALL_FORMATS[suffix].media_type.partition(";")[0] for suffix in formats)
    description = (
        "The file. If making it fails, the connection is cut before its last chunk. `X-Total-Count` has the number of "
        "articles or paragraphs; `X-Warnings` names the values of filters that nothing in the corpus has."
    )
    success = {"description": description, "content": dict.fromkeys(media_types, schema)}
    return {200: success, **declare_responses(304, 404, 422, 503), **COMMON}


def format_path(formats: Iterable[str]) -> Any:
    """Return the path parameter of the suffix."""
    described = "; ".join(f"`{suffix}`: {ALL_FORMATS[suffix].description}" for suffix in formats)
    schema: JsonObject = {"enum": [*formats]}
    return Path(description=f"The format. {described}.", examples=[next(iter(formats))], json_schema_extra=schema)


router = APIRouter(tags=["exports"], dependencies=[Depends(get_query_string)], default_response_class=Response)
TableSuffix = Annotated[str, format_path(TABLE_FORMATS)]
AnySuffix = Annotated[str, format_path(ALL_FORMATS)]
TextSuffix = Annotated[str, format_path(TEXT_FORMATS)]


def find_format(formats: dict[str, Any], suffix: str, path: str) -> Any:
    """Return the format of a suffix. Raises `Problem` for one that the path does not have, or that is not installed."""
    possible = ", ".join(f".{name}" for name, each in formats.items() if not (each.extra and each.extra.is_missing))
    if suffix not in formats:
        raise Problem(404, f"'{path}' has no format '.{suffix[:40]}'; it has {possible}.")
    extra = formats[suffix].extra
    if extra and extra.is_missing:
        raise Problem(404, f"'.{suffix}' needs the extra `{extra.name}`, which this server lacks; it has {possible}.")
    return formats[suffix]


@router.get("/articles.{suffix}", responses=describe_formats(ALL_FORMATS))
def export_articles(
    suffix: AnySuffix, params: Annotated[ArticleExportParams, Query()], corpus: CorpusDep, request: Request
) -> Response:
    """Write all articles that the filters select, in the order of their list.

    `.jsonl` has whole articles; `.csv`, `.tsv`, `.parquet` and `.arrow` have a row for each; the others have their
    texts with all mentions, whose offsets count as the tool of the format counts. If the connection is cut, go on
    with `after`.
    """
    file_format = find_format(ALL_FORMATS, suffix, "/articles")
    selected, unknown = select(params, corpus.snapshot)
    selection = selected.as_kind("articles")
    keys = islice(iterate_keys(selection, params.order, params.after), params.limit)
    columns = choose_columns(ARTICLE_COLUMNS, params.fields, ["paragraphs", "extra"] if suffix == "jsonl" else [])
    if isinstance(file_format, TextFormat) and (meaningless := {"fields", "offset_unit"} & params.model_fields_set):
        name = min(meaningless)
        raise invalid_params([{"parameter": name, "message": f"`{name}` has no meaning for '.{suffix}'."}])

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            if isinstance(file_format, TextFormat):
                yield from file_format.write(map(orjson.loads, read_articles(keys, documents)), Report())
            elif suffix == "jsonl":
                yield from join_lines(read_articles(keys, documents), change_article(params.offset_unit, params.fields))
            else:
                rows = map(
                    choose_cells(ARTICLE_COLUMNS, columns, article_row), map(orjson.loads, read_heads(keys, documents))
                )
                yield from file_format.write(columns, divide_rows(rows))

    return respond(request, corpus, file_format, "articles", suffix, write(), selection.total, warn(unknown, corpus))


@router.get("/articles/{id:id}.{suffix}", responses=describe_formats(TEXT_FORMATS))
def export_article(
    id: Annotated[str, Path(description="Identifier of the article.", examples=["chernobyl"])],
    suffix: TextSuffix,
    corpus: CorpusDep,
    request: Request,
) -> Response:
    """Write one article with its mentions."""
    key = corpus.article(id)
    file_format: TextFormat = find_format(TEXT_FORMATS, suffix, f"/articles/{id}")

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            articles = map(orjson.loads, read_articles(iter([(key, None)]), documents))
            yield from file_format.write(articles, Report())

    return respond(request, corpus, file_format, id, suffix, write())


@router.get("/paragraphs.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_paragraphs(
    suffix: TableSuffix, params: Annotated[ParagraphExportParams, Query()], corpus: CorpusDep, request: Request
) -> Response:
    """Write all paragraphs that the filters select, in the order of their list."""
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, "/paragraphs")
    selected, unknown = select(params, corpus.snapshot)
    selection = selected.as_kind("paragraphs")
    keys = islice(iterate_keys(selection, params.order, params.after), params.limit)
    columns = choose_columns(PARAGRAPH_COLUMNS, params.fields)

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            items = read_paragraphs(keys, documents)
            if suffix == "jsonl":
                yield from join_lines(items, change_paragraph(params.offset_unit, params.fields))
            else:
                rows = map(choose_cells(PARAGRAPH_COLUMNS, columns, paragraph_row), map(orjson.loads, items))
                yield from file_format.write(columns, divide_rows(rows))

    return respond(request, corpus, file_format, "paragraphs", suffix, write(), selection.total, warn(unknown, corpus))


@router.get("/mentions.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_mentions(
    suffix: TableSuffix, params: Annotated[MentionExportParams, Query()], corpus: CorpusDep, request: Request
) -> Response:
    """Write all mentions in the selected paragraphs, a row for each, in the order of their list."""
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, "/mentions")
    selection, unknown, warnings = select_mentions(params, corpus.snapshot)
    rows = params.mention_rows(corpus.snapshot.directory)
    keys = iterate_keys(selection, params.sort, params.after)

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            yield from file_format.write(rows.columns, take_rows(read_mentions(keys, documents, rows), params.limit))

    return respond(request, corpus, file_format, "mentions", suffix, write(), None, [*warn(unknown, corpus), *warnings])


@router.get("/entities.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_entities(
    suffix: TableSuffix,
    params: Annotated[EntityExportParams, Query()],
    corpus: CorpusDep,
    query: QueryStringDep,
    request: Request,
) -> Response:
    """Write all entities that the selected articles mention, in the order of their list."""
    parameters = [pair for pair in query.parameters if pair[0] != "limit"]
    items = iterate_items(list_entities, EntityListParams, parameters, corpus, "/entities")
    return export_items(request, corpus, "entities", suffix, ENTITY_COLUMNS, items, params.limit)


@router.get("/tags.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_tags(
    suffix: TableSuffix,
    params: Annotated[ValueExportParams, Query()],
    corpus: CorpusDep,
    query: QueryStringDep,
    request: Request,
) -> Response:
    """Write all tags of the selected articles, in the order of their list."""
    parameters = [pair for pair in query.parameters if pair[0] != "limit"]
    items = iterate_items(list_tags, TagListParams, parameters, corpus, "/tags")
    return export_items(request, corpus, "tags", suffix, TAG_COLUMNS, items, params.limit)


@router.get("/timeline.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_timeline(
    suffix: TableSuffix,
    params: Annotated[TimelineExportParams, Query()],
    corpus: CorpusDep,
    query: QueryStringDep,
    request: Request,
) -> Response:
    """Write how many of the selected articles appeared in each year, month or day."""
    parameters = [pair for pair in query.parameters if pair[0] != "limit"]
    items = orjson.loads(read_timeline(validate_params(TimelineParams, parameters), corpus).body)["items"]
    return export_items(request, corpus, "timeline", suffix, TIMELINE_COLUMNS, iter(items), params.limit)


def export_items(
    request: Request,
    corpus: Corpus,
    name: str,
    suffix: str,
    columns: tuple[Column, ...],
    items: Iterator[JsonObject],
    limit: int | None,
) -> Response:
    """Return the response that writes the items of a list."""
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, f"/{name}")
    rows = (object_row(columns, item) for item in islice(items, limit))
    return respond(request, corpus, file_format, name, suffix, file_format.write(columns, divide_rows(rows)))


def respond(
    request: Request,
    corpus: Corpus,
    file_format: TableFormat | TextFormat,
    name: str,
    suffix: str,
    pieces: Iterator[bytes],
    total: int | None = None,
    warnings: Sequence[JsonObject] = (),
) -> Response:
    """Return the response that streams these pieces, with what the file has no room for in headers."""
    headers = export_headers(request, corpus, f"{name}.{suffix}", inline=suffix in ("txt", "md"))
    if total is not None:
        headers["X-Total-Count"] = str(total)
    if warnings:
        sentences = " ".join(warning["message"] for warning in warnings[:FEW])
        # The values are a client's: line breaks and letters that a header can't hold are escaped.
        headers["X-Warnings"] = sentences.encode("unicode_escape").decode()
    return ExportResponse(pieces, file_format.media_type, headers)


def warn(unknown: Sequence[UnknownValue], corpus: Corpus) -> list[JsonObject]:
    """Return a warning for each value of a filter that nothing in the corpus has."""
    return build_warnings(unknown, corpus.snapshot) if unknown else []


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
