"""EPUB: read the chapters of a book or the articles of a magazine, in their reading order."""

import posixpath
from collections.abc import Iterator
from io import BufferedIOBase
from urllib.parse import unquote

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.spans import shorten_to_title
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.office.package import open_package, parse_member, read_member, read_properties
from app.seeding.readers.web.blocks import parse_html, read_blocks, set_blocks
from app.seeding.readers.xml.parsing import Element, find_all

FEWEST_WORDS = 20
"""Words of a chapter; covers, title pages and tables of contents mostly have fewer, or are `nav`."""


def read_epub(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle | Finding]:
    """Yield an article for each chapter, whose source is the book."""
    count = 0
    with open_package(stream) as package:
        container = parse_member(package, "META-INF/container.xml")
        roots = [root.get("full-path") for root in find_all(container, "rootfile")] if container is not None else []
        book = parse_member(package, roots[0]) if roots and roots[0] else None
        if book is None:
            raise Fault("This file names no book in `META-INF/container.xml`; expected an EPUB.")
        properties = read_properties(next(find_all(book, "metadata"), book))
        shared = {**properties, "source": properties.get("title") or properties.get("source")}
        shared.pop("title", None)
        for path in list_chapters(book, posixpath.dirname(roots[0])):
            root = parse_html(read_member(package, path) or b"", "utf-8")
            blocks = read_blocks(root) if root is not None else []
            if sum(len(block.text.split()) for block in blocks) < FEWEST_WORDS:
                continue
            heading = next((block for block in blocks if block.role == "heading"), None)
            count += 1
            raw = RawArticle(file.name, f"{name}/{count}", dict(shared))
            raw.document["title"] = heading.text if heading else shorten_to_title(blocks[0].text)
            set_aside_unusable(raw)
            set_blocks(raw, [block for block in blocks if block is not heading])
            yield raw
    if not count:
        yield Finding(file.name, 1, "There is no chapter with a text in this book.")


def list_chapters(book: Element, folder: str) -> list[str]:
    """Return the paths of the documents of a book in their reading order, without its table of contents."""
    items = {item.get("id"): item for item in find_all(book, "item")}
    order = (items.get(reference.get("idref")) for reference in find_all(book, "itemref"))
    kept = (item for item in order if item is not None and "nav" not in item.get("properties", "").split())
    return [posixpath.normpath(posixpath.join(folder, unquote(item.get("href", "")))) for item in kept]
