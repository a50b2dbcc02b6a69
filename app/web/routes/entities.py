"""`/entities.html`: the entities that a selection names, by type and by name."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiClient, ApiDep
from app.web.formats import TYPES
from app.web.links import PageUrl
from app.web.lists import load_list, read_list_url
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {"entity": "Named with", "tag": "Subjects", "source": "Sources", "language": "Languages"}
"""Fields that are counted beside the list, and their headings."""


@router.get("/entities.html")
async def show_entities(request: Request, api: ApiDep) -> Response:
    """Return the page with the entities that the selected articles name."""
    url = read_list_url(request)
    content, types = await asyncio.gather(load_list(api, url, FACETS), count_types(api, url))
    return await render_page(request, "entities.html", types=types, facets=FACETS, **content)


async def count_types(api: ApiClient, url: PageUrl) -> dict[str, int]:
    """Return how many entities of each type a question selects; types without any are left out."""
    question = url.without("type", "limit").parameters
    answers = await api.get_all(
        *((url.path, [*question, ("type", type), ("limit", "1"), ("fields", "id")]) for type in TYPES)
    )
    counts = zip(TYPES, (answer["total"] for answer in answers), strict=True)
    return {type: count for type, count in counts if count or url.has("type", type)}
