"""`/articles.html`: search, with facets, a timeline and extracts."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.charts import load_timeline
from app.web.links import read_page_url
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {
    "entity": "Named",
    "tag": "Subjects",
    "author": "Authors",
    "source": "Sources",
    "language": "Languages",
}
"""Fields that are counted beside the list, and their headings."""

PRESENTATION: Final = ("facet", "facet_size", "facet_prefix", "fields", "highlight", "include", "offset_unit")
"""Parameters of `/articles` that the page sets itself."""


@router.get("/articles.html")
async def show_articles(request: Request, api: ApiDep) -> Response:
    """Return the page with the articles that the question selects."""
    url = read_page_url(request)
    question = tuple(pair for pair in url.parameters if pair[0] not in PRESENTATION)
    shown = [*(("facet", facet) for facet in FACETS), ("facet_size", "8")]
    if url.get("q"):
        shown.append(("highlight", "markup"))
    articles, timeline = await asyncio.gather(api.get("/articles", [*question, *shown]), load_timeline(api, url))
    return await render_page(request, "articles.html", page=articles, timeline=timeline, facets=FACETS)
