"""Error pages: say what is wrong and the way out, with the status that the API gives."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.api.errors import FAILURE, Problem, describe_http_error
from app.web.api_client import Moved
from app.web.templating import render_page


async def show_problem(request: Request, problem: Exception) -> Response:
    """Return the page of a problem."""
    assert isinstance(problem, Problem)
    response = await render_page(request, "error.html", problem.status, problem=problem)
    response.headers.update(problem.headers)
    return response


async def show_http_error(request: Request, error: Exception) -> Response:
    """Return the page of an unknown path or a wrong method."""
    assert isinstance(error, HTTPException)
    return await show_problem(request, describe_http_error(request, error))


async def show_failure(request: Request, _error: Exception) -> Response:
    """Return the page of a failure of the service; the log says more."""
    return await show_problem(request, FAILURE)


async def show_move(_request: Request, error: Exception) -> Response:
    """Return the redirection to the page of a resource that has moved."""
    assert isinstance(error, Moved)
    return RedirectResponse(f"{error.url}.html", 308)
