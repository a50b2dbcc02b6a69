"""An article laid out as one text, so that a single pass over it finds every name."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from app.seeding.annotators.name_forms import normalize_punctuation
from app.seeding.article import NewArticle


class TextPosition(NamedTuple):
    """Where a stretch of the sheet stands in the article."""

    paragraph: int
    start: int
    end: int


class ArticleText:
    """The levelled text of all paragraphs but credits, a null character before, between and after them."""

    __slots__ = ("_positions", "_starts", "text")

    def __init__(self, article: NewArticle) -> None:
        read = [item for item in enumerate(article.paragraphs) if item[1].role != "credit"]
        texts = [paragraph.text for _, paragraph in read]
        # No name holds a null character, so that none is found across two paragraphs.
        self.text = normalize_punctuation("\0".join(["", *texts, ""]))
        self._positions = [position for position, _ in read]
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=1))

    def place(self, start: int, end: int) -> TextPosition:
        """Return the paragraph, and the offsets in it, of `text[start:end]`."""
        index = bisect_right(self._starts, start) - 1
        first = self._starts[index]
        return TextPosition(self._positions[index], start - first, end - first)
