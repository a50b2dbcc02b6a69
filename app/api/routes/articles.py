"""Articles: found by filters, and read one by one."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.errors import Problem
from app.api.highlighting import ArticleHighlights, Highlight, highlight_paragraph
from app.api.list_params import DocumentListParams, ReadParams
from app.api.pagination import ListPage, page_response, paginate
from app.api.params import parse_int
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import Change, apply, apply_changes, recount, select_fields
from app.rendering import join_article
from app.schemas import Article, ArticleSummary, OffsetUnit, Paragraph
from app.search.highlighter import Highlighter

router = APIRouter(
    prefix="/articles",
    tags=["articles"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)

Parts = tuple[bytes, list[bytes], bytes]
"""A whole article as it is stored: what lists show of it, its paragraphs, and what else its file said."""


class ArticleListItem(ArticleSummary):
    """An article as lists show it; with `include=paragraphs`, whole."""

    paragraphs: list[Paragraph] = Field(default_factory=list)
    """All of it, in order, from the title on."""
    extra: dict[str, Any] = Field(default_factory=dict)
    """What else its file said of it, as it was given."""


class ArticleListParams(DocumentListParams):
    """Which articles to list, and how."""

    fields: Annotated[tuple[str, ...], fields_of(ArticleListItem)] = ()
    """Show only these fields of each article."""
    include: tuple[Literal["paragraphs"], ...] = ()
    """`paragraphs`: show whole articles."""

    @property
    def whole(self) -> bool:
        """Whether whole articles are asked for, or a field that only they have."""
        return bool(self.include) or not {"paragraphs", "extra"}.isdisjoint(self.fields)


class ArticlePage(ListPage):
    """Some of the articles that a question selects."""

    items: list[ArticleListItem]
    """The articles of this page, in order."""


class ParagraphDetail(Paragraph):
    """A paragraph, asked for by itself."""

    offset_unit: OffsetUnit
    """What offsets count."""


@router.get("", response_model=ArticlePage)
def list_articles(params: Annotated[ArticleListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """Articles that the filters select, the newest first, or the most relevant first with `q`."""
    selection, unknown = select(params, corpus.snapshot)
    articles = selection.as_kind("articles")
    page = paginate(params, query, articles, params.order)
    keys = [article for article, _ in page.items]
    highlighter = params.highlighter
    if params.whole or highlighter:
        changes = [*([] if params.whole else [as_listed]), *select_fields(params.fields)]
        how, unit = params.highlight or "offsets", params.offset_unit
        items = present_whole(corpus.documents.whole(keys), highlighter, how, unit, changes)
    else:
        changes = [*recount(params.offset_unit), *select_fields(params.fields)]
        items = apply_changes(corpus.documents.rendered(keys), changes)
    return page_response(
        params, query, selection, page, items, total=articles.total, root_path=corpus.root_path, unknown=unknown
    )


def present_whole(
    articles: Sequence[Parts], highlighter: Highlighter | None, how: Highlight, unit: OffsetUnit,
    changes: Sequence[Change] = (),
) -> list[bytes]:  # fmt: skip
    """Whole articles with what was found in them, their offsets in this unit, and these changes at the end."""
    if highlighter is None and unit == "codepoint" and not changes:
        return [join_article(*parts) for parts in articles]
    return [present_one(parts, highlighter, how, unit, changes) for parts in articles]


def present_one(
    parts: Parts, highlighter: Highlighter | None, how: Highlight, unit: OffsetUnit, changes: Sequence[Change]
) -> bytes:
    """One of them. Its paragraphs are loaded and written one by one.

    All at once, a book would keep the interpreter to itself, and its matches would wait for the garbage collector.
    """
    rendered, paragraphs, extra = parts
    article = orjson.loads(rendered)
    highlights = highlighter and ArticleHighlights(highlighter, how, article["language"])
    each = [*([highlights.add] if highlights else []), *recount(unit)]
    shown = [orjson.Fragment(orjson.dumps(apply(each, orjson.loads(it)))) for it in paragraphs]
    article |= {"offset_unit": unit, "paragraphs": shown, "extra": orjson.Fragment(extra)}
    if highlights:
        article["extract"] = highlights.extract(unit)
    return orjson.dumps(apply(changes, article))


def as_listed(article: dict[str, Any]) -> dict[str, Any]:
    """A whole article as lists show it."""
    return {name: value for name, value in article.items() if name not in ("paragraphs", "extra")}


ArticleId = Annotated[str, Path(description="The article's id.")]


@router.get("/{id}", response_model=Article, responses=NOT_FOUND)
def read_article(id: ArticleId, params: Annotated[ReadParams, Query()], corpus: CorpusDep) -> Response:
    """A whole article: all its paragraphs, with everything they mention."""
    articles = [corpus.whole_article(id)]
    [article] = present_whole(articles, params.highlighter, params.highlight, params.offset_unit)
    return Response(article, media_type="application/json")


@router.get("/{id}/paragraphs/{position}", response_model=ParagraphDetail, responses=NOT_FOUND)
def read_paragraph(
    id: ArticleId,
    position: Annotated[
        int,
        Path(description="The paragraph's place, from 0, the title.", ge=0, le=1_000_000),
        BeforeValidator(parse_int),
    ],
    params: Annotated[ReadParams, Query()],
    corpus: CorpusDep,
) -> Response:
    """One paragraph of an article."""
    key = corpus.article(id)
    item = corpus.documents.paragraph(key, position)
    if item is None:
        raise Problem(404, f"The article '{id}' has no paragraph {position}.")
    languages = corpus.documents.languages([key])
    highlighter = params.highlighter
    changes = [highlight_paragraph(highlighter, params.highlight, languages)] if highlighter else []
    [paragraph] = apply_changes([item], [*changes, *recount(params.offset_unit)])
    body = b'%b,"offset_unit":"%b"}' % (paragraph[:-1], params.offset_unit.encode())
    return Response(body, media_type="application/json")
