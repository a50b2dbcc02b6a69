"""Processes: how many of them can work at once, and what it means if one is killed."""

import os

KILLED = (
    "was killed, as the operating system does when memory runs out; nothing was written. "
    "Give it more memory, or fewer cores, as it starts a process for each: 'taskset -c 0' allows one"
)
"""The end of a sentence that begins with the process."""


def count_cores() -> int:
    """Return how many cores this process may use, which `taskset` or a container may have limited."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
