"""Blocks of HTML: read headings, quotes, list items, captions and paragraphs, each as plain text with its role."""

import re
from typing import Any

import lxml.html
from lxml import etree

from app.models import Role
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.texts.article_header import Block

ROLES: dict[str, Role] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "blockquote": "quote",
    **dict.fromkeys(("li", "dt", "dd"), "list"),
    "figcaption": "caption",
}
"""Roles of texts by the element around them; anywhere else they are body."""
CONTAINERS = {
    *("p", "div", "section", "article", "main", "body", "html", "ul", "ol", "dl", "figure", "table", "thead", "tbody"),
    *("tr", "caption", "pre", "hr", "address", "center", "details", "summary", "aside", "header", "footer", "fieldset"),
}
BLOCK_ELEMENTS = CONTAINERS | ROLES.keys()
CELLS = {"td", "th"}
SKIPPED = {
    *("script", "style", "template", "noscript", "head", "nav", "form", "button", "select", "textarea", "svg", "math"),
    *("iframe", "object", "embed", "audio", "video", "canvas"),
}
CAPTION_CLASS = re.compile(r"(?:^|[\s_-])(?:wp-)?caption(?:-text)?(?:$|\s)|wp-caption-text", re.IGNORECASE)
CREDIT_CLASS = re.compile(r"(?:^|[\s_-])credits?(?:$|[\s_-])", re.IGNORECASE)
WHITE_SPACE = re.compile(r"\s+")
BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")

PARSER_OPTIONS = {"no_network": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}


def parse_html(data: bytes | str, encoding: str | None = None) -> Any:
    """Return the root element of a page or of a piece of HTML; None if it is empty. Never fetches anything."""
    if isinstance(data, str):
        data, encoding = data.encode("utf-8", "replace"), "utf-8"
    parser = lxml.html.HTMLParser(encoding=encoding, **PARSER_OPTIONS)
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    except ValueError as error:
        raise Fault(f"This HTML can't be read: {error}.") from None


def read_html_blocks(html: str, line: int = 1, *, has_blank_lines: bool = False) -> list[Block]:
    """Return the blocks of a piece of HTML, all of which stand in this line of their file.

    With `has_blank_lines`, blank lines separate paragraphs, as in the editor of WordPress.
    """
    root = parse_html(html)
    blocks = read_blocks(root, has_blank_lines=has_blank_lines) if root is not None else []
    return [block._replace(line=line) for block in blocks]


def read_blocks(root: Any, *, has_blank_lines: bool = False) -> list[Block]:
    """Return the blocks in an element, each with the line in which the element around it begins."""
    collector = BlockCollector(has_blank_lines=has_blank_lines)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag.lower() if isinstance(element.tag, str) else ""
        if event == "end":
            collector.end(element, name)
        elif name in SKIPPED or is_hidden(element):
            walk.skip_subtree()
            collector.is_skipping = True
        else:
            collector.start(element, name)
    collector.flush(root.sourceline or 1)
    return collector.blocks


class BlockCollector:
    """Collect the texts of elements, from a walk through them, in blocks."""

    def __init__(self, *, has_blank_lines: bool) -> None:
        self.blocks: list[Block] = []
        self.roles: list[Role] = ["body"]
        """Of the open block elements."""
        self.pieces: list[str] = []
        """Of the block that is not complete yet."""
        self.has_blank_lines = has_blank_lines
        self.is_skipping = False
        """Whether the element that ends next was left out."""

    def start(self, element: Any, name: str) -> None:
        """Go into an element."""
        if is_block(element, name):
            self.flush(element.sourceline or 1)
            self.roles.append(find_role(element, name) or self.roles[-1])
        elif name == "br":
            self.pieces.append("\n")
        elif name in CELLS and "".join(self.pieces).strip():
            self.pieces.append(" | ")
        self.add_text(element.text)

    def end(self, element: Any, name: str) -> None:
        """Go out of an element."""
        if is_block(element, name) and not self.is_skipping:
            self.flush(element.sourceline or 1)
            self.roles.pop()
        self.is_skipping = False
        self.add_text(element.tail)

    def add_text(self, text: str | None) -> None:
        """Add a text, in which white space means nothing but a space, unless blank lines separate paragraphs."""
        if text:
            self.pieces.append(text if self.has_blank_lines else WHITE_SPACE.sub(" ", text))

    def flush(self, line: int) -> None:
        """Complete the block before this line."""
        for part in BETWEEN_PARAGRAPHS.split("".join(self.pieces)):
            if words := " ".join(part.split()):
                self.blocks.append(Block(self.roles[-1], words, line))
        self.pieces.clear()


def is_block(element: Any, name: str) -> bool:
    """Tell whether an element stands on lines of its own."""
    return name in BLOCK_ELEMENTS or (name != "" and find_role(element, name) is not None)


def find_role(element: Any, name: str) -> Role | None:
    """Return the role that an element gives to the texts in it; None if it gives none."""
    if role := ROLES.get(name):
        return role
    marks = f"{element.get('class', '')} {element.get('itemprop', '')}"
    if marks == " ":
        return None
    if CREDIT_CLASS.search(marks) and name in {"span", "p", "div", "small", "cite"}:
        return "credit"
    return "caption" if CAPTION_CLASS.search(marks) and name in {"span", "p", "div", "dd"} else None


def is_hidden(element: Any) -> bool:
    """Tell whether a page says that an element is not to be seen."""
    return element.get("hidden") is not None or element.get("aria-hidden") == "true"


def set_blocks(raw: RawArticle, blocks: list[Block]) -> None:
    """Set the paragraphs of an article, without a first heading that is its title."""
    title = raw.document.get("title")
    if isinstance(title, str) and len(blocks) > 1 and blocks[0].text.split() == title.split():
        blocks = blocks[1:]
    raw.set_paragraphs((block.role, block.text, block.line) for block in blocks)
