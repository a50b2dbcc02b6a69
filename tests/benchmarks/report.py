"""Run all benchmarks of speed, and print the tables of the README in Markdown, with the date and the machine.

    uv run --group test python -m tests.benchmarks.report [ARTICLES ...] [--keep FOLDER]

Without numbers: 2,000 and 20,000 generated articles, which takes a quarter of an hour on a quiet machine.
"""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.corpus import open_folder, parse_arguments
from tests.benchmarks.environment import forget_settings


def describe_machine() -> str:
    """Return the date, the processor, its cores, the load and the versions."""
    model = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    load, *_ = os.getloadavg()
    return (
        f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC; {len(os.sched_getaffinity(0))} cores of {model.partition(': ')[2]}; "
        f"load {load:.1f} at the start; Python {platform.python_version()}"
    )


def main() -> None:
    """Run each benchmark in a process of its own; the first that fails ends the report."""
    forget_settings()
    options = parse_arguments("tests.benchmarks.report", __doc__.splitlines()[0], [2_000, 20_000])
    sizes = list(map(str, options.articles))
    print(f"{describe_machine()}.\n", flush=True)
    with open_folder(options.keep) as folder:
        # `scale` makes the corpora that the others use.
        for module, *arguments in (
            ("asgi",),
            ("scale", *sizes),
            ("http", *sizes),
            ("exports", sizes[-1]),
            ("pages", sizes[-1]),
        ):
            print(f"`python -m tests.benchmarks.{' '.join([module, *arguments])}`\n", flush=True)
            keep = ["--keep", str(folder)] if arguments else []
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{module}", *arguments, *keep], check=True)


if __name__ == "__main__":
    main()
