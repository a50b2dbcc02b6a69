"""What an answer costs over HTTP: server CPU microseconds a request, and requests a second, beside others.

    uv run python -m tests.benchmarks.http [ARTICLES] [--keep FOLDER] [--chart FILE] [--rounds ROUNDS]

Bare uvicorn, this project uncached and cached, and Datasette answer from one generated corpus (2,000 articles, if no
number is given), one process each, on one core; wrk asks on another. What they answer is compared before it is timed;
all cases take turns in each of the rounds. With --keep the generated articles and databases stay in that folder, and
are used again. The chart is written to `http.svg` in the system's folder for temporary files, or to FILE.
Where wrk or Datasette can't be had, a line says so and the rest runs; Datasette is fetched by `uv tool run`.
"""

import argparse
import shutil
import signal
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import write
from tests.benchmarks.http import cases, chart, fairness, report, reseed, same_answers, servers
from tests.benchmarks.http.load import WrongAnswerError, wrk
from tests.benchmarks.http.relational import export
from tests.benchmarks.http.servers import Server, ServerError
from tests.benchmarks.http.timing import Key, Timing, gathered, time_cases

SECONDS = 0.6


def said() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.http", description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=2000, help="how many articles are generated")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    parser.add_argument("--chart", type=Path, metavar="FILE", default=Path(tempfile.gettempdir()) / "http.svg")
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    if told.rounds < 1:
        parser.error("at least one round is needed")
    return told


def generate(articles: int, folder: Path) -> tuple[Path, Path]:
    """The folder of generated articles, and that of their database and index."""
    source, data = folder / f"articles-{articles}", folder / f"data-{articles}"
    if not data.exists():
        # A run that is interrupted leaves no half of a corpus to the next.
        unfinished = folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        write(articles, source)
        reseed.seed(unfinished, source)
        unfinished.rename(data)
    return source, data


def start(stack: ExitStack, data: Path, relational: Path) -> dict[str, Server]:
    """The servers that can be had, by column."""
    started = {
        "bare": stack.enter_context(servers.bare()),
        "uncached": stack.enter_context(servers.ours("uncached", data, cache=0)),
        "cached": stack.enter_context(servers.ours("cached", data, cache=64)),
    }
    try:
        exported = export(data / "articles.db", relational)
        started["Datasette"] = stack.enter_context(servers.datasette(*exported))
    except ServerError as error:
        print(f"{error}: it is left out.")
    return started


def measure(told: argparse.Namespace, folder: Path, scratch: Path) -> None:
    """Compare, time, and only then print."""
    print(f"{told.articles:,} articles are generated, seeded and served.", file=sys.stderr)
    source, data = generate(told.articles, folder)
    with ExitStack() as stack:
        started = start(stack, data, folder / f"datasette-{told.articles}")
        same_answers.agree(started)
        asked = [
            *cases.asked_of_all(started), *cases.asked_besides(), *cases.far_pages(started, told.articles),
        ]  # fmt: skip
        dearest, took = fairness.dearest(started["uncached"])
        rounds: dict[Key, list[Timing]] = {}
        left = []
        for number in range(told.rounds):
            print(f"Round {number + 1} of {told.rounds}.", file=sys.stderr)
            time_cases(asked, started, SECONDS, rounds)
            left.append(fairness.share_left(started["uncached"], dearest, SECONDS))
        memory = {name: server.memory() for name, server in started.items()}
    shown, firsts = reseed.first_answers(source, data, scratch)

    timings = gathered(rounds)
    print(f"{told.articles:,} articles; servers on core {servers.SERVING}, load on core {servers.ASKING}; ", end="")
    print(f"rounds of {SECONDS} s, the least of {told.rounds}.\n")
    report.costs(timings)
    report.shares(timings)
    if "Datasette" in started:
        report.against_datasette(timings)
    report.beside_a_loop(statistics.median(left), dearest, took)
    report.after_a_reseed(shown, firsts)
    print("Resident at most, MB: " + ", ".join(f"{name} {it:,.0f}" for name, it in memory.items()) + ".")
    chart.draw(timings, told.articles, told.chart)
    print(f"The chart is {told.chart}.")


def main() -> None:
    """Run it all; nothing goes on running after it."""
    forget_settings()
    told = said()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    if not wrk():
        print("There is no wrk: a client in Python asks, and is the limit of requests a second; CPU figures hold.")
    if servers.SERVING == servers.ASKING:
        print("There is one core only: servers and load share it.")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            measure(told, told.keep or Path(scratch), Path(scratch))
        except (WrongAnswerError, ServerError) as error:
            sys.exit(f"Nothing is timed: {error}")
        except KeyboardInterrupt:
            sys.exit("Interrupted; all servers have ended.")


if __name__ == "__main__":
    main()
