"""IPTC ninjs 3.1: a line for each article, which is a news item with its text and with who and what it mentions."""

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from app.export.document import SEPARATOR, Report, entities_url
from app.export.web.html import article_html, report_html
from app.export.web.values import drop_empty, encode_uri, first_moment
from app.rendering import JsonObject

STANDARD: Final = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}

PROPERTIES: Final = {
    "person": "people",
    "organization": "organisations",
    "place": "places",
    "event": "events",
    "product": "objects",
    "work": "objects",
}
"""The properties for entities of a type; those of any other type are `subjects`, as tags are."""


def write_ninjs(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a news item for each article."""
    for article in articles:
        report_html(article, report)
        yield orjson.dumps(make_news_item(article), option=orjson.OPT_APPEND_NEWLINE)


def make_news_item(article: JsonObject) -> JsonObject:
    """Return an article as a news item. A date known to the year, month or day becomes its first moment."""
    text = SEPARATOR.join(paragraph["text"] for paragraph in article["paragraphs"][1:])
    published, updated = first_moment(article["published_at"]), first_moment(article.get("updated_at"))
    item = {
        "standard": STANDARD,
        "uri": encode_uri(article["url"]),
        "type": "text",
        "representationType": "full",
        "firstCreated": published,
        "versionCreated": updated or published,
        "language": article["language"],
        "slugline": article["id"],
        "by": ", ".join(article["authors"]),
        "copyrightNotice": article["rights"],
        "headlines": [{"role": "main", "value": article["title"]}],
        "descriptions": [{"role": "lead", "value": article["lead"]}] if article["lead"] else [],
        "bodies": [
            {"role": "main", "contentType": "text/plain", "charCount": len(text), "value": text},
            {"role": "richtext", "contentType": "text/html", "value": article_html(article)},
        ],
        "infoSources": [{"name": article["source"]}] if article["source"] else [],
        "altIds": [{"role": "source_url", "value": article["source_url"]}] if article["source_url"] else [],
    }
    return drop_empty(item) | collect_concepts(article)


def collect_concepts(article: JsonObject) -> dict[str, list[JsonObject]]:
    """Return the entities that an article mentions and the tags that it has, by the property that holds them."""
    entities = entities_url(article)
    concepts: dict[str, list[JsonObject]] = {}
    for tag in article["tags"]:
        uri = f"{entities.removesuffix('entities/')}tags/{tag['id']}"
        concepts.setdefault("subjects", []).append({"name": tag["name"], "rel": "about", "uri": encode_uri(uri)})
    for entity in article["entities"]:
        concept = {"name": entity["name"], "rel": "mentions", "uri": encode_uri(entities + entity["id"])}
        concepts.setdefault(PROPERTIES.get(entity["type"], "subjects"), []).append(concept)
    return concepts
