"""Waiting until something is true, however busy the machine is."""

import time

PATIENCE = 120
"""Seconds after which what a test waits for will not happen any more."""


def wait(condition, seconds=PATIENCE):
    """Wait until a condition holds, and return how many seconds that took."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds
        time.sleep(0.02)
    return time.monotonic() - start
