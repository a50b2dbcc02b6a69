"""The deadline of a connection: call back when it has passed, with one timer for many requests."""

import asyncio
from collections.abc import Callable
from weakref import WeakMethod


class Deadline:
    """A time at which a connection is checked.

    A timer that was set and cancelled for every request would cost more: this one goes off at an earlier deadline, and
    is set again for the one that holds by then.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, callback: Callable[[], None]) -> None:
        self.loop = loop
        # The connection owns its deadline.
        self.callback = WeakMethod(callback)
        self.time = loop.time() + seconds
        self.start_timer()

    def set(self, seconds: float) -> None:
        """Move the deadline to so many seconds from now."""
        self.time = time = self.loop.time() + seconds
        if time < self.timer_time:
            self.timer.cancel()
            self.start_timer()

    def start_timer(self) -> None:
        """Let the timer go off at the deadline."""
        self.timer = self.loop.call_at(self.time, self.check)
        self.timer_time = self.time

    def check(self) -> None:
        """Call back if the deadline has passed; otherwise wait for it."""
        self.timer_time = float("inf")
        if self.time > self.loop.time():
            self.start_timer()
        elif callback := self.callback():
            callback()

    def cancel(self) -> None:
        """Never call back."""
        self.timer.cancel()
