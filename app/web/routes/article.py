"""`/articles/{id}.html`: read an article, with its mentions and what is similar to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.rendering import JsonObject
from app.web.api_client import ApiDep
from app.web.formats import TYPES
from app.web.links import read_page_url
from app.web.mention_markup import ORIGINS, name_origin
from app.web.templating import render_page

router = APIRouter()

PRESENTATION: Final = ("fields", "highlight", "offset_unit")
"""Parameters of `/articles/{id}` that the page sets itself."""

MOST_DESCRIBED: Final = 100
"""Entities whose descriptions are shown; the others have only their names."""

ELEMENTS: Final = {"title": "h1", "heading": "h2", "quote": "blockquote", "list": "li"}
"""The elements of paragraphs, by role; the others are a `p`."""

EXPORTS: Final = (
    (".md", "Markdown"),
    (".txt", "text"),
    (".annotations.jsonld", "Web Annotation"),
    (".tei.xml", "TEI"),
    (".conll", "CoNLL"),
)
"""The formats that most people ask for; `/docs` has all."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What a page shows of an article (`schemas.Article`).

    Its template asks for the properties in a thread: in a book it takes some milliseconds to find them.
    """

    article: JsonObject

    @property
    def groups(self) -> list[list[JsonObject]]:
        """Return the paragraphs in groups: the items of a list are together, all others alone."""
        paragraphs = self.article["paragraphs"]
        groups = groupby(paragraphs, key=lambda paragraph: paragraph["role"] == "list" or paragraph["position"])
        return [list(group) for _, group in groups]

    @property
    def headings(self) -> list[JsonObject]:
        """Return the headings."""
        return [paragraph for paragraph in self.article["paragraphs"] if paragraph["role"] == "heading"]

    @property
    def mentions(self) -> Iterator[JsonObject]:
        """Return the mentions of all paragraphs."""
        return chain.from_iterable(paragraph["mentions"] for paragraph in self.article["paragraphs"])

    @property
    def types(self) -> list[str]:
        """Return the types of the mentions, in the order of all pages."""
        types = {mention["type"] for mention in self.mentions}
        return [type for type in TYPES if type in types]

    @property
    def origins(self) -> list[tuple[str, str]]:
        """Return the origins of the mentions, and what they are called."""
        origins = {name_origin(mention) for mention in self.mentions}
        return [(origin, name) for origin, name in ORIGINS.items() if origin in origins]

    @property
    def named(self) -> list[tuple[str, list[JsonObject]]]:
        """Return the entities of each type that the article mentions."""
        entities = self.article["entities"]
        return [(type, [entity for entity in entities if entity["type"] == type]) for type in TYPES]


@router.get("/articles/{id:id}.html")
async def show_article(request: Request, id: str, api: ApiDep) -> Response:
    """Return the page of an article; with `q`, its words are highlighted."""
    url = read_page_url(request)
    article = await api.get(f"/articles/{id}", url.without(*PRESENTATION).parameters)
    entities, similar = await api.get_all(
        ("/entities", [("id", id), ("limit", MOST_DESCRIBED)]), (f"/articles/{id}/similar", [("limit", 4)])
    )
    return await render_page(
        request,
        "article.html",
        article=article,
        view=ArticleView(article),
        elements=ELEMENTS,
        described={entity["id"]: entity for entity in entities["items"]},
        similar=similar["items"],
        exports=EXPORTS,
    )
