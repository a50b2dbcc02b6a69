"""CPU time of the command `articles`: to serve one article until the first answer, and to print `--help`.

    uv run --group test python -m tests.benchmarks.start [CHECKOUT ...]

Each CHECKOUT is the folder of another revision, with its `.venv`; all are measured in turns, as ratios to this one.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.environment import forget_settings
from tests.benchmarks.figures import ROUNDS, print_table, summarize
from tests.benchmarks.http.servers import serving

ARTICLE = "# Talks in Minsk\n\nOn 3 May 2024, Ann Lee came to Minsk.\n"


def measure_serving(command: str, data: Path) -> float:
    """Return the CPU seconds of all threads and processes until the first answer."""
    with serving(command, [command, "serve", "--port"], "/articles", pinned=False, data=data) as server:
        return server.cpu()


def measure_help(command: str) -> float:
    """Return the CPU seconds that the help takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([command, "--help"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare_commands(commands: Sequence[str], folder: Path) -> None:
    """Print what each command takes, and as a ratio to the first."""
    article = folder / "talks.md"
    article.write_text(ARTICLE)
    measures = {}
    for number, command in enumerate(commands):
        data = folder / str(number)
        environment = os.environ | {"ARTICLES_DATA": str(data)}
        subprocess.run([command, "seed", str(article)], env=environment, check=True, stdout=subprocess.DEVNULL)
        measures[command] = (partial(measure_serving, command, data), partial(measure_help, command))
    rounds = [{command: [measure() for measure in pair] for command, pair in measures.items()} for _ in range(ROUNDS)]
    rows = []
    for command in commands:
        seconds = (summarize(each[command][place] for each in rounds) for place in (0, 1))
        ratios = (summarize(each[command][place] / each[commands[0]][place] for each in rounds) for place in (0, 1))
        rows.append([command, *map(str, seconds), *map(str, ratios)])
    print_table(["", "first answer, s", "help, s", "first answer, ratio", "help, ratio"], rows)


if __name__ == "__main__":
    forget_settings()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.start", description="Measure how commands start.")
    parser.add_argument("checkouts", type=Path, nargs="*", help="folders of other revisions, each with its .venv")
    own = Path(sys.executable).with_name("articles")
    commands = [own, *(checkout / ".venv/bin/articles" for checkout in parser.parse_args().checkouts)]
    with tempfile.TemporaryDirectory() as scratch:
        compare_commands([str(command.absolute()) for command in commands], Path(scratch))
