"""Addresses that answer from the corpus: FastAPI finds and describes them, and each reads its question by itself."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from inspect import signature
from typing import Any, Final, cast, get_args, get_type_hints

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, create_model
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.api.deps import Corpus, problems
from app.api.errors import Problem
from app.api.params import Asked, parameters, parse_query_string, validate_params
from app.system.threads import LongWorkError, run_in_low_priority_thread

MANY: Final = 32
"""A question of more parameters goes to a thread: each of their values is looked up."""


class QueryRoute(APIRoute):
    """An address that is answered by a function of what was asked and of the parts of the path.

    What FastAPI does for bodies, cookies and dependencies, which are not there, would take longer than most answers:
    hence a route that is found and described as others are, and answers by itself.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        hints = get_type_hints(endpoint, include_extras=True)
        del hints["return"]
        self.question: type[Any] = get_args(hints.pop("asked"))[0]
        fields: dict[str, Any] = {name: (hint, ...) for name, hint in hints.items()}
        self.parts: type[BaseModel] = create_model("Parts", **fields)
        self.show: Callable[..., Response] = endpoint
        described = [it for it in signature(endpoint).parameters.values() if it.name in hints]
        endpoint.__signature__ = signature(endpoint).replace(parameters=described)  # type: ignore[attr-defined]
        declared["responses"] = {**problems(*([404] if hints else [])), **(declared.get("responses") or {})}
        declared["openapi_extra"] = {"parameters": parameters(self.question)}
        super().__init__(path, endpoint, **declared)
        self.app = self.respond

    async def respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises `Problem`."""
        response = await self.answer(scope)
        await response(scope, receive, send)

    async def answer(self, scope: Scope) -> Response:
        """The answer to a question; a dear one is answered in a thread, so that no other waits for it.

        So is one that turns out to be dear while it is answered: nothing is changed by answering, so it is begun again.
        """
        corpus, parts = get_corpus(scope), scope["path_params"]
        given = parse_query_string(scope["query_string"])
        asked = Asked(validate_params(self.question, given), given, self.path, corpus)
        named = dict(validate_params(self.parts, [*parts.items()])) if parts else {}
        if corpus.snapshot.weight < asked.question.dear_from and len(given) <= MANY:
            with suppress(LongWorkError):
                return self.show(asked, **named)
        return await run_in_low_priority_thread(lambda: self.show(asked, **named))


def get_corpus(scope: Scope) -> Corpus:
    """The revision that the request was pinned to when it came in. Raises `Problem` while there is none."""
    if pinned := scope.get("corpus"):
        return cast("Corpus", pinned)
    service = scope["app"].state.service
    if service.snapshot is None:
        raise Problem(503, service.status)
    return Corpus(service.snapshot, service.settings.root_path)


def addresses(*tags: str, route_class: type[APIRoute] = APIRoute) -> APIRouter:
    """A router for addresses; each operation is called as its function is."""
    return APIRouter(tags=[*tags], route_class=route_class, generate_unique_id_function=lambda route: route.name)


resources = partial(addresses, route_class=QueryRoute)
"""The same for addresses that answer from the corpus."""
