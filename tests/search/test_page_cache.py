"""Pages of all documents are cut from longer ones that are cached, and are those that a search gives."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from app.search import page_cache, selection
from app.search.paging import Pager
from app.settings import Settings
from tests.conftest import Api, serving_documents

SORTS = ("-published", "published", "title", "word_count")


@pytest.fixture(scope="module")
def ties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A corpus of 40 articles with five dates, four titles and no date in every eighth."""
    documents: list[dict[str, Any]] = [
        {
            "id": f"a{number * 7 % 40:02}",
            "title": f"Title {number % 4}",
            "text": "Text.",
            "language": "en",
            "published_at": f"200{number % 5}-01-01" if number % 8 else None,
        }
        for number in range(40)
    ]
    with serving_documents(Settings(data=tmp_path_factory.mktemp("ties") / "data", cache=0), documents) as api:
        yield api


@pytest.fixture
def short_pages(ties: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The same, with an empty cache of few and short pages."""
    monkeypatch.setattr(selection, "LONG_PAGE", 9)
    monkeypatch.setattr(page_cache, "MAX_PAGES", 3)
    assert ties.service.snapshot
    ties.service.snapshot.page_caches.clear()
    return ties


def walk(api: Api, url: str) -> dict[str, list[str]]:
    """Return the ids of all pages by the URL of the page."""
    pages: dict[str, list[str]] = {}
    next_url: str | None = url
    while next_url:
        page = api.json(next_url)
        pages[next_url] = [item["id"] for item in page["items"]]
        assert (page["previous"] is None) == (next_url == url)
        next_url = page["next"]
    return pages


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 4, 9])
def test_pages_are_those_of_a_filter_that_selects_everything(short_pages: Api, sort: str, limit: int) -> None:
    query = f"sort={sort}&limit={limit}"
    pages = walk(short_pages, f"/articles?{query}")

    assert [*pages.values()] == [*walk(short_pages, f"/articles?language=en&{query}").values()]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_are_the_same_in_any_order_of_requests(short_pages: Api, sort: str) -> None:
    pages = walk(short_pages, f"/articles?sort={sort}&limit=3")
    urls = random.Random(1).choices([*pages], k=60)

    assert [[item["id"] for item in short_pages.json(url)["items"]] for url in urls] == [pages[url] for url in urls]


def test_reading_on_searches_once(ties: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ties.service.snapshot
    ties.service.snapshot.page_caches.clear()
    searches: list[int] = []
    search = Pager.page

    def count(pager: Pager, sorting: Any, limit: int, *args: Any, **options: Any) -> Any:
        searches.append(limit)
        return search(pager, sorting, limit, *args, **options)

    monkeypatch.setattr(Pager, "page", count)
    pages = walk(ties, "/articles?limit=4")

    assert len(pages) == 10
    assert searches == [page_cache.LONG_PAGE]
