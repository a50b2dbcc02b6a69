"""How memory is looked after where millions of objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def relaxed_gc() -> Iterator[None]:
    """Let the search for unreachable cycles wait longer.

    A third of a seeding run would go into looking through what lives. A server holds all entities, through which an
    answer that counts some thousand values would otherwise have to wait while they are looked through.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
