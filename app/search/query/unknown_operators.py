"""Unknown operators: find what other search engines have for operators in `q`, and this grammar has not.

They are searched as words, so that pasted text is never refused; a warning names each, and the way out. To explain
another one, add a line to `UNKNOWN_OPERATORS`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from app.search.index.schema import ROLES
from app.search.query.filters import FilterParams
from app.search.query.parser import MARKS, Match


class UnknownOperator(NamedTuple):
    """Something in `q` that looks like an operator."""

    text: str
    """As `q` has it."""
    message: str
    """One sentence that names it and the way out."""


def explain_field(field: re.Match[str]) -> str:
    """Explain a word with the name of a field before it."""
    name = field["name"].lower()
    parameter = f"`q_in={name}`" if name in ROLES else f"the parameter `{name}`"
    return f"`q` has no fields, so '{field[0]}' is searched as words; use {parameter} instead."


def explain(sentence: str) -> Callable[[re.Match[str]], str]:
    """Return what puts the operator into a sentence."""
    return lambda operator: sentence.format(*operator.groups(), operator[0])


NAMES: Final = "|".join([*ROLES, *(name for name in FilterParams.model_fields if "_" not in name and name != "q")])

UNKNOWN_OPERATORS: Final = (
    (
        re.compile(r'"[^"]*\w\*[^"]*"'),
        explain("{0} is a phrase, in which `*` means nothing; write a prefix outside quotes."),
    ),
    (
        re.compile(r'(?<![\w"*])(\w*\*\w[^\s()"*]*)(?![*\w])'),
        explain("`*` means a prefix only at the end of a word, so '{0}' is searched as words."),
    ),
    (
        re.compile(r'(?<![^\s(])(\w+\?\w[^\s()"]*)'),
        explain("`?` stands for no letter, so '{0}' is searched as words; `word~1` finds words with a wrong letter."),
    ),
    (
        re.compile(r'(?<![^\s()"])([^\s()"^]*\w\^\d[^\s()"]*)'),
        explain("`^` gives no weight, so '{0}' is searched as words."),
    ),
    (re.compile(r"(?<!\w)(\w+~)(?!\w)"), explain("'{0}' is searched as it is; write {0}1 or {0}2 for words like it.")),
    (re.compile(rf"(?<![^\s(])(?P<name>{NAMES}):(?=[\w\"])[^\s()\"]*", re.IGNORECASE), explain_field),
    (re.compile(r"(?<!\S)(\|\|?)(?!\S)"), explain("`{0}` is no operator; write OR between alternatives.")),
    (re.compile(r"(?<!\S)(or)(?= +\w)"), explain("'{0}' is a word; write OR in capitals between alternatives.")),
    (
        re.compile(r"(?<!\S)(not)(?= +\w)"),
        explain("'{0}' is a word; write NOT in capitals, or -word, to exclude a word."),
    ),
    (
        re.compile(r"(?<!\S)(!\w+)"),
        explain("`!` is no operator, so '{0}' is searched for; write -word to exclude a word."),
    ),
    (
        re.compile(r"([\[{][^\s\[{]{1,40} +TO +[^\s\]}]{1,40}[\]}])"),
        explain("`q` has no ranges, so '{0}' is searched as words; use `published_from` and `published_to` for dates."),
    ),
)
"""What looks like an operator, and how it is explained; the patterns see straight quotes."""

SUSPECT: Final = re.compile(r"[*?^~|!\[{:]|\b(?:or|not)\b", re.IGNORECASE)
"""Matches in whatever one of the patterns matches."""

QUOTED: Final = re.compile(r'"[^"]*"')
ONLY_FOR_ALL: Final = ("or", "not", "|", "||")
"""With `match=any` one of the words is enough anyway, and operators between words are words."""


def find_unknown_operators(q: str, match: Match) -> Iterator[UnknownOperator]:
    """Yield what looks like an operator in `q`, each kind once."""
    if not SUSPECT.search(q):
        return
    straight = q.translate(MARKS)
    unquoted = QUOTED.sub(" ", straight)
    for place, (pattern, describe) in enumerate(UNKNOWN_OPERATORS):
        operator = pattern.search(unquoted if place else straight)
        if operator is not None and not (match == "any" and operator[0] in ONLY_FOR_ALL):
            yield UnknownOperator(operator[0], describe(operator))
