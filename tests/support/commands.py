"""The command in processes of its own, without the second or two that Python takes to start each of them."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

FORKING = """
import json, os, runpy, sys
import app.cli.commands, app.cli.seeding
for line in sys.stdin:
    told = json.loads(line)
    if (pid := os.fork()) == 0:
        os.setsid()
        for number in (1, 2):
            os.dup2(os.open(f"{told['said']}.{number}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.update(told["environment"])
        sys.argv = ["app", *told["arguments"]]
        runpy.run_module("app", run_name="__main__")
        sys.exit()
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str
    took: float


class Commands:
    """Runs `python -m app`, as a copy of a process that has imported everything."""

    def __init__(self, folder):
        self.said = folder / "said"
        self.server = subprocess.Popen(
            [sys.executable, "-c", FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments, kill_after=None, **variables):
        """Run the command to its end, or kill it after some seconds; none of its processes may be left."""
        environment = {f"ARTICLES_{name.upper()}": str(value) for name, value in variables.items()}
        told = {"arguments": [*map(str, arguments)], "environment": environment, "said": str(self.said)}
        self.server.stdin.write(json.dumps(told) + "\n")
        self.server.stdin.flush()
        pid, began = int(self.server.stdout.readline()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(int(self.server.stdout.readline()))
        took = time.monotonic() - began
        assert gone(pid)
        return Ended(status, *((self.said.with_suffix(f".{number}")).read_text() for number in (1, 2)), took)

    def close(self):
        """Let the process end from which the commands are copied."""
        self.server.stdin.close()
        self.server.stdout.close()
        self.server.wait()


def gone(group):
    """Whether all processes of a group come to their end within some seconds."""
    for _ in range(200):
        if not any(alive(path, group) for path in Path("/proc").glob("[0-9]*/stat")):
            return True
        time.sleep(0.02)
    return False


def alive(path, group):
    """Whether a process belongs to this group and runs; one that has ended may wait long to be noticed."""
    try:
        state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return False
    return int(its_group) == group and state not in "ZX"
