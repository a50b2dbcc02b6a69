"""`/articles/{id}.html`: read an article, with its mentions and what is similar to it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.rendering import JsonObject
from app.web.api_client import ApiDep
from app.web.formats import TYPES
from app.web.links import read_page_url
from app.web.mention_markup import name_origin
from app.web.templating import render_page

router = APIRouter()

PRESENTATION: Final = ("fields", "highlight", "offset_unit")
"""Parameters of `/articles/{id}` that the page sets itself."""

MOST_DESCRIBED: Final = 100
"""Entities whose descriptions are shown; the others have only their names."""

ELEMENTS: Final = {"title": "h1", "heading": "h2", "quote": "blockquote", "list": "li"}
"""The elements of paragraphs, by role; the others are a `p`."""

ORIGINS: Final = {"given": "In the file", "catalogue": "Catalogue", "rules": "Rules", "other": "Others"}
"""Where mentions come from, as a reader is told."""

EXPORTS: Final = (
    (".md", "Markdown"),
    (".txt", "text"),
    (".annotations.jsonld", "Web Annotation"),
    (".tei.xml", "TEI"),
    (".conll", "CoNLL"),
)
"""The formats that most people ask for; `/docs` has all."""


@router.get("/articles/{id:id}.html")
async def show_article(request: Request, id: str, api: ApiDep) -> Response:
    """Return the page of an article; with `q`, its words are highlighted."""
    url = read_page_url(request)
    article = await api.get(f"/articles/{id}", url.without(*PRESENTATION).parameters)
    entities, similar = await api.get_all(
        ("/entities", [("id", id), ("limit", MOST_DESCRIBED)]), (f"/articles/{id}/similar", [("limit", 4)])
    )
    paragraphs = article["paragraphs"]
    mentions = [mention for paragraph in paragraphs for mention in paragraph["mentions"]]
    types, origins = {mention["type"] for mention in mentions}, {name_origin(mention) for mention in mentions}
    return await render_page(
        request,
        "article.html",
        article=article,
        groups=group_lists(paragraphs),
        headings=[paragraph for paragraph in paragraphs if paragraph["role"] == "heading"],
        elements=ELEMENTS,
        named={type: [entity for entity in article["entities"] if entity["type"] == type] for type in TYPES},
        described={entity["id"]: entity for entity in entities["items"]},
        types=[type for type in TYPES if type in types],
        origins=[(origin, label) for origin, label in ORIGINS.items() if origin in origins],
        similar=similar["items"],
        exports=EXPORTS,
    )


def group_lists(paragraphs: Iterable[JsonObject]) -> list[list[Any]]:
    """Return the paragraphs in groups: the items of a list are together, all others alone."""
    groups = groupby(paragraphs, key=lambda paragraph: paragraph["role"] == "list" or paragraph["position"])
    return [list(group) for _, group in groups]
