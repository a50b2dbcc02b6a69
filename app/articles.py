"""Articles: found by filters, and read one by one."""

from typing import Annotated, Any, Literal, NotRequired

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from app.answers import PageShape, page, walk
from app.highlighting import in_articles, in_paragraphs
from app.listing import ListedQuestion, ReadQuestion
from app.presentation import Change, choose, present, recount
from app.problems import Problem
from app.questions import Asked, asks, parameters
from app.resources import CorpusDep, chosen, problems, select_or_refuse
from app.shapes import ArticleShape, OffsetUnit, ParagraphShape, WholeArticleShape, whole_article

router = APIRouter(tags=["articles"])


class ListedArticle(ArticleShape):
    """An article as lists show it, or whole."""

    paragraphs: NotRequired[list[ParagraphShape]]
    """With `include=paragraphs`."""
    extra: NotRequired[dict[str, Any]]
    """With `include=paragraphs`."""


class ArticlesQuestion(ListedQuestion):
    """Which articles to list, and how."""

    fields: Annotated[list[str], chosen(ListedArticle)] = []
    """Show only these fields of each article."""
    include: list[Literal["paragraphs"]] = []
    """`paragraphs`: show whole articles."""


class ArticlePage(PageShape):
    """Some of the articles that a question selects."""

    items: list[ListedArticle]


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
    selection, warned = select_or_refuse(question, corpus.snapshot)
    articles = selection.as_kind("articles")
    found = walk(asked, articles, question.order)
    keys = [place.article for place in found.places]
    changes: list[Change] = []
    if highlighter := question.highlighter:
        changes.append(in_articles(highlighter, question.highlight or "offsets"))
    changes += recount(question.offset_unit)
    if highlighter and not question.include:
        changes.append(as_listed)
    if question.include or highlighter:
        items = [whole_article(*parts) for parts in corpus.documents.whole(keys)]
    else:
        items = corpus.documents.rendered(keys)
    shown = present(items, [*changes, *choose(question.fields)])
    return page(asked, corpus, shown, articles.total, found.before, found.after, warned)


def as_listed(article: dict[str, Any]) -> dict[str, Any]:
    """A whole article as lists show it."""
    return {name: value for name, value in article.items() if name not in ("paragraphs", "extra")}


@router.get(
    "/articles/{id}", response_model=WholeArticleShape, responses=problems(404),
    openapi_extra={"parameters": parameters(ReadQuestion)},
)  # fmt: skip
async def read_article(
    id: Annotated[str, Path(description="The article's id.")],
    asked: Annotated[Asked[ReadQuestion], Depends(asks(ReadQuestion, "/articles/{id}"))],
    corpus: CorpusDep,
) -> Response:
    """A whole article: all its paragraphs, with everything they mention."""
    question = asked.question
    item = whole_article(*corpus.documents.whole([corpus.article(id)])[0])
    changes = [in_articles(it, question.highlight) for it in [question.highlighter] if it]
    shown = present([item], [*changes, *recount(question.offset_unit)])
    return Response(shown[0], media_type="application/json")


@router.get(
    "/articles/{id}/paragraphs/{position}", response_model=LoneParagraph, responses=problems(404),
    openapi_extra={"parameters": parameters(ReadQuestion)},
)  # fmt: skip
async def read_paragraph(
    id: Annotated[str, Path(description="The article's id.")],
    position: Annotated[int, Path(ge=0, le=1_000_000, description="The paragraph's place, from 0, the title.")],
    asked: Annotated[Asked[ReadQuestion], Depends(asks(ReadQuestion, "/articles/{id}/paragraphs/{position}"))],
    corpus: CorpusDep,
) -> Response:
    """One paragraph of an article."""
    question, key = asked.question, corpus.article(id)
    try:
        item = corpus.documents.paragraphs([(key, position)])[0]
    except KeyError:
        raise Problem(404, f"The article '{id}' has no paragraph {position}.") from None
    languages = corpus.documents.languages([key])
    changes = [in_paragraphs(it, question.highlight, languages) for it in [question.highlighter] if it]
    shown = present([item], [*changes, *recount(question.offset_unit)])[0]
    return Response(
        b'%b,"offset_unit":"%b"}' % (shown[:-1], question.offset_unit.encode()), media_type="application/json"
    )
