"""Pages as a stream: the items of all pages of a list, for lists that are too short to be worth another way."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.responses import Response

from app.api.deps import Corpus
from app.api.params import ListParams
from app.api.query_string import QueryString, validate_params
from app.rendering import JsonObject

PAGE_SIZE = "100"

ListEndpoint = Callable[[Any, Corpus, QueryString], Response]


def iterate_items(
    endpoint: ListEndpoint, model: type[ListParams], parameters: list[tuple[str, str]], corpus: Corpus, path: str
) -> Iterator[JsonObject]:
    """Yield the items of all pages that an endpoint returns for these parameters. Raises `Problem`."""
    parameters = [*parameters, ("limit", PAGE_SIZE)]
    while True:
        query = QueryString(path, parameters)
        page = orjson.loads(endpoint(validate_params(model, parameters), corpus, query).body)
        yield from page["items"]
        if page["next"] is None:
            return
        parameters = parse_qsl(page["next"].partition("?")[2], keep_blank_values=True)
