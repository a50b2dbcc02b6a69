"""HTML of a whole article, as news items and entries of feeds hold it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from app.export.document import Report
from app.markup import mark_mentions
from app.rendering import JsonObject

ELEMENTS: Final = {"heading": "h2", "quote": "blockquote"}
"""The elements of roles; a paragraph of any other role is a `p`."""


def article_html(article: JsonObject) -> str:
    """Return the paragraphs of an article as HTML without its title, with every mention marked."""
    return "\n".join(block_elements(article["paragraphs"][1:]))


def block_elements(paragraphs: list[JsonObject]) -> Iterator[str]:
    """Yield an element for each paragraph, and one for all items of a list."""
    for role, group in groupby(paragraphs, lambda paragraph: str(paragraph["role"])):
        texts = [mark_mentions(paragraph["text"], paragraph["mentions"]) for paragraph in group]
        if role == "list":
            yield f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
        else:
            element = ELEMENTS.get(role, "p")
            yield from (f"<{element}>{text}</{element}>" for text in texts)


def report_html(article: JsonObject, report: Report) -> None:
    """Count an article, and its mentions that `article_html` has: all but those in its title."""
    title, *paragraphs = article["paragraphs"]
    report.articles += 1
    report.mentions += sum(len(paragraph["mentions"]) for paragraph in paragraphs)
    report.omitted["in the title"] += len(title["mentions"])
