"""Cost rules: which requests may take over 2 ms, and are answered in a thread so that no other request waits."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pydantic import BaseModel

from app.api.deps import Corpus
from app.api.list_params import DocumentListParams, ReadParams
from app.api.params import ListParams
from app.api.value_lists import ValueListParams
from app.search.filters import FilterParams

SLOW_FROM: Final = {
    "highlight": 0,  # Finding words in texts takes time however few articles there are.
    "offset_unit": 0,  # So does counting the characters of texts.
    "whole_articles": 0,  # One of them may be a book.
    "mentions": 0,  # They are looked for in texts.
    "similar": 0,  # Texts are compared word by word.
    "sloppy_phrase": 0,
    "long_query": 0,
    "phrase_or_prefix": 2_000,
    "facet": 2_000,
    "within": 2_000,
    "paragraphs": 2_000,  # There are about ten times as many as articles.
    "counts": 2_000,  # Counts of everything are cached, those of a selection are not.
    "several_words": 70_000,
    "filter": 200_000,
    "cursor": 200_000,  # The first page of everything is cached, later ones are not.
}
"""Sizes of a corpus, in articles, from which a request with this feature may take over 2 ms (tests.benchmarks.scale).

A model of query parameters names in `USES` what every request with it uses.
"""

MANY_PARAMETERS: Final = 32
"""A request with more parameters is slow: each of their values is looked up in the index."""

LONG_QUERY: Final = 60
"""A `q` of more characters may have so many words that it takes over 2 ms to compile, whatever it finds."""

SLOPPY_PHRASE = re.compile(r'["“”„«»]~')
PHRASE_OR_PREFIX = re.compile(r'["“”„«»*~]')


def is_slow(params: BaseModel, corpus: Corpus, parameters: int = 0) -> bool:
    """Return whether a request with this number of parameters may take over 2 ms in this corpus."""
    size = corpus.snapshot.weight
    return parameters > MANY_PARAMETERS or any(size >= SLOW_FROM[feature] for feature in features(params))


def features(params: BaseModel) -> Iterator[str]:
    """Yield what a request uses that may be slow."""
    yield from always_used(type(params))
    if isinstance(params, FilterParams):
        if params.q is not None:
            yield from text_features(params.q)
        if params.filtered:
            yield "counts" if isinstance(params, ValueListParams) else "filter"
    if isinstance(params, ListParams):
        yield from (name for name in ("facet", "within", "cursor") if getattr(params, name))
    if isinstance(params, DocumentListParams | ReadParams):
        yield from document_features(params)
    if isinstance(params, DocumentListParams) and params.whole:
        yield "whole_articles"


def document_features(params: DocumentListParams | ReadParams) -> Iterator[str]:
    """Yield what the presentation of articles and paragraphs uses."""
    if params.highlight and params.q is not None:
        yield "highlight"
    if params.offset_unit != "codepoint":
        yield "offset_unit"


@cache
def always_used(model: type[BaseModel]) -> tuple[str, ...]:
    """Return what every request with these parameters uses; cached, since Pydantic is slow to miss an attribute."""
    return tuple(getattr(model, "USES", ()))


def text_features(q: str) -> Iterator[str]:
    """Yield what the words of a query use."""
    if len(q) > LONG_QUERY:
        yield "long_query"
    if SLOPPY_PHRASE.search(q):
        yield "sloppy_phrase"
    if PHRASE_OR_PREFIX.search(q):
        yield "phrase_or_prefix"
    if " " in q and len(q.split()) > 1:
        yield "several_words"
