"""Spans: make an article of a text and of the spans that an annotator marked in it, each kept or reported."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from unicodedata import normalize

from app.schemas import OffsetUnit
from app.seeding.limits import MOST_PARAGRAPHS
from app.seeding.normalize.characters import cuts_word
from app.seeding.normalize.offsets import OffsetConverter
from app.seeding.normalize.raw import Fault, JsonPath, RawArticle, shorten
from app.seeding.readers.annotated.labels import choose_type

LONGEST_TITLE_LINE = 200
"""Characters of a first line that is taken as the title."""
TITLE_WIDTH = 80
"""Characters of a title that is made of the first words of a text."""

UNITS: tuple[OffsetUnit, ...] = ("codepoint", "utf16", "utf8")

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
LINE_END = re.compile(r"\n\s*")


class Span(NamedTuple):
    """A piece of a text that an annotator marked."""

    start: int
    end: int
    """The offset after the last character."""
    label: str
    exact: str | None = None
    """The words that the file gives for it, to be compared with the text."""
    entity: dict[str, Any] | None = None
    """`name` or `wikidata` of who or what is marked, or both; the marked words are the name otherwise."""
    confidence: float | None = None
    line: int = 0
    """The line of the file that says so; 0: that of the article."""


def set_text(
    raw: RawArticle, text: str, spans: Iterable[Span], types: Mapping[str, str], unit: OffsetUnit = "codepoint"
) -> None:
    """Set the paragraphs and the mentions of an article whose spans point into a text.

    The first line becomes the title if it is short and more text follows, unless the article has a title. Offsets are
    in `unit`, or in the one that `recognize_unit` prefers. Adds a fault, with the words, for every span that fits
    nowhere.
    """
    placed = list(place_spans(raw, text, list(spans), unit))
    text, placed = unify_line_ends(text, placed)
    borders = list(find_paragraphs(text))
    if len(borders) > MOST_PARAGRAPHS:
        raise Fault(f"There are more than {MOST_PARAGRAPHS:,} paragraphs; expected at most so many.", raw.line)
    first_line = text[slice(*borders[0])] if borders else ""
    title = raw.document.get("title")
    is_titled = isinstance(title, str) and title.split() == first_line.split()
    if title is None and len(borders) > 1 and len(first_line) <= LONGEST_TITLE_LINE:
        is_titled = True
    if title is None and not is_titled and first_line:
        raw.document["title"] = shorten_to_title(first_line)
    if is_titled:
        raw.document.pop("title", None)
    raw.document["paragraphs"] = [
        {"role": "title" if is_titled and not index else "body", "text": text[start:end].replace("\n", " ")}
        for index, (start, end) in enumerate(borders)
    ]
    raw.document["mentions"] = []
    lines: dict[JsonPath, int] = {}
    starts = [start for start, _ in borders]
    for span in placed:
        index = bisect_right(starts, span.start) - 1
        if index < 0 or span.end > borders[index][1]:
            words = shorten(" ".join(text[span.start : span.end].split()))
            report_span(raw, span, f"marks '{words}', which is not within one paragraph; expected it within one")
            continue
        lines["mentions", len(raw.document["mentions"])] = span.line or raw.line
        words = " ".join(text[span.start : span.end].split())
        raw.document["mentions"].append(to_mention(span, index, starts[index], words, types))
    raw.lines = {**raw.lines, **lines}


def to_mention(span: Span, paragraph: int, offset: int, words: str, types: Mapping[str, str]) -> dict[str, Any]:
    """Return the mention of a span, which marks these words, in a paragraph that begins at this offset."""
    type = choose_type(span.label, types)
    mention = {"paragraph": paragraph, "start": span.start - offset, "end": span.end - offset, "type": type}
    if span.label != type:
        mention["label"] = span.label
    if span.entity:
        mention["entity"] = {"name": words, "type": type, **span.entity}
    if span.confidence is not None:
        mention["confidence"] = span.confidence
    return mention


def place_spans(raw: RawArticle, text: str, spans: Sequence[Span], unit: OffsetUnit) -> Iterator[Span]:
    """Yield the spans with offsets in code points; add a fault for each that the text does not have."""
    converter = OffsetConverter(text, recognize_unit(text, spans, unit))
    for span in spans:
        if not 0 <= span.start < span.end:
            report_span(raw, span, "is empty; expected an end after its start")
            continue
        try:
            start, end = converter.to_code_points(span.start), converter.to_code_points(span.end)
        except ValueError as error:
            report_span(raw, span, str(error))
            continue
        if not is_at(text, start, end, span.exact):
            words = f"marks '{shorten(text[start:end])}' in the text, but is '{shorten(span.exact or '')}' in the file"
            report_span(raw, span, f"{words}; expected the same")
            continue
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end:
            report_span(raw, span, "marks nothing but white space; expected words")
            continue
        yield span._replace(start=start, end=end)


def report_span(raw: RawArticle, span: Span, message: str) -> None:
    """Add a fault about a span."""
    words = f" '{shorten(span.exact)}'" if span.exact else ""
    place = f"The annotation {shorten(span.label)}{words} from {span.start} to {span.end}"
    raw.add_fault_in_line(f"{place} {message}.", span.line or raw.line)


def recognize_unit(text: str, spans: Sequence[Span], unit: OffsetUnit) -> OffsetUnit:
    """Return the unit in which most spans mark the words that the file gives for them and, among equals, whole words.

    `unit` wins if others are not better.
    """
    if text.isascii():
        return unit
    return max((unit, *UNITS), key=lambda other: count_fitting(OffsetConverter(text, other), text, spans))


def count_fitting(converter: OffsetConverter, text: str, spans: Iterable[Span]) -> tuple[int, int]:
    """Count the spans that mark the file's words for them, and those that mark whole words, in a converter's unit."""
    fitting = whole = 0
    for span in spans:
        with suppress(ValueError):
            start, end = converter.to_code_points(span.start), converter.to_code_points(span.end)
            fitting += is_at(text, start, end, span.exact)
            whole += not (cuts_word(text, start) or cuts_word(text, end))
    return fitting, whole


def is_at(text: str, start: int, end: int, exact: str | None) -> bool:
    """Tell whether these words stand at a place of a text; white space of one kind may stand for another."""
    return exact is None or squeeze(text[start:end]) == squeeze(exact)


def squeeze(words: str) -> str:
    """Return words in NFC, with single spaces between them."""
    return normalize("NFC", " ".join(words.split()))


def unify_line_ends(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Return a text with line feeds as line ends, and the spans in it."""
    if "\r" not in text:
        return text, spans
    dropped = [match.start() for match in re.finditer("\r(?=\n)", text)]
    moved = [
        span._replace(
            start=span.start - bisect_left(dropped, span.start), end=span.end - bisect_left(dropped, span.end)
        )
        for span in spans
    ]
    return text.replace("\r\n", "\n").replace("\r", "\n"), moved


def find_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the paragraphs: what stands between blank lines or, without any, the lines."""
    stripped = text.strip()
    gap = BLANK_LINE if BLANK_LINE.search(stripped) else LINE_END
    start = text.find(stripped)
    last = start + len(stripped)
    for match in gap.finditer(text, start, last):
        yield start, match.start()
        start = match.end()
    if start < last:
        yield start, last


def shorten_to_title(line: str) -> str:
    """Return the first words of a text, with an ellipsis if there are more."""
    words = " ".join(line.split())
    if len(words) <= TITLE_WIDTH:
        return words
    beginning = words[:TITLE_WIDTH].rpartition(" ")[0] or words[: TITLE_WIDTH - 1]
    return f"{beginning.rstrip(' ,;:-')}…"
