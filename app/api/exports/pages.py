"""Pages as a stream: the items of all pages of a list, for lists that are too short to be worth another way."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.responses import Response

from app.api.deps import Corpus
from app.api.exports.pacing import Pacer
from app.api.params import ListParams
from app.api.query_string import QueryString, validate_params
from app.rendering import JsonObject

PAGE_SIZE = "100"

ListEndpoint = Callable[[Any, Corpus, QueryString], Response]


class ListReader(NamedTuple):
    """Reads the pages of a list."""

    endpoint: ListEndpoint
    model: type[ListParams]
    path: str
    corpus: Corpus
    pacer: Pacer

    def read_page(self, parameters: list[tuple[str, str]]) -> JsonObject:
        """Return a page. Raises `Problem`."""
        query = QueryString(self.path, parameters)
        page: JsonObject = orjson.loads(self.endpoint(validate_params(self.model, parameters), self.corpus, query).body)
        return page

    def read_items(self, parameters: list[tuple[str, str]]) -> tuple[int, Iterator[JsonObject]]:
        """Return the number of items on all pages, and an iterator over them. Raises `Problem`."""
        first = self.read_page([*parameters, ("limit", PAGE_SIZE)])
        return first["total"], self.follow(first)

    def follow(self, page: JsonObject) -> Iterator[JsonObject]:
        """Yield the items of a page and of all that follow."""
        yield from page["items"]
        while page["next"]:
            self.pacer.check()
            page = self.read_page(parse_qsl(page["next"].partition("?")[2], keep_blank_values=True))
            yield from page["items"]
