"""Pages: statuses, caching, headers, and the switch that leaves them out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml.html import fromstring

from app.settings import Settings
from app.web.api_client import ApiClient
from app.web.templating import load_environment
from tests.conftest import Api, Fresh, seed_into, write_documents

CHROME = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

PAGES = [
    "/index.html",
    "/articles.html",
    "/articles.html?q=missile",
    "/articles/chernobyl.html",
    "/entities/minsk.html",
    "/help.html",
]


@pytest.fixture
def without_reader(seeded: Api) -> Iterator[Api]:
    api = Api(Settings(data=seeded.settings.data, reader=False))
    yield api
    api.close()


@pytest.mark.parametrize("path", ["/", *PAGES])
def test_page_is_html_with_a_strict_policy(seeded: Api, path: str) -> None:
    page = seeded.get(path, headers=CHROME)
    policy = page.headers["content-security-policy"]

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert policy.startswith("default-src 'none'; ")
    assert {*re.findall(r"-src (.*?)(?:;|$)", policy)} == {"'none'", "'self'"}
    assert not re.search(r"<style|<script(?! src=)| style=| on\w+=|javascript:", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_matching_etag_of_a_page_returns_304(seeded: Api, path: str) -> None:
    page = seeded.get(path)
    again = seeded.get(path, headers={"If-None-Match": page.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["vary"] == page.headers["vary"]


def test_head_of_a_page_has_no_body(seeded: Api) -> None:
    head = seeded.request("HEAD", "/articles.html")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == seeded.get("/articles.html").headers["etag"]


def test_pages_of_different_questions_have_different_etags(seeded: Api) -> None:
    urls = ["/articles.html", "/articles.html?q=missile", "/articles.html?q=bomb", "/articles/chernobyl.html"]

    assert len({seeded.get(url).headers["etag"] for url in urls}) == len(urls)


@pytest.mark.parametrize(
    ("path", "status", "way_out"),
    [
        ("/articles/chernobyll.html", 404, 'href="/articles/chernobyl.html"'),
        ("/articles.html?lang=en", 422, 'href="/articles.html?language=en"'),
        ("/articles.html?sort=relevance", 422, 'href="/articles.html"'),
        ("/articles.html?q=%ff", 422, 'href="/articles.html"'),
        ("/nothing.html", 404, 'href="/articles.html"'),
        ("/articles/chernobyl.md.html", 404, 'href="/articles.html"'),
        ("/articles/a/b.html", 404, 'href="/articles.html"'),
    ],
)
def test_wrong_question_gets_a_page_with_the_way_out(seeded: Api, path: str, status: int, way_out: str) -> None:
    page = seeded.get(path)

    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert way_out in page.text


def test_page_says_what_the_api_says_is_wrong(seeded: Api) -> None:
    problem = seeded.get("/articles?limit=1000").json()
    page = fromstring(seeded.get("/articles.html?limit=1000").text)

    assert page.find(".//h1").text_content() == problem["detail"].replace("`", "")


def test_empty_fields_of_a_form_select_nothing(seeded: Api) -> None:
    everything, empty = (fromstring(seeded.get(url).text) for url in ("/articles.html", "/articles.html?q=&sort="))

    assert empty.find(".//h1").text == everything.find(".//h1").text


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/articles.html", "text/html; charset=utf-8"), ("/static/style.css", "application/problem+json")],
)
def test_pages_and_their_files_can_only_be_read(seeded: Api, path: str, media_type: str) -> None:
    answer = seeded.request("POST", path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers["content-type"] == media_type
    assert seeded.request("OPTIONS", path).status_code == 204


def test_failure_is_a_page_that_is_logged(
    seeded: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(load_environment().get_template("article.html"), "render", lambda **context: 1 / 0)
    page = seeded.get("/articles/trinity-test.html")

    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "ZeroDivisionError" in caplog.text


def test_page_waits_for_a_corpus_like_the_api(api: Api) -> None:
    page = api.get("/articles.html")

    assert page.status_code == api.get("/articles").status_code


def test_page_asks_about_the_revision_that_is_pinned_to_it(api: Api, tmp_path: Path) -> None:
    def seed(*titles: str) -> None:
        documents = [{"id": title.lower(), "title": title, "text": "A text."} for title in titles]
        api.seed(write_documents(tmp_path / "seeds", documents))

    seed("One")
    api.get("/articles.html")
    pinned = api.app.middleware_stack.revision
    seed("One", "Two")
    client = ApiClient({"api": api.app, "root_path": "", "revision": pinned})

    assert api.json("/articles")["total"] == 2
    assert api.loop.run_until_complete(client.get("/articles"))["total"] == 1


def test_home_lists_the_most_named_of_each_type_however_rare(api: Api, tmp_path: Path) -> None:
    names = [f"Place{number:03}" for number in range(120)]
    text = " ".join([*names, "Ann"])
    mentions = [
        {
            "paragraph": 0,
            "start": text.index(name),
            "end": text.index(name) + len(name),
            "entity": {"name": name, "type": "person" if name == "Ann" else "place"},
        }
        for name in [*names, "Ann"]
    ]
    documents = [
        {"id": "many", "title": "Many", "paragraphs": [{"text": text}], "mentions": mentions[:-1]},
        {"id": "all", "title": "All", "paragraphs": [{"text": text}], "mentions": mentions},
    ]
    api.seed(write_documents(tmp_path / "seeds", documents))
    home = fromstring(api.get("/", headers=CHROME).text)
    lists = {section.find("h2").text: section.xpath(".//li/a/bdi/text()") for section in home.xpath("//section[h2]")}

    assert lists["People"] == ["Ann"]
    assert lists["Places"] == names[:8]


def test_json_clients_get_json_beside_the_pages(seeded: Api) -> None:
    assert "articles" in seeded.json("/")
    assert seeded.get("/articles/chernobyl").headers["content-type"] == "application/json"


def test_suffix_of_an_export_is_no_page(seeded: Api) -> None:
    for path in ("/articles", "/articles/chernobyl", "/mentions"):
        assert seeded.get(f"{path}.html").headers["content-type"].startswith("text/html")
        assert "has no format '.pdf'" in seeded.get(f"{path}.pdf").json()["detail"]
    assert seeded.get("/articles.csv").headers["content-type"].startswith("text/csv")


def test_without_the_reader_there_are_no_pages(without_reader: Api) -> None:
    answers = [without_reader.get(path, headers=CHROME) for path in (*PAGES, "/static/style.css")]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert "html" not in without_reader.get("/articles.pdf").json()["detail"]
    assert "Five queries" in without_reader.get("/", headers=CHROME).text


def test_static_files_are_kept_until_they_change(seeded: Api) -> None:
    urls = re.findall(r'(?:href|src)="(/static/[^"]*)"', seeded.get("/articles.html").text)
    answers = [seeded.get(url) for url in urls]

    assert len(urls) == 3
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["cache-control"] for answer in answers} == {"public, max-age=31536000, immutable"}


def test_links_begin_with_the_path_prefix_of_a_proxy(fresh: Fresh, tmp_path: Path) -> None:
    settings = fresh(tmp_path / "data", root_path="/news")
    document = {"id": "talks", "title": "Talks", "text": "A text on Minsk.", "source": "Wire", "tags": ["arms"]}
    seed_into(settings, write_documents(tmp_path / "seeds", [document], builtin=True))
    api = Api(settings)
    pages = [api.get(f"/news{path}", headers=CHROME) for path in ("/", "/articles.html?q=text", "/articles/talks.html")]
    style = api.get(fromstring(pages[0].content).xpath("string(//link[@rel='stylesheet']/@href)"))
    api.close()
    links = {str(url) for page in pages for url in fromstring(page.content).xpath("//@href | //@src | //@action")}

    assert {answer.status_code for answer in (*pages, style)} == {200}
    assert {"/news/articles.html", "/news/docs", "/news/articles/talks.txt"} <= links
    assert [link for link in links if not link.startswith(("/news/", "#"))] == []
