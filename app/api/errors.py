"""Errors as problem details (RFC 9457): a sentence that names what is wrong and the way out."""

from http import HTTPStatus
from urllib.parse import quote

import orjson
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.database.errors import DatabaseError
from app.rendering import JsonObject
from app.schemas import Schema


class ParameterError(Schema):
    """What is wrong with one parameter."""

    parameter: str
    """Name of the parameter, as sent."""
    message: str
    """What is wrong, in one sentence."""
    did_you_mean: list[str] = Field(default_factory=list)
    """Valid alternatives, the most similar first."""


class ProblemDetails(Schema):
    """Why a request failed (RFC 9457)."""

    type: str
    """`about:blank`: the status identifies the kind of problem."""
    title: str
    """Name of the HTTP status."""
    status: int
    """HTTP status code."""
    detail: str
    """What is wrong, in sentences for people."""
    instance: str
    """Path of the request."""
    errors: list[ParameterError] = Field(default_factory=list)
    """The invalid parameters."""


TITLES = {414: "URI Too Long", 422: "Unprocessable Content"}
"""Names in RFC 9110 of statuses whose names differ between versions of Python."""


class Problem(Exception):
    """Raised to respond with problem details."""

    def __init__(self, status: int, detail: str, errors: list[JsonObject] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []

    @property
    def title(self) -> str:
        """Return the name of the status."""
        return TITLES.get(self.status) or HTTPStatus(self.status).phrase

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the response."""
        headers = {"Cache-Control": "no-store"}
        if self.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = "GET, HEAD, OPTIONS"
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "1"
        return headers

    def response(self, instance: str) -> Response:
        """Return the response to a request for this path."""
        details: JsonObject = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            details["errors"] = self.errors
        return Response(orjson.dumps(details), self.status, self.headers, "application/problem+json")


FAILURE = Problem(500, "The service failed to answer; the failure was logged.")


def invalid_params(errors: list[JsonObject]) -> Problem:
    """Return the problem with these `ParameterError`s."""
    return Problem(422, " ".join(error["message"] for error in errors), errors)


def invalid_param(parameter: str, message: str) -> Problem:
    """Return the problem with one parameter."""
    return invalid_params([{"parameter": parameter, "message": message}])


def request_path(scope: Scope) -> str:
    """Return the path as the client wrote it: percent-encoded, with the prefix that a proxy may have removed."""
    root: str = scope.get("root_path", "")
    path: str = scope["path"]
    raw: bytes | None = scope.get("raw_path")
    encoded = quote(path if raw is None else raw, safe="/%:@!$&'()*+,;=~")
    return encoded if path == root or path.startswith(f"{root}/") else root + encoded


async def problem_handler(request: Request, problem: Exception) -> Response:
    """Return the response to a `Problem`."""
    assert isinstance(problem, Problem)
    return problem.response(request_path(request.scope))


def describe_http_error(request: Request, error: HTTPException) -> Problem:
    """Return the problem of an unknown path or a wrong method."""
    path, root = request_path(request.scope), request.scope.get("root_path", "")
    without_slash = path.rstrip("/")
    match error.status_code:
        case 404 if path.endswith("/") and without_slash.removeprefix(root):
            detail = f"There is nothing at '{path}'; URLs don't end in a slash: try '{without_slash}'."
        case 404:
            detail = f"There is nothing at '{path}'; the URLs are listed at '{root}/'."
        case 405:
            detail = f"'{path}' can only be read: GET, HEAD and OPTIONS."
        case _:
            detail = str(error.detail)
    return Problem(error.status_code, detail)


async def http_exception_handler(request: Request, error: Exception) -> Response:
    """Return the response to an unknown path or a wrong method."""
    assert isinstance(error, HTTPException)
    return describe_http_error(request, error).response(request_path(request.scope))


async def database_error_handler(request: Request, error: Exception) -> Response:
    """Return the response when the database can't be read, and report the error to the log and the health check."""
    assert isinstance(error, DatabaseError)
    request.app.state.service.log_error(str(error))
    return Problem(503, error.summary).response(request_path(request.scope))


async def unhandled_exception_handler(request: Request, _error: Exception) -> Response:
    """Return the response to a failure of the service; the log says more."""
    return FAILURE.response(request_path(request.scope))
