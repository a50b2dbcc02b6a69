"""Paragraphs: found by filters, across articles."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.answers import PageShape, page, walk
from app.articles import ListedQuestion
from app.presentation import options, present
from app.questions import Asked, asks, parameters
from app.resources import CorpusDep, chosen, problems, select_or_refuse
from app.shapes import OffsetUnit, ParagraphShape

router = APIRouter(tags=["paragraphs"])


class ParagraphsQuestion(ListedQuestion):
    """Which paragraphs to list, and how."""

    fields: Annotated[list[str], chosen(ParagraphShape)] = []
    """Show only these fields of each paragraph."""


class ParagraphPage(PageShape[ParagraphShape]):
    """Some of the paragraphs that a question selects."""

    offset_unit: OffsetUnit


@router.get(
    "/paragraphs", response_model=ParagraphPage, responses=problems(),
    openapi_extra={"parameters": parameters(ParagraphsQuestion)},
)  # fmt: skip
async def list_paragraphs(
    asked: Annotated[Asked[ParagraphsQuestion], Depends(asks(ParagraphsQuestion, "/paragraphs"))],
    corpus: CorpusDep,
) -> Response:
    """Paragraphs in which everything that the filters ask for holds at once."""
    question = asked.question
    selection, warned = select_or_refuse(question, corpus.snapshot, "paragraph")
    paragraphs = selection.as_kind("paragraphs")
    found = walk(asked, paragraphs, question.order)
    items = corpus.documents.paragraphs([(place.article, place.position or 0) for place in found.places])
    shown = present(items, options(question.fields, question.offset_unit))
    extra = {"offset_unit": question.offset_unit}
    return page(asked, corpus.root_path, shown, paragraphs.total, found.before, found.after, warned, extra)
