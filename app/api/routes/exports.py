"""Exports: everything that a list selects, or one article, in the format that the suffix of the URL names."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from app.api.deps import Corpus, CorpusDep, select
from app.api.errors import invalid_params
from app.api.exports.columns import change_article, change_paragraph, choose_cells, choose_columns, take_rows
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
from app.api.exports.suffixes import (
    ALL_FORMATS,
    AnySuffix,
    TableSuffix,
    TextSuffix,
    describe_formats,
    find_format,
)
from app.api.mention_selection import select_mentions
from app.api.query_string import QueryString, QueryStringDep, get_query_string, validate_params
from app.api.routes.entities import EntityListParams, list_entities
from app.api.routes.tags import TagListParams, list_tags
from app.api.routes.timeline import TimelineParams, read_timeline
from app.database.document_store import pin_documents
from app.export.document import Report
from app.export.formats import TABLE_FORMATS, TEXT_FORMATS, TableFormat, TextFormat
from app.export.tables import (
    ARTICLE_COLUMNS,
    ENTITY_COLUMNS,
    PARAGRAPH_COLUMNS,
    TAG_COLUMNS,
    TIMELINE_COLUMNS,
    Column,
    article_row,
    divide_rows,
    object_row,
    paragraph_row,
)
from app.rendering import JsonObject
from app.search.names.suggestions import FEW
from app.search.query.warnings import QueryWarning, UnknownValue, build_warnings

router = APIRouter(tags=["exports"], dependencies=[Depends(get_query_string)], default_response_class=Response)


@router.get("/articles.{suffix}", responses=describe_formats(ALL_FORMATS))
def export_articles(
    suffix: AnySuffix, params: Annotated[ArticleExportParams, Query()], corpus: CorpusDep, request: Request
) -> Response:
    """Write all articles that the filters select, in the order of their list.

    `.jsonl` has whole articles; `.csv`, `.tsv`, `.parquet` and `.arrow` have a row for each; the others have their
    texts with all mentions, whose offsets count as the tool of the format counts. If the connection is cut, go on
    with `after`.
    """
    file_format = find_format(ALL_FORMATS, suffix, "/articles", request.app)
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
    key = corpus.article_key(id)
    file_format: TextFormat = find_format(TEXT_FORMATS, suffix, f"/articles/{id}", request.app)

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
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, "/paragraphs", request.app)
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
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, "/mentions", request.app)
    selection, unknown = select_mentions(params, corpus.snapshot)
    rows = params.mention_rows(corpus.snapshot.directory)
    keys = iterate_keys(selection, params.sort, params.after)

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            yield from file_format.write(rows.columns, take_rows(read_mentions(keys, documents, rows), params.limit))

    return respond(request, corpus, file_format, "mentions", suffix, write(), None, warn(unknown, corpus))


@router.get("/entities.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_entities(
    suffix: TableSuffix,
    params: Annotated[EntityExportParams, Query()],
    corpus: CorpusDep,
    query: QueryStringDep,
    request: Request,
) -> Response:
    """Write all entities that the selected articles mention, in the order of their list."""
    items = iterate_items(list_entities, EntityListParams, list_parameters(query), corpus, "/entities")
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
    items = iterate_items(list_tags, TagListParams, list_parameters(query), corpus, "/tags")
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
    items = orjson.loads(read_timeline(validate_params(TimelineParams, list_parameters(query)), corpus).body)["items"]
    return export_items(request, corpus, "timeline", suffix, TIMELINE_COLUMNS, iter(items), params.limit)


def list_parameters(query: QueryString) -> list[tuple[str, str]]:
    """Return the parameters that an export shares with its list: `limit` means another thing there."""
    return [(name, value) for name, value in query.parameters if name != "limit"]


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
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, f"/{name}", request.app)
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


def warn(unknown: Sequence[UnknownValue | QueryWarning], corpus: Corpus) -> list[JsonObject]:
    """Return a warning for each value of a filter that nothing in the corpus has."""
    return build_warnings(unknown, corpus.snapshot) if unknown else []
