"""Latency of new questions as one client sees it: alone, and beside a client that loops the dearest question."""

import sys
from collections import defaultdict
from statistics import median

from tests.benchmarks.corpus import GeneratedCorpus
from tests.benchmarks.figures import ROUNDS, Figure, compare, percentile, print_table, summarize
from tests.benchmarks.http.client import Client, looping
from tests.benchmarks.http.costs import PER_ROUND
from tests.benchmarks.http.servers import serve_articles
from tests.benchmarks.questions import QUESTIONS, draw_questions

CHEAP = 2.0
"""Milliseconds: a class whose median is below this is answered at once, by the event loop (app/api/cost.py)."""
CHEAP_P99, OTHER_P99, LEFT = 5, 3, 0.85
"""Targets beside the loop: milliseconds of a cheap class; times the p99 alone of others; the share of throughput."""

Rounds = dict[str, list[list[float]]]
"""The milliseconds of each answer, by class and round."""


class Latency:
    """The answers of one server, alone and beside a client that loops the dearest question."""

    def __init__(self) -> None:
        self.alone: Rounds = defaultdict(list)
        self.beside: Rounds = defaultdict(list)
        self.dearest = ""

    def left(self, name: str) -> Figure:
        """Return the share of its throughput that a class has beside the loop."""
        return summarize(
            sum(alone) / sum(beside) for alone, beside in zip(self.alone[name], self.beside[name], strict=True)
        )


def percent(rounds: list[list[float]], number: int) -> Figure:
    """Return a percentile of the milliseconds of a class."""
    return summarize(percentile(round, number) for round in rounds)


def ask_all(corpus: GeneratedCorpus, workers: int) -> Latency:
    """Ask all classes, alone and beside the loop in turns; each address is asked once."""
    latency = Latency()
    with serve_articles(corpus.data, cache=0, workers=workers, pinned=False) as server:
        values = draw_questions(server.json, corpus.articles, 2 * ROUNDS * PER_ROUND)
        paths = {question.name: question.addresses(values[question]) for question in QUESTIONS}
        for number in range(ROUNDS):
            print(f"Round {number + 1} of {ROUNDS}, workers: {workers}.", file=sys.stderr)
            first = 2 * number * PER_ROUND
            for name in paths:
                latency.alone[name].append(ask(server.port, paths[name][first : first + PER_ROUND]))
            latency.dearest = latency.dearest or max(paths, key=lambda name: median(latency.alone[name][0]))
            with looping(server.port, paths[latency.dearest][0]):
                for name in paths:
                    part = paths[name][first + PER_ROUND : first + 2 * PER_ROUND]
                    latency.beside[name].append(ask(server.port, part))
    return latency


def ask(port: int, paths: list[str]) -> list[float]:
    """Return the milliseconds that each answer takes, one after the other."""
    client = Client(port)
    answers = client.ask(paths)
    client.close()
    return [1000 * answer.seconds for answer in answers]


def measure(corpus: GeneratedCorpus) -> None:
    """Print the latency of one and of two workers."""
    one, two = ask_all(corpus, 1), ask_all(corpus, 2)
    rows = []
    for question in QUESTIONS:
        name = question.name
        p50, p99 = percent(one.alone[name], 50), percent(one.alone[name], 99)
        most = CHEAP_P99 if p50.median < CHEAP else OTHER_P99 * p99.median
        rows.append(
            [
                name,
                p50,
                compare(p99, question.p99),
                percent(one.beside[name], 50),
                compare(percent(one.beside[name], 99), most),
                compare(one.left(name), LEFT, at_least=True),
                *(percent(rounds[name], number) for rounds in (two.alone, two.beside) for number in (50, 99)),
            ]
        )
    print(
        f"Milliseconds of a new question over HTTP, {corpus.articles:,} articles; beside a client that loops the ",
        end="",
    )
    print(f"dearest question ({one.dearest}; two workers: {two.dearest}):\n")
    header = ["class", "p50", "p99", "beside: p50", "p99", "throughput left"]
    print_table(
        [*header, *(f"two workers{where}: p{number}" for where in ("", ", beside") for number in (50, 99))], rows
    )
