"""Paragraphs: found by filters, across articles."""

from typing import Annotated

from starlette.responses import Response

from app.api.deps import chosen, select_or_refuse, success
from app.api.highlighting import highlight_paragraph
from app.api.list_params import DocumentListParams
from app.api.pagination import PageShape, page_response, paginate
from app.api.params import LARGE, Asked
from app.api.routing import resources
from app.api.transforms import Change, apply_changes, recount, select_fields
from app.schemas import OffsetUnit, ParagraphShape, documented

router = resources("paragraphs")


class ParagraphListParams(DocumentListParams):
    """Which paragraphs to list, and how."""

    WITHIN = "paragraph"

    fields: Annotated[tuple[str, ...], chosen(ParagraphShape)] = ()
    """Show only these fields of each paragraph."""

    @property
    def dear_from(self) -> float:
        """There are many more paragraphs than articles."""
        return min(super().dear_from, LARGE)


@documented
class ParagraphPage(PageShape):
    """Some of the paragraphs that a question selects."""

    items: list[ParagraphShape]
    """The paragraphs of this page, in order."""
    offset_unit: OffsetUnit
    """What offsets count."""


@router.get("/paragraphs", responses=success(ParagraphPage))
def list_paragraphs(asked: Asked[ParagraphListParams]) -> Response:
    """Paragraphs in which everything that the filters ask for holds at once."""
    question, corpus = asked.question, asked.corpus
    selection, unknown = select_or_refuse(question, corpus.snapshot)
    paragraphs = selection.as_kind("paragraphs")
    found = paginate(asked, paragraphs, question.order)
    items = corpus.documents.paragraphs([(article, position or 0) for article, position in found.places])
    changes: list[Change] = []
    if highlighter := question.highlighter:
        languages = corpus.documents.languages([article for article, _ in found.places])
        changes.append(highlight_paragraph(highlighter, question.highlight or "offsets", languages))
    shown = apply_changes(items, [*changes, *recount(question.offset_unit), *select_fields(question.fields)])
    return page_response(
        asked, selection, shown, paragraphs.total, found.before, found.after, unknown, offset_unit=question.offset_unit
    )
