"""Error responses, as endpoints declare them in `responses=`."""

from typing import Any

from app.api.errors import ProblemDetails

Responses = dict[int | str, dict[str, Any]]

DESCRIPTIONS = {
    304: "The response that the client has, by `If-None-Match` or `If-Modified-Since`, is still current.",
    400: "The request is not valid HTTP.",
    404: "The resource does not exist.",
    406: "The `Accept` header excludes JSON.",
    414: "The URL is longer than 65,535 bytes.",
    422: "A parameter is invalid; `errors` names it.",
    500: "The service failed.",
    503: "No revision is served yet.",
}
"""Descriptions of the statuses other than 200."""


def declare_responses(*statuses: int) -> Responses:
    """Return these responses as `responses=` takes them."""
    return {
        status: {"description": DESCRIPTIONS[status], **({"model": ProblemDetails} if status >= 400 else {})}
        for status in statuses
    }


COMMON = declare_responses(400, 414, 500)
"""Error responses of all URLs."""
ERRORS = declare_responses(304, 400, 406, 414, 422, 500, 503)
"""Error responses of all URLs whose responses come from the corpus."""
NOT_FOUND = declare_responses(404)
