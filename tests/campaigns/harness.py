"""What the parts of a campaign share: bounded runs, servers, findings with their evidence, and the table of results."""

import os
import re
import shutil
import threading
import time
import traceback
from array import array
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context
from pathlib import Path
from random import Random

import psutil

from tests.support.commands import Commands
from tests.support.servers import serving
from tests.support.waiting import wait

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
"""The project's own articles."""

KINDS = ("lost", "torn", "wrong", "failed")
"""Of what is missing; of an answer that mixes two revisions; anything else; a status of 5xx or a traceback."""

TRACEBACK = re.compile(r"Traceback \(most recent call last\)|panicked at|Exception in ASGI|Fatal Python error")

MARK = "RELIABILITY_CAMPAIGN"
"""The environment variable that every process of a campaign inherits."""

KEPT = 3
"""So many findings that differ only in numbers and quotations are kept with their evidence; others are counted."""

LEEWAY = 128
"""By how many MB each server process may grow: 64 of cached answers, and as much again."""


class ViolationError(Exception):
    """A promise was broken; `kind` is one of `KINDS`, and `evidence` maps file names to their content."""

    def __init__(self, kind: str, sentence: str, **evidence: bytes):
        super().__init__(kind, sentence)
        self.kind = kind
        self.sentence = sentence
        self.evidence = evidence


@dataclass
class Tally:
    """A row of the table."""

    part: str
    unit: str
    runs: int = 0
    kinds: Counter = field(default_factory=Counter)
    latencies: array = field(default_factory=lambda: array("f"))
    """In milliseconds."""
    memory: list = field(default_factory=list)
    """Proportional set size of the server's process tree in MB, from the start to the end."""
    notes: Counter = field(default_factory=Counter)

    def add(self, other):
        """Add what another process counted."""
        self.runs += other.runs
        self.latencies.extend(other.latencies)
        self.notes.update(other.notes)

    def cells(self):
        """Return the row as strings."""
        ranked = sorted(self.latencies)
        p50, p99 = (f"{ranked[int(len(ranked) * share)]:.1f}" if ranked else "-" for share in (0.5, 0.99))
        memory = [f"{size:.0f}" for size in self.memory] or ["-"]
        return [
            self.part,
            f"{self.runs:,} {self.unit}",
            *(f"{self.kinds[kind]:,}" for kind in KINDS),
            p50,
            p99,
            memory[0],
            memory[-1],
        ]


class Campaign:
    """One execution of the command: its seed, its folders, and what was counted."""

    def __init__(self, seed, folder):
        self.seed = seed
        self.folder = folder
        self.evidence = folder / "evidence"
        self.tallies = []
        self.findings = []
        self.alike = Counter()

    def random(self, *names):
        """Return a source of random numbers that depends on nothing but the seed and these names."""
        return Random(" ".join(map(str, (self.seed, *names))))

    def tally(self, part, unit):
        """Add a row to the table."""
        self.tallies.append(Tally(part, unit))
        return self.tallies[-1]

    def scratch(self, name):
        """Make an empty folder."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def report(self, tally, kind, sentence, **evidence):
        """Count a finding; keep files and folders (as paths) and texts that prove it."""
        tally.kinds[kind] += 1
        if self.is_known(tally, sentence):
            return
        self.alike[tally.part, generalize(sentence)] += 1
        folder = self.evidence / f"{len(self.findings) + 1:02}-{tally.part}".replace(" ", "-")
        folder.mkdir(parents=True)
        for name, content in {"finding": f"{kind}: {sentence}\n", **evidence}.items():
            if isinstance(content, bytes):
                (folder / name).write_bytes(content)
            elif isinstance(content, str):
                (folder / f"{name}.txt").write_text(content, encoding="utf-8", errors="backslashreplace")
            elif content.is_dir():
                shutil.copytree(content, folder / name)
            elif content.exists():
                shutil.copy(content, folder)
        self.findings.append(f"{tally.part}: {kind}: {sentence.splitlines()[0][:300]}\n    {folder}")
        print(f"! {self.findings[-1]}", flush=True)

    def is_known(self, tally, sentence):
        """Whether enough findings like this one are kept."""
        return self.alike[tally.part, generalize(sentence)] >= KEPT

    @contextmanager
    def watch(self, tally, runs=1, **evidence):
        """Count so many runs; whatever goes wrong in them is reported with this evidence, and the campaign goes on."""
        try:
            yield
        except ViolationError as violation:
            self.report(tally, violation.kind, violation.sentence, **evidence, **violation.evidence)
        except Exception as error:  # noqa: BLE001  (Each is a finding.)
            sentence = f"{type(error).__name__}: {error} (at {origin(error)})"
            self.report(tally, "wrong", sentence, **evidence, error=traceback.format_exc())
        finally:
            tally.runs += runs

    @contextmanager
    def serve(self, tally, *arguments, **variables):
        """Run `articles serve` until the block ends; it must be stoppable, and its log must hold no traceback."""
        log = self.folder / "server.log"
        with serving(log, *arguments, **variables) as server:
            server.client.timeout = 60
            try:
                yield server
            finally:
                self.inspect_log(tally, log.read_text(errors="replace"))

    def inspect_log(self, tally, text):
        """Report a traceback in what a process said."""
        if match := TRACEBACK.search(text):
            *_, last = text[match.start() :].strip().splitlines()
            self.report(tally, "failed", f"The log of the server has a traceback; its last line: {last}", log=text)

    def sample_memory(self, tally, server):
        """Add the memory of a server's processes to the row."""
        tally.memory.append(measure_memory(server))

    def check_memory(self, tally, workers=1):
        """Report memory that grew by more than the cache and some leeway."""
        if len(tally.memory) > 1 and tally.memory[-1] > tally.memory[0] + LEEWAY * workers:
            sizes = " ".join(f"{size:.0f}" for size in tally.memory)
            self.report(tally, "wrong", f"The server's memory grew too much, in MB: {sizes}.")

    def table(self):
        """Return the table of results, with notes and findings under it."""
        names = ["part", "runs", "lost", "torn", "wrong", "5xx", "p50 ms", "p99 ms", "MB start", "MB end"]
        rows = [names, *(tally.cells() for tally in self.tallies)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if place < 2 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        notes = {
            tally.part: ", ".join(f"{count:,} {note}" for note, count in tally.notes.items()) for tally in self.tallies
        }
        lines += [f"{part}: {note}." for part, note in notes.items() if note]
        return "\n".join(lines + self.findings)


def generalize(sentence):
    """Return what findings of one kind have in common."""
    return re.sub(r"\d+|'[^']*'|/\S*", "", sentence)[:80]


def origin(error):
    """Return the innermost line of the campaign's own code that an error came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/tests/" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}: {frames[-1].line}" if frames else "?"


def take_runs(count, seconds):
    """Yield numbers from 0: so many where a count is given, else until the time is over."""
    began, number = time.monotonic(), 0
    while number < count if count is not None else time.monotonic() - began < seconds:
        yield number
        number += 1


def list_processes(server):
    """Return the server's process and all under it."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(server.process.pid)
        return [process, *process.children(recursive=True)]
    return []


def list_workers(server):
    """Return the processes that answer, of a server with several that seeds nothing: all but its first."""
    return list_processes(server)[1:]


def measure_memory(server):
    """Return the proportional set size of a server's processes in MB."""
    sizes = []
    for process in list_processes(server):
        with suppress(psutil.Error):
            sizes.append(process.memory_full_info().pss)
    return sum(sizes) / 2**20


def wait_until_ready(server, workers=1):
    """Wait until a revision is served, by whichever worker answers a new connection."""

    def is_ready():
        with server.connect() as client:
            return client.get("/health/ready").status_code == 200

    wait(lambda: all(is_ready() for _ in range(10 * workers - 9)))


@contextmanager
def open_commands(folder, cpu_seconds=None) -> Iterator[Commands]:
    """Run commands in processes of their own as long as the block lasts."""
    commands = Commands(folder, cpu_seconds)
    try:
        yield commands
    finally:
        kill_command(commands)


def kill_command(commands):
    """Kill the processes of the command that runs now."""
    for process in list_descendants(commands):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def list_descendants(commands):
    """Return the processes of the command that runs now: its own first, then those that it started."""
    with suppress(psutil.NoSuchProcess):
        if commands.process and commands.process.poll() is None:
            process = psutil.Process(commands.process.pid)
            return [process, *process.children(recursive=True)]
    return []


def run_command(commands, *arguments, patience=300, **variables):
    """Run a command to its end; one that hangs is killed, which its status tells."""

    timer = threading.Timer(patience, kill_command, [commands])
    timer.start()
    try:
        return commands.run(*arguments, **variables)
    finally:
        timer.cancel()


@contextmanager
def open_pool(processes):
    """Run functions in client processes, which inherit the mark of the campaign, as long as the block lasts."""
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    try:
        yield pool
    except BaseException:
        # What is interrupted does not wait for them.
        for process in active_children():
            process.kill()
        raise
    finally:
        pool.shutdown()


def stop_leftovers():
    """Kill every process that carries the mark of this campaign, one by one; return what they were."""
    leftovers = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            # What Python keeps to start processes, and beside a pool of them, belongs to this one.
            own = "from multiprocessing." in " ".join(process.cmdline()) and process.ppid() == os.getpid()
            if process.environ().get(MARK) == os.environ[MARK] and process.pid != os.getpid() and not own:
                leftovers.append(process)
    described = []
    for process in leftovers:
        with suppress(psutil.Error):
            described.append(f"{process.pid}: {' '.join(process.cmdline())[:200]}")
            process.kill()
    psutil.wait_procs(leftovers, timeout=10)
    return described
