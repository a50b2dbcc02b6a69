"""Markdown with YAML front matter: read headings, quotes, list items and paragraphs, each as plain text."""

from collections.abc import Iterator, Sequence
from io import BufferedIOBase

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.article_header import Block, is_byline_or_date, take_bylines, take_title
from app.seeding.readers.front_matter import read_text_file

DEEPEST = 40
"""Levels of nested quotes, lists and list items; the parser leaves out silently what is deeper."""

PARSER = MarkdownIt("commonmark", {"maxNesting": DEEPEST})

ROLES: dict[str, Role] = {"heading": "heading", "blockquote": "quote", "list_item": "list"}
"""Roles of texts by the element around them; anywhere else they are body."""


def read_markdown(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the one article of a Markdown file."""
    raw, text, line = read_text_file(file, name, stream)
    tokens = PARSER.parse(text)
    refuse_depth(tokens, line)
    blocks = list(read_blocks(tokens, line))
    warn_of_html(raw, tokens, line)
    if blocks and blocks[0].is_main_heading and take_title(raw, blocks[0].text, blocks[0].line):
        blocks.pop(0)
    header: list[Block] = []
    while blocks and blocks[0].role == "body" and is_byline_or_date(blocks[0].text):
        block = blocks.pop(0)
        header += take_bylines(raw, [block.text], block.line)
    raw.set_paragraphs((block.role, block.text, block.line) for block in [*header, *blocks])
    yield raw


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
    """Yield every text with the role that the innermost element around it gives."""
    ancestors: list[Token] = []
    for token in tokens:
        if token.nesting > 0:
            ancestors.append(token)
        elif token.nesting < 0:
            ancestors.pop()
        children = token.children or []
        if token.type == "inline":
            role, text = choose_role(ancestors, children), "".join(map(to_plain_text, children)).strip()
            is_main_heading = [ancestor.tag for ancestor in ancestors] == ["h1"]
        elif token.type in {"fence", "code_block", "html_block"}:
            role, text, is_main_heading = "body", token.content.strip(), False
        else:
            continue
        if text:
            yield Block(role, text, line_of(token, first), is_main_heading)


def choose_role(ancestors: Sequence[Token], children: Sequence[Token]) -> Role:
    """Return the role of a text; a picture that stands alone gives a caption."""
    for ancestor in reversed(ancestors):
        if role := ROLES.get(ancestor.type.removesuffix("_open")):
            return role
    is_picture = all(child.type == "image" or not child.content.strip() for child in children)
    return "caption" if is_picture else "body"


def to_plain_text(token: Token) -> str:
    """Return an inline token without its markup."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type == "image":
        return "".join(map(to_plain_text, token.children or []))
    return token.content


def warn_of_html(raw: RawArticle, tokens: Sequence[Token], first: int) -> None:
    """Warn of HTML, which is kept as it stands."""
    for token in tokens:
        if token.type == "html_block" or any(child.type == "html_inline" for child in token.children or ()):
            raw.add_warning_in_line("There is HTML in the text, which was kept as it stands.", line_of(token, first))
