"""`/` and `/index.html`: the home page of the reader."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.rendering import JsonObject
from app.web.api_client import ApiClient, ApiDep
from app.web.charts import load_timeline
from app.web.links import PageUrl
from app.web.templating import render_page

router = APIRouter()

NAMED_TYPES: Final = ("person", "place", "organization")
"""Types whose most frequent entities the page lists."""

SHOWN: Final = 8
"""Length of each list."""

NEWEST: Final = 6
"""Most articles that the page shows: they fill two rows of a wide screen."""


@router.get("/")
@router.get("/index.html")
async def show_home(request: Request, api: ApiDep) -> Response:
    """Return the page that leads to everything: search, timeline, most named, newest."""
    corpus, tags, newest, named = await asyncio.gather(
        api.get("/corpus"),
        api.get("/tags", [("limit", SHOWN)]),
        api.get("/articles", [("limit", NEWEST)]),
        list_most_named(api),
    )
    url = PageUrl(request.scope.get("root_path", ""), "/articles")
    timeline = await load_timeline(api, url)
    response = await render_page(
        request,
        "home.html",
        corpus=corpus,
        tags=tags["items"],
        newest=newest["items"],
        named=named,
        timeline=timeline,
        articles_url=url,
    )
    if request.scope["path"] != "/index.html":
        response.headers["Vary"] = "Accept"
    return response


async def list_most_named(api: ApiClient) -> dict[str, list[JsonObject]]:
    """Return the most frequent entities of each type.

    All of them are usually among the most frequent of all types; to count by type takes 8 ms for 30,000 entities.
    """
    answer = await api.get("/entities", [("limit", 100)])
    named = {}
    for type in NAMED_TYPES:
        entities = [entity for entity in answer["items"] if entity["type"] == type][:SHOWN]
        if len(entities) < SHOWN and answer["next"]:
            entities = (await api.get("/entities", [("type", type), ("limit", SHOWN)]))["items"]
        named[type] = entities
    return named
