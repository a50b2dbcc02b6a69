"""JSON envelopes: find the articles in answers of news APIs and in graphs of schema.org, by the usual keys of lists."""

from typing import Any

from app.seeding.normalize.key_aliases import canonical_key
from app.seeding.normalize.raw import JsonPath
from app.seeding.readers.annotated.tool_records import find_dialect

OUTER_KEYS = ("response", "data", "result", "feed", "channel")
"""Keys of an object that holds the list of articles: of the Guardian and the New York Times, and others."""
LIST_KEYS = ("articles", "results", "docs", "items", "data", "@graph", "entries", "posts", "stories", "documents")
"""Keys of a list of articles: NewsAPI, GDELT, the Guardian, the New York Times, JSON Feed, schema.org."""
ENVELOPE_KEYS = {*OUTER_KEYS, *LIST_KEYS}

ARTICLE_TYPES = ("Article", "BlogPosting", "Posting", "Report", "Review", "LiveBlogPosting")
"""How the types of schema.org end whose objects are articles."""

NESTED_KEYS = ("fields", "data", "attributes", "_source")
"""Keys under which an item keeps the fields of its article: the Guardian, Label Studio, JSON:API, Elasticsearch."""


def find_articles(value: Any) -> list[tuple[JsonPath, Any]]:
    """Return the articles of a JSON value, each with its path: those of its envelope, or of its list, or itself."""
    if find_dialect(value):
        return [((), value)]
    if isinstance(value, list):
        return [((index,), item) for index, item in enumerate(value)]
    path = find_list(value)
    if path is None:
        return [((), value)]
    items = value
    for key in path:
        items = items[key]
    articles: list[tuple[JsonPath, Any]] = [((*path, index), item) for index, item in enumerate(items)]
    return [article for article in articles if path[-1] != "@graph" or is_article_type(article[1])]


def find_list(value: Any) -> tuple[str, ...] | None:
    """Return the path to the list of articles in an envelope; None for an object that is an article itself."""
    if not isinstance(value, dict) or has_text(value):
        return None
    for key in LIST_KEYS:
        items = value.get(key)
        if isinstance(items, list) and items and all(isinstance(item, dict) for item in items):
            return (key,)
    for key in OUTER_KEYS:
        if isinstance(value.get(key), dict) and (inner := find_list(value[key])):
            return (key, *inner)
    return None


def has_text(document: dict[str, Any]) -> bool:
    """Tell whether an object has the text of an article."""
    # A number under such a key counts something.
    texts = (value for key, value in document.items() if canonical_key(key) in {"text", "paragraphs"})
    return any(not isinstance(value, int) for value in texts)


def is_article_type(item: Any) -> bool:
    """Tell whether an object of a graph is an article by its type."""
    types = item.get("@type", "")
    return any(str(type).endswith(ARTICLE_TYPES) for type in (types if isinstance(types, list) else [types]))


def flatten_item(document: dict[str, Any]) -> dict[str, Any]:
    """Return an article whose fields stand in an inner object together with its outer ones, which come first."""
    if has_text(document):
        return document
    for key in NESTED_KEYS:
        inner = document.get(key)
        if isinstance(inner, dict) and has_text(inner):
            outer = {name: value for name, value in document.items() if name != key}
            return {**inner, **outer}
    return document
