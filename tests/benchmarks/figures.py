"""Figures of benchmarks: a median with its spread, beside its target, in tables of Markdown."""

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

ROUNDS = 7
"""Rounds that a figure is the median of."""


class Figure(NamedTuple):
    """A median, and the median distance of the rounds from it."""

    median: float
    spread: float

    def __str__(self) -> str:
        digits = count_digits(self.median)
        return f"{format_number(self.median, digits)} ±{format_number(self.spread, digits)}"


def summarize(rounds: Iterable[float]) -> Figure:
    """Return the figure of these rounds."""
    values = list(rounds)
    middle = median(values)
    return Figure(middle, median(abs(value - middle) for value in values))


def count_digits(value: float) -> int:
    """Return how many digits are shown behind the point, so that three are shown in all: 1,381, 12.1, 1.42, .280."""
    return min(3, max(0, 2 - math.floor(math.log10(value)))) if value > 0 else 0


def format_number(value: float, digits: int | None = None) -> str:
    """Return a number with this number of digits behind its point, and without a zero before it."""
    digits = count_digits(value) if digits is None else digits
    text = f"{value:,.{digits}f}"
    return text[1:] if digits and text.startswith("0.") else text


def compare(value: Figure | float, target: float | None, *, at_least: bool = False) -> str:
    """Return a figure beside its target: `12.0 ≤ 15.0` where that is reached, and `**18.0 > 15.0**` where it is not."""
    number, shown = (value.median, str(value)) if isinstance(value, Figure) else (value, format_number(value))
    if target is None:
        return shown
    if number >= target if at_least else number <= target:
        return f"{shown} {'≥' if at_least else '≤'} {format_number(target)}"
    return f"**{shown} {'<' if at_least else '>'} {format_number(target)}**"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that so many percent of the values do not exceed."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown, and an empty line."""
    for row in (header, ["---"] * len(header), *rows):
        print(f"| {' | '.join(map(str, row))} |")
    print(flush=True)
