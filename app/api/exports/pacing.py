"""Pacing of exports: work at full speed alone, and a fifth of the time while other requests are answered.

An export runs in a thread, and Python runs one thread at a time: beside one that never pauses, other requests keep half
of their throughput, whatever the priority of its thread.
"""

from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from typing import Final

SLICE: Final = 0.002
"""Seconds of work after which an export looks for other requests, at least."""

PAUSE: Final = 4
"""How many times as long as a slice of work the pause after it is."""


@dataclass(slots=True)
class RequestCounter:
    """Counts the requests of this process that are not exports; the event loop does."""

    begun: int = 0
    finished: int = 0


REQUESTS: Final = RequestCounter()


class ExportStoppedError(Exception):
    """Raised in the thread of an export that nobody waits for any more."""


@dataclass(slots=True)
class Pacer:
    """Divides the work of one export into slices, and stops it between two documents."""

    stopped: Event = field(default_factory=Event)
    slice_began: float = field(default_factory=perf_counter)
    requests_seen: int = 0
    """How many requests had begun when it paused last."""

    def begin_slice(self) -> None:
        """Begin to work after waiting for a client."""
        self.slice_began = perf_counter()

    def check(self) -> None:
        """Pause at the end of a slice beside which requests were answered. Raises `ExportStoppedError`.

        Called before each document that is read.
        """
        if self.stopped.is_set():
            raise ExportStoppedError
        seconds = perf_counter() - self.slice_began
        if seconds < SLICE:
            return
        if REQUESTS.begun > min(self.requests_seen, REQUESTS.finished):
            self.requests_seen = REQUESTS.begun
            self.stopped.wait(PAUSE * seconds)
        self.begin_slice()

    def stop(self) -> None:
        """Let the next check stop the export, and end a pause."""
        self.stopped.set()
