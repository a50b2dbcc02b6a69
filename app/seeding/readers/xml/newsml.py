"""NewsML-G2: read the text items of a news message, whose bodies are HTML or NITF."""

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from lxml import etree

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.item_faults import report_fault
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.web.blocks import read_html_blocks, set_blocks
from app.seeding.readers.xml.nitf import fill_from_nitf
from app.seeding.readers.xml.parsing import (
    Element,
    find_all,
    find_children,
    find_text,
    local_name,
    read_inline_text,
    read_xml,
)

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_newsml(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a news message, and a warning for every item that is no text."""
    root = read_xml(stream)
    items = [root] if local_name(root) == "newsItem" else list(find_all(root, "newsItem"))
    texts = [item for item in items if next(find_all(item, "inlineXML", "inlineData"), None) is not None]
    for item in texts:
        yield to_article(file, name if len(texts) == 1 else None, item)
    if rest := len(items) - len(texts):
        yield Finding(file.name, 1, f"Items without a text, such as pictures, were left out: {rest:,}.", "warning")


def to_article(file: ScannedFile, name: str | None, item: Element) -> RawArticle:
    """Return the article of an item."""
    raw = RawArticle(file.name, name, {}, item.sourceline)
    content = next(find_all(item, "inlineXML", "inlineData"))
    nitf = next(find_all(content, "nitf"), None)
    if nitf is not None:
        with report_fault(raw):
            fill_from_nitf(raw, nitf, file)
    metadata = read_metadata(item)
    raw.document = {**raw.document, **metadata}
    if nitf is None:
        html = etree.tostring(content, encoding="unicode", with_tail=False) if len(content) else content.text or ""
        set_blocks(raw, read_html_blocks(strip_prefixes(html), content.sourceline, has_blank_lines=not len(content)))
    set_aside_unusable(raw)
    return raw


def strip_prefixes(html: str) -> str:
    """Return HTML whose elements have no prefixes, which an HTML parser does not know."""
    return html.replace("<html:", "<").replace("</html:", "</").replace("<xhtml:", "<").replace("</xhtml:", "</")


def read_metadata(item: Element) -> dict[str, Any]:
    """Return what the metadata of an item say."""
    item_meta = next(find_children(item, "itemMeta"), item)
    content_meta = next(find_children(item, "contentMeta"), item)
    rights = next(find_children(item, "rightsInfo"), None)
    subjects = [
        find_text(subject, "name") or subject.get("literal") for subject in find_children(content_meta, "subject")
    ]
    authors = [
        find_text(creator, "name") or read_inline_text(creator) or creator.get("literal")
        for creator in find_children(content_meta, "by", "creator")
    ]
    languages = [language.get("tag") for language in find_children(content_meta, "language")]
    provider = next(find_children(item_meta, "provider"), None)
    document = {
        "title": find_text(content_meta, "headline") or find_text(item_meta, "title"),
        "source": (find_text(provider, "name") or provider.get("literal")) if provider is not None else None,
        "published_at": find_text(content_meta, "contentCreated")
        or find_text(item_meta, "firstCreated", "versionCreated"),
        "updated_at": find_text(item_meta, "versionCreated"),
        "language": next(filter(None, languages), None) or item.get(XML_LANG),
        "authors": list(dict.fromkeys(author.removeprefix("By ") for author in authors if author)),
        "rights": None if rights is None else find_text(rights, "copyrightNotice", "usageTerms", "name", find=find_all),
        "tags": [subject for subject in subjects if subject],
        "extra": {"guid": item.get("guid")} if item.get("guid") else None,
    }
    return {key: value for key, value in document.items() if value}
