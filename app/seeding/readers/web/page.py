"""Saved web pages: find the article in a page, with its captions, and leave out what stands around it."""

from collections.abc import Iterator, Sequence
from email import policy
from email.parser import BytesParser
from io import BufferedIOBase, BytesIO
from typing import Any

import trafilatura
from trafilatura.utils import load_html

from app.seeding.article import ScannedFile
from app.seeding.limits import LONGEST_TEXT, MOST_ELEMENTS
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import read_bytes
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.texts.article_header import Block
from app.seeding.readers.web.blocks import read_blocks, set_blocks
from app.seeding.readers.web.captions import add_captions
from app.seeding.readers.web.metadata import read_metadata, split_names

HTML_TAGS = {
    "head": "h2",
    "quote": "blockquote",
    "list": "ul",
    "item": "li",
    "row": "tr",
    "cell": "td",
    "lb": "br",
    "ref": "span",
    "hi": "span",
    "del": "span",
    "code": "pre",
}
"""Elements of HTML for those of the extracted text, which are of TEI."""

LEAST_AMONG_LINKS = 250
"""Characters of the article in a page that is mostly links."""

NO_ARTICLE = "No article was recognised in this page; expected a page with one article and its text."


def read_page(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a saved page."""
    yield read_html_page(RawArticle(file.name, name, {}), read_bytes(stream, LONGEST_TEXT))


def read_web_archive(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a page that a browser saved with its pictures in one file (MHTML)."""
    data = read_bytes(stream, 2 * LONGEST_TEXT)
    message = BytesParser(policy=policy.default).parse(BytesIO(data))
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            raw = RawArticle(file.name, name, {})
            if location := part.get("Content-Location") or message.get("Snapshot-Content-Location"):
                raw.document["source_url"] = str(location)
            content = part.get_payload(decode=True)
            yield read_html_page(raw, content if isinstance(content, bytes) else b"")
            return
    raise Fault("There is no web page in this file; expected one that a browser saved.")


def read_html_page(raw: RawArticle, data: bytes) -> RawArticle:
    """Fill an article with the text and the metadata of a page. Raises `Fault` if no article is recognised in it."""
    root = load_html(data)
    if root is None:
        raise Fault("This is not HTML; expected a web page.")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise Fault(f"The page has more than {MOST_ELEMENTS:,} elements; expected at most so many.")
    is_list = is_list_of_links(root)
    metadata = read_metadata(root)
    source_blocks = read_blocks(root)
    extracted = trafilatura.bare_extraction(
        root,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
    )
    blocks = read_extracted_blocks(extracted) or list(read_main_blocks(load_html(data)))
    fill_metadata(raw, metadata, extracted, source_blocks)
    title = raw.document.get("title", "").split()
    texts = [block.text for block in blocks if block.role != "heading" and block.text.split() != title]
    if not texts or (is_list and sum(map(len, texts)) < LEAST_AMONG_LINKS):
        raise Fault(NO_ARTICLE)
    set_blocks(raw, add_captions(drop_title(blocks, title), source_blocks))
    set_aside_unusable(raw)
    return raw


def read_extracted_blocks(extracted: Any) -> list[Block]:
    """Return the blocks of an extracted text, which may be none."""
    if extracted is None or extracted.body is None:
        return []
    for element in extracted.body.iter(*HTML_TAGS):
        element.tag = HTML_TAGS[element.tag]
    return read_blocks(extracted.body)


def read_main_blocks(root: Any) -> Iterator[Block]:
    """Yield the blocks of the element that a page marks as its article, or of a page that is hardly links."""
    marked = root.xpath("//article | //main | //*[@role='main'] | //*[@itemprop='articleBody']")
    if marked or not is_list_of_links(root):
        yield from read_blocks(marked[0] if marked else root)


def is_list_of_links(root: Any) -> bool:
    """Tell whether a third of the text of a page, or more, is links."""
    return sum(len(link.text_content()) for link in root.iter("a")) * 3 >= len(root.text_content())


def fill_metadata(raw: RawArticle, metadata: dict[str, Any], extracted: Any, source_blocks: Sequence[Block]) -> None:
    """Set the keys of an article by the head of its page, or else by what was found in the text."""
    summary = metadata.pop("summary", None)
    document = {**raw.document, **metadata}
    if extracted is not None:
        document.setdefault("title", extracted.title)
        document.setdefault("published_at", extracted.date)
        document.setdefault("authors", split_names([extracted.author]) if extracted.author else None)
        document.setdefault("source", extracted.sitename)
    heading = next((block.text for block in source_blocks if block.role == "heading"), None)
    document["title"] = document.get("title") or heading
    document["extra"] = {"summary": summary} if summary else None
    raw.document = {key: value for key, value in document.items() if value}


def drop_title(blocks: Sequence[Block], title: Sequence[str]) -> list[Block]:
    """Return the blocks without the headings that repeat the title."""
    return [block for block in blocks if block.role != "heading" or block.text.split() != [*title]]
