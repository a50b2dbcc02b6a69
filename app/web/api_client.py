"""The client of pages: ask the API in process, so that pages show exactly what it answers."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import quote

import orjson
from fastapi import Depends, Request
from starlette.types import Message, Scope

from app.api.errors import Problem
from app.system.threads import run_in_low_priority_thread
from app.web.links import encode_query

Parameters = Iterable[tuple[str, str | int]]

SLOW_TO_PARSE: Final = 200_000
"""Responses of so many bytes are parsed in a thread: it takes over 1 ms."""

PINNED: Final = ("http_version", "scheme", "server", "client", "state", "root_path", "revision")
"""What the requests of a page have in common with the request for it; above all the revision of the corpus."""


class Moved(Exception):
    """Raised when the API redirects a request of a page; the page redirects, too."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class ApiClient:
    """Asks the application that a page belongs to, without sockets, through the same cache.

    It is the API that decides what is slow and runs in a thread. A request takes 40 us if its response is cached.
    """

    def __init__(self, scope: Scope) -> None:
        self.app = scope["api"]
        self.pinned = {name: scope[name] for name in PINNED if name in scope}

    async def get(self, path: str, parameters: Parameters = ()) -> Any:
        """Return the JSON of a path, such as `/articles`. Raises `Problem`, that of the API, and `Moved`."""
        scope = {
            **self.pinned,
            "type": "http",
            "asgi": {"version": "3.0"},
            "method": "GET",
            "path": path,
            "raw_path": quote(path, errors="replace").encode(),
            "query_string": encode_query(parameters).encode(),
            "headers": [(b"accept", b"application/json")],
        }
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        start, *chunks = messages
        body = b"".join(chunk.get("body", b"") for chunk in chunks)
        if start["status"] == 308:
            raise Moved(next(value.decode("latin-1") for name, value in start["headers"] if name == b"location"))
        parse = partial(orjson.loads, body)
        answer = parse() if len(body) < SLOW_TO_PARSE else await run_in_low_priority_thread(parse)
        if start["status"] != 200:
            raise Problem(answer["status"], answer["detail"], answer.get("errors"))
        return answer

    async def get_all(self, *questions: str | tuple[str, Parameters]) -> list[Any]:
        """Return the JSON of several paths, each with its parameters if it has any, in their order."""
        requests = [(question, ()) if isinstance(question, str) else question for question in questions]
        return await asyncio.gather(*(self.get(path, parameters) for path, parameters in requests))


def get_api(request: Request) -> ApiClient:
    """Return the client with which a page asks the API."""
    return ApiClient(request.scope)


ApiDep = Annotated[ApiClient, Depends(get_api)]
