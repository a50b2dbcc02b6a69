"""Articles: found by filters, and read one by one."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NotRequired

import orjson
from fastapi import Path
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from app.api.deps import chosen, select_or_refuse, success
from app.api.errors import Problem
from app.api.highlighting import ArticleHighlights, Highlight, highlight_paragraph
from app.api.list_params import DocumentListParams, ReadParams
from app.api.pagination import PageShape, page_response, paginate
from app.api.params import ALWAYS, Asked, parse_int
from app.api.routing import resources
from app.api.transforms import Change, apply, apply_changes, recount, select_fields
from app.schemas import ArticleShape, OffsetUnit, ParagraphShape, WholeArticleShape, documented, whole_article
from app.search.highlighter import Highlighter

router = resources("articles")

Parts = tuple[bytes, list[bytes], bytes]
"""A whole article as it is stored: what lists show of it, its paragraphs, and what else its file said."""


@documented
class ListedArticle(ArticleShape):
    """An article as lists show it; with `include=paragraphs`, whole."""

    paragraphs: NotRequired[list[ParagraphShape]]
    """All of it, in order, from the title on."""
    extra: NotRequired[dict[str, Any]]
    """What else its file said of it, as it was given."""


class ArticleListParams(DocumentListParams):
    """Which articles to list, and how."""

    fields: Annotated[tuple[str, ...], chosen(ListedArticle)] = ()
    """Show only these fields of each article."""
    include: tuple[Literal["paragraphs"], ...] = ()
    """`paragraphs`: show whole articles."""

    @property
    def dear_from(self) -> float:
        """Whole articles may be long ones."""
        return ALWAYS if self.whole else super().dear_from

    @property
    def whole(self) -> bool:
        """Whether whole articles are asked for, or a field that only they have."""
        return bool(self.include) or not {"paragraphs", "extra"}.isdisjoint(self.fields)


@documented
class ArticlePage(PageShape):
    """Some of the articles that a question selects."""

    items: list[ListedArticle]
    """The articles of this page, in order."""


@documented
class LoneParagraph(ParagraphShape):
    """A paragraph, asked for by itself."""

    offset_unit: OffsetUnit
    """What offsets count."""


@router.get("/articles", responses=success(ArticlePage))
def list_articles(asked: Asked[ArticleListParams]) -> Response:
    """Articles that the filters select, the newest first, or the most relevant first with `q`."""
    question, corpus = asked.question, asked.corpus
    selection, unknown = select_or_refuse(question, corpus.snapshot)
    articles = selection.as_kind("articles")
    found = paginate(asked, articles, question.order)
    keys = [article for article, _ in found.places]
    highlighter = question.highlighter
    if question.whole or highlighter:
        chosen_fields = (
            select_fields(question.fields) if question.whole else [as_listed, *select_fields(question.fields)]
        )
        how, unit = question.highlight or "offsets", question.offset_unit
        shown = present_whole(corpus.documents.whole(keys), highlighter, how, unit, chosen_fields)
    else:
        changes = [*recount(question.offset_unit), *select_fields(question.fields)]
        shown = apply_changes(corpus.documents.rendered(keys), changes)
    return page_response(asked, selection, shown, articles.total, found.before, found.after, unknown)


def present_whole(
    articles: Sequence[Parts], highlighter: Highlighter | None, how: Highlight, unit: OffsetUnit,
    changes: Sequence[Change] = (),
) -> list[bytes]:  # fmt: skip
    """Whole articles with what was found in them, their offsets in this unit, and these changes at the end."""
    if highlighter is None and unit == "codepoint" and not changes:
        return [whole_article(*parts) for parts in articles]
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


@router.get("/articles/{id}", responses=success(WholeArticleShape))
def read_article(
    asked: Asked[ReadParams],
    id: Annotated[str, Path(description="The article's id.")],
) -> Response:
    """A whole article: all its paragraphs, with everything they mention."""
    question, corpus = asked.question, asked.corpus
    parts = [corpus.whole_article(id)]
    shown = present_whole(parts, question.highlighter, question.highlight, question.offset_unit)
    return Response(shown[0], media_type="application/json")


@router.get("/articles/{id}/paragraphs/{position}", responses=success(LoneParagraph))
def read_paragraph(
    asked: Asked[ReadParams],
    id: Annotated[str, Path(description="The article's id.")],
    position: Annotated[
        int,
        Field(ge=0, le=1_000_000),
        BeforeValidator(parse_int),
        Path(description="The paragraph's place, from 0, the title."),
    ],
) -> Response:
    """One paragraph of an article."""
    question, corpus = asked.question, asked.corpus
    key = corpus.article(id)
    item = corpus.documents.paragraph(key, position)
    if item is None:
        raise Problem(404, f"The article '{id}' has no paragraph {position}.")
    languages = corpus.documents.languages([key])
    changes = [highlight_paragraph(it, question.highlight, languages) for it in [question.highlighter] if it]
    shown = apply_changes([item], [*changes, *recount(question.offset_unit)])[0]
    return Response(
        b'%b,"offset_unit":"%b"}' % (shown[:-1], question.offset_unit.encode()), media_type="application/json"
    )
