"""Metadata of web pages: read what JSON-LD, Open Graph and other elements of the head say about an article."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from app.seeding.limits import DEEPEST
from app.seeding.normalize.raw import is_deeper

ARTICLE_TYPE = re.compile(
    r"(?:News|Blog|Opinion|Report|Review|Scholarly|Tech|Satirical|Analysis|Background)?"
    r"(?:Article|Posting|NewsArticle)|Report|LiveBlogPosting"
)

METAS = {
    "title": ("og:title", "twitter:title", "dc.title", "headline"),
    "source": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "published_at": (
        *("article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date"),
        *("pubdate", "publishdate", "publish-date", "dc.date.issued", "dc.date", "dcterms.created", "date"),
    ),
    "updated_at": ("article:modified_time", "og:updated_time", "datemodified", "dc.date.modified", "dcterms.modified"),
    "language": ("og:locale", "content-language", "dc.language"),
    "source_url": ("og:url",),
    "rights": ("copyright", "dc.rights", "rights"),
    "summary": ("og:description", "description", "twitter:description"),
}
"""Names of `meta` elements, the best first."""
AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
TAG_METAS = ("article:tag", "article:section", "news_keywords", "keywords", "parsely-tags")


def read_metadata(root: Any) -> dict[str, Any]:
    """Return what the head of a page says, by keys of an article document, and `summary`."""
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name and (content := (element.get("content") or "").strip()):
            metas.setdefault(name.lower(), []).append(content)
    document: dict[str, Any] = read_json_ld(root)
    for key, names in METAS.items():
        document.setdefault(key, next((metas[name][0] for name in names if name in metas), None))
    authors = [author for name in AUTHOR_METAS for author in metas.get(name, ()) if "://" not in author]
    document["authors"] = document.get("authors") or split_names(authors[:1] or find_marked(root, "author"))
    tags = [tag for name in TAG_METAS for content in metas.get(name, ()) for tag in split_tags(name, content)]
    document["tags"] = list(dict.fromkeys([*document.get("tags", ()), *tags]))
    canonical = next(iter(root.xpath("//link[@rel='canonical']/@href")), None)
    document["source_url"] = canonical or document["source_url"]
    document["language"] = root.get("lang") or document["language"]
    if not document["published_at"]:
        document["published_at"] = next(
            iter(root.xpath("//article//time/@datetime | //*[@itemprop='datePublished']/@datetime")), None
        )
    return {key: value for key, value in document.items() if value}


def find_marked(root: Any, name: str) -> list[str]:
    """Return the texts of the elements that are marked as the author by microdata or by a link."""
    elements = root.xpath(f"//*[@itemprop='{name}' or @rel='{name}']")
    return [" ".join(element.text_content().split()) for element in elements[:20]]


def split_names(texts: list[str]) -> list[str]:
    """Return the names in bylines."""
    names = (
        name for text in texts for name in re.split(r"\s*[,;|]\s*|\s+(?:and|&)\s+", re.sub(r"^[Bb]y\s+", "", text))
    )
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def split_tags(name: str, content: str) -> list[str]:
    """Return the tags of a `meta` element; lists of keywords have commas."""
    is_list = "keywords" in name or name.endswith("tags")
    return [tag.strip() for tag in content.split(",") if tag.strip()] if is_list else [content]


def read_json_ld(root: Any) -> dict[str, Any]:
    """Return what the first article of a page's JSON-LD says."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                value = orjson.loads(script.text or "")
            except orjson.JSONDecodeError:
                continue
            if not is_deeper(value, DEEPEST):
                for node in find_nodes(value):
                    if is_article(node):
                        return read_schema_article(node)
    return {}


def find_nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the nodes of JSON-LD: those of a list or a graph, or the one."""
    if isinstance(value, list):
        for item in value:
            yield from find_nodes(item)
    elif isinstance(value, dict):
        yield value
        yield from find_nodes(value.get("@graph"))
        yield from find_nodes(value.get("mainEntity"))


def is_article(node: dict[str, Any]) -> bool:
    """Tell whether a node describes an article."""
    types = node.get("@type")
    return any(ARTICLE_TYPE.fullmatch(str(type)) for type in (types if isinstance(types, list) else [types]))


def read_schema_article(node: dict[str, Any]) -> dict[str, Any]:
    """Return the document of an article of schema.org, without its text."""
    keywords = node.get("keywords")
    tags = keywords.split(",") if isinstance(keywords, str) else keywords if isinstance(keywords, list) else []
    sections = node.get("articleSection")
    tags = [*(sections if isinstance(sections, list) else [sections]), *tags]
    document = {
        "title": node.get("headline") or node.get("name"),
        "source": next(iter(read_names(node.get("publisher"))), None),
        "published_at": node.get("datePublished") or node.get("dateCreated"),
        "updated_at": node.get("dateModified"),
        "language": next(iter(read_names(node.get("inLanguage"))), None),
        "authors": read_names(node.get("author") or node.get("creator")),
        "rights": next(iter(read_names(node.get("copyrightHolder") or node.get("license"))), None),
        "tags": [tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()],
        "summary": node.get("description"),
    }
    return {key: value for key, value in document.items() if value and isinstance(value, str | list)}


def read_names(value: Any) -> list[str]:
    """Return the names of a value of schema.org: names, or things that have one."""
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") or item.get("alternateName") if isinstance(item, dict) else item for item in items]
    return [name for name in names if isinstance(name, str) and name.strip()]
