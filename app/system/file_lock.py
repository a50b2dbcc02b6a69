"""File locks: let only one process at a time write a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path


@contextmanager
def try_lock(folder: Path, name: str = "lock") -> Iterator[bool]:
    """Take a lock of this folder without waiting, and yield whether it was free; create a missing folder.

    The lock ends with the block, or with the process, however that ends. A folder can have locks of several names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
