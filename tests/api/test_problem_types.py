"""Each problem names its type by a URL with a stable code, and one page explains them all."""

import re
from collections.abc import Iterator

import pytest
from lxml import html

from app.api.problem_types import PROBLEM_TYPES
from tests.conftest import SEEDS, Api, Fresh, seed_into
from tests.support.problems import problem


@pytest.fixture(scope="module", params=["", "/news"])
def served(request: pytest.FixtureRequest, fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The example articles, without and with a path prefix."""
    settings = fresh(tmp_path_factory.mktemp("served"), root_path=request.param)
    seed_into(settings, SEEDS)
    api = Api(settings)
    yield api
    api.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/nothing", "unknown-url"),
        ("/articles/minsk-talks", "unknown-id"),
        ("/entities/nobody", "unknown-id"),
        ("/tags/nothing", "unknown-id"),
        ("/articles/trinity-test/paragraphs/1000", "unknown-id"),
        ("/articles.docx", "unknown-format"),
        ("/entities/graph.dot", "unknown-format"),
        ("/articles?limit=0", "invalid-parameter"),
        ("/articles?q=(", "invalid-parameter"),
        ("/articles?cursor=abc", "invalid-cursor"),
    ],
)
def test_type_leads_to_the_section_that_explains_it(served: Api, url: str, code: str) -> None:
    root = served.settings.root_path
    type_url = problem(served.get(f"{root}{url}"), PROBLEM_TYPES[code].status)["type"]
    page = served.get(type_url)
    [section] = html.fromstring(page.text).xpath(f"//section[@id='{type_url.partition('#')[2]}']")

    assert type_url == f"{root}/docs/problems#{code}"
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert PROBLEM_TYPES[code].title in section.text_content()


def test_methods_and_accept_have_types(served: Api) -> None:
    articles = f"{served.settings.root_path}/articles"

    assert problem(served.request("POST", articles), 405)["type"].endswith("#method-not-allowed")
    assert problem(served.get(articles, headers={"Accept": "text/csv"}), 406)["type"].endswith("#not-acceptable")


def test_page_has_a_section_for_each_type_and_asks_no_other_host(served: Api) -> None:
    page = served.get("/docs/problems")
    document = html.fromstring(page.text)

    assert document.xpath("//section/@id") == [*PROBLEM_TYPES]
    assert not document.xpath("//script")
    assert all(link.startswith(f"{served.settings.root_path}/docs") for link in document.xpath("//@href"))
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "`" not in document.text_content()


def test_codes_are_words_with_hyphens() -> None:
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in PROBLEM_TYPES)
