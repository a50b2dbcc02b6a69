"""The right to write a folder: only one process has it at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path


@contextmanager
def try_lock(folder: Path, name: str = "lock") -> Iterator[bool]:
    """Whether this process has the right. It ends with the block, or with the process, however that ends.

    Several rights to a folder have several names. The folder is made if it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
