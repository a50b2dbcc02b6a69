"""The client commands: ask a running server, and check its health."""

import json
from collections.abc import Collection
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from app.cli.console import abort, print_line


def ask(server: str, path: str) -> None:
    """Print the answer of a server; a problem is one sentence and exit status 1."""
    import httpx  # noqa: PLC0415  (Health checks do without it, for it takes long to load.)

    url = f"{server.rstrip('/')}/{path.lstrip('/')}"
    try:
        response = httpx.get(url, timeout=60)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        abort(describe_failure(server, error))
    if not response.headers.get("content-type", "").partition(";")[0].endswith("json"):
        print_line(response.text)
    elif response.is_success:
        print_line(json.dumps(response.json(), indent=2, ensure_ascii=False))
    else:
        abort(describe_problem(response.json()))
    if not response.is_success:
        raise SystemExit(1)


def describe_problem(problem: dict[str, Any]) -> str:
    """Return the sentences of a problem (RFC 9457): its detail, and what is wrong with which parameter."""
    messages = [error["message"] for error in problem.get("errors", ())]
    return " ".join([*messages] or [problem["detail"]])


def check_health(server: str) -> None:
    """Print that a server is ready; where it is not, stop with exit status 1."""
    # Not by httpx, which takes .2 s of CPU to load: an orchestrator checks every few seconds.
    try:
        with urlopen(f"{server.rstrip('/')}/health/ready", timeout=2) as response:  # noqa: S310  (The user names it.)
            print_line(json.load(response)["status"])
    except HTTPError as error:
        abort(describe_problem(json.load(error)))
    except (OSError, HTTPException, ValueError) as error:
        abort(describe_failure(server, error))


def serves_another_corpus(server: str, revisions: Collection[str]) -> bool:
    """Tell whether a server runs at this address and serves none of these revisions; wait for it for .3 s at most."""
    try:
        with urlopen(f"{server}/corpus", timeout=0.3) as response:  # noqa: S310  (The address is ours.)
            return json.load(response)["revision"]["id"] not in revisions
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return False


def describe_failure(server: str, error: Exception) -> str:
    """Return the sentence for a server that can't be asked, without the number of the error."""
    reason = str(getattr(error, "reason", error)).rpartition("] ")[2]
    return f"The server at {server} does not answer: {reason.strip('.')}."
