"""What each case costs a server: all cases in turn, several rounds, the least of them."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from tests.benchmarks.http.load import WrongAnswerError, load
from tests.benchmarks.http.servers import Server

NOBODY_ASKED = "2033-01-01T00:00:00Z"


class Case(NamedTuple):
    """One address of one server."""

    name: str
    server: str
    path: str
    headers: dict[str, str] = {}
    status: int = 200
    unique: bool = False
    """Whether a time is put at the address's end, so that no two questions are the same."""


class Timing(NamedTuple):
    """What it took."""

    cost: float
    """CPU microseconds a request."""
    rate: float
    """Requests a second."""
    size: int
    """Bytes of an answer's body."""
    share: float = 1
    """The cost of bare uvicorn at nearly the same time, divided by this one."""


Key = tuple[str, str]
"""A case and its server."""
Timings = dict[Key, Timing]


def time_case(case: Case, server: Server, seconds: float) -> Timing:
    """One round of one case; raises WrongAnswerError where an answer is not what it must be."""
    # Twice, so that what can be held is held.
    for _ in range(2):
        answer = server.get(case.path + (NOBODY_ASKED if case.unique else ""), case.headers)
        if answer.status != case.status:
            raise WrongAnswerError(f"{server.name} answers {case.path} with {answer.status}, not {case.status}.")
    before = server.cpu()
    done = load(server.address + case.path, case.headers, seconds, unique=case.unique)
    server.settle()
    return Timing((server.cpu() - before) / done.worked * 1e6, done.rate, len(answer.body))


def time_cases(
    cases: Sequence[Case], servers: dict[str, Server], seconds: float, rounds: dict[Key, list[Timing]]
) -> None:
    """Add one round of all cases whose server is there; bare uvicorn comes first."""
    bare = 0.0
    for case in cases:
        if case.server in servers:
            timing = time_case(case, servers[case.server], seconds)
            if case.server == "bare":
                bare = timing.cost
            rounds.setdefault((case.name, case.server), []).append(timing._replace(share=bare / timing.cost))


def gathered(rounds: dict[Key, list[Timing]]) -> Timings:
    """The least cost and the highest rate of each case: what else the machine does only adds to a cost.

    The share is the median, for it may err both ways.
    """
    return {
        key: Timing(
            min(it.cost for it in found),
            max(it.rate for it in found),
            found[0].size,
            statistics.median(it.share for it in found),
        )
        for key, found in rounds.items()
    }
