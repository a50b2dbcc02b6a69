"""What `highlight` adds to an answer: matches in the mentions' coordinates, or marked-up text."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal

from app.api.transforms import Change, convert_span, offset_table
from app.schemas import OffsetUnit
from app.search.highlighter import Highlighter, MatchedSpan, excerpt_bounds

Highlight = Literal["offsets", "markup"]


class ArticleHighlights:
    """Adds what was found to the paragraphs of one article, one after the other, and keeps the best for its extract."""

    def __init__(self, highlighter: Highlighter, how: Highlight, language: str) -> None:
        self.highlighter = highlighter
        self.how: Highlight = how
        self.language = language
        self.best: tuple[int, str, list[MatchedSpan]] = (0, "", [])
        """The position, the text and the hits of a paragraph."""

    def add(self, paragraph: dict[str, Any]) -> dict[str, Any]:
        """Add to a paragraph what was found in it."""
        text = paragraph["text"]
        hits = self.highlighter.find(text, paragraph["role"], self.language)
        if worth(hits) > worth(self.best[2]):
            self.best = paragraph["position"], text, hits
        return {**paragraph, **format_matches(text, hits, 0, len(text), self.how)}

    def extract(self, unit: OffsetUnit) -> dict[str, Any] | None:
        """The piece of the article around the best of its hits; None where it has none."""
        position, text, hits = self.best
        if not hits:
            return None
        start, end = excerpt_bounds(text, hits)
        piece: dict[str, Any] = {"position": position, "start": start, "end": end, "text": text[start:end]}
        piece.update(format_matches(text, hits, start, end, self.how))
        if unit != "codepoint":
            offsets = offset_table(text, unit)
            for span in (piece, *piece.get("matches", ())):
                convert_span(span, offsets)
        return piece


def worth(hits: Sequence[MatchedSpan]) -> tuple[int, int]:
    """What makes a paragraph the best: of how many terms it has hits, then how many."""
    return len({hit.term for hit in hits}), len(hits)


def highlight_paragraph(highlighter: Highlighter, how: Highlight, languages: Mapping[str, str]) -> Change:
    """Adds what was found to a paragraph, of an article in the language that stands under its id."""

    def change(paragraph: dict[str, Any]) -> dict[str, Any]:
        text = paragraph["text"]
        hits = highlighter.find(text, paragraph["role"], languages[paragraph["article"]["id"]])
        return {**paragraph, **format_matches(text, hits, 0, len(text), how)}

    return change


def format_matches(text: str, hits: list[MatchedSpan], start: int, end: int, how: Highlight) -> Mapping[str, Any]:
    """The hits between start and end, in the way that was asked for."""
    inside = [hit for hit in hits if start <= hit.start and hit.end <= end]
    if how == "offsets":
        return {"matches": [{"start": hit.start, "end": hit.end} for hit in inside]}
    pieces, last = [], start
    for hit in inside:
        if hit.start >= last:
            pieces.append(f"{escape(text[last : hit.start])}<mark>{escape(text[hit.start : hit.end])}</mark>")
            last = hit.end
    return {"markup": "".join([*pieces, escape(text[last:end])])}
