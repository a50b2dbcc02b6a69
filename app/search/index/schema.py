"""What is indexed of an article and of a paragraph, and how text becomes words.

Articles and paragraphs have an index each, so that words are weighed among their like. Both carry the same
filters, so that a question can be put to either; one more document says which revision the index holds.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal, NamedTuple

import tantivy

Kind = Literal["articles", "paragraphs"]
"""What a question selects, and what an index holds."""

KINDS: Final[tuple[Kind, ...]] = ("articles", "paragraphs")

VERSION: Final = "4"
"""Raise it when the same rows shall give another index: every index is then built anew."""

STEMMERS: Final = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""The Snowball stemmer of a language, by its ISO 639-1 code; these are all that the engine has."""

PLAIN: Final = "plain"
"""Stands for the stemmer of languages that have none."""

ROLES: Final = ("title", "dateline", "caption", "credit", "heading", "quote", "list", "body")
UNSEARCHED: Final = ("credit",)
SEARCHED: Final = tuple(role for role in ROLES if role not in UNSEARCHED)
"""The roles whose paragraphs are searched unless a question names others."""

TEXTS: Final[dict[Kind, tuple[str, ...]]] = {"articles": ("text", *ROLES), "paragraphs": ("text",)}
"""The fields of words: all that is searched by default, and, in articles, each role by itself."""

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

DATES: Final = ("newest_order", "oldest_order")
KEYS: Final = ("title_order", "name_order")
"""What lists are sorted by, all in ascending order: numbers and text keys; what is equal in these, by name."""

SLOP: Final = 8
"""How far the words of a phrase may at most be moved."""

PARAGRAPH_GAP: Final = " " + "\ue000 " * (SLOP + 1)
"""Stands between paragraphs that are indexed together: places without a word, out of any phrase's reach."""

UNSPACED_SCRIPTS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
"""Runs of the scripts that put no space between words: Thai to Khmer, Kana, Han."""


class Letters(dict[int, str]):
    """What each character is to the analyzers: itself, if it is a letter, a mark or a digit, else a space."""

    def __missing__(self, point: int) -> str:
        letter = self[point] = chr(point) if unicodedata.category(chr(point))[0] in "LMN" else " "
        return letter


LETTERS: Final = Letters()


def strip_punctuation(text: str) -> str:
    """The text with a space for every character that belongs to no word, for the analyzers to read.

    It is done here, for the engine's own way, a regular expression, takes more time than all the rest of indexing.
    """
    return text.translate(LETTERS)


PIECE: Final = 10_000
"""So many characters become words in one call of the engine, which keeps the interpreter to itself: a millisecond."""

SPACE: Final = re.compile(r"[\s，。、]")
"""Where a text may be cut into pieces: characters that are no part of any word."""


class Token(NamedTuple):
    """A word as the index knows it, and where it stands in the text (code points, end excluded)."""

    text: str
    position: int
    start: int
    end: int


def stemmer_for(language: str) -> str:
    """The stemmer that a language tag leads to."""
    return STEMMERS.get(language.split("-", maxsplit=1)[0].lower(), PLAIN)


@cache
def build_analyzer(name: str) -> tantivy.TextAnalyzer:
    """How a text in `letters` becomes words: Latin accents dropped; lower case; then the stem."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    apart = words.filter(tantivy.Filter.custom_stopword(["\ue000"]))
    # Accents go first, for the lower case of İ is an i with a dot too many.
    folded = apart.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.lowercase())
    return (folded if name == PLAIN else folded.filter(tantivy.Filter.stemmer(name))).build()


ENGLISH_STOP_WORDS: Final = """
    a an the this that these those each every either neither any all both some no other such same own
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
    she her hers herself it its itself they them their theirs themselves who whom whose which what
    be am is are was were been being have has had having do does did doing done
    can could may might must shall should will would ought cannot
    and or but nor if because as until while so than though although whether
    of at by for with about against between among into through during before after above below to from
    up down in out on off over under upon within without toward towards via per
    not only very too just again further then once here there when where why how more most few also
    s ll re ve
""".split()  # noqa: SIM905  (Kinds of words, a kind a line.)
"""The function words of English, of which the engine knows but a few."""


@cache
def content_word_analyzer(name: str) -> tantivy.TextAnalyzer | None:
    """Leaves of a text the words that tell something in this language; None where no stop words are known."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    stops = tantivy.Filter.custom_stopword(ENGLISH_STOP_WORDS) if name == "english" else tantivy.Filter.stopword(name)
    try:
        return words.filter(tantivy.Filter.lowercase()).filter(stops).build()
    except ValueError:
        return None


def has_content_words(text: str, name: str) -> bool:
    """Whether a text has a word that is no stop word."""
    words = content_word_analyzer(name)
    return words is None or bool(words.analyze(strip_punctuation(text)))


def to_bigrams(text: str) -> tuple[str, list[int] | None]:
    """The text with overlapping pairs of characters in place of spaceless runs, for the analyzers to read.

    Beside it stands which character of the given text each character came from; None: nothing was moved.
    """
    if text.isascii() or not UNSPACED_SCRIPTS.search(text):
        return text, None
    pieces: list[str] = []
    origins: list[int] = []
    end = 0
    for run in UNSPACED_SCRIPTS.finditer(text):
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


def tokenize(text: str, name: str) -> list[Token]:
    """The words of a text as this stemmer leaves them, with their places in it."""
    if len(text) <= PIECE:
        return analyze(text, name)
    found: list[Token] = []
    start = 0
    while start < len(text):
        space = SPACE.search(text, start + PIECE)
        end = space.start() if space else len(text)
        before = len(found)
        for word, position, first, last in analyze(text[start:end], name):
            found.append(Token(word, before + position, start + first, start + last))
        start = end
    return found


def analyze(text: str, name: str) -> list[Token]:
    """The same of a text that is not long."""
    given, origins = to_bigrams(text)
    found = build_analyzer(name).pre_tokenize(strip_punctuation(given)).tokens
    if origins is None:
        return [Token(it.text, it.position, it.char_offset_from, it.char_offset_to) for it in found]
    return [
        Token(it.text, it.position, origins[it.char_offset_from], origins[it.char_offset_to - 1] + 1) for it in found
    ]


def tiebreak_key(id: str, position: int | None) -> str:
    """What ends every order: an article's id, or that and a paragraph's position.

    It is hexadecimal, which the engine's range queries take as it is; its order is that of code points.
    """
    key = id.encode().hex()
    return key if position is None else f"{key}00{position:08x}"


def build_schema(kind: Kind, stemmers: Iterable[str]) -> tantivy.Schema:
    """The fields of an index over texts that need these stemmers."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("row", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_unsigned_field("position", fast=True)
    builder.add_integer_field("published", indexed=True, fast=True)
    for name in TERMS:
        builder.add_text_field(name, stored=name == "id", fast=True, tokenizer_name="raw", index_option="basic")
    for name in DATES:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in KEYS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for field in TEXTS[kind]:
        builder.add_text_field(f"{field}_written", tokenizer_name=PLAIN, index_option="basic")
        for name in stemmers:
            builder.add_text_field(f"{field}_{name}", tokenizer_name=name, index_option="position")
    return builder.build()
