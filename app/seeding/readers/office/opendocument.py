"""OpenDocument texts (.odt): read headings, lists, quotes and paragraphs."""

from collections.abc import Iterator
from io import BufferedIOBase

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.office.package import open_package, parse_member, read_properties, set_titled_blocks
from app.seeding.readers.texts.article_header import Block
from app.seeding.readers.xml.marked_text import MarkedTextReader, Vocabulary
from app.seeding.readers.xml.parsing import Element, find_all

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
VOCABULARY = Vocabulary(
    roles={"p": "body", "h": "heading", "list-item": "list", "table-row": "body", "text-box": "caption"},
    find_label=lambda element: None,
    find_entity=lambda element: None,
    skipped=frozenset({"tracked-changes", "annotation", "note", "sequence-decls", "forms"}),
    breaks=frozenset({"s", "tab", "line-break"}),
)


def read_odt(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a file."""
    raw = RawArticle(file.name, name, {})
    with open_package(stream) as package:
        content = parse_member(package, "content.xml")
        if content is None:
            raise Fault("There is no `content.xml` in this file; expected one of OpenDocument.")
        raw.document = read_properties(parse_member(package, "meta.xml"))
    body = next(find_all(content, "text"), content)
    quotes = find_styles(content, "quot")
    titles = find_styles(content, "title")
    blocks: list[Block] = []
    for element in body:
        paragraphs = MarkedTextReader(VOCABULARY).read(element)
        style = element.get(f"{TEXT}style-name", "").lower()
        for paragraph in paragraphs:
            role: Role = "quote" if paragraph.role == "body" and is_style(style, "quot", quotes) else paragraph.role
            blocks.append(
                Block(role, paragraph.text, 1, is_style(style, "title", titles) and not is_style(style, "subtitle", ()))
            )
    set_titled_blocks(raw, blocks)
    yield raw


def find_styles(content: Element, word: str) -> set[str]:
    """Return the automatic styles whose parent style has this word in its name."""
    styles = find_all(content, "style")
    return {
        style.get(f"{STYLE}name", "").lower()
        for style in styles
        if word in style.get(f"{STYLE}parent-style-name", "").lower()
    }


def is_style(style: str, word: str, styles: set[str] | tuple[()]) -> bool:
    """Tell whether a style has this word in its name, or is one of these."""
    return word in style or style in styles
