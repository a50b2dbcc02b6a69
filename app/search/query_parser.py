"""The grammar of `q`: from what was typed to a tree of what must be there and what must not.

    words            all of them, anywhere in what is searched
    "a phrase"       these words in this order, within one paragraph; "..."~2 lets them be moved by two altogether
    a OR b           at least one; binds less tightly than words that stand side by side
    -word            not this word, "phrase" or (group); NOT word says the same
    prefix*          words that begin so, as they are written
    word~1           words that differ by one letter (or ~2, by two), as they are written
    ( )              a group

What can't be an operator is text: a lone quote, a stray parenthesis, punctuation.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from app.search.index.analysis import MAX_SLOP, PLAIN, tokenize
from app.search.phrases import max_slop
from app.text import CONTROL_CHARACTERS

MAX_CHARACTERS: Final = 1000
MAX_TERMS: Final = 64
MAX_DEPTH: Final = 20
MIN_PREFIX: Final = 2


class QueryError(ValueError):
    """`q` can't be answered; the message says why and what is possible."""


class Term(NamedTuple):
    """A word, a phrase, the beginning of a word, or a word with wrong letters."""

    text: str
    quoted: bool = False
    slop: int = 0
    prefix: bool = False
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    of: "Tree"


@dataclass(frozen=True, slots=True)
class AllOf:
    """What must be there together."""

    of: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Of what at least one must be there."""

    of: tuple["Tree", ...]


Tree = Term | Not | AllOf | AnyOf

Match = Literal["all", "any"]
"""Whether all words of a question must be there, or one is enough."""

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
WILD: Final = re.compile(r"(?P<word>.*[^*~\s])(?:(?P<prefix>\*)|~(?P<distance>[12]))", re.DOTALL)
CURLY: Final = str.maketrans("“”„«»", '"""""')


def parse_query(q: str, match: Match = "all") -> Tree:
    """The tree of what was typed. Raises `QueryError` where it is too long, too deep or too short to search.

    With `match` "any", one of the words that stand side by side is enough, and AND, OR and NOT are words, too.
    """
    if len(q) > MAX_CHARACTERS:
        raise QueryError(f"has {len(q):,} characters; at most {MAX_CHARACTERS:,} are searched")
    if control := CONTROL_CHARACTERS.search(q):
        raise QueryError(f"has a control character, U+{ord(control[0]):04X}; only text can be searched")
    reader = QueryParser(unicodedata.normalize("NFC", q).translate(CURLY), match)
    tree = reader.group(depth=0)
    if tree is None:
        raise QueryError("has no word to search for")
    if reader.terms > MAX_TERMS:
        raise QueryError(f"has {reader.terms} terms; at most {MAX_TERMS} are searched")
    if not has_positive_clause(tree):
        raise QueryError("only says what must not be there; add a word to search for")
    return any_of(tree) if match == "any" else tree


def any_of(tree: Tree) -> Tree:
    """The tree with one of its words in place of all of them; what must not be there still must not."""
    wanted, unwanted = partition(tree)
    return AllOf((AnyOf(tuple(wanted)), *unwanted))


def partition(tree: Tree) -> tuple[Sequence[Tree], Sequence[Tree]]:
    """The single words, also those of groups and of what was typed as one, and what must not be there."""
    parts = tree.of if isinstance(tree, AllOf) else (tree,)
    wanted = [word for part in parts if has_positive_clause(part) for word in single_words(part)]
    return wanted, [part for part in parts if not has_positive_clause(part)]


def single_words(part: Tree) -> Sequence[Tree]:
    """The words of a group, or of what was typed as one: `U.S.` and `nuclear-free` have two each."""
    if isinstance(part, AllOf):
        wanted, unwanted = partition(part)
        return [AllOf((AnyOf(tuple(wanted)), *unwanted))] if unwanted else wanted
    if isinstance(part, Term) and not (part.quoted or part.prefix or part.distance):
        return [part._replace(text=part.text[word.start : word.end]) for word in tokenize(part.text, PLAIN)]
    return [part]


def has_positive_clause(tree: Tree) -> bool:
    """Whether something is searched for, and not only kept away."""
    match tree:
        case Term():
            return True
        case Not():
            return False
        case AllOf(parts):
            return any(has_positive_clause(part) for part in parts)
        case AnyOf(parts):
            return all(has_positive_clause(part) for part in parts)


class QueryParser:
    """Reads what was typed from left to right."""

    def __init__(self, q: str, match: Match) -> None:
        self.operators = ("AND", "OR", "NOT") if match == "all" else ()
        """Capitals that mean something; in natural language they are words."""
        self.lexemes = [match for match in LEXEME.finditer(q) if match.lastgroup not in ("space", "quote")]
        self.place = 0
        self.terms = 0

    def group(self, depth: int) -> Tree | None:
        """Alternatives, up to the closing parenthesis or the end."""
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
                    part = self.group(depth + 1)
                case _:
                    part = self.term(lexeme)
            if part is not None:
                parts.append(Not(part) if negative else part)
            negative = False
        alternatives += all_of(parts)
        return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives)) if alternatives else None

    def term(self, lexeme: re.Match[str]) -> Term | None:
        """A word or a phrase; None where it holds no letter and no digit."""
        if lexeme["phrase"] is not None:
            term = Term(lexeme["phrase"], quoted=True, slop=int(lexeme["slop"] or 0))
        else:
            wild = WILD.fullmatch(lexeme["word"])
            term = Term(lexeme["word"]) if wild is None else Term(
                wild["word"], prefix=bool(wild["prefix"]), distance=int(wild["distance"] or 0)
            )  # fmt: skip
        found = tokenize(term.text, PLAIN)
        if not found:
            return None
        if term.prefix and len(found[-1].text) < MIN_PREFIX:
            raise QueryError(f"'{term.text}*' is too short; a prefix has at least {MIN_PREFIX} letters")
        if term.slop > (most := max_slop(len(found))):
            among = "" if most == MAX_SLOP else f" with {len(found)} words"
            raise QueryError(f"lets a phrase be moved by {term.slop}; at most {most} is possible{among}")
        self.terms += len(found)
        return term


def all_of(parts: Sequence[Tree]) -> list[Tree]:
    """One part of what stands side by side."""
    return [parts[0] if len(parts) == 1 else AllOf(tuple(parts))] if parts else []


def terms(tree: Tree) -> Iterator[Term]:
    """What is searched for, but not what is kept away."""
    match tree:
        case Term():
            yield tree
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from terms(part)


def matches_any_word(tree: Tree) -> bool:
    """Whether one of its words is enough."""
    match tree:
        case Term():
            return True
        case AnyOf(parts) | AllOf([_] as parts):
            return all(matches_any_word(part) for part in parts)
    return False
