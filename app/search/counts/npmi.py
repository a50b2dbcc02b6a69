"""NPMI: normalized pointwise mutual information, by which co-occurring entities and tags are ranked."""

from functools import lru_cache
from math import log


@lru_cache(maxsize=10_000)
def association(together: int, one: int, other: int, everything: int) -> float:
    """Return how closely two things belong together: -1 never, 0 as often as by chance, 1 always.

    Of `everything`, `one` have the first, `other` the second and `together` both
    (Bouma 2009, "Normalized (pointwise) mutual information in collocation extraction").
    """
    if together == 0:
        return -1.0
    if together == everything:
        return 1.0
    return round(log(together * everything / (one * other)) / -log(together / everything), 4) + 0.0
