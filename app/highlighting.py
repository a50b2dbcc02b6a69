"""What `highlight` adds to an answer: matches in the mentions' coordinates, or marked-up text."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal

from app.presentation import Change
from app.search.highlights import Highlighter, Hit, window

Highlight = Literal["offsets", "markup"]


def in_articles(highlighter: Highlighter, how: Highlight) -> Change:
    """Adds an `extract` to a whole article, and what was found to each of its paragraphs."""

    def change(article: dict[str, Any]) -> dict[str, Any]:
        found = [(it, highlighter.find(it["text"], it["role"], article["language"])) for it in article["paragraphs"]]
        article["extract"] = extract(found, how)
        for paragraph, hits in found:
            paragraph.update(shown(paragraph["text"], hits, 0, len(paragraph["text"]), how))
        return article

    return change


def in_paragraphs(highlighter: Highlighter, how: Highlight, languages: Mapping[str, str]) -> Change:
    """Adds what was found to a paragraph, of an article in the language that stands under its id."""

    def change(paragraph: dict[str, Any]) -> dict[str, Any]:
        text = paragraph["text"]
        hits = highlighter.find(text, paragraph["role"], languages[paragraph["article"]["id"]])
        return {**paragraph, **shown(text, hits, 0, len(text), how)}

    return change


def extract(found: Sequence[tuple[dict[str, Any], list[Hit]]], how: Highlight) -> dict[str, Any] | None:
    """The piece of an article around the best of its hits; None where it has none."""

    def worth(paragraph: tuple[dict[str, Any], list[Hit]]) -> tuple[int, int]:
        hits = paragraph[1]
        return len({hit.term for hit in hits}), len(hits)

    paragraph, hits = max(found, key=worth)
    if not hits:
        return None
    text: str = paragraph["text"]
    start, end = window(text, hits)
    said = {"position": paragraph["position"], "start": start, "end": end, "text": text[start:end]}
    return {**said, **shown(text, hits, start, end, how)}


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
