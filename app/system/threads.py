"""A low-priority thread pool for slow queries, so that they don't delay the event loop."""

import os
import threading
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")

SWITCH_SECONDS = 0.0002
"""After how long a thread hands over the interpreter lock, for which the event loop may be waiting.

With .001, responses wait 19 ms while a revision of 100,000 articles is loaded, with .0002 10 ms; threads that compete
take 8 % more CPU time in all.
"""

NICENESS = 15
"""How much the priority of these threads is lowered: at 15, each gets a thirtieth of a contested core."""


def lower_priority() -> None:
    """Lower the priority of the current thread, on systems where a thread has one of its own."""
    thread = threading.get_native_id()
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)


SLOW_QUERY_POOL = ThreadPoolExecutor((os.cpu_count() or 1) + 1, "slow-query", lower_priority)
"""One thread per core, plus one so that a short query is not queued behind long ones."""


class LongWorkError(Exception):
    """Raised on the event loop by work that turns out to take long: it must be started again in a thread."""


def leave_event_loop() -> None:
    """Raise `LongWorkError` on the thread of an event loop; elsewhere, do nothing."""
    try:
        get_running_loop()
    except RuntimeError:
        return
    raise LongWorkError


async def run_in_low_priority_thread(work: Callable[[], Result]) -> Result:
    """Return what the work returns, or raise what it raises."""
    return await get_running_loop().run_in_executor(SLOW_QUERY_POOL, work)
