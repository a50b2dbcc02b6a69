"""JSON Feed 1.1: the articles of a question as items of a feed."""

from collections.abc import Iterable, Iterator

import orjson

from app.export.document import Report
from app.export.web.feed import Feed, tag_uri
from app.export.web.html import article_html, report_html
from app.export.web.values import drop_empty, first_moment
from app.rendering import JsonObject


def write_json_feed(feed: Feed, articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a feed with an item for each article."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.list_url,
        "feed_url": feed.url,
    }
    yield orjson.dumps(head)[:-1] + b',"items":['
    separator = b"\n"
    for article in articles:
        report_html(article, report)
        yield separator + orjson.dumps(make_item(article))
        separator = b",\n"
    yield b"\n]}\n"


def make_item(article: JsonObject) -> JsonObject:
    """Return an article as an item."""
    item = {
        "id": tag_uri(article["url"]),
        "url": article["url"],
        "external_url": article["source_url"],
        "title": article["title"],
        "summary": article["lead"],
        "date_published": first_moment(article["published_at"]),
        "date_modified": first_moment(article.get("updated_at")),
        "authors": [{"name": name} for name in article["authors"]],
        "tags": [tag["name"] for tag in article["tags"]],
        "language": article["language"],
    }
    return {**drop_empty(item), "content_html": article_html(article)}
