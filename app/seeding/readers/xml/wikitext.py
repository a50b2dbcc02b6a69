"""Wikitext: read headings, lists, quotes, captions and paragraphs, each as plain text, and the categories."""

import re
from collections import Counter
from typing import Any, NamedTuple

import mwparserfromhell
from mwparserfromhell.nodes import Comment, ExternalLink, Heading, HTMLEntity, Tag, Template, Text, Wikilink

from app.models import Role
from app.seeding.normalize.raw import Fault
from app.seeding.readers.texts.article_header import Block

FILE_PREFIXES = ("file:", "image:", "media:", "datei:", "fichier:", "файл:", "archivo:")
CATEGORY_PREFIXES = ("category:", "kategorie:", "catégorie:", "категория:", "categoría:")
OTHER_PREFIX = re.compile(r":?[a-z-]{2,12}:\S", re.IGNORECASE)
PICTURE_OPTION = re.compile(
    r"thumb|thumbnail|frame|frameless|border|left|right|center|none|upright.*|\d*x?\d+px|(?:alt|link|lang|class|page)=.*"
)
QUOTE_TEMPLATES = {"quote", "cquote", "blockquote", "quotation", "pull quote"}
DROPPED_TAGS = {
    "ref",
    "references",
    "gallery",
    "table",
    "math",
    "syntaxhighlight",
    "timeline",
    "score",
    "style",
    "script",
}
BLOCK_TAGS: dict[str, Role] = {"blockquote": "quote", "li": "list", "dt": "list", "dd": "body"}
DEEPEST = 40
BRACKET = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{\||\|\}|\[(?=https?:|//)|\]|</?[a-zA-Z]+(?![^<>]*/>)")
SINGLE_TAGS = {"br", "hr", "img", "wbr", "li", "dt", "dd", "tr", "td", "th"}
CLOSING = {"}}": "{{", "]]": "[[", "|}": "{|", "]": "["}
MOST_BACKTRACKING = 20_000_000
"""Brackets that are never closed, times characters: the parser reads to the end of a page for each of them (.1 us)."""


class WikitextParts(NamedTuple):
    """What a text of a wiki consists of."""

    blocks: list[Block]
    tags: list[str]
    """Names of its categories."""
    date: str | None
    """Of a template `date`, as Wikinews has it."""


def parse_wikitext(text: str, line: int) -> WikitextParts:
    """Parse wikitext, all of which stands in this line of its file; last headings without a text are left out.

    Raises `Fault` if it is nested too deep.
    """
    unclosed = count_unclosed_brackets(text)
    if unclosed * len(text) > MOST_BACKTRACKING:
        raise Fault(f"The wikitext has {unclosed:,} brackets that are never closed; expected fewer.", line)
    try:
        nodes = mwparserfromhell.parse(text, skip_style_tags=True).nodes
    except (mwparserfromhell.parser.ParserError, RecursionError):
        raise Fault("The wikitext can't be parsed; expected less deep templates.", line) from None
    collector = WikitextCollector(line)
    collector.add_nodes(nodes, 0)
    collector.flush()
    while collector.blocks and collector.blocks[-1].role == "heading":
        collector.blocks.pop()
    return WikitextParts(collector.blocks, collector.tags, collector.date)


def count_unclosed_brackets(text: str) -> int:
    """Return how many brackets and tags of wikitext are opened and never closed."""
    depths: Counter[str] = Counter()
    for match in BRACKET.finditer(text):
        bracket = match[0]
        if bracket.startswith("</"):
            depths["<"] = max(0, depths["<"] - 1)
        elif opening := CLOSING.get(bracket):
            depths[opening] = max(0, depths[opening] - 1)
        elif bracket.startswith("<"):
            depths["<"] += bracket[1:].lower() not in SINGLE_TAGS
        else:
            depths[bracket] += 1
    return depths.total()


class WikitextCollector:
    """Collect the blocks of nodes."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.blocks: list[Block] = []
        self.tags: list[str] = []
        self.date: str | None = None
        self.role: Role = "body"
        self.text = ""

    def add_nodes(self, nodes: Any, depth: int) -> None:
        """Add nodes, and what is in them."""
        for node in nodes if depth < DEEPEST else ():
            match node:
                case Text():
                    self.add_text(str(node.value))
                case Heading():
                    self.add_block("heading", node.title.nodes, depth)
                case Wikilink():
                    self.add_link(node, depth)
                case ExternalLink():
                    self.add_nodes(node.title.nodes if node.title else [Text(str(node.url))], depth + 1)
                case HTMLEntity():
                    self.text += node.normalize()
                case Template():
                    self.add_template(node, depth)
                case Tag():
                    self.add_tag(node, depth)
                case Comment():
                    pass

    def add_text(self, text: str) -> None:
        """Add a text, in which a blank line ends a paragraph, and a line end a list item or a heading."""
        for index, piece in enumerate(re.split(r"(\n\s*\n|\n)", text.replace("'''", "").replace("''", ""))):
            if index % 2 == 0:
                self.text += piece
            elif len(piece) > 1 or self.role == "list":
                self.flush()
            else:
                self.text += " "

    def add_block(self, role: Role, nodes: Any, depth: int) -> None:
        """Add nodes that are a block of their own."""
        self.flush()
        self.role = role
        self.add_nodes(nodes, depth + 1)
        self.role = role
        self.flush()

    def add_link(self, link: Any, depth: int) -> None:
        """Add the text of a link, a category as a tag, or the caption of a picture."""
        title = str(link.title).strip()
        lower = title.lower()
        if lower.startswith(CATEGORY_PREFIXES):
            self.tags.append(title.partition(":")[2].strip())
        elif lower.startswith(FILE_PREFIXES):
            options = str(link.text or "").split("|")
            if captions := [option for option in options if not PICTURE_OPTION.fullmatch(option.strip())]:
                self.add_block("caption", mwparserfromhell.parse("|".join(captions), skip_style_tags=True).nodes, depth)
        elif link.text is not None:
            self.add_nodes(link.text.nodes, depth + 1)
        elif not OTHER_PREFIX.match(title):
            self.text += title.lstrip(":")

    def add_template(self, template: Any, depth: int) -> None:
        """Keep a date or a quote, or the text of a link template; all other templates are left out."""
        name = str(template.name).strip().lower()
        values = [parameter.value for parameter in template.params if not parameter.showkey]
        if name == "date" and values:
            self.date = str(values[0]).strip()
        elif name in QUOTE_TEMPLATES and values:
            self.add_block("quote", values[0].nodes, depth)
        elif name in {"w", "wikipedia", "lang", "nihongo", "nowrap"} and values:
            self.add_nodes(values[-1].nodes, depth + 1)

    def add_tag(self, tag: Any, depth: int) -> None:
        """Add the text of a tag of HTML, or of a list in wikitext."""
        name = str(tag.tag).lower()
        if name in DROPPED_TAGS:
            return
        if name in BLOCK_TAGS and tag.wiki_markup:
            self.flush()
            self.role = BLOCK_TAGS[name]
        elif name in BLOCK_TAGS:
            self.add_block(BLOCK_TAGS[name], tag.contents.nodes if tag.contents else [], depth)
        elif name == "br":
            self.text += " "
        elif tag.contents:
            self.add_nodes(tag.contents.nodes, depth + 1)

    def flush(self) -> None:
        """Complete a block."""
        if words := " ".join(self.text.split()):
            self.blocks.append(Block(self.role, words, self.line))
        self.text = ""
        self.role = "body"
