"""Error pages: say what is wrong and the way out, with the status that the API gives."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.api.errors import TITLES, request_path
from app.web.api_client import ApiProblem, Moved
from app.web.templating import render_page


async def show_problem_details(request: Request, status: int, detail: str, errors: list[Any]) -> Response:
    """Return the page of a problem."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    response = await render_page(request, "error.html", status, title=title, detail=detail, errors=errors)
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    return response


async def show_api_problem(request: Request, error: Exception) -> Response:
    """Return the page of a problem that the API has with a question of a page."""
    assert isinstance(error, ApiProblem)
    problem = error.problem
    return await show_problem_details(request, problem["status"], problem["detail"], problem.get("errors", []))


async def show_http_error(request: Request, error: Exception) -> Response:
    """Return the page of an unknown path or a wrong method."""
    assert isinstance(error, HTTPException)
    path = request_path(request.scope)
    detail = f"There is no page '{path}'." if error.status_code == 404 else str(error.detail)
    return await show_problem_details(request, error.status_code, detail, [])


async def show_failure(request: Request, _error: Exception) -> Response:
    """Return the page of a failure of the service; the log says more."""
    return await show_problem_details(request, 500, "The service failed to answer; the failure was logged.", [])


async def show_move(_request: Request, error: Exception) -> Response:
    """Return the redirection to the page of a resource that has moved."""
    assert isinstance(error, Moved)
    return RedirectResponse(f"{error.url}.html", 308)
