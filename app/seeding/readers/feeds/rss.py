"""RSS: read the items of RSS 2.0 and its ancestors, with the usual modules (content, Dublin Core, media)."""

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.feeds.items import merge_documents, to_feed_article
from app.seeding.readers.splitting import Records, split_at_elements
from app.seeding.readers.xml.parsing import Element, find_all, find_children, find_text, read_inline_text, read_xml


def split_items(_file: ScannedFile, stream: BufferedIOBase, size: int) -> Iterator[Records]:
    """Yield chunks of whole items."""
    return split_at_elements(stream, size, b"item")


def read_rss(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, _offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a feed."""
    root = read_xml(stream, line)
    channel = next(find_all(root, "channel"), root)
    shared, items = read_channel(channel), list(find_all(root, "item"))
    if not items:
        yield Finding(file.name, line, "The feed has no items.", "warning")
    for item in items:
        yield to_feed_article(
            file,
            line + item.sourceline - 1,
            merge_documents(shared, read_item(item)),
            read_content(item, "encoded"),
            read_content(item, "description", "summary"),
        )


def read_channel(channel: Element) -> dict[str, Any]:
    """Return what a channel says of all its items."""
    return {
        "source": find_text(channel, "title"),
        "language": find_text(channel, "language"),
        "rights": find_text(channel, "copyright", "rights"),
    }


def read_item(item: Element) -> dict[str, Any]:
    """Return the document of an item, without its text."""
    guid = find_text(item, "guid", "identifier")
    link = find_text(item, "link") or (guid if guid and guid.startswith("http") else None)
    media = [*find_all(item, "content", "thumbnail")]
    captions = (text for text in (find_text(element, "description", "text") for element in [*media, item]) if text)
    names = [read_inline_text(element) for element in find_children(item, "creator", "author")]
    tags = [read_inline_text(element) for element in find_children(item, "category", "subject")]
    return {
        "title": find_text(item, "title"),
        "source": find_text(item, "publisher"),
        "source_url": link,
        "published_at": find_text(item, "pubDate", "date", "published"),
        "updated_at": find_text(item, "updated", "modified"),
        "authors": [name for name in map(drop_address, names) if name],
        "rights": find_text(item, "rights"),
        "tags": tags,
        "caption": next(captions, None) if media else None,
        "credit": next((text for text in (find_text(element, "credit") for element in media) if text), None),
        "extra": {"guid": guid} if guid and guid != link else {},
    }


def drop_address(name: str) -> str:
    """Return the name of an author that RSS writes as `ann@example.org (Ann Lee)`."""
    address, _, rest = name.partition(" (")
    return rest.rstrip(")").strip() if "@" in address and rest else name


def read_content(item: Element, *names: str) -> str | None:
    """Return the HTML of a child of an item: text that was escaped, or elements."""
    for name in names:
        for child in find_children(item, name):
            text = "".join(child.itertext())
            if text.strip():
                return text
    return None
