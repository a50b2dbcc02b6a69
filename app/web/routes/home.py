"""`/` and `/index.html`: the home page of the reader."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.charts import load_timeline
from app.web.links import PageUrl
from app.web.templating import render_page

router = APIRouter()

NAMED_TYPES: Final = ("person", "place", "organization")
"""Types whose most frequent entities the page lists."""

SHOWN: Final = 8
"""Length of each list."""


@router.get("/")
@router.get("/index.html")
async def show_home(request: Request, api: ApiDep) -> Response:
    """Return the page that leads to everything: search, timeline, most named, newest."""
    corpus, tags, newest, *named = await api.get_all(
        "/corpus",
        ("/tags", [("limit", SHOWN)]),
        ("/articles", [("limit", SHOWN)]),
        *(("/entities", [("type", type), ("limit", SHOWN)]) for type in NAMED_TYPES),
    )
    url = PageUrl(request.scope.get("root_path", ""), "/articles")
    timeline = await load_timeline(api, url)
    response = await render_page(
        request,
        "home.html",
        corpus=corpus,
        tags=tags["items"],
        newest=newest["items"],
        named=dict(zip(NAMED_TYPES, (answer["items"] for answer in named), strict=True)),
        timeline=timeline,
        articles_url=url,
    )
    if request.scope["path"] != "/index.html":
        response.headers["Vary"] = "Accept"
    return response
