"""What goes wrong, as RFC 9457 problem details: a sentence that names the thing and the way out."""

from http import HTTPStatus
from typing import NotRequired

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from app.shapes import documented


@documented
class ErrorShape(TypedDict):
    """What is wrong with one parameter."""

    parameter: str
    message: str
    did_you_mean: NotRequired[list[str]]
    """The nearest that would have been possible."""


@documented
class ProblemShape(TypedDict):
    """Why there is no answer (RFC 9457)."""

    type: str
    """`about:blank`: the status says which kind of problem it is."""
    title: str
    status: int
    detail: str
    """One sentence for people."""
    instance: str
    """The address that was asked."""
    errors: NotRequired[list[ErrorShape]]
    """What is wrong with which parameter."""


class Problem(Exception):
    """There is no answer, and this is why."""

    def __init__(self, status: int, detail: str, errors: list[ErrorShape] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []

    def response(self, instance: str) -> Response:
        """The answer that tells it."""
        shape: ProblemShape = {
            "type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status,
            "detail": self.detail, "instance": instance,
        }  # fmt: skip
        if self.errors:
            shape["errors"] = self.errors
        headers = {"Cache-Control": "no-store"}
        if self.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = "GET, HEAD, OPTIONS"
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "1"
        return Response(orjson.dumps(shape), self.status, headers, "application/problem+json")


def refuse(errors: list[ErrorShape]) -> Problem:
    """A question that can't be asked."""
    return Problem(422, " ".join(error["message"] for error in errors), errors)


async def tell(request: Request, problem: Exception) -> Response:
    """Answer a problem of our own."""
    assert isinstance(problem, Problem)
    return problem.response(request.url.path)


async def tell_http(request: Request, problem: Exception) -> Response:
    """Answer what the router found wrong: an unknown address or method."""
    assert isinstance(problem, HTTPException)
    path = request.url.path
    details = {
        404: f"There is nothing at '{path}'; the addresses are listed at /.",
        405: f"'{path}' can only be read: GET, HEAD and OPTIONS.",
    }
    return Problem(problem.status_code, details.get(problem.status_code, str(problem.detail))).response(path)


async def tell_path(request: Request, problem: Exception) -> Response:
    """Answer a malformed part of a path."""
    assert isinstance(problem, RequestValidationError)
    errors: list[ErrorShape] = [
        {"parameter": str(error["loc"][-1]), "message": f"`{error['loc'][-1]}` is malformed: {error['msg']}."}
        for error in problem.errors()
    ]
    return refuse(errors).response(request.url.path)
