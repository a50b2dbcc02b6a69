"""schema.org in JSON-LD: a graph with a `NewsArticle` for each article."""

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from app.export.document import SEPARATOR, Report, entities_url
from app.export.web.values import drop_empty
from app.rendering import JsonObject

TYPES: Final = {
    "person": "Person",
    "organization": "Organization",
    "place": "Place",
    "event": "Event",
    "product": "Product",
    "work": "CreativeWork",
    "law": "Legislation",
}
"""The types of entities; one of any other type is a `Thing`."""


def write_news_articles(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a graph. Its articles mention entities, and not at which place of the text."""
    yield b'{"@context":"https://schema.org","@graph":['
    separator = b"\n"
    for article in articles:
        report.articles += 1
        named = sum(entity["count"] for entity in article["entities"])
        report.mentions += named
        marked = sum(len(paragraph["mentions"]) for paragraph in article["paragraphs"])
        report.omitted["of no known entity"] += marked - named
        yield separator + orjson.dumps(make_news_article(article))
        separator = b",\n"
    yield b"\n]}\n"


def make_news_article(article: JsonObject) -> JsonObject:
    """Return an article as a `NewsArticle`."""
    entities = entities_url(article)
    source = article["source"]
    return drop_empty(
        {
            "@type": "NewsArticle",
            "@id": article["url"],
            "url": article["url"],
            "sameAs": article["source_url"],
            "headline": article["title"],
            "description": article["lead"],
            "datePublished": article["published_at"],
            "dateModified": article.get("updated_at"),
            "inLanguage": article["language"],
            "wordCount": article["word_count"],
            "author": [{"@type": "Person", "name": name} for name in article["authors"]],
            "publisher": {"@type": "Organization", "name": source} if source else None,
            "copyrightNotice": article["rights"],
            "keywords": [tag["name"] for tag in article["tags"]],
            "mentions": [
                {
                    "@type": TYPES.get(entity["type"], "Thing"),
                    "@id": entities + entity["id"],
                    "url": entities + entity["id"],
                    "name": entity["name"],
                }
                for entity in article["entities"]
            ],
            "articleBody": SEPARATOR.join(paragraph["text"] for paragraph in article["paragraphs"][1:]),
        }
    )
