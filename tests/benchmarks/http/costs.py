"""CPU time of a request over HTTP by class of questions, beside bare uvicorn, Datasette and groonga."""

import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import geometric_mean, median

from tests.benchmarks.corpus import GeneratedCorpus
from tests.benchmarks.figures import ROUNDS, Figure, compare, format_number, print_table, summarize
from tests.benchmarks.http import content
from tests.benchmarks.http.client import WrongAnswerError
from tests.benchmarks.http.datasette import read_datasette, serve_datasette
from tests.benchmarks.http.groonga import read_groonga, serve_groonga
from tests.benchmarks.http.servers import Server, ServerError, on_last_core, serve_articles, serve_bare
from tests.benchmarks.http.tables import make_tables
from tests.benchmarks.questions import QUESTIONS, Question, Values, draw_questions

PER_ROUND = 72
"""Addresses that each class asks in a round: 504 in all."""

PEERS = {"datasette": read_datasette, "groonga": read_groonga}
ASKED = [question for question in QUESTIONS if question.datasette]
CACHED, REVALIDATED = 0.85, 1.0
"""Targets: the share of bare uvicorn's speed of cached answers, and of 304."""
RATIOS = {"datasette": 35, "groonga": 2.5}
"""Targets: how many times as much CPU time a peer takes for the same new questions, in the geometric mean."""


class Costs:
    """CPU microseconds of a request in each round, and kilobytes of its answer, by class and column."""

    def __init__(self) -> None:
        self.rounds: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.sizes: dict[tuple[str, str], float] = {}
        self.hits: dict[str, list[int]] = defaultdict(list)

    def add(
        self,
        name: str,
        column: str,
        server: Server,
        paths: Sequence[str],
        repeat: int = 1,
        headers: Sequence[str] = ("",),
        status: int = 200,
    ) -> list[bytes]:
        """Time one round of a class, its addresses asked several times, and return the answers."""
        cost, answers = server.time([*paths] * repeat, headers, status)
        bodies = [answer.body for answer in answers[: len(paths)]]
        self.rounds[name, column].append(cost)
        self.sizes[name, column] = median(map(len, bodies)) / 1000
        return bodies

    def add_bare(self, name: str, server: Server, size: float) -> None:
        """Time one round of bare uvicorn with bodies of so many bytes."""
        self.add(name, "bare", server, [f"/{size:.0f}"] * PER_ROUND, repeat=20)

    def cost(self, name: str, column: str) -> Figure | None:
        """Return the CPU time of a cell; None for one that was not measured."""
        return summarize(self.rounds[name, column]) if (name, column) in self.rounds else None

    def ratio(self, name: str, above: str, below: str) -> list[float]:
        """Return in each round the cost of one column, divided by that of another."""
        return [one / other for one, other in zip(self.rounds[name, above], self.rounds[name, below], strict=True)]

    def compare(self, name: str, above: str, below: str, target: float | None) -> str:
        """Return the ratio of two columns beside what it is to be at least."""
        return compare(summarize(self.ratio(name, above, below)), target, at_least=True)

    def mean_ratio(self, peer: str) -> Figure:
        """Return the geometric mean over all classes of how many times as much a peer takes for new questions."""
        ratios = [self.ratio(question.name, peer, "new") for question in ASKED]
        return summarize(map(geometric_mean, zip(*ratios, strict=True)))


def start_servers(stack: ExitStack, corpus: GeneratedCorpus) -> dict[str, Server]:
    """Start all servers that can be had; one line says which can't."""
    servers = {
        "bare": stack.enter_context(serve_bare()),
        "uncached": stack.enter_context(serve_articles(corpus.data, cache=0)),
        "cached": stack.enter_context(serve_articles(corpus.data)),
    }
    tables = make_tables(corpus)
    for name, serve in (("datasette", serve_datasette), ("groonga", serve_groonga)):
        try:
            servers[name] = stack.enter_context(serve(tables))
        except ServerError as error:
            print(f"{error}: it is left out.\n")
    return servers


def time_round(costs: Costs, servers: dict[str, Server], question: Question, values: Sequence[Values]) -> None:
    """Time one round of a class on all servers. Raises `WrongAnswerError` where answers differ."""
    name, paths = question.name, question.addresses(values)
    bodies = costs.add(name, "new", servers["uncached"], paths)
    costs.add(name, "remembered", servers["uncached"], paths, repeat=5)
    # The second answer is one that was stored.
    for _ in range(2):
        if [answer.body for answer in servers["cached"].ask(paths)] != bodies:
            raise WrongAnswerError(f"{name}: a cached answer differs from one that is not cached")
    costs.add(name, "cached", servers["cached"], paths, repeat=20)
    costs.add_bare(name, servers["bare"], median(map(len, bodies)))
    contents = [content.read_articles(body) for body in bodies]
    if not any(each.total or each.ids for each in contents):
        raise WrongAnswerError(f"{name}: nothing answers these questions, so that their cost says nothing")
    costs.hits[name] += [1 if each.total is None else each.total for each in contents]
    for peer, read in PEERS.items():
        if peer in servers:
            answers = costs.add(name, peer, servers[peer], question.addresses(values, peer))
            for path, ours, answer in zip(paths, contents, answers, strict=True):
                content.compare_contents(path, ours, read(answer), peer)


def time_headers(costs: Costs, servers: dict[str, Server], paths: Sequence[str]) -> None:
    """Time one round of what headers change: revalidation and compression."""
    cached = servers["cached"]
    etags = [f"If-None-Match: {answer.etag}\r\n" for answer in cached.ask(paths)]
    costs.add("q, 304", "cached", cached, paths, repeat=20, headers=etags, status=304)
    costs.add_bare("q, 304", servers["bare"], 2)
    gzip = ["Accept-Encoding: gzip\r\n"]
    bodies = costs.add("q, gzip", "remembered", servers["uncached"], paths, repeat=5, headers=gzip)
    for _ in range(2):
        cached.ask(paths, gzip)
    costs.add("q, gzip", "cached", cached, paths, repeat=20, headers=gzip)
    costs.add_bare("q, gzip", servers["bare"], median(map(len, bodies)))


def measure(corpus: GeneratedCorpus) -> None:
    """Time all classes in turn, several rounds, compare every answer, and only then print."""
    with ExitStack() as stack:
        servers = start_servers(stack, corpus)
        stack.enter_context(on_last_core())
        values = draw_questions(servers["cached"].json, corpus.articles, ROUNDS * PER_ROUND)
        costs = Costs()
        for number in range(ROUNDS):
            print(f"Round {number + 1} of {ROUNDS}.", file=sys.stderr)
            part = slice(number * PER_ROUND, (number + 1) * PER_ROUND)
            for question in ASKED:
                time_round(costs, servers, question, values[question][part])
                if question.name == "q":
                    time_headers(costs, servers, question.addresses(values[question][part]))
    peers = [peer for peer in PEERS if peer in servers]
    print_costs(costs, peers, corpus.articles)
    print_shares(costs, peers, corpus.articles)


def print_costs(costs: Costs, peers: Sequence[str], articles: int) -> None:
    """Print what a request costs each server."""
    columns = ["bare", "new", "remembered", "cached", *peers]
    print(f"CPU microseconds of a request over HTTP, {articles:,} articles:\n")
    rows = []
    for name in dict.fromkeys(name for name, _ in costs.rounds):
        cells = [str(costs.cost(name, column) or "") for column in columns]
        sizes = [costs.sizes.get((name, column)) for column in ("cached", *peers)]
        kilobytes = " / ".join(format_number(size, 1) for size in sizes if size is not None)
        rows.append([name, f"{median(costs.hits[name]):,.0f}" if name in costs.hits else "", kilobytes, *cells])
    print_table(["class", "median of hits", f"KB: {' / '.join(['ours', *peers])}", *columns], rows)


def print_shares(costs: Costs, peers: Sequence[str], articles: int) -> None:
    """Print shares of bare uvicorn and ratios of peers, each the median of the ratios of its rounds."""
    print(
        f"Share of bare uvicorn's speed, bodies of like size; CPU time of others to ours, new; {articles:,} articles:\n"
    )
    rows = [
        [
            question.name,
            costs.compare(question.name, "bare", "new", question.share),
            costs.compare(question.name, "bare", "remembered", question.share),
            costs.compare(question.name, "bare", "cached", CACHED),
            *(
                costs.compare(question.name, peer, "new", question.groonga_ratio if peer == "groonga" else None)
                for peer in peers
            ),
        ]
        for question in ASKED
    ]
    rows.append(["q, 304", "", "", costs.compare("q, 304", "bare", "cached", REVALIDATED), *("" for _ in peers)])
    rows.append(
        [
            "q, gzip",
            "",
            costs.compare("q, gzip", "bare", "remembered", None),
            costs.compare("q, gzip", "bare", "cached", None),
            *("" for _ in peers),
        ]
    )
    rows.append(
        [
            "geometric mean",
            "",
            "",
            "",
            *(compare(costs.mean_ratio(peer), RATIOS[peer], at_least=True) for peer in peers),
        ]
    )
    print_table(["class", "new", "remembered", "cached", *(f"{peer} / ours" for peer in peers)], rows)
