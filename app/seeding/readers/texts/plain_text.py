"""Plain text as news sites show it: read title, caption, paragraphs between blank lines, and tags at the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from itertools import takewhile
from typing import Any

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.limits import MOST_PARAGRAPHS
from app.seeding.normalize.date_formats import parse_lone_date
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.normalize.titles import HASHES, URL, is_ruler, may_be_title
from app.seeding.readers.texts.article_header import (
    Block,
    ends_with_punctuation,
    is_byline_or_date,
    take_bylines,
    take_title,
)
from app.seeding.readers.texts.front_matter import read_text_file
from app.seeding.readers.texts.mail_header import take_mail_header

TAGS = re.compile(r"tags\s*(?:[:：](?P<tags>.*))?", re.IGNORECASE)
BETWEEN_TAGS = re.compile(r"\s*[,،，、]\s*")

OTHER_FORMATS = {
    re.compile(r"\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE): "a page of HTML",
    re.compile(r"\s*-DOCSTART-"): "a file of CoNLL columns",
}
"""Formats by how their files begin."""

SHORTEST_WRAPPED = 40
"""Characters of a line before which nobody breaks a title."""
MOST_TITLE_LINES = 3

LONGEST_CREDIT = 6
"""Words."""


@dataclass
class LineBlock:
    """Adjacent lines, without white space around them."""

    lines: list[str]
    line: int
    """Where the first of them stands."""
    role: Role = "body"

    @property
    def text(self) -> str:
        """The lines, joined."""
        return " ".join(self.lines)

    @property
    def looks_like_heading(self) -> bool:
        """Whether it is short and no sentence. Some scripts put no spaces between words, so letters count, too."""
        return len(self.text) <= 120 and len(self.text.split()) <= 10 and not ends_with_punctuation(self.text)


def read_plain_text(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the one article of a plain text file."""
    raw, text, first = read_text_file(file, name, stream)
    refuse_other_formats(text, first)
    lines = text.split("\n")
    raw.document = {**take_mail_header(lines), **raw.document}
    lines = [line.strip() for line in lines]
    tags = take_tags(lines)
    take_url(raw, lines)
    blocks = split_blocks(lines, first)
    if blocks:
        take_title_lines(raw, blocks)
    paragraphs = [(block.role, block.text, block.line) for block in take_header(raw, blocks)]
    mark_headings(blocks)
    raw.set_paragraphs([*paragraphs, *((block.role, block.text, block.line) for block in blocks)])
    if tags:
        raw.document["tags"] = [*split_tags(raw.document.get("tags")), *tags]
    yield raw


def refuse_other_formats(text: str, line: int) -> None:
    """Raise `Fault` for a page of HTML and a file of CoNLL columns, of which plain text would make nonsense."""
    for pattern, what in OTHER_FORMATS.items():
        if pattern.match(text):
            raise Fault(f"This is {what}; expected plain text.", line)


def take_url(raw: RawArticle, lines: list[str]) -> None:
    """Blank an address above the title, which is that of the article."""
    first = next((index for index, line in enumerate(lines) if line), None)
    if first is not None and URL.fullmatch(lines[first]):
        raw.document.setdefault("source_url", lines[first])
        lines[first] = ""


def take_title_lines(raw: RawArticle, blocks: list[LineBlock]) -> None:
    """Remove the title from the first block, unless the front matter has another, or the text begins without one."""
    block = blocks[0]
    has_title = raw.document.get("title") is not None
    count = 1 if has_title else count_title_lines(block, is_alone=len(blocks) > 1)
    title = " ".join(block.lines[:count])
    if not has_title:
        title = HASHES.sub("", title)
    if count and take_title(raw, title, block.line):
        del block.lines[:count]
        block.line += count
        if not block.lines:
            blocks.pop(0)


def count_title_lines(block: LineBlock, *, is_alone: bool) -> int:
    """Return how many lines of a text's first block are its title: more than one if a long title was wrapped.

    `is_alone` says that other blocks follow.
    """
    lines = list(takewhile(lambda line: not is_byline_or_date(line), block.lines))
    if not lines or not may_be_title(lines[0]):
        return 0
    is_wrapped = is_alone and len(lines[0]) >= SHORTEST_WRAPPED and len(lines) <= MOST_TITLE_LINES
    text = " ".join(lines)
    if is_wrapped and len(lines) > 1 and may_be_title(text) and not any(map(ends_with_sentence, lines)):
        return len(lines)
    return 1


def ends_with_sentence(line: str) -> bool:
    """Tell whether a line ends a sentence, as a line within a title does not."""
    return line.endswith((".", "!", "?", "。"))


def split_tags(tags: Any) -> list[Any]:
    """Return the tags of a front matter, which may be one string."""
    return tags.split(",") if isinstance(tags, str) else list(tags or ())


def take_tags(lines: list[str]) -> list[str]:
    """Remove the trailing block of tags, if there is one, and return its tags."""
    while lines and not lines[-1]:
        lines.pop()
    start = len(lines)
    while start and lines[start - 1]:
        start -= 1
        match = TAGS.fullmatch(lines[start])
        if match and (not start or not lines[start - 1] or "" not in lines):
            tag_lines = [match["tags"] or "", *lines[start + 1 :]]
            del lines[start:]
            return [tag for line in tag_lines for tag in BETWEEN_TAGS.split(line.strip()) if tag]
    return []


def split_blocks(lines: list[str], first: int) -> list[LineBlock]:
    """Return the blocks between blank lines; without any blank line, each line is one."""
    while lines and not lines[-1]:
        lines.pop()
    leading = next((index for index, line in enumerate(lines) if line), 0)
    has_no_blank_lines = "" not in lines[leading:]
    lines = ["" if is_ruler(line) else line for line in lines]
    blocks: list[LineBlock] = []
    is_after_blank = True
    for number, line in enumerate(lines[leading:], start=first + leading):
        if line and (is_after_blank or has_no_blank_lines):
            if len(blocks) == MOST_PARAGRAPHS:
                raise Fault(f"There are more than {MOST_PARAGRAPHS:,} paragraphs; expected at most so many.", number)
            blocks.append(LineBlock([line], number))
        elif line:
            blocks[-1].lines.append(line)
        is_after_blank = not line
    return blocks


def take_header(raw: RawArticle, blocks: list[LineBlock]) -> Iterator[Block]:
    """Remove what stands between title and first paragraph, and yield what of it is kept: dateline, caption, credit."""
    title = raw.document.get("title")
    if not title or not isinstance(title, str):
        return
    is_captioned = False
    while blocks:
        block = blocks[0]
        if all(map(is_byline_or_date, block.lines)):
            yield from take_bylines(raw, block.lines, block.line)
        elif not is_captioned and (count := count_repeated_lines(block, title)):
            is_captioned = True
            yield from split_caption(block, count)
        else:
            return
        blocks.pop(0)


def count_repeated_lines(block: LineBlock, title: str) -> int:
    """Return how many lines at the beginning of a block repeat the title; 0 if they do not."""
    words = title.split()
    for count in range(1, min(len(block.lines), MOST_TITLE_LINES) + 1):
        if " ".join(block.lines[:count]).split() == words:
            return count
    return 0


def split_caption(block: LineBlock, count: int) -> Iterator[Block]:
    """Yield caption and credit of a picture from the block that repeats the title above them in `count` lines."""
    lines, first = block.lines[count:], block.line + count
    is_credited = len(lines) > 1 and len(lines[-1].split()) <= LONGEST_CREDIT and not ends_with_punctuation(lines[-1])
    caption = lines[:-1] if is_credited else lines
    if caption:
        yield Block("caption", " ".join(caption), first)
    if is_credited:
        yield Block("credit", lines[-1], first + len(caption))


def mark_headings(blocks: list[LineBlock]) -> None:
    """Set the roles of datelines, and of headings, which stand between two paragraphs."""
    for block in blocks:
        if parse_lone_date(block.text):
            block.role = "dateline"
    is_paragraph = [block.role == "body" and not block.looks_like_heading for block in blocks]
    is_after_text = False
    for index, block in enumerate(blocks[:-1]):
        if is_after_text and not is_paragraph[index] and block.role == "body" and is_paragraph[index + 1]:
            block.role = "heading"
        is_after_text = is_after_text or block.role == "body"
