"""Exports: everything that a list selects, or one article, in the format that the suffix of the URL names."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from app.api.exports import documents, values
from app.api.exports.export import ExportSourceDep
from app.api.exports.params import (
    ArticleExportParams,
    EntityExportParams,
    MentionExportParams,
    ParagraphExportParams,
    TagExportParams,
    TimelineExportParams,
)
from app.api.exports.response import stream_export
from app.api.exports.suffixes import LIST_FORMATS, ArticleSuffix, ListSuffix, TableSuffix, describe_formats
from app.api.query_string import get_query_string
from app.export.formats import ARTICLE_FORMATS, TABLE_FORMATS

router = APIRouter(tags=["exports"], dependencies=[Depends(get_query_string)], default_response_class=Response)


@router.get("/articles.{suffix}", responses=describe_formats(LIST_FORMATS))
def export_articles(
    suffix: ListSuffix, params: Annotated[ArticleExportParams, Query()], source: ExportSourceDep, request: Request
) -> Response:
    """Write all articles that the filters select, in the order of their list.

    `.jsonl` has whole articles; `.csv`, `.tsv`, `.parquet` and `.arrow` have a row for each; `.atom` and `.feed.json`
    are feeds of the newest; the others have their texts with all mentions, whose offsets count as the tool of the
    format counts. If the connection is cut, go on with `after`.
    """
    return stream_export(request, documents.export_articles(suffix, params, source), source)


@router.get("/articles/{id:id}.{suffix}", responses=describe_formats(ARTICLE_FORMATS))
def export_article(
    id: Annotated[str, Path(description="Identifier of the article.", examples=["chernobyl"])],
    suffix: ArticleSuffix,
    source: ExportSourceDep,
    request: Request,
) -> Response:
    """Write one article with its mentions."""
    return stream_export(request, documents.export_article(suffix, id, source), source)


@router.get("/paragraphs.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_paragraphs(
    suffix: TableSuffix, params: Annotated[ParagraphExportParams, Query()], source: ExportSourceDep, request: Request
) -> Response:
    """Write all paragraphs that the filters select, in the order of their list."""
    return stream_export(request, documents.export_paragraphs(suffix, params, source), source)


@router.get("/mentions.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_mentions(
    suffix: TableSuffix, params: Annotated[MentionExportParams, Query()], source: ExportSourceDep, request: Request
) -> Response:
    """Write all mentions in the selected paragraphs, a row for each, in the order of their list."""
    return stream_export(request, documents.export_mentions(suffix, params, source), source)


@router.get("/entities.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_entities(
    suffix: TableSuffix, params: Annotated[EntityExportParams, Query()], source: ExportSourceDep, request: Request
) -> Response:
    """Write all entities that the selected articles mention, in the order of their list."""
    return stream_export(request, values.export_entities(suffix, params, source), source)


@router.get("/tags.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_tags(
    suffix: TableSuffix, params: Annotated[TagExportParams, Query()], source: ExportSourceDep, request: Request
) -> Response:
    """Write all tags of the selected articles, in the order of their list."""
    return stream_export(request, values.export_tags(suffix, params, source), source)


@router.get("/timeline.{suffix}", responses=describe_formats(TABLE_FORMATS))
def export_timeline(
    suffix: TableSuffix, params: Annotated[TimelineExportParams, Query()], source: ExportSourceDep, request: Request
) -> Response:
    """Write how many of the selected articles appeared in each year, month or day."""
    return stream_export(request, values.export_timeline(suffix, params, source), source)
