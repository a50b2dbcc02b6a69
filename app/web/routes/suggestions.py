"""`/suggestions.html`: names, subjects and titles that begin like what is being typed, for the search box."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.errors import Problem
from app.rendering import JsonObject
from app.web.api_client import ApiClient, ApiDep, Parameters
from app.web.links import read_page_url
from app.web.templating import render_page

router = APIRouter()

LONGEST: Final = 80
"""Longer questions, in code points, are no beginning of a name."""


@router.get("/suggestions.html")
async def show_suggestions(request: Request, api: ApiDep) -> Response:
    """Return the list of suggestions; it is empty if nothing begins like this."""
    q = " ".join(read_page_url(request).get("q").split())[:LONGEST]
    entities, tags, articles = await asyncio.gather(
        list_items(api, "/entities", [("name_prefix", q), ("limit", 5)]),
        list_items(api, "/tags", [("name_prefix", q), ("limit", 3)]),
        list_items(api, "/articles", [("q", f"{q}*"), ("q_in", "title"), ("limit", 4)]),
    )
    return await render_page(request, "suggestions.html", entities=entities, tags=tags, articles=articles)


async def list_items(api: ApiClient, path: str, parameters: Parameters) -> list[JsonObject]:
    """Return the items of a list; none if half a question is no question."""
    try:
        return list((await api.get(path, parameters))["items"])
    except Problem:
        return []
