"""Article text: join an article's paragraphs, so that a single search finds every name in it."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from app.seeding.annotators.name_forms import normalize_punctuation
from app.seeding.article import NewParagraph

TWO_CAPITALS = re.compile("[A-Z][A-Z'-]")
CAPITALS = r"[A-Z'-]*[A-Z]"
# Patterns begin with a set of characters, not with a look behind: they are searched for in a third of the time.
WORDS_IN_CAPITALS = re.compile(rf"[A-Z](?<![\w.'-].){CAPITALS}(?: [A-Z]{CAPITALS})+(?!\w)")
DATELINE = re.compile(rf"[A-Z](?:(?<=\0.)|(?<=[.!?] .)){CAPITALS}(?=,? [(a-z—–-])")
PARTICLES = frozenset({"OF", "THE", "AND", "FOR", "IN", "ON", "DE"})


class ParagraphSpan(NamedTuple):
    """The span `[start:end]` of a paragraph, in code points."""

    paragraph: int
    start: int
    end: int


class ArticleText:
    """All paragraphs but credits, in one text with normalized punctuation; `cased_text` is that of `restore_case`.

    A null character stands before, between and after the paragraphs: no name holds one, so none is found across two
    paragraphs, and the characters around a name can be looked at without a check for the ends.
    """

    __slots__ = ("cased_text", "positions", "starts", "text")

    def __init__(self, paragraphs: Sequence[NewParagraph]) -> None:
        numbered = [item for item in enumerate(paragraphs) if item[1].role != "credit"]
        texts = [paragraph.text for _, paragraph in numbered]
        self.text = normalize_punctuation("\0".join(["", *texts, ""]))
        self.cased_text = restore_case(self.text)
        self.positions = [position for position, _ in numbered]
        self.starts = list(accumulate((len(text) + 1 for text in texts), initial=1))

    def locate(self, start: int, end: int) -> ParagraphSpan:
        """Return the paragraph of `text[start:end]`, and the span in it."""
        index = bisect_right(self.starts, start) - 1
        offset = self.starts[index]
        return ParagraphSpan(self.positions[index], start - offset, end - offset)


@lru_cache(1)
def join_paragraphs(paragraphs: tuple[NewParagraph, ...]) -> ArticleText:
    """Return the text of an article; the annotators of an article share it, which takes 100 us to make."""
    return ArticleText(paragraphs)


def restore_case(text: str) -> str:
    """Return a text of the same length with words in capitals (headlines, datelines) written as names are.

    `THE UNITED STATES AND RUSSIA` becomes `The United States and Russia`; a single word in capitals is an acronym,
    unless it opens a sentence and is followed by one in lower case: `MOSCOW said`.
    """
    if not TWO_CAPITALS.search(text):
        return text
    return DATELINE.sub(restore_words, WORDS_IN_CAPITALS.sub(restore_words, text))


def restore_words(match: re.Match[str]) -> str:
    """Return words in capitals with only their first letters capital, and particles in lower case."""
    first, *rest = match[0].split(" ")
    return " ".join([capitalize(first), *(word.lower() if word in PARTICLES else capitalize(word) for word in rest)])


def capitalize(word: str) -> str:
    """Return a word of ASCII capitals with capitals at its start and after hyphens only; `'S` becomes `'s`."""
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
