"""Blocks of HTML: read headings, quotes, list items, captions and paragraphs, each as plain text with its role."""

import re
from functools import cache
from typing import Any

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
CELLS = {"td", "th"}
SKIPPED = {
    *("script", "style", "template", "noscript", "head", "nav", "form", "button", "select", "textarea", "svg", "math"),
    *("iframe", "object", "embed", "audio", "video", "canvas"),
}
CAPTION_CLASS = re.compile(r"(?:^|[\s_-])(?:wp-)?caption(?:-text)?(?:$|\s)|wp-caption-text", re.IGNORECASE)
CREDIT_CLASS = re.compile(r"(?:^|[\s_-])credits?(?:$|[\s_-])", re.IGNORECASE)
BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


@cache
def make_parser(encoding: str | None) -> Any:
    """Return a parser of HTML in this encoding, which never fetches anything; None: the page says which."""
    return etree.HTMLParser(encoding=encoding, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)


def parse_html(data: bytes | str, encoding: str | None = None) -> Any:
    """Return the root element of a page or of a piece of HTML; None if it is empty."""
    if isinstance(data, str):
        data, encoding = data.encode("utf-8", "replace"), "utf-8"
    try:
        return etree.fromstring(data, make_parser(encoding))
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
        if event == "end":
            collector.end(element)
            continue
        name = element.tag.lower() if isinstance(element.tag, str) else ""
        # Most elements have no attributes: to ask for all of them once spares asking for four.
        has_attributes = bool(element.keys())
        if name in SKIPPED or (has_attributes and is_hidden(element)):
            walk.skip_subtree()
            collector.skip()
        else:
            collector.start(element, name, find_role(element, name) if has_attributes else ROLES.get(name))
    collector.flush(root.sourceline or 1)
    return collector.blocks


class BlockCollector:
    """Collect the texts of elements, from a walk through them, in blocks."""

    def __init__(self, *, has_blank_lines: bool) -> None:
        self.blocks: list[Block] = []
        self.roles: list[Role] = ["body"]
        """Of the open block elements."""
        self.are_blocks: list[bool] = []
        """Whether each open element is a block element."""
        self.pieces: list[str] = []
        """Of the block that is not complete yet."""
        self.has_blank_lines = has_blank_lines

    def start(self, element: Any, name: str, role: Role | None) -> None:
        """Go into an element, which gives this role to the texts in it."""
        is_block = role is not None or name in CONTAINERS
        self.are_blocks.append(is_block)
        if is_block:
            self.flush(element.sourceline or 1)
            self.roles.append(role or self.roles[-1])
        elif name == "br":
            self.pieces.append("\n")
        elif name in CELLS and "".join(self.pieces).strip():
            self.pieces.append(" | ")
        self.add_text(element.text)

    def skip(self) -> None:
        """Leave out the content of an element, which ends next."""
        self.are_blocks.append(False)

    def end(self, element: Any) -> None:
        """Go out of an element."""
        if self.are_blocks.pop():
            self.flush(element.sourceline or 1)
            self.roles.pop()
        self.add_text(element.tail)

    def add_text(self, text: str | None) -> None:
        """Add a text, in which a line end means nothing but a space, unless blank lines separate paragraphs."""
        if text:
            self.pieces.append(text if self.has_blank_lines else text.replace("\n", " "))

    def flush(self, line: int) -> None:
        """Complete the block before this line."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        for part in BETWEEN_PARAGRAPHS.split(text) if "\n" in text else (text,):
            if words := " ".join(part.split()):
                self.blocks.append(Block(self.roles[-1], words, line))
        self.pieces.clear()


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
