"""Word files (.docx): read paragraphs with the roles that their styles give."""

import re
from collections.abc import Iterator
from io import BufferedIOBase

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.office.package import open_package, parse_member, read_properties, set_titled_blocks
from app.seeding.readers.texts.article_header import Block
from app.seeding.readers.xml.parsing import Element, find_all, find_children, local_name

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLE_ROLES: tuple[tuple[str, Role], ...] = (
    (r"heading \d|subtitle", "heading"),
    (r".*quote.*|block text", "quote"),
    (r"list.*", "list"),
    (r"caption", "caption"),
    (r"date", "dateline"),
)
TITLE_STYLE = "title"


def read_docx(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a file."""
    raw = RawArticle(file.name, name, {})
    with open_package(stream) as package:
        document = parse_member(package, "word/document.xml")
        if document is None:
            raise Fault("There is no `word/document.xml` in this file; expected one of Word.")
        styles = read_styles(parse_member(package, "word/styles.xml"))
        raw.document = read_properties(parse_member(package, "docProps/core.xml"))
    blocks = list(read_paragraphs(document, styles))
    set_titled_blocks(raw, blocks)
    yield raw


def read_styles(root: Element | None) -> dict[str, str]:
    """Return the names of styles, in lower case, by id: ids are in the language of the author's Word."""
    if root is None:
        return {}
    names = (
        (style.get(f"{WORD}styleId"), next(find_children(style, "name"), None)) for style in find_all(root, "style")
    )
    return {id: (name.get(f"{WORD}val") or "").lower() for id, name in names if id and name is not None}


def read_paragraphs(document: Element, styles: dict[str, str]) -> Iterator[Block]:
    """Yield the paragraphs of a document, and the rows of its tables."""
    body = next(find_all(document, "body"), document)
    for element in body.iter(f"{WORD}p", f"{WORD}tr"):
        is_row = local_name(element) == "tr"
        if not is_row and next(element.iterancestors(f"{WORD}tr"), None) is not None:
            continue
        if is_row:
            text = " | ".join(filter(None, (read_runs(cell) for cell in find_children(element, "tc"))))
            role: Role = "body"
            style = ""
        else:
            text = read_runs(element)
            style = find_style(element, styles)
            role = choose_role(element, style)
        if text:
            yield Block(role, text, 1, style == TITLE_STYLE)


def find_style(paragraph: Element, styles: dict[str, str]) -> str:
    """Return the name of the style of a paragraph; an empty string without one."""
    style = next(find_all(paragraph, "pStyle"), None)
    id = style.get(f"{WORD}val", "") if style is not None else ""
    return styles.get(id, id.lower())


def choose_role(paragraph: Element, style: str) -> Role:
    """Return the role of a paragraph."""
    for pattern, role in STYLE_ROLES:
        if re.fullmatch(pattern, style):
            return role
    return "list" if next(find_all(paragraph, "numPr"), None) is not None else "body"


def read_runs(element: Element) -> str:
    """Return the text of what is in an element, without what was deleted."""
    pieces = []
    for inner in element.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br", f"{WORD}cr", f"{WORD}noBreakHyphen"):
        name = local_name(inner)
        pieces.append(inner.text or "" if name == "t" else "-" if name == "noBreakHyphen" else " ")
    return " ".join("".join(pieces).split())
