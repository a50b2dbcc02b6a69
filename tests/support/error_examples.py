"""The errors that the OpenAPI document shows, asked of the service."""

from pathlib import Path
from typing import Any

from app.api.docs.examples import EXAMPLE_URLS, EXPORT_URLS, OWN_ERRORS, error_url
from app.settings import Settings
from tests.conftest import Api
from tests.support.sockets import listening, request


def ask_errors(seeded: Api, folder: Path) -> dict[str, Any]:
    """Return the errors of a corpus, by the name of their example; `folder` is for a corpus of no articles."""
    empty = Api(Settings(data=folder))
    problems: dict[str, Any] = {}
    for operation in (*EXAMPLE_URLS, *EXPORT_URLS):
        for status in OWN_ERRORS:
            url = error_url(operation, status)
            answer = (empty if status == 503 else seeded).get(url) if url else None
            if answer is not None and answer.status_code == status:
                problems[f"{operation} {status}"] = answer.json()
    problems["NotAcceptable"] = seeded.get("/articles", headers={"Accept": "text/html"}).json()
    with listening(seeded.app) as listener:
        long, strange = f"/articles?q={'x' * 70_000}", request("/articles", "Host: b")
        problems["URITooLong"], problems["BadRequest"] = (
            listener.exchange(sent)[0].problem for sent in (request(long), strange)
        )
    empty.service.wait_until_opened = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    problems["InternalServerError"] = empty.get("/health/ready").json()
    empty.close()
    return problems
