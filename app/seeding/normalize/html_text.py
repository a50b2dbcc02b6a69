"""HTML as a reader sees it: the paragraphs of a piece of HTML with their roles, without tags, comments and scripts."""

import re
from html import unescape
from html.parser import HTMLParser
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

ROLES: dict[str, Role] = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "blockquote": "quote",
    "li": "list",
    "figcaption": "caption",
    "caption": "caption",
}
"""Roles of texts by the element around them; anywhere else they are body."""

BLOCKS = {
    *ROLES, "p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure", "ul", "ol", "dl",
    "dt", "dd", "table", "tr", "pre", "hr", "details", "summary", "address", "form", "body", "html",
}  # fmt: skip
"""Elements that begin a paragraph, and end one."""
INVISIBLE = {"script", "style", "template", "noscript", "iframe", "svg", "head", "object", "textarea"}
CELLS = {"td", "th"}

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
    reader = HtmlReader()
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return reader.paragraphs


def strip_html(text: str) -> str:
    """Return a line without the tags and entities of HTML, if it has any."""
    if is_html(text):
        return " ".join(paragraph.text for paragraph in read_html(text))
    return unescape(text) if ENTITY.search(text) else text


class HtmlReader(HTMLParser):
    """Collects the paragraphs of HTML, whether or not its elements are closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[HtmlParagraph] = []
        self.roles: list[str] = []
        """The open elements that give a role, the innermost last."""
        self.pieces: list[str] = []
        self.line = 0
        self.invisible = 0
        """How many elements are open whose content is not shown."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a paragraph, a cell, or an element that is not shown."""
        if tag in INVISIBLE:
            self.invisible += 1
        elif tag == "br":
            self.pieces.append(BREAK)
        elif tag in CELLS and "".join(self.pieces).strip():
            self.pieces.append(CELL_SEPARATOR)
        elif tag in BLOCKS:
            self.end_paragraph()
            if tag in ROLES:
                self.roles.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or an element that is not shown."""
        if tag in INVISIBLE:
            self.invisible = max(0, self.invisible - 1)
        elif tag in BLOCKS:
            self.end_paragraph()
            if tag in self.roles:
                del self.roles[len(self.roles) - 1 - self.roles[::-1].index(tag) :]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat an element that is closed at once as open and closed, unless it has no content."""
        self.handle_starttag(tag, attrs)
        if tag in INVISIBLE or tag in ROLES:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Add text to the paragraph."""
        if self.invisible:
            return
        if not self.pieces:
            self.line = self.getpos()[0] - 1 + len(data[: len(data) - len(data.lstrip())].split("\n")) - 1
        self.pieces.append(re.sub(r"\s+", " ", data))

    def end_paragraph(self) -> None:
        """Keep what was collected since the last paragraph; two line breaks separate paragraphs, too."""
        role = ROLES[self.roles[-1]] if self.roles else "body"
        for part in BREAKS.split("".join(self.pieces)):
            if text := " ".join(part.split()).strip():
                self.paragraphs.append(HtmlParagraph(role, text, self.line))
        self.pieces.clear()
