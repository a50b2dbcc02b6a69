"""Highlighting: add the matches of `q` to paragraphs, as offsets or as HTML with `<mark>`."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.api.transforms import Change, convert_span
from app.schemas import OffsetUnit
from app.search.highlighter import Highlighter, MatchedSpan, excerpt_bounds
from app.text import offset_table

Highlight = TypeAliasType(
    "Highlight",
    Annotated[
        Literal["offsets", "markup"],
        Field(description="How matches of `q` are shown: as offsets, or as HTML with `<mark>`."),
    ],
)


class ArticleHighlights:
    """Highlights the paragraphs of one article, one after the other, and keeps the best one for the extract."""

    def __init__(self, highlighter: Highlighter, highlight: Highlight, language: str) -> None:
        self.highlighter = highlighter
        self.highlight: Highlight = highlight
        self.language = language
        self.best: tuple[int, str, list[MatchedSpan]] = (0, "", [])
        """Position, text and matches of the best paragraph."""

    def find(self, paragraph: dict[str, Any]) -> list[MatchedSpan]:
        """Return the matches in a paragraph."""
        text = paragraph["text"]
        matches = self.highlighter.find(text, paragraph["role"], self.language)
        if match_rank(matches) > match_rank(self.best[2]):
            self.best = paragraph["position"], text, matches
        return matches

    def add(self, paragraph: dict[str, Any]) -> dict[str, Any]:
        """Return a paragraph with its matches."""
        text = paragraph["text"]
        return {**paragraph, **format_matches(text, self.find(paragraph), 0, len(text), self.highlight)}

    def extract(self, unit: OffsetUnit) -> dict[str, Any] | None:
        """Return the excerpt around the best matches, with offsets in this unit; None without a match."""
        position, text, matches = self.best
        if not matches:
            return None
        start, end = excerpt_bounds(text, matches)
        extract: dict[str, Any] = {"position": position, "start": start, "end": end, "text": text[start:end]}
        extract.update(format_matches(text, matches, start, end, self.highlight))
        if unit != "codepoint":
            offsets = offset_table(text, unit)
            for span in (extract, *extract.get("matches", ())):
                convert_span(span, offsets)
        return extract


def match_rank(matches: Sequence[MatchedSpan]) -> tuple[int, int]:
    """Return the rank of a paragraph: how many different terms match, then how many matches there are."""
    return len({match.term for match in matches}), len(matches)


def highlight_paragraph(highlighter: Highlighter, highlight: Highlight, languages: Mapping[str, str]) -> Change:
    """Return a change that highlights paragraphs; `languages` are those of their articles, by id."""

    def change(paragraph: dict[str, Any]) -> dict[str, Any]:
        text = paragraph["text"]
        matches = highlighter.find(text, paragraph["role"], languages[paragraph["article"]["id"]])
        return {**paragraph, **format_matches(text, matches, 0, len(text), highlight)}

    return change


def format_matches(
    text: str, matches: list[MatchedSpan], start: int, end: int, highlight: Highlight
) -> Mapping[str, Any]:
    """Return the matches between two offsets of a text, as offsets or as HTML."""
    inside = [match for match in matches if start <= match.start and match.end <= end]
    if highlight == "offsets":
        return {"matches": [{"start": match.start, "end": match.end} for match in inside]}
    html, last = [], start
    for match in inside:
        if match.start >= last:
            html.append(f"{escape(text[last : match.start])}<mark>{escape(text[match.start : match.end])}</mark>")
            last = match.end
    return {"markup": "".join([*html, escape(text[last:end])])}
