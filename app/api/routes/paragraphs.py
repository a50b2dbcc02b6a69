"""Paragraphs: found by filters, across articles."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS
from app.api.highlighting import highlight_paragraph
from app.api.list_params import DocumentListParams
from app.api.pagination import ListPage, page_response, paginate
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import Change, apply_changes, recount, select_fields
from app.schemas import OffsetUnit, Paragraph

router = APIRouter(
    prefix="/paragraphs",
    tags=["paragraphs"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class ParagraphListParams(DocumentListParams):
    """Which paragraphs to list, and how."""

    WITHIN = "paragraph"
    USES: ClassVar = ("paragraphs",)

    fields: Annotated[tuple[str, ...], fields_of(Paragraph)] = ()
    """Show only these fields of each paragraph."""


class ParagraphPage(ListPage):
    """Some of the paragraphs that a question selects."""

    items: list[Paragraph]
    """The paragraphs of this page, in order."""
    offset_unit: OffsetUnit
    """What offsets count."""


@router.get("", response_model=ParagraphPage)
def list_paragraphs(
    params: Annotated[ParagraphListParams, Query()], corpus: CorpusDep, query: QueryStringDep
) -> Response:
    """Paragraphs in which everything that the filters ask for holds at once."""
    selection, unknown = select(params, corpus.snapshot)
    paragraphs = selection.as_kind("paragraphs")
    page = paginate(params, query, paragraphs, params.order)
    items = corpus.documents.paragraphs([(article, position or 0) for article, position in page.items])
    changes: list[Change] = []
    if highlighter := params.highlighter:
        languages = corpus.documents.languages([article for article, _ in page.items])
        changes.append(highlight_paragraph(highlighter, params.highlight or "offsets", languages))
    shown = apply_changes(items, [*changes, *recount(params.offset_unit), *select_fields(params.fields)])
    return page_response(
        params,
        query,
        selection,
        page,
        shown,
        total=paragraphs.total,
        root_path=corpus.root_path,
        unknown=unknown,
        offset_unit=params.offset_unit,
    )
