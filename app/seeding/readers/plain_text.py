"""Plain text, as news sites paste: a title, perhaps its caption, paragraphs between blank lines, tags at the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.limits import MOST_PARAGRAPHS
from app.seeding.normalize.date_formats import lone_date
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.bylines import byline, ends_closed, is_opening
from app.seeding.readers.decoding import prose
from app.seeding.readers.front_matter import split_front_matter

TAGS = re.compile(r"tags\s*(?:[:：](?P<listed>.*))?", re.IGNORECASE)


@dataclass
class Block:
    """Lines that stand together, without white space around them."""

    lines: list[str]
    line: int
    """Where the first of them stands."""
    role: Role = "body"

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(self.lines)

    @property
    def looks_like_heading(self) -> bool:
        """Short, and no sentence. The length is for scripts that write no spaces between words."""
        return len(self.text) <= 120 and len(self.text.split()) <= 10 and not ends_closed(self.text)


def read_plain(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """The one article of a plain text file."""
    above, text, first = split_front_matter(prose(stream))
    lines = [line.strip() for line in text.split("\n")]
    tags = take_tags(lines)
    blocks = split_blocks(lines, first)
    draft = RawArticle(file.name, name, above.keys, lines=above.lines)
    for fault in above.faults:
        draft.fault_in_line(fault)
    title = take_title(draft, blocks)
    opening = list(take_opening(draft, blocks, title)) if title else []
    mark_headings(blocks)
    draft.put_paragraphs((block.role, block.text, block.line) for block in [*opening, *blocks])
    if tags:
        draft.keys["tags"] = [*listed(draft.keys.get("tags")), *tags]
    yield draft


def listed(tags: Any) -> list[Any]:
    """The tags of a front matter, which may be one string."""
    return tags.split(",") if isinstance(tags, str) else list(tags or ())


def take_tags(lines: list[str]) -> list[str]:
    """Cut off the trailing block of tags, if there is one, and return what it lists."""
    while lines and not lines[-1]:
        lines.pop()
    start = len(lines)
    while start and lines[start - 1]:
        start -= 1
        opened = TAGS.fullmatch(lines[start])
        if opened and (not start or not lines[start - 1] or "" not in lines):
            listed_ = [opened["listed"] or "", *lines[start + 1 :]]
            del lines[start:]
            return [tag for line in listed_ for tag in re.split(r"\s*[,،，、]\s*", line.strip()) if tag]
    return []


def split_blocks(lines: list[str], first: int) -> list[Block]:
    """The blocks between blank lines; without any blank line, each line is one."""
    while lines and not lines[-1]:
        lines.pop()
    leading = next((number for number, line in enumerate(lines) if line), 0)
    dense = "" not in lines[leading:]
    blocks: list[Block] = []
    apart = True
    for number, line in enumerate(lines[leading:], start=first + leading):
        if line and (apart or dense):
            if len(blocks) == MOST_PARAGRAPHS:
                raise Fault(f"There are more than {MOST_PARAGRAPHS:,} paragraphs; expected at most so many.", number)
            blocks.append(Block([line], number))
        elif line:
            blocks[-1].lines.append(line)
        apart = not line
    return blocks


def take_title(draft: RawArticle, blocks: list[Block]) -> str | None:
    """Cut the title off, which is the first line, unless the front matter gives another."""
    given = draft.keys.get("title")
    if not blocks:
        return given if isinstance(given, str) else None
    first = blocks[0]
    if isinstance(given, str) and " ".join(given.split()) != " ".join(first.lines[0].split()):
        return given
    title = first.lines.pop(0)
    draft.keys.setdefault("title", title)
    draft.lines = {("title",): first.line, **draft.lines}
    first.line += 1
    if not first.lines:
        blocks.pop(0)
    return title


def take_opening(draft: RawArticle, blocks: list[Block], title: str) -> Iterator[Block]:
    """Cut off what stands before the first paragraph: byline, dateline, caption and credit."""
    captioned = False
    while blocks:
        block = blocks[0]
        if all(map(is_opening, block.lines)):
            for number, line in enumerate(block.lines, start=block.line):
                if authors := byline(line):
                    draft.keys.setdefault("authors", authors)
                else:
                    yield Block([line], number, "dateline")
        elif not captioned and " ".join(block.lines[0].split()) == " ".join(title.split()):
            captioned = True
            yield from captions(block)
        else:
            return
        blocks.pop(0)


def captions(block: Block) -> Iterator[Block]:
    """What stands in the block that begins with the title again: a caption, and perhaps who took the picture."""
    lines, first = block.lines[1:], block.line + 1
    credited = len(lines) > 1 and len(lines[-1].split()) <= 6 and not ends_closed(lines[-1])
    body = lines[:-1] if credited else lines
    if body:
        yield Block(body, first, "caption")
    if credited:
        yield Block(lines[-1:], first + len(body), "credit")


def mark_headings(blocks: list[Block]) -> None:
    """Tell headings and datelines from paragraphs: a heading stands between two paragraphs."""
    for block in blocks:
        if lone_date(block.text):
            block.role = "dateline"
    plain = [block.role == "body" and not block.looks_like_heading for block in blocks]
    begun = False
    for number, block in enumerate(blocks[:-1]):
        if begun and not plain[number] and block.role == "body" and plain[number + 1]:
            block.role = "heading"
        begun = begun or block.role == "body"
