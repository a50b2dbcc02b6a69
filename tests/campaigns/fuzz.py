"""Send random and mutated requests over sockets: each gets a sound HTTP answer, or the connection is closed.

Every case is drawn from the seed and its number alone: well-formed questions with parameters of every kind from the
OpenAPI document, several in one connection, odd methods and bodies, mutated bytes, half requests and noise, cut into
segments at random places. Beside them a steady client asks a good question, and must get the same answer always.
"""

import asyncio
import http.client
import json
import re
import time
from contextlib import suppress
from itertools import pairwise
from random import Random
from typing import NamedTuple
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

from app.api.problem_types import PROBLEM_TYPES
from tests.campaigns.harness import (
    SEEDS,
    Tally,
    ViolationError,
    open_commands,
    open_pool,
    run_command,
    wait_until_ready,
)
from tests.support.problems import LEAKS

CONCURRENT = 24
"""So many connections are open at once."""
BATCH = 500
"""So many cases a client process takes at a time."""
PATIENCE = 60
"""So many seconds a well-formed request may take at most."""
QUIET = 0.3
"""After so many seconds without an answer, what is not a whole request is given up."""

GENERAL = {204, 404, 405, 408, 413, 431}
"""Statuses that need not be documented with an operation: they are HTTP's own."""
STEADY = "/articles?q=missile&limit=5&facet=tag"

METHODS = ("GET",) * 8 + ("HEAD", "HEAD", "OPTIONS")
ODD_METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "OPTIONS", "GET", "HEAD")
WORDS = (
    "war",
    "nuclear weapons",
    '"atomic bomb"~2',
    "bomb*",
    "minsk~1",
    "(a OR b) -c",
    "united-states",
    "Q2280",
    "trinity-test",
    "Мінск",
    "広島",
    "Höfði",
    "a" * 301,
    "(" * 21,
    '"',
    "w " * 65,
    "w" * 1001,
)
STRANGE = (
    "",
    "0",
    "-0",
    "-1",
    "1e999",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    "%",
    "%zz",
    "%00",
    "%ff",
    "%C3%28",
    "%ed%a0%80",
    "%2e%2e%2f",
    "'; DROP TABLE article; --",
    "<script>",
    "9" * 30,
    "\U0001f600",
    "\u202e",
    "i\u0307",
    "+",
    "&",
    "=",
)
INSERTED = (
    b"\r\n",
    b"\n",
    b"\0",
    b" ",
    b":",
    b"\r\n\r\n",
    b"HTTP/1.1",
    b"\xff\xfe",
    b"Content-Length: 9\r\n",
    b"Transfer-Encoding: chunked\r\n",
)
HEADERS = (
    ("Accept", ("*/*", "application/json", "text/html", "application/json;q=0", "*/*;q=x", "", "a/b, " * 50)),
    ("Accept-Encoding", ("gzip", "gzip;q=0", "identity", "*", "br, gzip;q=.5", "gzip;" * 30)),
    ("If-None-Match", ("*", '"x"', 'W/"x"', '"', ", " * 40)),
    ("If-Modified-Since", ("Mon, 23 Nov 2026 07:28:21 GMT", "yesterday", "")),
    ("Range", ("bytes=0-1", "bytes=-1", "lines=1")),
    ("Origin", ("http://example.com", "null")),
    ("Connection", ("keep-alive", "Keep-Alive, Upgrade")),
    ("Upgrade", ("websocket", "h2c")),
    ("Expect", ("100-continue",)),
    ("Cookie", ("a=b; " * 100,)),
    ("X-Long", ("x" * 3000,)),
    ("X-Name", ("ö", "", "\t")),
)


class Case(NamedTuple):
    """What is sent over one connection."""

    kind: str
    data: bytes
    cuts: tuple[int, ...]
    """Where the data is cut into segments."""
    methods: tuple[str, ...]
    """Of the requests that must be answered; none where the data is not well-formed."""

    @property
    def segments(self):
        """Return the data in pieces."""
        return [self.data[start:end] for start, end in pairwise([0, *self.cuts, len(self.data)])]


class Answer(NamedTuple):
    """One HTTP response."""

    status: int
    headers: dict
    body: bytes


class Drawer:
    """Draws cases from an OpenAPI document."""

    def __init__(self, document, seed):
        self.document = document
        self.seed = seed
        self.operations = [
            (path, [self.resolve(declaration) for declaration in item["get"].get("parameters", [])])
            for path, item in document["paths"].items()
        ]
        everywhere = [
            parameter for _, parameters in self.operations for parameter in parameters if parameter["in"] == "query"
        ]
        self.names = sorted({parameter["name"] for parameter in everywhere})

    def resolve(self, node):
        """Follow a reference within the document."""
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return node

    def draw(self, number):
        """Return the case of this number."""
        chance = Random(f"{self.seed} {number}")
        kind = chance.choices(("question", "pipeline", "method", "mutated", "half", "noise"), (50, 10, 10, 20, 5, 5))[0]
        methods, pieces = [], []
        match kind:
            case "question":
                pieces = [self.draw_request(chance, methods, METHODS)]
            case "pipeline":
                pieces = [self.draw_request(chance, methods, METHODS) for _ in range(chance.randrange(2, 9))]
            case "method":
                pieces = [self.draw_request(chance, methods, ODD_METHODS, body=True)]
            case "mutated":
                pieces = [mutate(self.draw_request(chance, [], METHODS, body=chance.random() < 0.3), chance)]
                pieces.append(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            case "half":
                whole = self.draw_request(chance, [], METHODS, body=chance.random() < 0.3)
                pieces = [whole[: chance.randrange(1, len(whole))]]
            case "noise":
                pieces = [chance.randbytes(chance.choice((1, 10, 100, 5_000)))]
        data = b"".join(pieces)
        count = chance.choice((0, 0, 0, 1, 2, 4)) if len(data) > 1 else 0
        cuts = sorted(chance.sample(range(1, len(data)), min(count, len(data) - 1)))
        # What CONNECT asks for can only be refused, and the connection be closed before a body is read.
        return Case(kind, data, tuple(cuts), () if "CONNECT" in methods else tuple(methods))

    def draw_request(self, chance, methods, among, *, body=False):
        """Return a well-formed request; its method is added to `methods`."""
        methods.append(chance.choice(among))
        headers = [f"{name}: {chance.choice(values)}" for name, values in HEADERS if chance.random() < 0.06]
        content = b""
        if body and chance.random() < 0.7:
            content = chance.randbytes(chance.choice((0, 1, 10, 3_000)))
            if chance.random() < 0.3:
                headers.append("Transfer-Encoding: chunked")
                content = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content) if content else b"0\r\n\r\n"
            else:
                headers.append(f"Content-Length: {len(content)}")
        lines = [f"{methods[-1]} {self.draw_target(chance)} HTTP/1.1", "Host: test", *headers, "", ""]
        return "\r\n".join(lines).encode() + content

    def draw_target(self, chance):
        """Return an address with its query string."""
        path, parameters = chance.choice(self.operations)
        if chance.random() < 0.1:
            parts = (*path.split("/"), *map(escape, STRANGE[9:15]))
            path = "/" + "/".join(chance.choice(parts) for _ in range(chance.randrange(4)))
        for part in re.findall(r"\{\w+\}", path):
            path = path.replace(part, self.draw_part(chance))
        known = [parameter for parameter in parameters if parameter["in"] == "query"]
        pairs = []
        for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
            parameter = chance.choice(known) if known and chance.random() < 0.9 else None
            name = parameter["name"] if parameter else chance.choice(self.names)
            pairs.append(f"{name}={self.draw_value(chance, parameter)}")
        if chance.random() < 0.005:
            pairs.append("q=" + "w" * chance.choice((60_000, 70_000, 200_000)))
        return path + ("?" + "&".join(pairs) if pairs else "")

    def draw_part(self, chance):
        """Return a part of a path."""
        known = ("trinity-test", "minsk", "Q2280", "arms-control", "start-i", "0", "3", "999999999999999999999")
        return chance.choice(known) if chance.random() < 0.8 else escape(chance.choice(STRANGE)) or "x"

    def draw_value(self, chance, parameter):
        """Return a value of a parameter, most often one that its schema allows."""
        schema = self.resolve(parameter["schema"]) if parameter else {}
        schema = self.resolve(schema.get("items", schema))
        roll = chance.random()
        if roll < 0.05:
            return quote_from_bytes(chance.randbytes(chance.randrange(12)))
        if roll < 0.1:
            # As people type it.
            return chance.choice(("Мінск", "été", "広島", "żółć"))
        return escape(chance.choice(STRANGE if roll < 0.35 else self.list_values(schema)))

    def list_values(self, schema):
        """Return values that a schema allows, and some out of its bounds."""
        if "enum" in schema:
            return [str(word) for word in schema["enum"]]
        if schema.get("type") == "integer":
            return ("1", "2", "5", "100", "101", "0", "-1", "9" * 9, "9" * 20)
        if "pattern" in schema:
            return ("2025", "1945-07", "1945-07-16", "1962-10-22T19:00:00-04:00", "2025-02-30", "0000")
        return (*WORDS, *map(str, schema.get("examples", ())))


def escape(value):
    """Percent-encode what HTTP does not let stand in an address; escapes that are there stay."""
    return quote(value, safe="%:@!$'()*,;~[]{}+=&" if "%" in value else "")


def mutate(data, chance):
    """Return data in which some bytes are changed, lost, doubled or added."""
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[place : place + 1] = chance.randbytes(1)
            case 1:
                del data[place : place + chance.choice((1, 2, 20))]
            case 2:
                data[place:place] = data[place : place + chance.choice((2, 20, 200))]
            case 3:
                data[place:place] = chance.choice(INSERTED)
            case 4:
                data[place : place + 8] = data[place : place + 8].swapcase()
    return bytes(data)


HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\r\n]*\r\n)*)\r\n")


def split_answers(data, methods, *, closed):
    """Return the whole answers that data begins with, and what is left; raises where it is not HTTP.

    `methods` are those of the requests; without them, an answer without its body may be one to HEAD.
    """
    answers = []
    while data:
        head = HEAD.match(data)
        if not head:
            if closed or b"\r\n\r\n" in data or not b"HTTP/1.1 ".startswith(data[:9]):
                raise ViolationError("wrong", f"This is no HTTP answer: {data[:200]!r}")
            break
        status = int(head[1])
        headers = dict(line.lower().split(": ", 1) for line in head[2].decode("latin-1").splitlines())
        rest = data[head.end() :]
        if status < 200:
            data = rest
            continue
        method = methods[len(answers)] if len(answers) < len(methods) else None
        length = body_length(status, headers, method, rest)
        if length is None or len(rest) < length:
            if closed:
                raise ViolationError("wrong", f"An answer is cut: {data[:300]!r}")
            break
        answers.append(Answer(status, headers, rest[:length]))
        data = rest[length:]
    return answers, data


def body_length(status, headers, method, rest):
    """Return how many of the following bytes are the body; None where the end is not there yet."""
    if status in (204, 304):
        return 0
    if headers.get("transfer-encoding") == "chunked":
        raise ViolationError("wrong", "An answer is chunked, without a Content-Length.")
    if not headers.get("content-length", "").isdecimal():
        raise ViolationError("wrong", f"An answer has no Content-Length: {headers}")
    # What could not be read is answered with a body whatever its method.
    if method == "HEAD" and not (status in (400, 414, 431) and rest.startswith(b"{")):
        return 0
    if method is None and (not rest or rest.startswith(b"HTTP/1.1 ")):
        return 0
    return int(headers["content-length"])


def check_answer(answer, documented, data):
    """Check an answer by itself; data is what was sent."""
    status, headers, body = answer
    if status >= 500:
        raise ViolationError("failed", f"The status is {status}: {body[:300]!r}")
    if status not in documented:
        raise ViolationError("wrong", f"The status {status} is not documented.")
    if status >= 400 and headers.get("content-type") != "application/problem+json":
        raise ViolationError("wrong", f"{status} comes as {headers.get('content-type')}, not as a problem.")
    if not body or "gzip" in headers.get("content-encoding", ""):
        return
    if headers.get("content-type", "").startswith("application/"):
        document = json.loads(body)
        if status >= 400:
            check_problem(document, status, data)


def check_problem(document, status, data):
    """Check the shape of a problem, and that it tells nothing of the machine."""
    expected = {"type", "title", "status", "detail", "instance"}
    if set(document) - {"errors"} != expected or document["status"] != status:
        raise ViolationError("wrong", f"This is not the shape of a problem: {document}")
    kind = PROBLEM_TYPES.get(document["type"].partition("#")[2])
    if kind is None or (kind.status, kind.title) != (status, document["title"]):
        raise ViolationError("wrong", f"The type of a {status} is {document['type']}, its title {document['title']}.")
    leak = LEAKS.search(document["detail"])
    if leak and leak[0].casefold() not in unquote_to_bytes(data).decode(errors="replace").casefold():
        raise ViolationError("wrong", f"A problem shows the inside: {document['detail']}")


async def converse(port, case, segments):
    """Send segments; return what came back, and whether the server closed the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received, closed = b"", False
    end = time.monotonic() + (PATIENCE if case.methods else QUIET)
    try:
        with suppress(ConnectionError):
            for place, segment in enumerate(segments):
                writer.write(segment)
                await writer.drain()
                if place + 1 < len(segments):
                    await asyncio.sleep(0.001)
        while not closed:
            answers, rest = split_answers(received, case.methods, closed=False)
            if case.methods and len(answers) >= len(case.methods) and not rest:
                break
            left = end - time.monotonic() + (PATIENCE if rest else 0)
            try:
                more = await asyncio.wait_for(reader.read(2**18), max(left, 0.001))
            except TimeoutError:
                break
            except ConnectionError:
                more = b""
            received += more
            closed = not more
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    return received, closed


async def try_case(port, case, documented):
    """Send a case and check what comes back; well-formed requests are sent in one piece, too, where they were cut."""
    received, closed = await converse(port, case, case.segments)
    try:
        answers = check_conversation(case, received, closed=closed, documented=documented)
        if case.cuts and case.kind == "question":
            whole = check_conversation(case, *(await converse(port, case, [case.data])), documented=documented)
            if [(answer.status, answer.body) for answer in answers] != [(item.status, item.body) for item in whole]:
                pieces = " ".join(str(answer.status) for answer in answers)
                raise ViolationError(
                    "wrong",
                    f"In {len(case.segments)} segments a request is answered with {pieces}, "
                    f"in one with {whole[0].status if whole else 'nothing'}.",
                )
    except ViolationError as violation:
        segments = b"\n--- segment ---\n".join(case.segments)
        violation.evidence |= {"request": case.data, "segments": segments, "answer": received}
        raise
    return len(case.methods) or 1


def check_conversation(case, received, closed, *, documented):
    """Check everything that came back over a connection; return the answers."""
    answers, rest = split_answers(received, case.methods, closed=closed)
    if rest:
        raise ViolationError("wrong", f"Part of an answer came and not the rest: {rest[:300]!r}")
    for answer in answers:
        check_answer(answer, documented, case.data)
    ended = closed and bool(answers) and answers[-1].headers.get("connection") == "close"
    # What is too long may be cut off before it is read to its end.
    if len(answers) < len(case.methods) and not ended and len(case.data) < 60_000:
        way = "closed" if closed else "left open"
        raise ViolationError(
            "wrong", f"{len(case.methods)} requests got {len(answers)} answers; the connection was {way}."
        )
    return answers


def try_cases(port, document, seed, numbers):
    """Try cases in a process of its own; return what was counted and what was violated."""
    documented = {int(status) for item in document["paths"].values() for status in item["get"]["responses"]} | GENERAL
    drawer, tally, violations = Drawer(document, seed), Tally("", ""), []

    async def work(numbers):
        for number in numbers:
            case = drawer.draw(number)
            tally.notes[case.kind] += 1
            try:
                requests = await try_case(port, case, documented)
                tally.runs += requests
                continue
            except ViolationError as violation:
                kind, sentence, evidence = violation.kind, violation.sentence, violation.evidence
            except Exception as error:  # noqa: BLE001  (Each is a finding.)
                kind, sentence, evidence = "wrong", f"{type(error).__name__}: {error}", {"request": case.data}
            tally.runs += len(case.methods) or 1
            violations.append((kind, f"{sentence} (case {number}, {case.kind})", evidence))

    async def work_together():
        shared = iter(numbers)
        await asyncio.gather(*(work(shared) for _ in range(CONCURRENT)))

    asyncio.run(work_together())
    return tally, violations


class Steady:
    """A client that asks one good question again and again."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.expected = self.ask(STEADY)

    def ask(self, path):
        """Return the body of an answer that must be good."""
        try:
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise ViolationError("wrong", f"The steady client got no answer: {type(error).__name__}: {error}") from None
        if answer.status != 200:
            raise ViolationError(
                "failed" if answer.status >= 500 else "wrong", f"{path} is answered with {answer.status}."
            )
        return body

    def check(self, tally):
        """Ask once, and take the time."""
        began = time.perf_counter()
        body = self.ask(STEADY)
        tally.latencies.append((time.perf_counter() - began) * 1000)
        if body != self.expected:
            raise ViolationError("wrong", f"The steady client got another answer to {STEADY}.", answer=body)
        if json.loads(self.ask("/health/live")) != {"status": "live"}:
            raise ViolationError("wrong", "/health/live is not live.")


def run(campaign, options, seconds):
    """Run this part for about so many seconds, or as many requests as the options say."""
    tally = campaign.tally("fuzz", "requests")
    corpus_variables = {"data": campaign.scratch("fuzz") / "data"}
    with open_commands(campaign.folder) as commands:
        run_command(commands, "seed", SEEDS, **corpus_variables)
    with campaign.serve(tally, **corpus_variables) as server, open_pool(1) as pool:
        wait_until_ready(server)
        port, document = server.client.base_url.port, server.json("/openapi.json")
        steady, end, first = Steady(port), time.monotonic() + seconds, 0
        while not is_finished(tally, options.requests, end):
            size = min(BATCH, (options.requests or BATCH) - tally.runs)
            trying = pool.submit(try_cases, port, document, f"{campaign.seed} fuzz", range(first, first + size))
            first += size
            while not trying.done():
                with campaign.watch(tally, 0, log=server.log):
                    steady.check(tally)
                time.sleep(0.01)
            counted, violations = trying.result()
            tally.add(counted)
            for kind, sentence, evidence in violations:
                campaign.report(tally, kind, sentence, **evidence)
            if first in (BATCH, size) or first % (20 * BATCH) == 0:
                campaign.sample_memory(tally, server)
        campaign.sample_memory(tally, server)
    campaign.check_memory(tally)


def is_finished(tally, requests, end):
    """Whether there were enough requests, or the time is over."""
    return tally.runs >= requests if requests else time.monotonic() > end
