"""Atom: read the entries of a feed (RFC 4287)."""

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from lxml import etree

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.feeds.items import escape, merge_documents, to_feed_article
from app.seeding.readers.splitting import Records, split_at_elements
from app.seeding.readers.web.blocks import read_html_blocks
from app.seeding.readers.xml.parsing import Element, find_children, find_text, local_name, read_xml


def split_entries(_file: ScannedFile, stream: BufferedIOBase, size: int) -> Iterator[Records]:
    """Yield chunks of whole entries."""
    return split_at_elements(stream, size, b"entry")


def read_atom(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, _offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a feed, or that of a document which is one entry."""
    root = read_xml(stream, line)
    shared = read_feed(root)
    entries = [root] if local_name(root) == "entry" else list(find_children(root, "entry"))
    if not entries:
        yield Finding(file.name, line, "The feed has no entries.", "warning")
    for entry in entries:
        yield to_feed_article(
            file,
            line + entry.sourceline - 1,
            merge_documents(shared, read_entry(entry)),
            read_text_construct(entry, "content"),
            read_text_construct(entry, "summary"),
        )


def read_feed(feed: Element) -> dict[str, Any]:
    """Return what a feed says of all its entries."""
    return {
        "source": find_text(feed, "title") if local_name(feed) == "feed" else None,
        "language": feed.get("{http://www.w3.org/XML/1998/namespace}lang"),
        "rights": find_text(feed, "rights"),
        "authors": read_authors(feed),
    }


def read_entry(entry: Element) -> dict[str, Any]:
    """Return the document of an entry, without its text."""
    links = list(find_children(entry, "link"))
    alternate = (link.get("href") for link in links if link.get("rel", "alternate") == "alternate")
    id = find_text(entry, "id")
    updated = find_text(entry, "updated", "modified")
    published = find_text(entry, "published", "issued", "created")
    return {
        "title": " ".join((read_title(entry) or "").split()) or None,
        "source_url": next(filter(None, alternate), None),
        "language": entry.get("{http://www.w3.org/XML/1998/namespace}lang"),
        "rights": find_text(entry, "rights"),
        "published_at": published or updated,
        "updated_at": updated,
        "authors": read_authors(entry),
        "tags": [label for label in map(read_category, find_children(entry, "category")) if label],
        "extra": {"guid": id} if id else {},
    }


def read_authors(element: Element) -> list[str]:
    """Return the names of the authors of a feed or an entry."""
    names = (find_text(author, "name") for author in find_children(element, "author"))
    return [name for name in names if name]


def read_category(category: Element) -> str | None:
    """Return the name of a category."""
    label: str | None = category.get("label") or category.get("term")
    return label


def read_title(entry: Element) -> str | None:
    """Return the title of an entry as plain text."""
    html = read_text_construct(entry, "title")
    return " ".join(block.text for block in read_html_blocks(html)) if html else None


def read_text_construct(entry: Element, name: str) -> str | None:
    """Return a child of an entry as HTML, whether it is text, escaped HTML or XHTML."""
    for child in find_children(entry, name):
        kind = child.get("type", "text").lower()
        if kind in {"xhtml", "application/xhtml+xml"}:
            inner: str = etree.tostring(child, encoding="unicode", with_tail=False)
            return (
                inner.replace(f"<{child.prefix}:", "<").replace(f"</{child.prefix}:", "</") if child.prefix else inner
            )
        text = "".join(child.itertext())
        if text.strip():
            return text if kind in {"html", "text/html"} else escape(text)
    return None
