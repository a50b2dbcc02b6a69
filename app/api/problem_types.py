"""Problem types: the kinds of problems that responses name by a stable code, and what a client can do about each."""

from typing import Final, NamedTuple

PROBLEMS_PATH: Final = "/docs/problems"
"""Where a page explains all types, each under an anchor that is its code."""


class ProblemType(NamedTuple):
    """A kind of problem."""

    status: int
    """The HTTP status."""
    title: str
    explanation: str
    """When it occurs, and what to do, in sentences for people."""


PROBLEM_TYPES: Final = {
    "invalid-request": ProblemType(
        400, "Invalid request", "The request is not valid HTTP. Send one that a usual HTTP client makes."
    ),
    "unknown-url": ProblemType(
        404, "Unknown URL", "No URL of the service looks like this. The URLs are listed at `/` and in the docs."
    ),
    "unknown-id": ProblemType(
        404,
        "Unknown id",
        "There is no article, paragraph, entity or tag with this id; it may have been removed. `errors` may name "
        "similar ids.",
    ),
    "unknown-format": ProblemType(
        404,
        "Unknown format",
        "The URL exists, but not in the format that its suffix names, or the server lacks a library for it. `detail` "
        "lists the possible suffixes.",
    ),
    "method-not-allowed": ProblemType(
        405, "Method not allowed", "The API is read-only. `Allow` lists the methods that the URL supports."
    ),
    "not-acceptable": ProblemType(
        406,
        "Not acceptable",
        "The `Accept` header excludes `application/json`. Accept it, or ask for another format by a suffix, such as "
        "`/articles.csv`.",
    ),
    "request-timeout": ProblemType(
        408, "Request timeout", "The head of the request did not arrive in time. Send the request again."
    ),
    "url-too-long": ProblemType(414, "URL too long", "Shorten the URL, for example by fewer values of filters."),
    "invalid-parameter": ProblemType(
        422,
        "Invalid parameter",
        "A parameter does not exist, or has a value that it can't have. `errors` names each one, says what is wrong, "
        "and may suggest valid names or values.",
    ),
    "invalid-cursor": ProblemType(
        422,
        "Invalid cursor",
        "The cursor belongs to another query, or to another state of the corpus. Start again without `cursor`.",
    ),
    "headers-too-long": ProblemType(431, "Headers too long", "Send fewer or shorter headers, for example cookies."),
    "failure": ProblemType(500, "Failure", "The service failed, which is its fault. The failure was logged."),
    "unavailable": ProblemType(
        503,
        "Unavailable",
        "The service has no corpus yet, is loading one, or is shutting down. Ask again after `Retry-After` seconds.",
    ),
    "database-unreadable": ProblemType(
        503,
        "Database unreadable",
        "The database can't be read at the moment. Other URLs may work; the log of the service names the remedy.",
    ),
    "too-many-exports": ProblemType(
        503,
        "Too many exports",
        "As many exports are made as is possible at once. Ask again after `Retry-After` seconds.",
    ),
}
"""The types by code. Codes are stable: clients decide by them."""

DEFAULT_CODES: Final = {problem.status: code for code, problem in reversed(PROBLEM_TYPES.items())}
"""The first code of each status."""
