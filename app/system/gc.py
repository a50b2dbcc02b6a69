"""Garbage collection, tuned for work that creates millions of objects, and for objects that stay."""

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


@contextmanager
def exclude_from_gc() -> Iterator[None]:
    """Collect nothing while the block creates objects that stay, and search none of them ever after.

    A collection searches objects while no thread runs: the entities of 100,000 articles take 50 to 90 ms. They are
    freed all the same when nothing refers to them any more; only cycles among them would not be.
    """
    # What is garbage by now would stay, too.
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
