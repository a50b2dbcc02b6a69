"""`/articles`: list articles by filters, read one article or one of its paragraphs."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from app.api.article_renderer import ArticleRenderer, add_bodies
from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.errors import Problem
from app.api.highlighting import highlight_paragraph
from app.api.lists.pagination import ListPage, page_response, paginate
from app.api.params import DocumentListParams, ReadParams
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import apply_changes, change_offset_unit, mark_up, select_fields
from app.schemas import Article, ArticleSummary, OffsetUnit, Paragraph
from app.search.query.filters import parse_int

router = APIRouter(
    prefix="/articles",
    tags=["articles"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class ArticleListItem(ArticleSummary):
    """An article in a list; with `include=paragraphs`, the whole article."""

    paragraphs: list[Paragraph] = Field(default_factory=list)
    """All paragraphs in order, the title first."""
    extra: dict[str, Any] = Field(default_factory=dict)
    """Further fields of the article's file, unchanged."""
    body: str = Field(default_factory=str)
    """Beginning of the text; only with `body`."""


class ArticleListParams(DocumentListParams):
    """Which articles to list, in which order, and how to show them."""

    body: Annotated[int, Field(ge=1, le=10_000), BeforeValidator(parse_int)] | None = None
    """Return at most this many characters of the text as `body`, cut after a word: headings, paragraphs, quotes and
    lists, with an empty line between them."""
    fields: Annotated[tuple[str, ...], fields_of(ArticleListItem, extract=("highlight",), body=("body",))] = ()
    """Return only these fields of each article."""
    include: tuple[Literal["paragraphs"], ...] = ()
    """`paragraphs`: return whole articles."""

    @property
    def whole(self) -> bool:
        """Return whether whole articles are requested, or a field that only they have."""
        return bool(self.include) or not {"paragraphs", "extra"}.isdisjoint(self.fields)

    @property
    def needs_texts(self) -> bool:
        """Return whether all paragraphs of the articles are read."""
        return self.whole or self.body is not None


class ArticleParams(ReadParams):
    """How to show one article."""

    fields: Annotated[tuple[str, ...], fields_of(Article, extract=("q",))] = ()
    """Return only these fields of the article."""


class ArticlePage(ListPage):
    """One page of the articles that the filters select."""

    items: list[ArticleListItem]
    """Articles of this page, in order."""


class ParagraphDetail(Paragraph):
    """A paragraph with the unit of its offsets."""

    offset_unit: OffsetUnit
    """Unit of offsets."""


@router.get("", response_model=ArticlePage)
def list_articles(params: Annotated[ArticleListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """List the articles that the filters select: the newest first, or with `q` the most relevant first."""
    selection, unknown = select(params, corpus.snapshot)
    articles = selection.as_kind("articles")
    page = paginate(params, query, articles, params.order)
    keys = [article for article, _ in page.items]
    highlighter = params.highlighter
    if params.needs_texts or highlighter:
        stored = corpus.documents.read_articles(keys)
        changes = [
            *([] if params.body is None else [add_bodies(stored, params.body)]),
            *select_fields(params.fields),
        ]
        highlight = params.highlight or "offsets"
        renderer = ArticleRenderer(highlighter, highlight, params.offset_unit, whole=params.whole)
        items = renderer.render(stored, changes)
    else:
        changes = [*change_offset_unit(params.offset_unit), *select_fields(params.fields)]
        items = apply_changes(corpus.documents.read_items(keys), changes)
    return page_response(params, query, selection, page, items, root_path=corpus.root_path, unknown=unknown)


ArticleId = Annotated[str, Path(description="Identifier of the article.")]


@router.get("/{id:id}", response_model=Article, responses=NOT_FOUND)
def read_article(id: ArticleId, params: Annotated[ArticleParams, Query()], corpus: CorpusDep) -> Response:
    """Return an article with all its paragraphs and mentions."""
    stored = corpus.whole_article(id)
    renderer = ArticleRenderer(params.highlighter, params.highlight, params.offset_unit, params.markup)
    [article] = renderer.render([stored], select_fields(params.fields))
    return Response(article, media_type="application/json")


@router.get("/{id}/paragraphs/{position}", response_model=ParagraphDetail, responses=NOT_FOUND)
def read_paragraph(
    id: ArticleId,
    position: Annotated[
        int,
        Path(description="Position of the paragraph in the article; 0 is the title.", ge=0, le=1_000_000),
        BeforeValidator(parse_int),
    ],
    params: Annotated[ReadParams, Query()],
    corpus: CorpusDep,
) -> Response:
    """Return one paragraph of an article."""
    key = corpus.article_key(id)
    item = corpus.documents.read_paragraph(key, position)
    if item is None:
        raise Problem(404, f"The article '{id}' has no paragraph {position}.", code="unknown-id")
    languages = corpus.documents.read_languages([key])
    highlighter = params.highlighter
    changes = [highlight_paragraph(highlighter, params.highlight, languages)] if highlighter else []
    changes += [*mark_up(params.markup), *change_offset_unit(params.offset_unit)]
    [paragraph] = apply_changes([item], changes)
    body = b'%b,"offset_unit":"%b"}' % (paragraph[:-1], params.offset_unit.encode())
    return Response(body, media_type="application/json")
