"""`/articles/{id}.html`: read an article, with its mentions and what is similar to it."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.links import read_page_url
from app.web.templating import render_page

router = APIRouter()

PRESENTATION: Final = ("fields", "highlight", "offset_unit")
"""Parameters of `/articles/{id}` that the page sets itself."""

MOST_ENTITIES: Final = 100
"""Entities whose descriptions are shown."""


@router.get("/articles/{id:id}.html")
async def show_article(request: Request, id: str, api: ApiDep) -> Response:
    """Return the page of an article; with `q`, its words are highlighted."""
    url = read_page_url(request)
    article = await api.get(f"/articles/{id}", url.without(*PRESENTATION).parameters)
    entities, similar = await api.get_all(
        ("/entities", [("id", id), ("limit", MOST_ENTITIES)]), (f"/articles/{id}/similar", [("limit", 6)])
    )
    described = {entity["id"]: entity for entity in entities["items"]}
    return await render_page(request, "article.html", article=article, described=described, similar=similar["items"])
