"""What every problem must be, whichever address gave it."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

ROOT = re.escape(str(Path(__file__).parents[2]))
LEAKS = re.compile(rf"Traceback|\bSELECT\b|\bsqlite|tantivy|pydantic|{ROOT}|/usr/|/home/|/tmp/|\.py\b|\.db\b", re.ASCII)
"""What must never stand in an answer that tells a problem."""


def problem(answer: httpx.Response, status: int) -> Any:
    """The problem that this answer tells; everything about its form is checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    told = answer.json()
    assert set(told) - {"errors"} == {"type", "title", "status", "detail", "instance"}
    assert told["type"] == "about:blank"
    assert told["status"] == status
    assert told["title"] == ("Unprocessable Content" if status == 422 else HTTPStatus(status).phrase)
    assert unquote(told["instance"]) == unquote(answer.request.extensions.get("asked", answer.request.url.path))
    assert told["detail"].endswith((".", "?")) or "&" in told["detail"]
    for error in told.get("errors", ()):
        assert set(error) - {"did_you_mean"} == {"parameter", "message"}
        assert error["message"] in told["detail"]
    return told


def refused(answer: httpx.Response, *parameters: str) -> str:
    """The sentences that refuse exactly these parameters."""
    told = problem(answer, 422)
    assert [error["parameter"] for error in told["errors"]] == list(parameters)
    return str(told["detail"])
