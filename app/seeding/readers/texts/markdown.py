"""Markdown with front matter: read headings, quotes, list items, table rows and paragraphs, each as plain text."""

import re
from collections.abc import Iterator, Sequence
from io import BufferedIOBase

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.html_text import CELL_SEPARATOR, read_html
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.texts.article_header import Block, is_byline_or_date, take_bylines, take_title
from app.seeding.readers.texts.front_matter import read_text_file
from app.seeding.readers.texts.list_numbers import number_items
from app.seeding.readers.texts.shortcodes import remove_shortcodes

DEEPEST = 40
"""Levels of nested quotes, lists and list items; the parser leaves out silently what is deeper."""

PARSER = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"]).use(footnote_plugin)

ROLES: dict[str, Role] = {"heading": "heading", "blockquote": "quote", "list_item": "list"}
"""Roles of texts by the element around them; anywhere else they are body."""

TASK_BOX = re.compile(r"\[[ xX]\]\s+")
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the one article of a Markdown file."""
    raw, text, line = read_text_file(file, name, stream)
    text, shortcode_lines = remove_shortcodes(text, is_mdx=file.path.lower().endswith(".mdx"))
    for number in shortcode_lines:
        raw.add_warning_in_line("Template tags of a site generator were left out.", line + number)
    tokens = PARSER.parse(text)
    refuse_depth(tokens, line)
    blocks = list(read_blocks(tokens, line))
    take_title_heading(raw, blocks)
    header: list[Block] = []
    while blocks and blocks[0].role == "body" and is_byline_or_date(blocks[0].text):
        block = blocks.pop(0)
        header += take_bylines(raw, [block.text], block.line)
    raw.set_paragraphs((block.role, block.text, block.line) for block in [*header, *blocks])
    yield raw


def take_title_heading(raw: RawArticle, blocks: list[Block]) -> None:
    """Remove the heading that is the title: a heading at the very top, or the first one of the first level."""
    if raw.document.get("title") is None:
        main = next((block for block in blocks if block.is_main_heading), None)
        heading = blocks[0] if blocks and blocks[0].role == "heading" else main
    else:
        heading = blocks[0] if blocks and blocks[0].role == "heading" else None
    if heading and take_title(raw, heading.text, heading.line):
        blocks.remove(heading)


def line_of(token: Token, first: int) -> int:
    """Return the line of a token of a text that begins in the line `first`."""
    return first + (token.map or [0])[0]


def refuse_depth(tokens: Sequence[Token], first: int) -> None:
    """Raise `Fault` if quotes and lists are nested so deep that the parser left something out."""
    for token in tokens:
        if token.nesting > 0 and token.level >= DEEPEST - 1:
            message = f"Quotes and lists stand in one another more than {DEEPEST // 2} deep; expected fewer."
            raise Fault(message, line_of(token, first))


def read_blocks(tokens: Sequence[Token], first: int) -> Iterator[Block]:
    """Yield every text with the role that the innermost element around it gives; a row of a table is one text."""
    numbers = number_items(tokens)
    ancestors: list[Token] = []
    cells: list[str] = []
    prefix = ""
    line = first
    for index, token in enumerate(tokens):
        line = line_of(token, first) if token.map else line
        if token.nesting > 0:
            ancestors.append(token)
            prefix = numbers.get(index, prefix if token.type == "paragraph_open" else "")
        elif token.nesting < 0:
            ancestors.pop()
        is_in_table = any(ancestor.type == "tr_open" for ancestor in ancestors)
        if token.type == "inline" and is_in_table:
            cells.append(to_plain_text(token.children or []))
        elif token.type == "tr_close":
            if row := CELL_SEPARATOR.join(filter(None, cells)):
                yield Block("body", row, line)
            cells = []
        elif token.type == "inline":
            yield from read_inline(token, ancestors, prefix, line)
            prefix = ""
        elif token.type in {"fence", "code_block"} and (code := token.content.strip()):
            yield Block("body", code, line)
        elif token.type == "html_block":
            yield from (Block(role, text, line + offset) for role, text, offset in read_html(token.content))


def read_inline(token: Token, ancestors: Sequence[Token], prefix: str, line: int) -> Iterator[Block]:
    """Yield the text of a paragraph, heading or list item, with the number that stands before it."""
    children = token.children or []
    role, text = choose_role(ancestors, children), to_plain_text(children)
    if role == "list":
        text = TASK_BOX.sub("", text, count=1) if TASK_BOX.match(text) else text
    if text:
        yield Block(role, prefix + text, line, [ancestor.tag for ancestor in ancestors] == ["h1"])


def choose_role(ancestors: Sequence[Token], children: Sequence[Token]) -> Role:
    """Return the role of a text; a picture that stands alone gives a caption."""
    for ancestor in reversed(ancestors):
        if role := ROLES.get(ancestor.type.removesuffix("_open")):
            return role
    is_picture = any(child.type == "image" for child in children) and all(
        child.type in {"image", "link_open", "link_close"} or not child.content.strip() for child in children
    )
    return "caption" if is_picture else "body"


def to_plain_text(tokens: Sequence[Token]) -> str:
    """Return inline tokens without markup, on one line."""
    return " ".join("".join(map(read_token, tokens)).split())


def read_token(token: Token) -> str:
    """Return the text of an inline token."""
    match token.type:
        case "softbreak" | "hardbreak":
            return " "
        case "image":
            return to_plain_text(token.children or [])
        case "html_inline":
            return " " if BREAK_TAG.fullmatch(token.content) else ""
        case "footnote_ref" | "footnote_anchor":
            return ""
    return token.content
