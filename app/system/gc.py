"""Garbage collection, tuned for work that creates millions of objects."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def relaxed_gc() -> Iterator[None]:
    """Search for unreachable cycles less often.

    By default, a third of a seeding run goes into searching live objects, and a response that counts thousands of
    values waits while all entities of the server are searched.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
