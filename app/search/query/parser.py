"""Query parser: the grammar of `q`, from its text to a syntax tree.

    two words        both, anywhere in what is searched
    "a phrase"       these words in this order, within one paragraph; "..."~2 allows two moves altogether
    a OR b           at least one; binds less tightly than words side by side
    -word            not this word, "phrase" or (group); NOT word means the same
    prefix*          words with this prefix, unstemmed
    word~1           words that differ by one letter (or ~2, by two), unstemmed
    ( )              a group

Whatever can't be an operator is text: a lone quote, a stray parenthesis, punctuation.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.search.index.analysis import MAX_SLOP, analyze, find_spans
from app.search.index.stemmers import PLAIN
from app.search.query.phrases import max_slop
from app.search.query.tree import AllOf, AnyOf, Not, Term, Tree, all_terms, count_words, has_positive_clause, terms
from app.text import CONTROL_CHARACTERS

MAX_CHARACTERS: Final = 2_000
"""A pasted paragraph of 200 words has about 1,300."""

MAX_TERMS: Final = 64
"""The most words that are searched, or excluded, or stand in one phrase."""

MAX_DEPTH: Final = 20
MIN_PREFIX: Final = 2
MAX_DISTANCE: Final = 2


class QueryError(ValueError):
    """`q` can't be searched; the message says why and what is possible."""


Match = TypeAliasType(
    "Match",
    Annotated[Literal["all", "any"], Field(description="Whether all words of `q` must match, or one is enough.")],
)

LEXEME: Final = re.compile(
    r"""(?P<space>\s+)
    | (?P<minus>-(?=[^\s)"]|"[^"]*"))
    | (?P<open>\()
    | (?P<close>\))
    | "(?P<phrase>[^"]*)"(?:~(?P<slop>\d{1,9}))?
    | (?P<quote>")
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)
WILD: Final = re.compile(r"(?P<word>.*[^*~\s])(?:(?P<prefix>\*)|~(?P<distance>\d{1,9}))", re.DOTALL)
PREFIX_AND_DISTANCE: Final = re.compile(r".*\w(?:\*~\d+|~\d+\*)", re.DOTALL)
MARKS: Final = str.maketrans("“”„«»，。、；：！？「」『』《》", '"""""             ')
"""Curly quotes are quotes; the punctuation of scripts without spaces parts words as spaces do."""


def parse_query(q: str, match: Match = "all") -> Tree:
    """Return the syntax tree of `q`. Raises `QueryError` if it is too long, too deep or has nothing to search for.

    With `match` "any", one of the words side by side is enough, and AND, OR and NOT are words, too.
    """
    if len(q) > MAX_CHARACTERS:
        raise QueryError(f"has {len(q):,} characters; at most {MAX_CHARACTERS:,} are searched")
    if control := CONTROL_CHARACTERS.search(q):
        raise QueryError(f"has a control character, U+{ord(control[0]):04X}; only text can be searched")
    parser = QueryParser(unicodedata.normalize("NFC", q).translate(MARKS), match)
    tree = parser.parse_group(depth=0)
    if tree is None:
        raise QueryError("has no word to search for")
    if not has_positive_clause(tree):
        raise QueryError("only says what must not be there; add a word to search for")
    tree = any_of(tree) if match == "any" else tree
    # A shorter text can't have so many words.
    if len(q) > MAX_TERMS:
        check_bounds(tree)
    return tree


def check_bounds(tree: Tree) -> None:
    """Raise `QueryError` if a phrase has too many words, or too many words are excluded."""
    longest = max(count_words(term) for term in all_terms(tree))
    if longest > MAX_TERMS:
        raise QueryError(f"has a phrase of {longest} words; at most {MAX_TERMS} are searched")
    excluded = sum(map(count_words, all_terms(tree))) - sum(map(count_words, terms(tree)))
    if excluded > MAX_TERMS:
        raise QueryError(f"excludes {excluded} words; at most {MAX_TERMS} are possible")


def any_of(tree: Tree) -> Tree:
    """Return a tree that any word of this one matches; what must not match still must not."""
    positive, negative = partition(tree)
    return AllOf((AnyOf(tuple(positive)), *negative))


def partition(tree: Tree) -> tuple[Sequence[Tree], Sequence[Tree]]:
    """Return the parts of a tree that may match, groups divided into single words, and those that must not."""
    parts = tree.of if isinstance(tree, AllOf) else (tree,)
    positive = [word for part in parts if has_positive_clause(part) for word in single_words(part)]
    return positive, [part for part in parts if not has_positive_clause(part)]


def single_words(part: Tree) -> Sequence[Tree]:
    """Return the words of a group or of a term: `U.S.` and `nuclear-free` have two each."""
    if isinstance(part, AllOf):
        positive, negative = partition(part)
        return [AllOf((AnyOf(tuple(positive)), *negative))] if negative else positive
    if isinstance(part, Term) and not (part.quoted or part.prefix or part.distance):
        return [part._replace(text=part.text[start:end]) for start, end in find_spans(part.text)]
    return [part]


class QueryParser:
    """Parses `q` from left to right, by recursive descent."""

    def __init__(self, q: str, match: Match) -> None:
        self.operators = ("AND", "OR", "NOT") if match == "all" else ()
        """Words that are operators; with `match` "any", none."""
        self.lexemes = [match for match in LEXEME.finditer(q) if match.lastgroup not in ("space", "quote")]
        self.place = 0

    def parse_group(self, depth: int) -> Tree | None:
        """Parse alternatives up to the closing parenthesis or the end."""
        if depth > MAX_DEPTH:
            raise QueryError(f"nests parentheses more than {MAX_DEPTH} deep")
        alternatives: list[Tree] = []
        parts: list[Tree] = []
        negative = False
        while self.place < len(self.lexemes):
            lexeme = self.lexemes[self.place]
            self.place += 1
            operator = lexeme["word"] if lexeme["word"] in self.operators else None
            match lexeme.lastgroup, operator:
                case "close", _ if depth:
                    break
                case ("close", _) | ("word", "AND"):
                    continue
                case "word", "OR":
                    alternatives += all_of(parts)
                    parts = []
                    negative = False
                    continue
                case ("minus", _) | ("word", "NOT"):
                    negative = not negative
                    continue
                case "open", _:
                    part = self.parse_group(depth + 1)
                case _:
                    part = self.parse_term(lexeme)
            if part is not None:
                parts.append(Not(part) if negative else part)
            negative = False
        alternatives += all_of(parts)
        return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives)) if alternatives else None

    def parse_term(self, lexeme: re.Match[str]) -> Tree | None:
        """Parse a word or a phrase; None if it has no letter and no digit. A very long phrase becomes its words."""
        if lexeme["phrase"] is not None:
            term = Term(lexeme["phrase"], quoted=True, slop=int(lexeme["slop"] or 0))
        else:
            term = parse_word(lexeme["word"])
        words = analyze(term.text, PLAIN)
        if not words:
            return None
        if term.prefix and len(words[-1]) < MIN_PREFIX:
            raise QueryError(f"'{term.text}*' is too short; a prefix has at least {MIN_PREFIX} letters")
        if term.slop > (most := max_slop(len(words))):
            among = "" if most == MAX_SLOP else f" with {len(words)} words"
            raise QueryError(f"lets a phrase be moved by {term.slop}; at most {most} is possible{among}")
        if len(words) > MAX_TERMS and term == Term(term.text, quoted=term.quoted):
            return AllOf(tuple(Term(term.text[start:end]) for start, end in find_spans(term.text)))
        return term


def find_long_phrases(q: str) -> Iterator[tuple[str, int]]:
    """Yield each phrase of `q` that is too long to be searched as one, with its number of words."""
    for lexeme in LEXEME.finditer(q.translate(MARKS)) if len(q) > MAX_TERMS else ():
        text = lexeme["phrase"] or lexeme["word"] or ""
        if len(text) > MAX_TERMS and (count := len(analyze(text, PLAIN))) > MAX_TERMS:
            yield text, count


def parse_word(text: str) -> Term:
    """Parse a word, which may be a prefix or misspelt. Raises `QueryError` for a distance that is not possible."""
    if PREFIX_AND_DISTANCE.fullmatch(text):
        raise QueryError(f"'{text}' has both `*` and `~`; a word takes one of them")
    wild = WILD.fullmatch(text)
    if wild is None:
        return Term(text)
    if wild["prefix"]:
        return Term(wild["word"], prefix=True)
    distance = int(wild["distance"])
    if not 1 <= distance <= MAX_DISTANCE:
        raise QueryError(f"lets '{wild['word']}' differ by {distance:,} letters; 1 and {MAX_DISTANCE} are possible")
    return Term(wild["word"], distance=distance)


def all_of(parts: Sequence[Tree]) -> list[Tree]:
    """Join parts side by side into one, if there are any."""
    return [parts[0] if len(parts) == 1 else AllOf(tuple(parts))] if parts else []
