"""Waiting until something is true, however busy the machine is."""

import time

PATIENCE = 120
"""Seconds after which what a test waits for will not happen any more."""


LONGEST_PAUSE = 0.2


def wait(condition, seconds=PATIENCE):
    """Wait until a condition holds, and return how many seconds that took.

    It is looked at ever more seldom, or else waiting for a busy machine would keep it busy.
    """
    start, pause = time.monotonic(), 0.01
    while not condition():
        assert time.monotonic() - start < seconds
        time.sleep(pause)
        pause = min(1.1 * pause, LONGEST_PAUSE)
    return time.monotonic() - start
