"""Growth: the CPU time of work of two sizes, which shows quadratic work however busy the machine is."""

from collections.abc import Callable
from time import thread_time
from typing import Any

TIMES = 16
"""The larger size, in smaller ones. Quadratic work takes 256 times as long there."""

MOST = 64
"""How many times as long it may take: a quarter of that, four times what work in proportion takes."""

LEAST_SECONDS = 0.01
"""What takes less is taken for this: so little is soon added by another process."""

ROUNDS = 5


def assert_linear(work: Callable[[int], Any], size: int) -> None:
    """Fail if work of 16 times this size takes over 64 times as long.

    A busy machine only ever adds time: the least of each size counts, and both are measured again if it is too long.
    """

    def measure(size: int) -> float:
        began = thread_time()
        work(size)
        return thread_time() - began

    work(size)  # Caches are filled.
    small, large = [measure(size)], [measure(TIMES * size)]
    while min(large) > MOST * max(min(small), LEAST_SECONDS):
        assert len(large) < ROUNDS, f"{TIMES} times the size took {min(large):.3f} s instead of {min(small):.3f} s."
        small.append(measure(size))
        large.append(measure(TIMES * size))
