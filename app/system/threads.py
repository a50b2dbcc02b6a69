"""Work that takes its time is done aside, in threads that give way to whatever is done at once."""

import os
import sys
import threading
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")

SWITCH = 0.001
"""After so many seconds a thread lets others on that want the interpreter, the event loop's first of all."""

NICENESS = 15
"""How far these threads stand behind: at 15, each gets a thirtieth of a core that others want all the time."""


def lower_priority() -> None:
    """Let the thread that calls this stand behind; where threads have no priority of their own, it stays as it is."""
    sys.setswitchinterval(SWITCH)
    thread = threading.get_native_id()
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)


SLOW_QUERY_POOL = ThreadPoolExecutor((os.cpu_count() or 1) + 1, "aside", lower_priority)
"""No more than can work at once, and one that goes on where others take long: each has a share of its own."""


class LongWorkError(Exception):
    """Work that was begun on the event loop turns out to take long: it is to be begun again in a thread."""


def leave_event_loop() -> None:
    """Raise `LongWorkError` on the thread of an event loop; elsewhere, do nothing."""
    try:
        get_running_loop()
    except RuntimeError:
        return
    raise LongWorkError


async def run_in_low_priority_thread(work: Callable[[], Result]) -> Result:
    """What the work gives, or raises."""
    return await get_running_loop().run_in_executor(SLOW_QUERY_POOL, work)
