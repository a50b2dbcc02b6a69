"""How much two things belong together: normalised pointwise mutual information."""

from functools import lru_cache
from math import log


@lru_cache(maxsize=10_000)
def association(together: int, one: int, other: int, everything: int) -> float:
    """From -1, never together, over 0, as often as chance has it, to 1, never apart.

    Of `everything` there are `one` with the first, `other` with the second and `together` with both
    (Bouma 2009, "Normalized (pointwise) mutual information in collocation extraction").
    """
    if together == 0:
        return -1.0
    if together == everything:
        return 1.0
    return round(log(together * everything / (one * other)) / -log(together / everything), 4) + 0.0
