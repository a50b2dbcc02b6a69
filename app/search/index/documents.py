"""Index documents: one of an article for the index of articles, and one of each of its paragraphs for theirs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import orjson

from app.search.index.analysis import PARAGRAPH_GAP, index_text
from app.search.index.loader import IndexSource, SourceParagraph
from app.search.index.mention_terms import MENTION_FIELDS, count_terms, mention_terms
from app.search.index.schema import (
    DATES,
    KEYWORD_FIELDS,
    PARAGRAPH_KEYWORD_FIELDS,
    SEARCHED,
    tiebreak_key,
)
from app.search.index.stemmers import stem_words, stemmer_for
from app.text import fold_name

Fields = dict[str, Any]
"""Values by the name of their field."""


def index_documents(source: IndexSource) -> tuple[str, list[str]]:
    """Return an article's document and those of its paragraphs, in JSON."""
    shared = orjson.dumps(shared_fields(source))
    texts = [index_text(paragraph.text) for paragraph in source.paragraphs]
    keywords = [keyword_fields(paragraph) for paragraph in source.paragraphs]
    return (
        join_fields(shared, article_fields(source, texts, keywords)),
        [join_fields(shared, fields) for fields in paragraph_fields(source, texts, keywords)],
    )


def join_fields(shared: bytes, own: Fields) -> str:
    """Return a document of the fields that are encoded already and its own."""
    return (b"%b,%b" % (shared[:-1], orjson.dumps(own)[1:])).decode()


def shared_fields(source: IndexSource) -> Fields:
    """Return the fields that an article and its paragraphs have in common."""
    article = source.article
    fields: Fields = {
        "kind": "document",
        "row": str(article.key),
        "stemmer": stemmer_for(article.language),
        "article": article.key,
        **sort_keys(source),
    }
    moments = {name: getattr(article, f"{name}_at") for name in DATES}
    fields |= {name: to_timestamp(moment) for name, moment in moments.items() if moment is not None}
    for name, extract in KEYWORD_FIELDS.items():
        values = extract(source)
        if values is not None:
            fields[name] = values if isinstance(values, str) else list(dict.fromkeys(values))
    return fields


def keyword_fields(paragraph: SourceParagraph) -> dict[str, list[str]]:
    """Return the whole values of a paragraph, each once, so that counts count documents; no field without values."""
    values = {name: extract(paragraph) for name, extract in PARAGRAPH_KEYWORD_FIELDS.items()} | mention_terms(paragraph)
    return {name: [*own] for name, own in values.items() if own}


def article_fields(source: IndexSource, texts: Sequence[str], keywords: Sequence[dict[str, list[str]]]) -> Fields:
    """Return an article's own fields, from the analyzable texts and the whole values of its paragraphs."""
    stemmer = stemmer_for(source.article.language)
    by_field: dict[str, list[str]] = {}
    for paragraph, text in zip(source.paragraphs, texts, strict=True):
        by_field.setdefault(paragraph.role, []).append(text)
    words = {role: distinct_words(pieces) for role, pieces in by_field.items()}
    by_field["text"] = [
        text for paragraph, text in zip(source.paragraphs, texts, strict=True) if paragraph.role in SEARCHED
    ]
    words["text"] = dict.fromkeys(chain.from_iterable(words[role] for role in SEARCHED if role in words))
    return {
        "name_order": tiebreak_key(source.article.id, None),
        **{
            name: [*{value for own in keywords for value in own.get(name, ())}]
            for name in (*PARAGRAPH_KEYWORD_FIELDS, *MENTION_FIELDS)
        },
        **count_terms([mention for paragraph in source.paragraphs for mention in paragraph.mentions]),
        **{
            f"{field}_{stemmer}": PARAGRAPH_GAP.join(stem_words(piece, stemmer) for piece in pieces)
            for field, pieces in by_field.items()
        },
        **{f"{field}_written": " ".join(own) for field, own in words.items()},
    }


def distinct_words(texts: Iterable[str]) -> dict[str, None]:
    """Return each word of analyzable texts once: the index of a word as written does not count how often it occurs.

    This saves a sixth of the engine's time: it looks up each word that it is given.
    """
    return dict.fromkeys(" ".join(texts).split())


def paragraph_fields(
    source: IndexSource, texts: Sequence[str], keywords: Sequence[dict[str, list[str]]]
) -> Iterator[Fields]:
    """Yield each paragraph's own fields."""
    stemmer = stemmer_for(source.article.language)
    for paragraph, text, own in zip(source.paragraphs, texts, keywords, strict=True):
        yield {
            "name_order": tiebreak_key(source.article.id, paragraph.position),
            **own,
            **count_terms(paragraph.mentions),
            "position": paragraph.position,
            f"text_{stemmer}": stem_words(text, stemmer),
            "text_written": text,
        }


def sort_keys(source: IndexSource) -> Fields:
    """Return what lists are sorted by, in ascending order."""
    newest, oldest = date_orders(source.article.published_at)
    newest_update, oldest_update = date_orders(source.article.updated_at)
    return {
        "newest_order": newest,
        "oldest_order": oldest,
        "newest_update_order": newest_update,
        "oldest_update_order": oldest_update,
        "longest_order": MOST_WORDS - source.article.word_count,
        "shortest_order": source.article.word_count,
        "title_order": fold_name(source.article.title)[:100].encode().hex() + "00",
    }


def date_orders(moment: datetime | None) -> tuple[int, int]:
    """Return by what the newest and the oldest dates come first; no date comes last in both directions."""
    if moment is None:
        return UNDATED, UNDATED
    age = to_timestamp(moment) - EARLIEST
    return LATEST - age, age


def to_timestamp(moment: datetime) -> int:
    """Return microseconds since 1970, in UTC."""
    return (moment - EPOCH) // timedelta(microseconds=1)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = to_timestamp(datetime(1, 1, 1, tzinfo=UTC))
LATEST = to_timestamp(datetime.max.replace(tzinfo=UTC)) - EARLIEST
UNDATED = LATEST + 1
"""Sorts after every date."""
MOST_WORDS = 2**32
"""More words than any article has."""
