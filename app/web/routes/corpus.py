"""`/corpus.html`: what the corpus holds, from where, from when, and what was refused."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.charts import load_timeline
from app.web.links import PageUrl, read_page_url
from app.web.mention_markup import ORIGINS
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {
    "source": "Sources",
    "author": "Authors",
    "tag": "Subjects",
    "language": "Languages",
    "entity_type": "Kinds of names",
    "origin": "Origins of mentions",
}
"""Fields by which all articles are counted, and their headings."""

SHOWN: Final = 12
"""Most values of each field."""


@router.get("/corpus.html")
async def show_corpus(request: Request, api: ApiDep) -> Response:
    """Return the page that says what there is to read."""
    url = read_page_url(request)
    articles_url = PageUrl(url.root, "/articles")
    counted: list[tuple[str, str | int]] = [*(("facet", facet) for facet in FACETS)]
    counted += [("facet_size", SHOWN), ("limit", 1), ("fields", "id")]
    (corpus, articles), timeline = await asyncio.gather(
        api.get_all(("/corpus", url.parameters), ("/articles", counted)), load_timeline(api, articles_url)
    )
    return await render_page(
        request,
        "corpus.html",
        corpus=corpus,
        facets=FACETS,
        counts=articles["facets"],
        origins=ORIGINS,
        timeline=timeline,
        articles_url=articles_url,
    )
