"""Lists: what the pages of lists have in common, their question, its filters in words, and facets."""

from collections.abc import Iterable
from typing import Any, Final

from fastapi import Request

from app.web.api_client import ApiClient
from app.web.chosen_filters import list_chosen_filters
from app.web.links import PageUrl, read_page_url

PRESENTATION: Final = ("facet", "facet_size", "facet_prefix", "fields", "highlight", "include", "offset_unit")
"""Parameters of lists that pages set themselves."""

FACET_SIZE: Final = 9
"""Values of each facet: as many as there are types of entities."""

TABLE_EXPORTS: Final = ((".csv", "CSV"), (".jsonl", "JSON Lines"))
"""The formats of rows that most people ask for; `/docs` has all."""


def read_list_url(request: Request) -> PageUrl:
    """Return the address of the page of a list, without the parameters that the page sets itself."""
    url = read_page_url(request)
    return url.select(name for name, _ in url.parameters if name not in PRESENTATION)


async def load_list(
    api: ApiClient, url: PageUrl, facets: Iterable[str], parameters: Iterable[tuple[str, str | int]] = ()
) -> dict[str, Any]:
    """Return what the page of a list shows: `page`, the API's answer, and `chosen`, the filters of the question.

    Raises `Problem`.
    """
    counted = (("facet", facet) for facet in facets)
    page = await api.get(url.path, [*url.parameters, *counted, ("facet_size", FACET_SIZE), *parameters])
    return {"page": page, "chosen": await list_chosen_filters(api, url, page["facets"]), "exports": TABLE_EXPORTS}
