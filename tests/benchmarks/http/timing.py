"""What each case costs a server: all cases in turn, several rounds, the least of them."""

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


Timings = dict[tuple[str, str], Timing]
"""By case and server."""


def time_case(case: Case, server: Server, seconds: float) -> Timing:
    """One round of one case; raises WrongAnswerError where an answer is not what it must be."""
    # Twice, so that what can be held is held.
    for _ in range(2):
        answer = server.get(case.path + (NOBODY_ASKED if case.unique else ""), case.headers)
        if answer.status != case.status:
            raise WrongAnswerError(f"{server.name} answers {case.path} with {answer.status}, not {case.status}.")
    server.settle()
    before = server.cpu()
    done = load(server.address + case.path, case.headers, seconds, unique=case.unique)
    server.settle()
    return Timing((server.cpu() - before) / done.worked * 1e6, done.rate, len(answer.body))


def time_cases(cases: Sequence[Case], servers: dict[str, Server], seconds: float) -> Timings:
    """One round of all cases whose server is there."""
    return {(it.name, it.server): time_case(it, servers[it.server], seconds) for it in cases if it.server in servers}


def least(rounds: Sequence[Timings]) -> Timings:
    """The least cost and the highest rate of each case: what else the machine does can only add to a cost."""
    return {
        key: Timing(min(it[key].cost for it in rounds), max(it[key].rate for it in rounds), rounds[0][key].size)
        for key in rounds[0]
    }
