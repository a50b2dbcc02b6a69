"""Cost rules: which requests may take over 2 ms, and run in a thread so that they don't delay others."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pydantic import BaseModel

from app.api.deps import Corpus
from app.api.lists.value_lists import ValueListParams
from app.api.params import DocumentListParams
from app.search.query.filters import FilterParams

SLOW_FROM: Final = {
    "highlight": 0,  # Texts are tokenized, however few articles there are.
    "offset_unit": 0,  # Characters of texts are counted.
    "markup": 0,  # A paragraph with four mentions takes 27 us.
    "whole_articles": 0,  # An article may be a book.
    "mentions": 0,  # Mentions are read from stored paragraphs.
    "graph": 0,  # All pairs of up to 200 entities are counted.
    "similar": 0,  # Texts are compared word by word.
    "sloppy_phrase": 0,
    "long_query": 0,
    "phrase_or_prefix": 2_000,
    "facet": 2_000,
    "within": 2_000,
    "paragraphs": 2_000,  # There are about ten for each article.
    "counts": 2_000,  # Counts of the whole corpus are cached, those of a selection are not.
    "several_words": 70_000,
    "filter": 200_000,
    "cursor": 200_000,  # The first page of the whole corpus is cached, later pages are not.
}
"""Corpus sizes, in articles, from which a request with this feature may take over 2 ms (tests.benchmarks.scale).

A parameter of this name is a feature by itself. A model of query parameters names the features that all its requests
use in `USES`.
"""

MANY_PARAMETERS: Final = 32
"""Requests with more parameters are slow: each value is looked up in the index."""

LONG_QUERY: Final = 60
"""A `q` of more characters may have so many words that compiling takes over 2 ms, whatever it matches."""

SLOPPY_PHRASE = re.compile(r'["“”„«»]~')
PHRASE_OR_PREFIX = re.compile(r'["“”„«»*~]')


def is_slow(params: BaseModel, corpus: Corpus, parameters: int = 0) -> bool:
    """Return whether a request with this number of parameters may take over 2 ms in this corpus."""
    size = corpus.snapshot.weight
    return parameters > MANY_PARAMETERS or any(size >= SLOW_FROM[feature] for feature in iter_features(params))


def iter_features(params: BaseModel) -> Iterator[str]:
    """Yield the features of a request that may be slow."""
    yield from model_features(type(params))
    requested = params.model_fields_set
    yield from requested & SLOW_FROM.keys()
    if isinstance(params, FilterParams):
        if params.q is not None:
            yield from iter_text_features(params.q)
        if params.filtered:
            yield "counts" if isinstance(params, ValueListParams) else "filter"
    elif "q" in requested:
        yield "highlight"
    if isinstance(params, DocumentListParams) and params.needs_texts:
        yield "whole_articles"


@cache
def model_features(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the features that all requests with this model use. Cached: Pydantic is slow to miss an attribute."""
    return tuple(getattr(model, "USES", ()))


def iter_text_features(q: str) -> Iterator[str]:
    """Yield the features of a `q`."""
    if len(q) > LONG_QUERY:
        yield "long_query"
    if SLOPPY_PHRASE.search(q):
        yield "sloppy_phrase"
    if PHRASE_OR_PREFIX.search(q):
        yield "phrase_or_prefix"
    if " " in q and len(q.split()) > 1:
        yield "several_words"
