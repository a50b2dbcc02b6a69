"""What `highlight` adds to an answer: matches in the mentions' coordinates, or marked-up text."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal

from app.presentation import Change, measure, respan
from app.search.highlights import Highlighter, Hit, window
from app.shapes import OffsetUnit

Highlight = Literal["offsets", "markup"]


class ArticleHighlights:
    """Adds what was found to the paragraphs of one article, one after the other, and keeps the best for its extract."""

    def __init__(self, highlighter: Highlighter, how: Highlight, language: str) -> None:
        self.highlighter = highlighter
        self.how: Highlight = how
        self.language = language
        self.best: tuple[int, str, list[Hit]] = (0, "", [])
        """The position, the text and the hits of a paragraph."""

    def add(self, paragraph: dict[str, Any]) -> dict[str, Any]:
        """Add to a paragraph what was found in it."""
        text = paragraph["text"]
        hits = self.highlighter.find(text, paragraph["role"], self.language)
        if worth(hits) > worth(self.best[2]):
            self.best = paragraph["position"], text, hits
        return {**paragraph, **shown(text, hits, 0, len(text), self.how)}

    def extract(self, unit: OffsetUnit) -> dict[str, Any] | None:
        """The piece of the article around the best of its hits; None where it has none."""
        position, text, hits = self.best
        if not hits:
            return None
        start, end = window(text, hits)
        piece: dict[str, Any] = {"position": position, "start": start, "end": end, "text": text[start:end]}
        piece.update(shown(text, hits, start, end, self.how))
        if unit != "codepoint":
            offsets = measure(text, unit)
            for span in (piece, *piece.get("matches", ())):
                respan(span, offsets)
        return piece


def worth(hits: Sequence[Hit]) -> tuple[int, int]:
    """What makes a paragraph the best: of how many terms it has hits, then how many."""
    return len({hit.term for hit in hits}), len(hits)


def in_paragraphs(highlighter: Highlighter, how: Highlight, languages: Mapping[str, str]) -> Change:
    """Adds what was found to a paragraph, of an article in the language that stands under its id."""

    def change(paragraph: dict[str, Any]) -> dict[str, Any]:
        text = paragraph["text"]
        hits = highlighter.find(text, paragraph["role"], languages[paragraph["article"]["id"]])
        return {**paragraph, **shown(text, hits, 0, len(text), how)}

    return change


def shown(text: str, hits: list[Hit], start: int, end: int, how: Highlight) -> Mapping[str, Any]:
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
