"""Feed items: make an article of what an item of a feed says."""

from typing import Any

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.annotated.spans import shorten_to_title
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.web.blocks import read_html_blocks, set_blocks


def to_feed_article(
    file: ScannedFile,
    line: int,
    document: dict[str, Any],
    content: str | None,
    summary: str | None,
    *,
    is_html: bool = True,
    has_blank_lines: bool = False,
) -> RawArticle:
    """Return the article of an item: its content or, without one, its summary becomes the text."""
    raw = RawArticle(file.name, None, {key: value for key, value in document.items() if value}, line)
    text = content or summary or ""
    blocks = read_html_blocks(text if is_html else escape(text), line, has_blank_lines=has_blank_lines or not is_html)
    if content and summary:
        lead = [block.text for block in read_html_blocks(summary, line)]
        raw.document["extra"] = {"summary": " ".join(lead), **raw.document.get("extra", {})}
    if "title" not in raw.document and blocks:
        raw.document["title"] = shorten_to_title(blocks[0].text)
    set_blocks(raw, blocks)
    set_aside_unusable(raw)
    return raw


def merge_documents(feed: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """Return the document of an item, which takes from its feed what it does not state itself."""
    return {key: value for document in (feed, item) for key, value in document.items() if value}


def escape(text: str) -> str:
    """Return plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
