"""`/paragraphs`: list paragraphs of all articles by filters."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS
from app.api.highlighting import highlight_paragraph
from app.api.lists.pagination import ListPage, page_response, paginate
from app.api.params import DocumentListParams
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import Markup, apply_changes, change_offset_unit, mark_up, select_fields
from app.schemas import OffsetUnit, Paragraph

router = APIRouter(
    prefix="/paragraphs",
    tags=["paragraphs"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class ParagraphListParams(DocumentListParams):
    """Which paragraphs to list, in which order, and how to show them."""

    WITHIN = "paragraph"
    USES: ClassVar = ("paragraphs",)

    markup: Markup | None = None
    """Return the text also as HTML, with mentions marked."""
    fields: Annotated[
        tuple[str, ...],
        fields_of(Paragraph, matches=("highlight=offsets",), markup=("highlight=markup",), html=("markup=mentions",)),
    ] = ()
    """Return only these fields of each paragraph."""


class ParagraphPage(ListPage):
    """One page of the paragraphs that the filters select."""

    items: list[Paragraph]
    """Paragraphs of this page, in order."""
    offset_unit: OffsetUnit
    """Unit of offsets."""


@router.get("", response_model=ParagraphPage)
def list_paragraphs(
    params: Annotated[ParagraphListParams, Query()], corpus: CorpusDep, query: QueryStringDep
) -> Response:
    """List the paragraphs that meet all filters at once."""
    selection, unknown = select(params, corpus.snapshot)
    paragraphs = selection.as_kind("paragraphs")
    page = paginate(params, query, paragraphs, params.order)
    items = corpus.documents.read_paragraphs([(article, position or 0) for article, position in page.items])
    changes = mark_up(params.markup)
    if highlighter := params.highlighter:
        languages = corpus.documents.read_languages([article for article, _ in page.items])
        changes.append(highlight_paragraph(highlighter, params.highlight or "offsets", languages))
    items = apply_changes(items, [*changes, *change_offset_unit(params.offset_unit), *select_fields(params.fields)])
    return page_response(
        params,
        query,
        selection,
        page,
        items,
        root_path=corpus.root_path,
        unknown=unknown,
        offset_unit=params.offset_unit,
    )
