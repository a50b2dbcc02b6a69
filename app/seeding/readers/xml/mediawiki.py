"""MediaWiki: read the pages of an export, or one file of wikitext; redirects and pages about pages are left out."""

from collections import Counter
from collections.abc import Iterator
from io import BufferedIOBase

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.decoding import read_text
from app.seeding.readers.item_faults import report_fault
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.splitting import Records, split_at_elements
from app.seeding.readers.web.blocks import set_blocks
from app.seeding.readers.xml.parsing import Element, find_all, find_children, find_text, read_xml
from app.seeding.readers.xml.wikitext import parse_wikitext

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def split_pages(_file: ScannedFile, stream: BufferedIOBase, size: int) -> Iterator[Records]:
    """Yield chunks of whole pages."""
    return split_at_elements(stream, size, b"page")


def read_mediawiki(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, _offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of an export, and a warning with the numbers of pages that are none."""
    root = read_xml(stream, line)
    site = find_text(root, "sitename", find=find_all)
    others: Counter[str] = Counter()
    for page in find_children(root, "page"):
        if find_text(page, "ns") not in {"0", None}:
            others["outside the main namespace"] += 1
        elif next(find_children(page, "redirect"), None) is not None:
            others["redirects"] += 1
        else:
            yield to_article(file, line + page.sourceline - 1, page, site, root.get(XML_LANG))
    if others:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(others.items()))
        yield Finding(file.name, line, f"Pages that are no articles were left out: {counts}.", "warning")


def to_article(file: ScannedFile, line: int, page: Element, site: str | None, language: str | None) -> RawArticle:
    """Return the article of the last revision of a page; its date is that of the text, or else of the revision."""
    revisions = list(find_children(page, "revision"))
    text = next(find_children(revisions[-1], "text"), None) if revisions else None
    document = {"title": find_text(page, "title"), "source": site, "language": language}
    raw = RawArticle(file.name, None, {key: value for key, value in document.items() if value}, line)
    with report_fault(raw):
        fill_from_wikitext(raw, "" if text is None else "".join(text.itertext()))
    if revisions and (edited := find_text(revisions[-1], "timestamp")):
        raw.document.setdefault("published_at", edited)
        raw.document["updated_at"] = edited
    return raw


def read_wikitext(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a file of wikitext, whose title is that of its first heading, or else of the file."""
    raw = RawArticle(file.name, name, {})
    text, warnings = read_text(stream, file.encoding)
    for message in warnings:
        raw.add_warning_in_line(message, 1)
    fill_from_wikitext(raw, text)
    paragraphs = raw.document["paragraphs"]
    if paragraphs and paragraphs[0]["role"] == "heading":
        raw.document["title"] = paragraphs.pop(0)["text"]
        raw.lines = {}
    raw.document.setdefault("title", name.rpartition("/")[2].replace("_", " "))
    yield raw


def fill_from_wikitext(raw: RawArticle, text: str) -> None:
    """Fill an article with the paragraphs, the categories and the date of wikitext."""
    parsed = parse_wikitext(text, raw.line)
    if parsed.tags:
        raw.document["tags"] = parsed.tags
    if parsed.date:
        raw.document["published_at"] = parsed.date
    set_aside_unusable(raw)
    set_blocks(raw, parsed.blocks)
