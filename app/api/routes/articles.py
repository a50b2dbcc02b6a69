"""`/articles`: list articles by filters, read one article or one of its paragraphs."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.errors import Problem
from app.api.highlighting import ArticleHighlights, Highlight, highlight_paragraph
from app.api.pagination import ListPage, page_response, paginate
from app.api.params import DocumentListParams, ReadParams
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import (
    Change,
    Markup,
    apply,
    apply_changes,
    change_offset_unit,
    mark_up,
    select_fields,
)
from app.rendering import join_article
from app.schemas import Article, ArticleSummary, OffsetUnit, Paragraph
from app.search.highlighter import Highlighter
from app.search.query.filters import parse_int

router = APIRouter(
    prefix="/articles",
    tags=["articles"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)

BODY_ROLES: Final = ("heading", "body", "quote", "list")
"""The roles of what people read as the text, without what stands above it and below pictures."""

StoredArticle = tuple[bytes, list[bytes], bytes]
"""A whole article as stored: its summary, its paragraphs and its extra fields, each as JSON."""


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
        highlight, unit = params.highlight or "offsets", params.offset_unit
        items = render_articles(stored, highlighter, highlight, unit, changes, whole=params.whole)
    else:
        changes = [*change_offset_unit(params.offset_unit), *select_fields(params.fields)]
        items = apply_changes(corpus.documents.read_items(keys), changes)
    return page_response(
        params, query, selection, page, items, total=articles.total, root_path=corpus.root_path, unknown=unknown
    )


def render_articles(
    articles: Sequence[StoredArticle],
    highlighter: Highlighter | None,
    highlight: Highlight,
    unit: OffsetUnit,
    changes: Sequence[Change] = (),
    markup: Markup | None = None,
    *,
    whole: bool = True,
) -> list[bytes]:
    """Return articles as JSON, with matches, markup and offsets in this unit; `changes` are applied last.

    Unless they are `whole`, without the fields that only whole articles have.
    """
    if whole and highlighter is None and unit == "codepoint" and not changes and markup is None:
        return [join_article(*article) for article in articles]
    return [render_article(article, highlighter, highlight, unit, changes, markup, whole) for article in articles]


def render_article(
    stored: StoredArticle,
    highlighter: Highlighter | None,
    highlight: Highlight,
    unit: OffsetUnit,
    changes: Sequence[Change],
    markup: Markup | None,
    whole: bool,
) -> bytes:
    """Return an article as JSON.

    Paragraphs are parsed and written one by one: parsing a book at once would hold the interpreter lock throughout, and
    leave its matches to the garbage collector.
    """
    summary, paragraphs, extra = stored
    article = orjson.loads(summary)
    highlights = highlighter and ArticleHighlights(highlighter, highlight, article["language"])
    article["offset_unit"] = unit
    if whole:
        paragraph_changes = [*([highlights.add] if highlights else []), *mark_up(markup), *change_offset_unit(unit)]
        rendered = [orjson.Fragment(orjson.dumps(apply(paragraph_changes, orjson.loads(json)))) for json in paragraphs]
        article |= {"paragraphs": rendered, "extra": orjson.Fragment(extra)}
    elif highlights:
        for json in paragraphs:
            highlights.find(orjson.loads(json))
    if highlights:
        article["extract"] = highlights.extract(unit)
    return orjson.dumps(apply(changes, article))


def add_bodies(articles: Sequence[StoredArticle], length: int) -> Change:
    """Return the change that adds the beginnings of their texts to these articles, one after the other."""
    bodies = (begin_text(paragraphs, length) for _, paragraphs, _ in articles)
    return lambda article: {**article, "body": next(bodies)}


def begin_text(paragraphs: Sequence[bytes], length: int) -> str:
    """Return at most `length` code points of the text that these stored paragraphs have, cut after a word.

    Without white space, as in a script that has none, the cut may be anywhere.
    """
    text = ""
    for paragraph in map(orjson.loads, paragraphs):
        if paragraph["role"] in BODY_ROLES:
            text = f"{text}\n\n{paragraph['text']}" if text else paragraph["text"]
        if len(text) > length:
            beginning = re.match(r".*\S(?=\s)", text[: length + 1], re.DOTALL)
            return beginning[0] if beginning else text[:length]
    return text


ArticleId = Annotated[str, Path(description="Identifier of the article.")]


@router.get("/{id:id}", response_model=Article, responses=NOT_FOUND)
def read_article(id: ArticleId, params: Annotated[ArticleParams, Query()], corpus: CorpusDep) -> Response:
    """Return an article with all its paragraphs and mentions."""
    stored, changes = [corpus.whole_article(id)], select_fields(params.fields)
    highlighter, unit = params.highlighter, params.offset_unit
    [article] = render_articles(stored, highlighter, params.highlight, unit, changes, params.markup)
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
