"""`/entities.html`: the entities that a selection names, by type and by name."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.formats import TYPES
from app.web.lists import load_list, read_list_url
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {"entity": "Named with", "tag": "Subjects", "source": "Sources", "language": "Languages"}
"""Fields that are counted beside the list, and their headings."""


@router.get("/entities.html")
async def show_entities(request: Request, api: ApiDep) -> Response:
    """Return the page with the entities that the selected articles name."""
    url = read_list_url(request)
    content = await load_list(api, url, (*FACETS, "entity_type"))
    present = {value["value"] for value in content["page"]["facets"]["entity_type"]["values"]}
    types = [type for type in TYPES if type in present or url.has("type", type)]
    return await render_page(request, "entities.html", types=types, facets=FACETS, **content)
