"""What is indexed of an article and of a paragraph, and how text becomes words.

Every document of the index is an article (its fields begin with `a_`), a paragraph (`p_`), or the one
that says which revision the index holds. Both kinds carry the same filters, so that a question can be
put to either.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal, NamedTuple

import tantivy

Kind = Literal["a", "p"]
"""What a question selects: articles or paragraphs."""

VERSION: Final = "1"
"""Raise it when the same rows shall give another index: every index is then built anew."""

STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""The Snowball stemmer of a language, by its ISO 639-1 code."""

PLAIN: Final = "plain"
"""Stands for the stemmer of languages that have none."""

ROLES: Final = ("title", "dateline", "caption", "credit", "heading", "quote", "list", "body")
SEARCHED: Final = tuple(role for role in ROLES if role != "credit")
"""The roles whose paragraphs are searched unless a question names others."""

TERMS: Final = (
    "id",
    "entity",
    "entity_type",
    "tag",
    "author",
    "source",
    "language",
    "year",
    "month",
    "day",
    "role",
)
"""Filters that hold whole values, many to a document; they can be counted, too."""

ORDERS: Final = ("newest", "oldest", "title")
"""What lists are sorted by: text keys, each unique, each read in ascending order."""

SLOP: Final = 8
"""How far the words of a phrase may at most be moved. Paragraphs of an article stand further apart."""

SPACELESS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
"""Runs of the scripts that put no space between words: Thai to Khmer, Kana, Han."""


class Token(NamedTuple):
    """A word as the index knows it, and where it stands in the text (code points, end excluded)."""

    text: str
    position: int
    start: int
    end: int


def stemmer(language: str) -> str:
    """The stemmer that a language tag leads to."""
    return STEMMERS.get(language.split("-", maxsplit=1)[0].lower(), PLAIN)


@cache
def analyzer(name: str) -> tantivy.TextAnalyzer:
    """How text becomes words: letters, marks and digits; lower case; Latin accents dropped; then the stem."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"[\p{L}\p{M}\p{N}]+"))
    folded = words.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    return (folded if name == PLAIN else folded.filter(tantivy.Filter.stemmer(name))).build()


def paired(text: str) -> tuple[str, list[int] | None]:
    """The text with overlapping pairs of characters in place of spaceless runs, for the analyzers to read.

    Beside it stands which character of the given text each character came from; None: nothing was moved.
    """
    if text.isascii() or not SPACELESS.search(text):
        return text, None
    pieces: list[str] = []
    origins: list[int] = []
    end = 0
    for run in SPACELESS.finditer(text):
        pieces.append(text[end : run.start()])
        origins += range(end, run.start())
        end = run.end()
        for start in range(run.start(), max(end - 1, run.start() + 1)):
            pair = text[start : min(start + 2, end)]
            pieces.append(f" {pair} ")
            origins += [start, *range(start, start + len(pair)), start + len(pair) - 1]
    pieces.append(text[end:])
    origins += range(end, len(text))
    return "".join(pieces), origins


def tokens(text: str, name: str) -> list[Token]:
    """The words of a text as this stemmer leaves them, with their places in it."""
    given, origins = paired(text)
    found = analyzer(name).pre_tokenize(given).tokens
    if origins is None:
        return [Token(it.text, it.position, it.char_offset_from, it.char_offset_to) for it in found]
    return [
        Token(it.text, it.position, origins[it.char_offset_from], origins[it.char_offset_to - 1] + 1) for it in found
    ]


def build_schema(stemmers: Iterable[str]) -> tantivy.Schema:
    """The fields of an index over texts that need these stemmers."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("row", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_unsigned_field("position", fast=True)
    for kind in ("a", "p"):
        for name in TERMS:
            stored = name == "id"
            builder.add_text_field(
                f"{kind}_{name}", stored=stored, fast=True, tokenizer_name="raw", index_option="basic"
            )
        for name in ORDERS:
            builder.add_text_field(f"{kind}_{name}_order", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field(f"{kind}_published", indexed=True, fast=True)
    for field in ("p_text", "a_text", *(f"a_{role}" for role in ROLES)):
        builder.add_text_field(f"{field}_written", tokenizer_name=PLAIN, index_option="basic")
        for name in stemmers:
            builder.add_text_field(f"{field}_{name}", tokenizer_name=name, index_option="position")
    return builder.build()
