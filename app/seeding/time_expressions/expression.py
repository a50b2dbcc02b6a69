"""Expressions: what the words of a time expression say, and the day from which it is reckoned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

DIRECTIONS: Final = {"L": -1, "l": -1, "C": 0, "X": 1, "x": 1}
"""Where `last`, `this` and `next` lead, by their class."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression."""

    values: Mapping[str, Sequence[Any]]
    """What its words say, by their class (lexicon.py), in the order of the text."""
    published: date | None = None
    """The day of the article, from which it is reckoned."""
    is_future: bool = False
    """Whether the words before it say that it is to come."""

    @property
    def day(self) -> date:
        """The day from which it is reckoned. Raises ValueError if the article has none."""
        if self.published is None:
            raise ValueError("The article has no date.")
        return self.published

    def find_direction(self) -> int | None:
        """Return whether it names the last (-1), the current (0) or the next (1); None if none of them."""
        return next((direction for letter, direction in DIRECTIONS.items() if letter in self.values), None)

    def find_number(self) -> int:
        """Return its number. Raises ValueError if that is none that counts."""
        number = next(self.values[letter][0] for letter in "NDn" if letter in self.values)
        if not number:
            raise ValueError("It is no whole number.")
        return int(number)

    def find_year(self) -> int | None:
        """Return the year that it names, such as `1986` or `last year`; None if it names none. Raises ValueError."""
        if "Y" in self.values:
            return int(self.values["Y"][0])
        direction = self.find_direction()
        if direction is None:
            return None
        if self.values["U"] != ["year"]:
            raise ValueError("Another unit than a year follows.")
        return self.day.year + direction

    def require_year(self) -> int:
        """Return the year that it names. Raises ValueError if it names none."""
        year = self.find_year()
        if year is None:
            raise ValueError("It names no year.")
        return year
