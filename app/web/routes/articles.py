"""`/articles.html`: search, with facets, a timeline and extracts."""

import asyncio
from itertools import islice
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.errors import Problem
from app.text import fold_name
from app.web.api_client import ApiClient, ApiDep
from app.web.charts import load_timeline
from app.web.links import encode_query
from app.web.lists import load_list, read_list_url
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

LISTS: Final = {"entity": "/entities", "tag": "/tags"}
"""Lists of all values of a field."""

LIMIT: Final = "10"
"""Articles of a page, unless the question says otherwise: to find the words of `q` takes 1 ms an article."""

SORTS: Final = (("-published", "newest"), ("published", "oldest"), ("title", "title"))

EXPORTS: Final = ((".csv", "CSV"), (".jsonl", "JSON Lines"), (".md", "Markdown"), (".tei.xml", "TEI"))
"""The formats that most people ask for; `/docs` has all."""

MOST_NAMESAKES: Final = 3
"""Most entities that are shown for a question that is their name."""

LONGEST_NAME: Final = 80
"""Longer questions, in code points, are not taken for a name."""


@router.get("/articles.html")
async def show_articles(request: Request, api: ApiDep) -> Response:
    """Return the page with the articles that the question selects."""
    url = read_list_url(request)
    q = url.get("q")
    shown = [("highlight", "markup")] if q else []
    shown += [] if url.get("limit") else [("limit", LIMIT)]
    content, timeline, namesakes = await asyncio.gather(
        load_list(api, url, FACETS, shown), load_timeline(api, url), find_namesakes(api, q)
    )
    question = url.select(("q", "match", "q_in")).parameters
    return await render_page(
        request,
        "articles.html",
        **content | {"exports": EXPORTS},
        timeline=timeline,
        namesakes=namesakes,
        facets=FACETS,
        lists={field: url.at(path) for field, path in LISTS.items()},
        sorts=((("relevance", "relevance"),) if q else ()) + SORTS,
        chosen_sort=url.get("sort") or ("relevance" if q else "-published"),
        question=f"?{encode_query(question)}" if q else "",
    )


async def find_namesakes(api: ApiClient, q: str) -> list[Any]:
    """Return entities with this name; none if the question is no name.

    Of an unknown name the API suggests others, which takes 10 ms in 50,000. So it is asked first for names that begin
    like this, and only if there are too many to look through for this very name.
    """
    name = q.strip('"')
    if not name or len(q) > LONGEST_NAME:
        return []
    try:
        similar = await api.get("/entities", [("name_prefix", name), ("limit", 100)])
        if similar["next"]:
            return list((await api.get("/entities", [("name", name), ("limit", MOST_NAMESAKES)]))["items"])
    except Problem:
        return []
    folded = fold_name(name)
    namesakes = (each for each in similar["items"] if folded in map(fold_name, (each["name"], *each["aliases"])))
    return [*islice(namesakes, MOST_NAMESAKES)]
