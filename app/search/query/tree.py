"""Query tree: the syntax tree of `q`, and what its parts search for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.search.index.analysis import analyze
from app.search.index.stemmers import PLAIN


class Term(NamedTuple):
    """A word, a phrase, a prefix, or a word that may be misspelt."""

    text: str
    quoted: bool = False
    slop: int = 0
    prefix: bool = False
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """A part that must not match."""

    of: "Tree"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Parts that must all match."""

    of: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Parts of which at least one must match."""

    of: tuple["Tree", ...]


Tree = Term | Not | AllOf | AnyOf


def has_positive_clause(tree: Tree) -> bool:
    """Tell whether a tree searches for something, and does not only exclude."""
    match tree:
        case Term():
            return True
        case Not():
            return False
        case AllOf(parts):
            return any(has_positive_clause(part) for part in parts)
        case AnyOf(parts):
            return all(has_positive_clause(part) for part in parts)


def terms(tree: Tree) -> Iterator[Term]:
    """Yield the terms that a tree searches for, not those that it excludes."""
    match tree:
        case Term():
            yield tree
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from terms(part)


def count_words(term: Term) -> int:
    """Return the number of words of a term."""
    return len(analyze(term.text, PLAIN))


def all_terms(tree: Tree) -> Iterator[Term]:
    """Yield the terms of a tree, also those that it excludes."""
    match tree:
        case Term():
            yield tree
        case Not(part):
            yield from all_terms(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from all_terms(part)


def matches_any_word(tree: Tree) -> bool:
    """Tell whether a tree matches as soon as one of its words does."""
    match tree:
        case Term():
            return True
        case AnyOf(parts) | AllOf([_] as parts):
            return all(matches_any_word(part) for part in parts)
    return False
