"""Spans: stretches of a text that do not overlap, which can be asked quickly whatever their number."""

from bisect import bisect_right
from collections.abc import Iterable

MASK = "\1"
"""Stands for each character of a span in a masked text; stored text has no such character."""


class Spans:
    """Spans `[start:end]` in order; those that overlap are joined."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(spans):
            if self.ends and start < self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def overlap(self, start: int, end: int) -> bool:
        """Tell whether a span has a character of `[start:end]`."""
        index = bisect_right(self.ends, start)
        return index < len(self.starts) and self.starts[index] < end

    def mask(self, text: str) -> str:
        """Return a text of the same length in which `MASK` stands for the characters of all spans."""
        parts, reached = [], 0
        for start, end in zip(self.starts, self.ends, strict=True):
            parts += [text[reached:start], MASK * (end - start)]
            reached = end
        return "".join([*parts, text[reached:]])

    def are_cut_by(self, start: int, end: int) -> bool:
        """Tell whether a span is not wholly inside or wholly outside of `[start:end]`, or equals it."""
        first, last = bisect_right(self.ends, start), bisect_right(self.starts, end - 1) - 1
        if first > last:
            return False
        is_inside = start <= self.starts[first] and self.ends[last] <= end
        return not is_inside or (first == last and (start, end) == (self.starts[first], self.ends[first]))
