"""Spans: stretches of a text that do not overlap, which can be asked quickly whatever their number."""

from bisect import bisect_right
from collections.abc import Iterable


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

    def cover(self, start: int, end: int) -> bool:
        """Tell whether a span has all characters of `[start:end]`."""
        index = bisect_right(self.ends, start)
        return index < len(self.starts) and self.starts[index] <= start and end <= self.ends[index]

    def are_cut_by(self, start: int, end: int) -> bool:
        """Tell whether a span is not wholly inside or wholly outside of `[start:end]`, or equals it."""
        first, last = bisect_right(self.ends, start), bisect_right(self.starts, end - 1) - 1
        if first > last:
            return False
        is_inside = start <= self.starts[first] and self.ends[last] <= end
        return not is_inside or (first == last and (start, end) == (self.starts[first], self.ends[first]))
