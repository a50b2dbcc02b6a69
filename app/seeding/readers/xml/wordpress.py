"""WordPress exports (WXR): read posts and pages; drafts, attachments and menus are counted and left out."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any
from urllib.parse import unquote

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.feeds.items import to_feed_article
from app.seeding.readers.feeds.rss import read_channel
from app.seeding.readers.xml.parsing import Element, find_all, find_children, find_text, read_inline_text, read_xml
from app.seeding.slugs import MAX_ID_LENGTH, slug

KINDS = {"post", "page", "article", "news"}
TAXONOMIES = {"category", "post_tag", None}
"""Domains of categories and tags; in exports of WordPress before version 3 they have none."""
CAPTION = re.compile(r"\[caption\b[^\]]*\](?P<picture>.*?(?:</a>|/?>))(?P<caption>.*?)\[/caption\]", re.DOTALL)
SHORTCODE = re.compile(r"\[/?[a-z][a-z0-9_-]*(?:\s[^\]\[<>]*)?/?\]")
"""`[gallery ids="1,2"]`, but not `[sic]` in capitals or with other signs."""
KNOWN_WORDS = {"[sic]"}


def read_wordpress(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, _offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of an export, and a warning with the numbers of items that are none."""
    root = read_xml(stream, line)
    channel = next(find_children(root, "channel"), root)
    names = {
        find_text(author, "author_login"): find_text(author, "author_display_name")
        for author in find_children(channel, "author")
    }
    shared = read_channel(channel)
    others: Counter[str] = Counter()
    for item in find_all(root, "item"):
        kind, status = find_text(item, "post_type") or "post", find_text(item, "status") or "publish"
        if kind not in KINDS:
            others[kind] += 1
        elif status != "publish":
            others[status] += 1
        else:
            yield to_article(file, line + item.sourceline - 1, item, {**shared, **read_post(item, names)})
    if others:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(others.items()))
        yield Finding(file.name, line, f"Items that are no published post or page were left out: {counts}.", "warning")


def to_article(file: ScannedFile, line: int, item: Element, document: dict[str, Any]) -> RawArticle:
    """Return the article of a post."""
    content = find_encoded(item, "content") or ""
    content = CAPTION.sub(r"<figure>\g<picture><figcaption>\g<caption></figcaption></figure>", content)
    content = SHORTCODE.sub(lambda match: match[0] if match[0] in KNOWN_WORDS else "", content)
    return to_feed_article(file, line, document, content, find_encoded(item, "excerpt"), has_blank_lines=True)


def read_post(item: Element, names: dict[str | None, str | None]) -> dict[str, Any]:
    """Return the document of a post, without its text."""
    login = find_text(item, "creator")
    categories = [category for category in find_children(item, "category") if category.get("domain") in TAXONOMIES]
    document = {
        "id": slug(unquote(find_text(item, "post_name") or ""))[:MAX_ID_LENGTH].strip("-"),
        "title": find_text(item, "title"),
        "source_url": find_text(item, "link"),
        "authors": [names.get(login) or login] if login else [],
        "published_at": find_moment(item, "post_date_gmt") or find_text(item, "pubDate"),
        "updated_at": find_moment(item, "post_modified_gmt"),
        "tags": [tag for tag in map(read_inline_text, categories) if tag != "Uncategorized"],
    }
    return {key: value for key, value in document.items() if value}


def find_moment(item: Element, name: str) -> str | None:
    """Return a time in UTC; WordPress writes zeros where it knows none."""
    moment = find_text(item, name) or "0000"
    return None if moment.startswith("0000") else f"{moment.replace(' ', 'T')}Z"


def find_encoded(item: Element, name: str) -> str | None:
    """Return the HTML of `content:encoded` or `excerpt:encoded`."""
    for child in find_children(item, "encoded"):
        if f"/{name}/" in child.tag:
            text = "".join(child.itertext())
            return text if text.strip() else None
    return None
