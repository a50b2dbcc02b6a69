"""Span locator: find where the spans of a document are stored, by its offsets and the words that it says they mark."""

from bisect import bisect_right
from collections.abc import Sequence
from unicodedata import normalize

from app.seeding.document import ArticleDocument, SpanDocument
from app.seeding.limits import LONGEST_MENTION
from app.seeding.normalize.characters import repair_controls
from app.seeding.normalize.offsets import OffsetConverter
from app.seeding.normalize.paragraphs import RawParagraph


class SpanLocator:
    """Find where the spans of a document are stored."""

    def __init__(self, document: ArticleDocument, paragraphs: Sequence[RawParagraph]) -> None:
        self.unit = document.offset_unit
        self.text = document.text
        self.paragraphs = paragraphs
        numbered = [(position, item) for position, item in enumerate(paragraphs) if item.index is not None]
        self.positions = {paragraph.index: position for position, paragraph in numbered}
        """Positions in the article, by the number in the document."""
        self.count = len(document.paragraphs) if document.paragraphs is not None else len(self.positions)
        self.starts = [paragraph.start for _, paragraph in numbered]
        """Where each paragraph begins in the document's `text`; used only with a `text`."""
        self.first = numbered[0][0] if numbered else 0
        self.converters: dict[int | None, OffsetConverter] = {}
        """By the paragraph's number in the document; None: for offsets into `text`."""

    def locate(self, span: SpanDocument, number: int | None) -> tuple[int, int, int, str | None]:
        """Return where a span is stored, and what had to change about it, if anything.

        `number` is that of its paragraph in the document; None if the span points into `text`. The answer is the
        position of the paragraph (0 is the title), start and end in code points, and the change. Raises ValueError with
        what is wrong, as the end of a sentence.
        """
        length = span.end - span.start
        if length > 4 * LONGEST_MENTION:  # A character takes at most four units, in UTF-8.
            raise ValueError(f"has a length of {length:,}; expected at most {LONGEST_MENTION:,}")
        if length <= 0:
            raise ValueError(f"starts at {span.start} and ends at {span.end}; expected an end after its start")
        position, start, end = self.locate_original(span, number)
        paragraph = self.paragraphs[position]
        words = paragraph.original[start:end]
        if span.exact is not None and fold_spaces(span.exact) != fold_spaces(words):
            raise ValueError(f"marks '{words[:60]}', but its `exact` is '{span.exact[:60]}'")
        stored_start, stored_end, change = paragraph.stored.map_span(start, end)
        if stored_start == stored_end:
            raise ValueError("marks nothing but white space around its paragraph")
        return position, stored_start, stored_end, change

    def locate_original(self, span: SpanDocument, number: int | None) -> tuple[int, int, int]:
        """Return the position of a span's paragraph, and the span in its original text, in code points."""
        if number is None:
            return self.locate_in_text(span)
        if number >= self.count:
            raise ValueError(f"is in paragraph {number}, but there are only {self.count}, counted from 0")
        if number not in self.positions:
            raise ValueError(f"is in paragraph {number}, which has no text")
        position = self.positions[number]
        return position, *self.to_code_points(number, self.paragraphs[position].original, span)

    def locate_in_text(self, span: SpanDocument) -> tuple[int, int, int]:
        """Return the position of a span's paragraph, and the span in it, of offsets into the document's `text`."""
        if self.text is None:
            raise ValueError("has no `paragraph`; expected one, as the text is given in `paragraphs`")
        start, end = self.to_code_points(None, self.text, span)
        index = max(bisect_right(self.starts, start) - 1, 0)
        paragraph = self.paragraphs[self.first + index] if self.starts else None
        if paragraph is None or (index + 1 < len(self.starts) and end > self.starts[index + 1]):
            raise ValueError("crosses two paragraphs; expected its start and end in the same")
        return self.first + index, max(start - paragraph.start, 0), max(end - paragraph.start, 0)

    def to_code_points(self, index: int | None, text: str, span: SpanDocument) -> tuple[int, int]:
        """Convert the offsets of a span to code points, with one converter for each text."""
        converter = self.converters.get(index)
        if converter is None:
            converter = self.converters[index] = OffsetConverter(text, self.unit)
        return converter.to_code_points(span.start), converter.to_code_points(span.end)


def fold_spaces(words: str) -> str:
    """Return words in NFC with single spaces, in which line ends of a text don't matter."""
    return normalize("NFC", " ".join(repair_controls(words).split()))
