"""JSON Feed: read the items of a feed (versions 1 and 1.1)."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.feeds.items import to_feed_article


def read_json_feed(file: ScannedFile, feed: Mapping[str, Any]) -> Iterator[RawArticle]:
    """Yield the articles of a feed; what an item has besides is kept under `extra`."""
    items = feed["items"] if isinstance(feed["items"], list) else []
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield read_item(file, feed, item)
        else:
            raw = RawArticle(file.name, None, {})
            raw.add_fault(f"Item {number} of the feed is not an object; expected an item.")
            yield raw


def read_item(file: ScannedFile, feed: Mapping[str, Any], item: Mapping[str, Any]) -> RawArticle:
    """Return the article of an item."""
    authors = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author") or []
    names = [author.get("name") for author in (authors if isinstance(authors, list) else [authors])]
    known = {
        *("title", "url", "external_url", "date_published", "date_modified", "authors", "author", "tags", "language"),
        "summary",
        *("content_html", "content_text"),
    }
    document = {
        "title": item.get("title"),
        "source": feed.get("title"),
        "source_url": item.get("url") or item.get("external_url"),
        "language": item.get("language") or feed.get("language"),
        "published_at": item.get("date_published") or item.get("date_modified"),
        "updated_at": item.get("date_modified"),
        "authors": [name for name in names if name],
        "tags": item.get("tags"),
        "extra": {key: value for key, value in item.items() if key not in known},
    }
    html, text = item.get("content_html"), item.get("content_text")
    return to_feed_article(file, 1, document, html or text, item.get("summary"), is_html=bool(html))
