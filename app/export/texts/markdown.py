"""Markdown (CommonMark) with a YAML front matter, as the Markdown reader takes it; mentions are links to entities."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from app.export.document import Report, Span, entities_url, join_paragraphs, take_outermost
from app.rendering import JsonObject

SPECIAL: Final = re.compile(r"([\\`*_\[\]<&~|])|^(\s*)([#>+=-])|^(\s*\d+)([.)])", re.MULTILINE)
"""Match what may have a meaning in Markdown: punctuation anywhere, and what begins a heading, a quote or a list."""

PREFIXES: Final = {"heading": "## ", "quote": "> ", "list": "- "}
FRONT_MATTER: Final = ("id", "published_at", "updated_at", "source", "source_url", "language", "authors", "rights")


def write_markdown(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield each article as Markdown, and a thematic break before the next one.

    Of nested or crossing mentions the outer or first one becomes a link, and the others are counted as omitted.
    """
    for number, article in enumerate(articles):
        report.articles += 1
        separator = "\n---\n\n" if number else ""
        yield f"{separator}{format_article(article, report)}".encode()


def format_article(article: JsonObject, report: Report) -> str:
    """Return an article as Markdown."""
    values = {name: article[name] for name in FRONT_MATTER if article.get(name)}
    values["tags"] = [tag["name"] for tag in article["tags"]]
    # Every JSON value is a YAML value.
    lines = [f"{name}: {orjson.dumps(value).decode()}" for name, value in values.items() if value]
    blocks = ["\n".join(["---", *lines, "---"])]
    entities = entities_url(article)
    blocks += [format_paragraph(paragraph, entities, report) for paragraph in article["paragraphs"]]
    return "\n\n".join(blocks) + "\n"


def format_paragraph(paragraph: JsonObject, entities: str, report: Report) -> str:
    """Return a paragraph as a block of Markdown, whose links begin with the URL of entities."""
    document = join_paragraphs({"paragraphs": [paragraph]})
    linked, omitted = take_outermost(span for span in document.spans if span.entity)
    report.mentions += len(linked)
    report.omitted["nested or crossing"] += len(omitted)
    report.omitted["of no known entity"] += len(document.spans) - len(linked) - len(omitted)
    text = link_mentions(document.text, linked, entities)
    role = paragraph["role"]
    if role in ("title", "heading"):  # They stand on one line.
        text = text.replace("\n", " ")
    if paragraph["position"] == 0 and role == "title":
        return f"# {text}"
    prefix = PREFIXES.get(role, "")
    # A line that continues a block is indented or quoted like its first one.
    return prefix + text.replace("\n", f"\n{prefix if role == 'quote' else ' ' * len(prefix)}")


def link_mentions(text: str, spans: Iterable[Span], entities: str) -> str:
    """Return a text with each of these spans as a link to its entity."""
    pieces, last = [], 0
    for span in spans:
        assert span.entity is not None
        pieces.append(escape_markdown(text[last : span.start]))
        pieces.append(f"[{escape_markdown(text[span.start : span.end])}]({entities}{span.entity['id']})")
        last = span.end
    return "".join([*pieces, escape_markdown(text[last:])])


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return SPECIAL.sub(escape_match, text)


def escape_match(match: re.Match[str]) -> str:
    """Return what `SPECIAL` matched with a backslash before the punctuation."""
    anywhere, indent, mark, number, closing = match.groups()
    return f"\\{anywhere}" if anywhere else f"{indent or number or ''}\\{mark or closing}"
