"""Article text: join an article's paragraphs, so that a single search finds every name in it."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from app.seeding.annotators.name_forms import normalize_punctuation
from app.seeding.article import NewArticle


class ParagraphSpan(NamedTuple):
    """The span `[start:end]` of a paragraph, in code points."""

    paragraph: int
    start: int
    end: int


class ArticleText:
    """All paragraphs but credits, in one text with normalized punctuation.

    A null character stands before, between and after the paragraphs: no name holds one, so none is found across two
    paragraphs, and the characters around a name can be looked at without a check for the ends.
    """

    __slots__ = ("positions", "starts", "text")

    def __init__(self, article: NewArticle) -> None:
        numbered = [item for item in enumerate(article.paragraphs) if item[1].role != "credit"]
        texts = [paragraph.text for _, paragraph in numbered]
        self.text = normalize_punctuation("\0".join(["", *texts, ""]))
        self.positions = [position for position, _ in numbered]
        self.starts = list(accumulate((len(text) + 1 for text in texts), initial=1))

    def locate(self, start: int, end: int) -> ParagraphSpan:
        """Return the paragraph of `text[start:end]`, and the span in it."""
        index = bisect_right(self.starts, start) - 1
        offset = self.starts[index]
        return ParagraphSpan(self.positions[index], start - offset, end - offset)
