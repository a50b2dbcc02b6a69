"""The `articles` command in processes of its own."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.forks import ForkedCommand
from tests.support.waiting import wait


class Ended(NamedTuple):
    """How a command ended: its exit status, its output, and the seconds that it took."""

    status: int
    out: str
    err: str
    took: float


class Commands:
    """Runs `python -m app` in forked processes; one that takes so many seconds of CPU is killed."""

    def __init__(self, folder, cpu_seconds=None):
        self.cpu_seconds = cpu_seconds
        self.outputs = [folder / "output.1", folder / "output.2"]
        self.process = None
        """The process of the command that runs now, or ran last."""

    def run(self, *arguments, kill_after=None, **variables):
        """Run the command to its end, or kill it after some seconds; none of its processes may be left."""
        environment = os.environ | {f"ARTICLES_{name.upper()}": str(value) for name, value in variables.items()}
        began = time.monotonic()
        self.process = ForkedCommand(map(str, arguments), environment, *self.outputs, self.cpu_seconds)
        if kill_after is not None:
            time.sleep(kill_after)
            self.process.kill()
        status = self.process.wait()
        took = time.monotonic() - began
        assert gone(self.process.pid)
        return Ended(status, *(path.read_text() for path in self.outputs), took)


def gone(group):
    """Tell whether all processes of a group end."""
    with suppress(AssertionError):
        wait(lambda: not any(alive(path, group) for path in Path("/proc").glob("[0-9]*/stat")))
        return True
    return False


def alive(path, group):
    """Tell whether a process belongs to this group and runs; one that has ended may wait long to be reaped."""
    try:
        state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return False
    return int(its_group) == group and state not in "ZX"
