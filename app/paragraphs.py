"""Paragraphs: found by filters, across articles."""

from typing import Annotated

from starlette.responses import Response

from app.answers import PageShape, page, walk
from app.highlighting import in_paragraphs
from app.listing import ListedQuestion
from app.presentation import Change, choose, present, recount
from app.questions import LARGE, Asked
from app.resources import chosen, select_or_refuse, success
from app.routes import resources
from app.shapes import OffsetUnit, ParagraphShape, documented

router = resources("paragraphs")


class ParagraphsQuestion(ListedQuestion):
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
def list_paragraphs(asked: Asked[ParagraphsQuestion]) -> Response:
    """Paragraphs in which everything that the filters ask for holds at once."""
    question, corpus = asked.question, asked.corpus
    selection, unknown = select_or_refuse(question, corpus.snapshot)
    paragraphs = selection.as_kind("paragraphs")
    found = walk(asked, paragraphs, question.order)
    items = corpus.documents.paragraphs([(article, position or 0) for article, position in found.places])
    changes: list[Change] = []
    if highlighter := question.highlighter:
        languages = corpus.documents.languages([article for article, _ in found.places])
        changes.append(in_paragraphs(highlighter, question.highlight or "offsets", languages))
    shown = present(items, [*changes, *recount(question.offset_unit), *choose(question.fields)])
    return page(
        asked, selection, shown, paragraphs.total, found.before, found.after, unknown, offset_unit=question.offset_unit
    )
