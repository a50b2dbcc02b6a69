"""CoNLL-2003: a token a line with its tag, a blank line after each paragraph, `-DOCSTART-` before each article."""

from collections.abc import Iterable, Iterator
from typing import Final

from app.export.document import Report, join_paragraphs, take_outermost
from app.export.texts.tokens import align_spans, find_tokens
from app.rendering import JsonObject

TAGS: Final = {"person": "PER", "organization": "ORG", "place": "LOC"}
"""The tags of CoNLL-2003 for our types; any other type is its own tag, in capitals."""


def write_conll(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield four columns: the token, `-X-` for its part of speech and its chunk, and its tag (IOB2).

    Of nested or crossing mentions the outer or first one is written; that and what does not end where tokens do is
    counted as omitted.
    """
    for article in articles:
        report.articles += 1
        blocks = ["-DOCSTART- -X- -X- O\n", *(format_block(paragraph, report) for paragraph in article["paragraphs"])]
        yield "\n".join([*blocks, ""]).encode()


def format_block(paragraph: JsonObject, report: Report) -> str:
    """Return the lines of a paragraph."""
    document = join_paragraphs({"paragraphs": [paragraph]})
    tokens = find_tokens(document.text)
    aligned, unaligned = align_spans(tokens, document.spans)
    written, overlapping = take_outermost([token_span.span for token_span in aligned])
    report.mentions += len(written)
    report.omitted["not at the bounds of tokens"] += len(unaligned)
    report.omitted["nested or crossing"] += len(overlapping)
    tags = ["O"] * len(tokens)
    chosen = set(map(id, written))
    for first, end, span in aligned:
        if id(span) in chosen:
            tag = TAGS.get(span.type, span.type.upper())
            tags[first:end] = [f"B-{tag}", *[f"I-{tag}"] * (end - first - 1)]
    return "".join(
        f"{document.text[start:end]} -X- -X- {tag}\n" for (start, end), tag in zip(tokens, tags, strict=True)
    )
