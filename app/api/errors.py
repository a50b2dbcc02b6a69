"""What goes wrong, as RFC 9457 problem details: a sentence that names the thing and the way out."""

from http import HTTPStatus
from urllib.parse import quote

import orjson
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.database.dialect import DatabaseError
from app.rendering import JsonObject
from app.schemas import Schema


class ParameterError(Schema):
    """What is wrong with one parameter."""

    parameter: str
    """The parameter, as it was asked."""
    message: str
    """What is wrong with it, in a sentence."""
    did_you_mean: list[str] = Field(default_factory=list)
    """The nearest that would have been possible."""


class ProblemDetails(Schema):
    """Why there is no answer (RFC 9457)."""

    type: str
    """`about:blank`: the status says which kind of problem it is."""
    title: str
    """What HTTP calls the status."""
    status: int
    """The status of the answer."""
    detail: str
    """One sentence for people."""
    instance: str
    """The address that was asked."""
    errors: list[ParameterError] = Field(default_factory=list)
    """What is wrong with which parameter."""


TITLES = {414: "URI Too Long", 422: "Unprocessable Content"}
"""Where Python's versions name a status differently, its name in RFC 9110."""


class Problem(Exception):
    """There is no answer, and this is why."""

    def __init__(self, status: int, detail: str, errors: list[JsonObject] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []

    def response(self, instance: str) -> Response:
        """The answer that tells it."""
        details: JsonObject = {
            "type": "about:blank", "title": TITLES.get(self.status) or HTTPStatus(self.status).phrase,
            "status": self.status, "detail": self.detail, "instance": instance,
        }  # fmt: skip
        if self.errors:
            details["errors"] = self.errors
        headers = {"Cache-Control": "no-store"}
        if self.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = "GET, HEAD, OPTIONS"
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "1"
        return Response(orjson.dumps(details), self.status, headers, "application/problem+json")


def invalid_params(errors: list[JsonObject]) -> Problem:
    """A question that can't be asked."""
    return Problem(422, " ".join(error["message"] for error in errors), errors)


def request_path(scope: Scope) -> str:
    """The path that was asked, as the client wrote it: encoded, and with the prefix that a proxy may have taken off."""
    root: str = scope.get("root_path", "")
    path: str = scope["path"]
    raw: bytes | None = scope.get("raw_path")
    asked = quote(path if raw is None else raw, safe="/%:@!$&'()*+,;=~")
    return asked if path == root or path.startswith(f"{root}/") else root + asked


async def problem_handler(request: Request, problem: Exception) -> Response:
    """Answer a problem of our own."""
    assert isinstance(problem, Problem)
    return problem.response(request_path(request.scope))


async def http_exception_handler(request: Request, problem: Exception) -> Response:
    """Answer what the router found wrong: an unknown address or method."""
    assert isinstance(problem, HTTPException)
    asked, root = request_path(request.scope), request.scope.get("root_path", "")
    bare = asked.rstrip("/")
    match problem.status_code:
        case 404 if asked.endswith("/") and bare.removeprefix(root):
            detail = f"There is nothing at '{asked}'; addresses don't end in a slash: try '{bare}'."
        case 404:
            detail = f"There is nothing at '{asked}'; the addresses are listed at '{root}/'."
        case 405:
            detail = f"'{asked}' can only be read: GET, HEAD and OPTIONS."
        case _:
            detail = str(problem.detail)
    return Problem(problem.status_code, detail).response(asked)


async def database_error_handler(request: Request, failure: Exception) -> Response:
    """Answer that the database can't be read, and put it into the log and the health check."""
    assert isinstance(failure, DatabaseError)
    request.app.state.service.log_error(str(failure))
    return Problem(503, failure.summary).response(request_path(request.scope))


async def unhandled_exception_handler(request: Request, _error: Exception) -> Response:
    """Return the response to a failure of the service; the log says more."""
    return Problem(500, "The service failed to answer; the failure was logged.").response(request_path(request.scope))
