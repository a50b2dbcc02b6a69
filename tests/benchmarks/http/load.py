"""Load on a server: eight connections that ask again as soon as they are answered, by wrk or else by Python."""

import os
import re
import shutil
import signal
import subprocess
import time
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.http import client
from tests.benchmarks.http.servers import ASKING, on_core

CONNECTIONS = 8
UNIQUE = Path(__file__).with_name("unique.lua")
FIRST = count(0, 1_000_000)
"""Where each run of unique questions begins: no run comes to the next one's."""


class WrongAnswerError(Exception):
    """A server did not answer as it must; the message says which."""


class Load(NamedTuple):
    """What came back."""

    rate: float
    """Answers a second."""
    worked: int
    """How many answers the server worked on, with those that came too late to be counted."""


def wrk() -> str | None:
    """Where wrk is, if it is here."""
    return shutil.which("wrk")


def load(address: str, headers: dict[str, str], seconds: float, *, unique: bool = False) -> Load:
    """Ask one address as fast as it is answered, and with another time at its end where it is to be unique.

    Raises WrongAnswerError where an answer is neither 2xx nor 304.
    """
    first = next(FIRST) if unique else None
    with on_core(ASKING):
        if program := wrk():
            return by_wrk(program, address, headers, seconds, first)
        answers, wrong, took = client.run(address, headers, seconds, CONNECTIONS, first)
    if wrong:
        raise WrongAnswerError(f"{address}: {wrong} of {answers} answers are wrong.")
    return Load(answers / took, answers)


def by_wrk(program: str, address: str, headers: dict[str, str], seconds: float, first: int | None) -> Load:
    """The load of wrk, which goes away with a question open on each connection."""
    command = [program, "-t1", f"-c{CONNECTIONS}", "-d10m", "--timeout", "60s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if first is not None:
        command += ["-s", str(UNIQUE)]
    process = subprocess.Popen(
        [*command, address], env=os.environ | {"FIRST": str(first)}, stdout=subprocess.PIPE, text=True
    )
    try:
        # It takes whole seconds only; interrupted, it says what came until then.
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=90)
    finally:
        process.kill()
        process.wait()
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", told):
        raise WrongAnswerError(f"{address}: {wrong[0]}.")
    answers, rate = re.search(r"(\d+) requests in", told), re.search(r"Requests/sec: *([\d.]+)", told)
    assert answers, told
    assert rate, told
    return Load(float(rate[1]), int(answers[1]) + CONNECTIONS)
