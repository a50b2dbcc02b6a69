"""Rules: which sequences of words are a time expression, and what each of them means.

A pattern is a regular expression over the classes of the words (lexicon.py): "on Friday, 26 April 1986" is `_W,DMY`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from app.seeding.time_expressions.calendar_dates import (
    resolve_century,
    resolve_day,
    resolve_day_range,
    resolve_decade,
    resolve_month,
    resolve_month_of_year,
    resolve_month_range,
    resolve_numeric_day,
    resolve_numeric_range,
    resolve_part_of_year,
    resolve_season_of_year,
    resolve_year,
)
from app.seeding.time_expressions.expression import Expression
from app.seeding.time_expressions.lexicon import BEGINNINGS
from app.seeding.time_expressions.relative_dates import (
    resolve_ago,
    resolve_phase_of_current,
    resolve_relative_month,
    resolve_relative_night,
    resolve_relative_part,
    resolve_relative_unit,
    resolve_relative_weekday,
    resolve_stretch,
    resolve_today,
    resolve_weekday,
    resolve_weekend,
)

RECENT_YEAR: Final = r"[YZ](?!-?[Uc/])"
"""`1986`, but not `1986 men` or `1986-year-old`."""
YEAR: Final = r"[YZy](?!-?[Uc/])"
"""Also `1786`."""
OF_YEAR: Final = rf"(?:,?f?t?{YEAR}|f?(?:[LlCXx]U|U[lx]))"
"""`, 1986`, `of 1986`, `of last year`."""
PHASE: Final = r"(?:Ef?-?t?)?"
"""`early`, `mid-`, `the end of the`."""
NUMBER: Final = r"[NDn]"
"""`two`, `2`, `200`."""


def relative(classes: str) -> str:
    """Return the pattern of `last week`, or of Spanish `semana pasada`, for words of these classes."""
    return rf"(?:[LlCXx][{classes}](?!f)|[{classes}][lx])"


class Rule(NamedTuple):
    """A kind of time expressions."""

    pattern: str
    """The classes of its words."""
    resolve: Callable[[Expression], str]
    """Returns what it means, in ISO 8601. Raises ValueError or OverflowError if it means nothing."""


RULES: Final[Mapping[str, Rule]] = {
    "day_range": Rule(rf"(?:W[,.]?)?(?:M\.?r|rf?M\.?){OF_YEAR}?", resolve_day_range),
    "day": Rule(rf"(?:W[,.]?t?)?(?:M\.?Do?|Do?\.?f?M\.?){OF_YEAR}?", resolve_day),
    "month_range": Rule(rf"M\.?-M\.?{OF_YEAR}?", resolve_month_range),
    "month_of_year": Rule(rf"{PHASE}M\.?{OF_YEAR}", resolve_month_of_year),
    "century": Rule(rf"{PHASE}(?:O|D[o.])-?U", resolve_century),
    "decade": Rule(rf"{PHASE}(?:[Zy]|Z'|(?<=t)'?n'?)s", resolve_decade),
    "part_of_year": Rule(rf"OQ{OF_YEAR}", resolve_part_of_year),
    "season_of_year": Rule(rf"{PHASE}S{OF_YEAR}", resolve_season_of_year),
    "numeric_range": Rule(r"(?<![$q/])R(?![c/])", resolve_numeric_range),
    "numeric_day": Rule(r"(?<![$/])I(?!/)", resolve_numeric_day),
    "ago": Rule(rf"{NUMBER}-?UA|B{NUMBER}U", resolve_ago),
    "stretch": Rule(rf"[LlXx]{NUMBER}U|{NUMBER}[LlXx]U", resolve_stretch),
    "relative_unit": Rule(rf"{PHASE}{relative('U')}", resolve_relative_unit),
    "relative_month": Rule(rf"{PHASE}{relative('MS')}", resolve_relative_month),
    "relative_part": Rule(relative("Q"), resolve_relative_part),
    "relative_weekday": Rule(relative("W"), resolve_relative_weekday),
    "relative_weekend": Rule(relative("K"), resolve_weekend),
    "relative_night": Rule(r"[LC]H", resolve_relative_night),
    "phase_of_current": Rule(r"E[fi]?tU", resolve_phase_of_current),
    "weekend": Rule(r"(?<=t)K", resolve_weekend),
    "today": Rule(r"T", resolve_today),
    "weekday": Rule(r"(?<!N)W", resolve_weekday),
    "month": Rule(r"(?:Ef?-?t?|(?<=i)|(?<=it)|(?<=iMj)|(?<=M,)|(?<=f))M", resolve_month),
    "year": Rule(rf"(?:Ef?-?|(?<=i)|(?<=[YZy]j)){YEAR}|(?<![$q/]){RECENT_YEAR}", resolve_year),
}
"""By their name; of those that begin at one word, the first counts."""

ALTERNATIVES: Final = "|".join(f"(?P<{name}>{rule.pattern})" for name, rule in RULES.items())
"""The patterns, each a group with its name."""

TIME_EXPRESSION: Final = re.compile(f"(?=[{BEGINNINGS}])(?:{ALTERNATIVES})")
