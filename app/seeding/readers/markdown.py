"""Markdown with YAML front matter: its headings, quotes, list items and paragraphs, each as plain text."""

from collections.abc import Iterator, Sequence
from io import BufferedIOBase
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.date_formats import lone_date
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.bylines import byline
from app.seeding.readers.decoding import prose
from app.seeding.readers.front_matter import split_front_matter

DEEPEST = 40
"""So many quotes, lists and list items may stand in one another; the parser would leave out what is deeper."""

PARSER = MarkdownIt("commonmark", {"maxNesting": DEEPEST})

CONTAINERS: dict[str, Role] = {"heading": "heading", "blockquote": "quote", "list_item": "list"}
"""What a text is that stands in one of these; anywhere else it is body."""


class Block(NamedTuple):
    """A paragraph and its line."""

    role: Role
    text: str
    line: int
    main: bool = False
    """Whether it is a heading of the first level."""


def read_markdown(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """The one article of a Markdown file."""
    above, text, first = split_front_matter(prose(stream))
    draft = RawArticle(file.name, name, above.keys, lines=above.lines)
    for fault in above.faults:
        draft.fault_in_line(fault)
    tokens = PARSER.parse(text)
    refuse_depth(tokens, first)
    blocks = list(read_blocks(tokens, first))
    warn_of_html(draft, tokens, first)
    take_title(draft, blocks)
    opening = list(take_opening(draft, blocks))
    draft.put_paragraphs((block.role, block.text, block.line) for block in [*opening, *blocks])
    yield draft


def refuse_depth(tokens: Sequence[Token], first: int) -> None:
    """Raise `Fault` where quotes and lists stand so deep in one another that the parser did not look into them."""
    for token in tokens:
        if token.nesting > 0 and token.level >= DEEPEST - 1:
            message = f"Quotes and lists stand in one another more than {DEEPEST // 2} deep; expected fewer."
            raise Fault(message, first + (token.map or [0])[0])


def read_blocks(tokens: Sequence[Token], first: int) -> Iterator[Block]:
    """Every text, with the role that the innermost thing around it gives."""
    around: list[Token] = []
    for token in tokens:
        if token.nesting > 0:
            around.append(token)
        elif token.nesting < 0:
            around.pop()
        children = token.children or []
        if token.type == "inline":
            role, text = role_of(around, children), "".join(map(plain, children)).strip()
            main = [opened.tag for opened in around] == ["h1"]
        elif token.type in {"fence", "code_block", "html_block"}:
            role, text, main = "body", token.content.strip(), False
        else:
            continue
        if text:
            yield Block(role, text, first + (token.map or [0])[0], main)


def role_of(around: Sequence[Token], children: Sequence[Token]) -> Role:
    """What a text is; a picture's text that stands alone is its caption."""
    for opened in reversed(around):
        if role := CONTAINERS.get(opened.type.removesuffix("_open")):
            return role
    alone = all(child.type == "image" or not child.content.strip() for child in children)
    return "caption" if alone else "body"


def plain(token: Token) -> str:
    """What is left of a piece of a line without its marks."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type == "image":
        return "".join(map(plain, token.children or []))
    return token.content


def warn_of_html(draft: RawArticle, tokens: Sequence[Token], first: int) -> None:
    """Say where HTML stands, of which nothing is taken away."""
    for token in tokens:
        if token.type == "html_block" or any(child.type == "html_inline" for child in token.children or ()):
            draft.warn_in_line("There is HTML in the text, which was kept as it stands.", first + (token.map or [0])[0])


def take_title(draft: RawArticle, blocks: list[Block]) -> None:
    """Cut off the heading that is the title, unless the front matter gives another."""
    if not blocks or not blocks[0].main:
        return
    first = blocks[0]
    given = draft.keys.get("title")
    if given is None:
        draft.keys["title"] = first.text
        draft.lines = {**draft.lines, ("title",): first.line}
    if given is None or (isinstance(given, str) and given.split() == first.text.split()):
        blocks.pop(0)


def take_opening(draft: RawArticle, blocks: list[Block]) -> Iterator[Block]:
    """Cut off the byline and the dateline that stand before the first paragraph."""
    while blocks and blocks[0].role == "body":
        first = blocks[0]
        if authors := byline(first.text):
            draft.keys.setdefault("authors", authors)
        elif lone_date(first.text):
            yield first._replace(role="dateline")
        else:
            return
        blocks.pop(0)
