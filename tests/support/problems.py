"""Problem details: check the form that all of them have, whichever endpoint returns them."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from app.api.problem_types import PROBLEM_TYPES, PROBLEMS_PATH

ROOT = re.escape(str(Path(__file__).parents[2]))
LEAKS = re.compile(rf"Traceback|\bSELECT\b|\bsqlite|tantivy|pydantic|{ROOT}|/usr/|/home/|/tmp/|\.py\b|\.db\b", re.ASCII)
"""Internals that no problem may reveal."""


def problem(answer: httpx.Response, status: int) -> Any:
    """Return the problem of a response, after a check of everything about its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    document = answer.json()
    assert set(document) - {"errors"} == {"type", "title", "status", "detail", "instance"}
    page, _, code = document["type"].partition("#")
    assert page.endswith(PROBLEMS_PATH)
    assert (document["status"], document["title"]) == (status, PROBLEM_TYPES[code].title)
    assert PROBLEM_TYPES[code].status == status
    assert unquote(document["instance"]) == unquote(answer.request.extensions.get("asked", answer.request.url.path))
    assert document["detail"].endswith((".", "?")) or "&" in document["detail"]
    for error in document.get("errors", ()):
        assert set(error) - {"did_you_mean"} == {"parameter", "message"}
        assert error["message"] in document["detail"]
    return document


def refused(answer: httpx.Response, *parameters: str) -> str:
    """Return the sentences of a 422 that refuses exactly these parameters."""
    document = problem(answer, 422)
    assert [error["parameter"] for error in document["errors"]] == list(parameters)
    return str(document["detail"])
