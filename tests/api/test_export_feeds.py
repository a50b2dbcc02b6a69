"""Feeds over HTTP: a question is an alert, which shows its newest articles at one address."""

import feedparser
import pytest

from tests.conftest import serving_documents
from tests.support.documents import document


@pytest.fixture(scope="module")
def dated(fresh, tmp_path_factory):
    """Serve sixty articles about a storm; the newest have the highest numbers, and the oldest are the most relevant."""
    articles = [
        document(f"a{number:02}", "Storm. " * (60 - number), published_at=f"{1960 + number}") for number in range(60)
    ]
    with serving_documents(fresh(tmp_path_factory.mktemp("dated") / "data"), articles) as api:
        yield api


def ids(response):
    assert response.status_code == 200, response.text
    return [entry.link.rpartition("/")[2] for entry in feedparser.parse(response.content).entries]


def test_feed_has_the_newest_fifty_articles_also_of_a_question_with_words(dated):
    newest = [f"a{number:02}" for number in range(59, 9, -1)]

    assert ids(dated.get("/articles.atom")) == ids(dated.get("/articles.atom?q=storm")) == newest


def test_limit_and_sort_choose_the_entries_of_a_feed(dated):
    assert ids(dated.get("/articles.atom?limit=2&sort=published")) == ["a00", "a01"]
    assert len(ids(dated.get("/articles.atom?limit=60"))) == 60


@pytest.mark.parametrize(("suffix", "media_type"), [("atom", "atom+xml"), ("feed.json", "feed+json")])
def test_feed_has_a_media_type_that_readers_know_and_is_no_download(dated, suffix, media_type):
    response = dated.get(f"/articles.{suffix}")

    assert response.headers["content-type"] == f"application/{media_type}"
    assert response.headers["content-disposition"].startswith("inline; ")


def test_feed_names_its_question_and_its_own_url(dated):
    feed = dated.get("/articles.feed.json?q=storm&published_from=1980", headers={"Host": "news.example.org"}).json()

    assert feed["title"] == "Articles: q=storm, published_from=1980"
    assert feed["feed_url"] == "http://news.example.org/articles.feed.json?q=storm&published_from=1980"
    assert feed["home_page_url"] == "http://news.example.org/articles?q=storm&published_from=1980"
    assert feed["items"][0]["url"] == "http://news.example.org/articles/a59"


def test_links_behind_a_proxy_that_ends_tls_begin_with_https(dated):
    headers = {"Host": "news.example.org", "X-Forwarded-Proto": "https"}
    secure = dated.get("/articles/a01.ninjs.json", headers=headers)
    plain = dated.get("/articles/a01.ninjs.json", headers={"Host": "news.example.org"})

    assert secure.json()["uri"] == "https://news.example.org/articles/a01"
    assert plain.json()["uri"] == "http://news.example.org/articles/a01"
    assert secure.headers["etag"] != plain.headers["etag"]


def test_feed_of_nothing_is_a_feed_without_entries(dated):
    response = dated.get("/articles.atom?q=nosuchword")

    assert ids(response) == []
    assert not feedparser.parse(response.content).bozo


def test_feed_by_relevance_needs_words(dated):
    assert ids(dated.get("/articles.atom?q=storm&sort=relevance&limit=1")) == ["a00"]
    assert dated.get("/articles.atom?sort=relevance").status_code == 422


@pytest.mark.parametrize("path", ["/articles/a01.atom", "/mentions.atom", "/articles.ninjs.json"])
def test_what_is_no_feed_is_a_404_that_lists_the_formats(dated, path):
    response = dated.get(path)

    assert response.status_code == 404
    assert "it has ." in response.json()["detail"]
