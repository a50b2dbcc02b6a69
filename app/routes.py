"""Addresses that answer from the corpus: FastAPI describes them, and the front asks them itself."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, get_args, get_type_hints

from anyio import to_thread
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, create_model
from starlette.responses import Response

from app.questions import Asked, parameters, split, validate
from app.resources import Corpus, problems

LARGE = 2_000
"""From so many articles on, some questions take longer than others can wait."""


class Resource(APIRoute):
    """An address that is answered by a function of what was asked and of the parts of the path.

    For FastAPI that is a function of the parts of the path, which it describes and never calls: all that it does
    to bodies, cookies and dependencies that are not there would take longer than most answers.
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

    async def answer(self, corpus: Corpus, parts: Mapping[str, str], query_string: bytes) -> Response:
        """The answer to a question; a dear one is answered in a thread, so that no other waits for it.

        Raises `Problem`.
        """
        given = split(query_string)
        asked = Asked(validate(self.question, given), given, self.path, corpus)
        named = dict(validate(self.parts, [*parts.items()])) if parts else {}
        if asked.question.dear and corpus.snapshot.size("articles") >= LARGE:
            return await to_thread.run_sync(lambda: self.show(asked, **named))
        return self.show(asked, **named)


def resources(*tags: str) -> APIRouter:
    """A router of such addresses."""
    return APIRouter(tags=[*tags], route_class=Resource)
