"""HTML as a reader sees it: the paragraphs of a piece of HTML with their roles, without tags, comments and scripts."""

import re
from html import unescape
from typing import NamedTuple

from app.models import Role

MARKUP = re.compile(
    r"</(?:p|div|span|a|b|i|u|s|em|strong|h[1-6]|ul|ol|li|blockquote|figure|figcaption|sub|sup|table|t[dhr]|section|"
    r"article|code|pre|font|center)\s*>|<(?:br|hr)\s*/?>|<img\s[^<>]*>",
    re.IGNORECASE,
)
"""Tags that a text without HTML does not have: closing ones, for `<b>` may be a comparison."""
ENTITY = re.compile(
    r"&(?:amp|quot|apos|nbsp|lt|gt|[lr][sd]quo|[mn]dash|hellip|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE
)

TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>"
    r"|<(?P<closing>/?)(?P<name>[a-z][a-z0-9-]*)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.IGNORECASE | re.DOTALL,
)
"""A comment, a declaration or a tag."""

ROLES: dict[str, Role] = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "blockquote": "quote",
    "li": "list",
    "figcaption": "caption",
    "caption": "caption",
}
"""Roles of texts by the element around them; anywhere else they are body."""

BLOCKS = {
    *ROLES,
    "p",
    "div",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
    "figure",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "pre",
    "hr",
    "details",
    "summary",
    "address",
    "form",
    "body",
    "html",
}
"""Elements that begin a paragraph, and end one."""
RAW_TEXT = {"script", "style", "textarea", "title", "iframe", "noscript"}
"""Elements whose content is no HTML, and is not shown."""
INVISIBLE = {"template", "svg", "head", "object"}
CELLS = {"td", "th"}

DEEPEST_ROLES = 100
"""Open elements that are remembered; no page has more of them in one another."""

CELL_SEPARATOR = "; "
"""Stands between the cells of a table's row, which is a paragraph."""

BREAK = "\n"
BREAKS = re.compile(r"\n\s*\n")


class HtmlParagraph(NamedTuple):
    """A paragraph, and the line of the HTML in which it begins, from 0."""

    role: Role
    text: str
    line: int


def is_html(text: str) -> bool:
    """Tell whether a text is HTML rather than one that only has angle brackets."""
    return MARKUP.search(text) is not None


def read_html(html: str) -> list[HtmlParagraph]:
    """Return the paragraphs of a piece of HTML."""
    return HtmlReader(html).read()


def strip_html(text: str) -> str:
    """Return a line without the tags and entities of HTML, if it has any."""
    if is_html(text):
        return " ".join(paragraph.text for paragraph in read_html(text))
    return unescape(text) if ENTITY.search(text) else text


class HtmlReader:
    """Collects the paragraphs of HTML, whether or not its elements are closed, in linear time.

    The parser of the standard library takes the square of the length for `<a <a <a`.
    """

    def __init__(self, html: str) -> None:
        self.html = html
        self.paragraphs: list[HtmlParagraph] = []
        self.roles: list[str] = []
        """The open elements that give a role, the innermost last."""
        self.pieces: list[str] = []
        self.has_text = False
        self.start = self.counted = self.line = 0
        """Where the paragraph begins; up to where line ends were counted, and how many."""
        self.invisible = 0
        """How many elements are open whose content is not shown."""

    def read(self) -> list[HtmlParagraph]:
        """Return all paragraphs."""
        position = 0
        while tag := TAG.search(self.html, position):
            self.add_text(position, tag.start())
            position = tag.end()
            name = (tag["name"] or "").lower()
            if name in RAW_TEXT and not tag["closing"]:
                end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.html, position)
                position = end.end() if end else len(self.html)
            elif name:
                self.add_tag(name, is_closing=bool(tag["closing"]), is_empty=tag["rest"].endswith("/"))
        self.add_text(position, len(self.html))
        self.end_paragraph()
        return self.paragraphs

    def add_text(self, start: int, end: int) -> None:
        """Add text to the paragraph."""
        if self.invisible or start == end:
            return
        text = self.html[start:end]
        if not self.has_text and not text.isspace():
            self.has_text = True
            self.start = start + len(text) - len(text.lstrip())
        self.pieces.append(re.sub(r"\s+", " ", unescape(text)))

    def add_tag(self, name: str, *, is_closing: bool, is_empty: bool) -> None:
        """Begin or end a paragraph, a cell, or an element that is not shown."""
        if name in INVISIBLE:
            self.invisible = max(0, self.invisible + (-1 if is_closing else 0 if is_empty else 1))
        elif name == "br":
            self.pieces.append(BREAK)
        elif name in CELLS and not is_closing and self.has_text:
            self.pieces.append(CELL_SEPARATOR)
        elif name in BLOCKS:
            self.end_paragraph()
            if name in ROLES and not is_closing and not is_empty and len(self.roles) < DEEPEST_ROLES:
                self.roles.append(name)
            elif is_closing and name in self.roles:
                while self.roles.pop() != name:
                    pass

    def end_paragraph(self) -> None:
        """Keep what was collected since the last paragraph; two line breaks separate paragraphs, too."""
        role = ROLES[self.roles[-1]] if self.roles else "body"
        for part in BREAKS.split("".join(self.pieces)):
            if text := " ".join(part.split()):
                self.line += self.html.count("\n", self.counted, self.start)
                self.counted = max(self.counted, self.start)
                self.paragraphs.append(HtmlParagraph(role, text, self.line))
        self.pieces.clear()
        self.has_text = False
