"""The `articles` command in processes that are forked from one that has loaded its modules: that takes two seconds."""

import os
import resource
import runpy
import sys
from contextlib import suppress
from multiprocessing import connection, get_context
from pathlib import Path
from threading import Lock

FORKSERVER = get_context("forkserver")
FORKSERVER.set_forkserver_preload(["tests.support.preloaded"])

STATUS_LOCK = Lock()
"""Held where a status may be read: of two threads that read one at once, the second would take it for 255.

To start a process reads the statuses of all that were started before.
"""


class ForkedCommand:
    """A process that runs `python -m app` and leads a group of its own, with the methods of `subprocess.Popen`.

    Each of its processes is killed when it has taken `cpu_seconds`.
    """

    def __init__(self, arguments, environment, stdout, stderr, cpu_seconds=None):
        outputs = [str(stdout), str(stderr)]
        for path in outputs:
            Path(path).write_bytes(b"")
        self.process = FORKSERVER.Process(
            target=run_command, args=([*arguments], {**environment}, outputs, cpu_seconds)
        )
        with STATUS_LOCK:
            self.process.start()
        self.pid = self.process.pid

    @property
    def returncode(self):
        """Its exit status, or minus the number of the signal that ended it; None while it runs."""
        with STATUS_LOCK:
            return self.process.exitcode

    def poll(self):
        """Return `returncode`."""
        return self.returncode

    def wait(self, timeout=None):
        """Wait until it ends, at most so many seconds; return `returncode`."""
        connection.wait([self.process.sentinel], timeout)
        return self.returncode

    def send_signal(self, number):
        """Send it a signal, if it still runs."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        """Kill it."""
        self.process.kill()


def run_command(arguments, environment, outputs, cpu_seconds):
    """Run the command in this new process, as `python -m app` would with this environment and output."""
    os.setsid()
    for number, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), number)
    if cpu_seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["app", *arguments]
    runpy.run_module("app", run_name="__main__", alter_sys=True)
