"""`ARTICLES_ORIGINS`: only web pages of these origins may read responses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings
from tests.conftest import Api, serving_documents

READER = "https://reader.example"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The application for pages of two origins."""
    settings = Settings(data=tmp_path_factory.mktemp("limited") / "data", origins=f"{READER} http://localhost:8080")
    with serving_documents(settings, [{"id": "a", "title": "A", "text": "Text."}]) as api:
        yield api


@pytest.mark.parametrize("url", ["/articles", "/articles/nope", "/articles?limit=0", "/docs", "/health/live"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_only_these_origins_are_allowed(limited: Api, url: str, method: str) -> None:
    allowed = {
        origin: limited.request(method, url, headers={"Origin": origin} if origin else {}).headers
        for origin in (READER, "http://localhost:8080", "https://other.example", "")
    }

    assert [headers.get("access-control-allow-origin") for headers in allowed.values()] == [
        READER,
        "http://localhost:8080",
        None,
        None,
    ]
    assert all("Origin" in headers["vary"].split(", ") for headers in allowed.values())


@pytest.mark.parametrize(
    "origins", ["", "reader.example", "https://reader.example/", "https://a.example,https://b.example/"]
)
def test_invalid_origins_are_refused(tmp_path: Path, origins: str) -> None:
    with pytest.raises(ValidationError):
        Settings(data=tmp_path, origins=origins)
