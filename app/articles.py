"""Articles: found by filters, and read one by one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from app.answers import PageShape, page, walk
from app.presentation import options, present
from app.problems import Problem, refuse
from app.questions import Asked, Paged, Reading, asks, parameters
from app.resources import CorpusDep, chosen, problems, select_or_refuse
from app.shapes import ArticleShape, OffsetUnit, ParagraphShape, WholeArticleShape, whole_article

router = APIRouter(tags=["articles"])

Sort = Literal["-published", "published", "title", "relevance"]


class ListedQuestion(Paged):
    """Which articles or paragraphs to list, and how."""

    sort: Sort | None = None
    """`-published` (the default), `published`, `title`, or `relevance` (the default with `q`). Undated ones
    come last; ties end in the id."""
    offset_unit: OffsetUnit = "codepoint"
    """What the offsets of mentions count."""

    @property
    def order(self) -> Sort:
        """The order that holds. Raises `Problem` for relevance to nothing."""
        if self.sort == "relevance" and self.q is None:
            message = "`sort` can be 'relevance' only with `q`."
            raise refuse([{"parameter": "sort", "message": message}])
        return self.sort or ("-published" if self.q is None else "relevance")


class ArticlesQuestion(ListedQuestion):
    """Which articles to list, and how."""

    fields: Annotated[list[str], chosen(WholeArticleShape)] = []
    """Show only these fields of each article."""
    include: list[Literal["paragraphs"]] = []
    """`paragraphs`: show whole articles."""


class ArticlePage(PageShape[ArticleShape]):
    """Some of the articles that a question selects."""


class LoneParagraph(ParagraphShape):
    """A paragraph, asked for by itself."""

    offset_unit: OffsetUnit


@router.get(
    "/articles", response_model=ArticlePage, responses=problems(),
    openapi_extra={"parameters": parameters(ArticlesQuestion)},
)  # fmt: skip
async def list_articles(
    asked: Annotated[Asked[ArticlesQuestion], Depends(asks(ArticlesQuestion, "/articles"))], corpus: CorpusDep
) -> Response:
    """Articles that the filters select, the newest first, or the most relevant first with `q`."""
    question = asked.question
    selection, warned = select_or_refuse(question, corpus.snapshot, "article")
    articles = selection.as_kind("articles")
    found = walk(asked, articles, question.order)
    keys = [place.article for place in found.places]
    if question.include:
        items = [whole_article(*parts) for parts in corpus.documents.whole(keys)]
    else:
        items = corpus.documents.rendered(keys)
    shown = present(items, options(question.fields, question.offset_unit))
    return page(asked, corpus.root_path, shown, articles.total, found.before, found.after, warned)


@router.get(
    "/articles/{id}", response_model=WholeArticleShape, responses=problems(404),
    openapi_extra={"parameters": parameters(Reading)},
)  # fmt: skip
async def read_article(
    id: Annotated[str, Path(description="The article's id.")],
    asked: Annotated[Asked[Reading], Depends(asks(Reading, "/articles/{id}"))],
    corpus: CorpusDep,
) -> Response:
    """A whole article: all its paragraphs, with everything they mention."""
    item = whole_article(*corpus.documents.whole([corpus.article(id)])[0])
    shown = present([item], options((), asked.question.offset_unit))
    return Response(shown[0], media_type="application/json")


@router.get(
    "/articles/{id}/paragraphs/{position}", response_model=LoneParagraph, responses=problems(404),
    openapi_extra={"parameters": parameters(Reading)},
)  # fmt: skip
async def read_paragraph(
    id: Annotated[str, Path(description="The article's id.")],
    position: Annotated[int, Path(ge=0, le=1_000_000, description="The paragraph's place, from 0, the title.")],
    asked: Annotated[Asked[Reading], Depends(asks(Reading, "/articles/{id}/paragraphs/{position}"))],
    corpus: CorpusDep,
) -> Response:
    """One paragraph of an article."""
    try:
        item = corpus.documents.paragraphs([(corpus.article(id), position)])[0]
    except KeyError:
        raise Problem(404, f"The article '{id}' has no paragraph {position}.") from None
    unit = asked.question.offset_unit
    shown = present([item], options((), unit))[0]
    return Response(b'%b,"offset_unit":"%b"}' % (shown[:-1], unit.encode()), media_type="application/json")
