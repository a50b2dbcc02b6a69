"""The `articles` command in processes of its own, without the second that Python takes to import it for each."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.waiting import wait

FORKING = """
import json, os, runpy, sys
# What commands load and compute only when they need it, which takes half of their time.
import alembic.command, alembic.config, app.cli.commands, app.cli.export, app.cli.seeding, rich.console
import app.database.sqlite, app.search.index.version, pygments.lexers, sqlalchemy.dialects.sqlite
app.search.index.version.index_version()
for line in sys.stdin:
    job = json.loads(line)
    if (pid := os.fork()) == 0:
        os.setsid()
        for number in (1, 2):
            os.dup2(os.open(f"{job['output']}.{number}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.update(job["environment"])
        sys.argv = ["app", *job["arguments"]]
        runpy.run_module("app", run_name="__main__")
        sys.exit()
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


class Ended(NamedTuple):
    """How a command ended: its exit status, its output, and the seconds that it took."""

    status: int
    out: str
    err: str
    took: float


class Commands:
    """Runs `python -m app` in forks of a process that has imported everything."""

    def __init__(self, folder):
        self.output = folder / "output"
        self.server = subprocess.Popen(
            [sys.executable, "-c", FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments, kill_after=None, **variables):
        """Run the command to its end, or kill it after some seconds; none of its processes may be left."""
        environment = {f"ARTICLES_{name.upper()}": str(value) for name, value in variables.items()}
        job = {"arguments": [*map(str, arguments)], "environment": environment, "output": str(self.output)}
        self.server.stdin.write(json.dumps(job) + "\n")
        self.server.stdin.flush()
        pid, began = int(self.server.stdout.readline()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(int(self.server.stdout.readline()))
        took = time.monotonic() - began
        assert gone(pid)
        return Ended(status, *((self.output.with_suffix(f".{number}")).read_text() for number in (1, 2)), took)

    def close(self):
        """End the process that is forked."""
        self.server.stdin.close()
        self.server.stdout.close()
        self.server.wait()


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
