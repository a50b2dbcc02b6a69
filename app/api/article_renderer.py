"""Whole articles in responses: with matches, markup, offsets in any unit, or the beginning of their text."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson

from app.api.highlighting import ArticleHighlights, Highlight
from app.api.transforms import Change, Markup, apply, change_offset_unit, mark_up
from app.rendering import join_article
from app.schemas import OffsetUnit
from app.search.highlighter import Highlighter

BODY_ROLES: Final = ("heading", "body", "quote", "list")
"""The roles of what people read as the text, without what stands above it and below pictures."""

StoredArticle = tuple[bytes, list[bytes], bytes]
"""A whole article as stored: its summary, its paragraphs and its extra fields, each as JSON."""


class ArticleRenderer(NamedTuple):
    """Renders stored articles as JSON, with matches, markup and offsets in this unit."""

    highlighter: Highlighter | None
    highlight: Highlight
    unit: OffsetUnit
    markup: Markup | None = None
    whole: bool = True
    """Whether articles have the fields that only whole articles have."""

    def render(self, articles: Sequence[StoredArticle], changes: Sequence[Change] = ()) -> list[bytes]:
        """Return articles as JSON; `changes` are applied last."""
        if self.is_stored_form and not changes:
            return [join_article(*article) for article in articles]
        return [self.render_article(article, changes) for article in articles]

    @property
    def is_stored_form(self) -> bool:
        """Return whether articles are rendered as they are stored."""
        return self.whole and self.highlighter is None and self.unit == "codepoint" and self.markup is None

    def render_article(self, stored: StoredArticle, changes: Sequence[Change]) -> bytes:
        """Return an article as JSON.

        Paragraphs are parsed and written one by one: parsing a book at once would hold the interpreter lock throughout,
        and leave its matches to the garbage collector.
        """
        summary, paragraphs, extra = stored
        article = orjson.loads(summary)
        article["offset_unit"] = self.unit
        highlights = self.highlighter and ArticleHighlights(self.highlighter, self.highlight, article["language"])
        if self.whole:
            added = [highlights.add] if highlights else []
            paragraph_changes = [*added, *mark_up(self.markup), *change_offset_unit(self.unit)]
            rendered = [
                orjson.Fragment(orjson.dumps(apply(paragraph_changes, orjson.loads(json)))) for json in paragraphs
            ]
            article |= {"paragraphs": rendered, "extra": orjson.Fragment(extra)}
        elif highlights:
            for json in paragraphs:
                highlights.find(orjson.loads(json))
        if highlights:
            article["extract"] = highlights.extract(self.unit)
        return orjson.dumps(apply(changes, article))


def add_bodies(articles: Sequence[StoredArticle], length: int) -> Change:
    """Return the change that adds the beginnings of their texts to these articles, one after the other."""
    bodies = (begin_text(paragraphs, length) for _, paragraphs, _ in articles)
    return lambda article: {**article, "body": next(bodies)}


def begin_text(paragraphs: Sequence[bytes], length: int) -> str:
    """Return at most `length` code points of the text that these stored paragraphs have, cut after a word.

    Without white space, as in a script that has none, the cut may be anywhere.
    """
    text = ""
    for paragraph in map(orjson.loads, paragraphs):
        if paragraph["role"] in BODY_ROLES:
            text = f"{text}\n\n{paragraph['text']}" if text else paragraph["text"]
        if len(text) > length:
            beginning = re.match(r".*\S(?=\s)", text[: length + 1], re.DOTALL)
            return beginning[0] if beginning else text[:length]
    return text
